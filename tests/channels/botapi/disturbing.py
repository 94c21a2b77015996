"""Disturbing: everything that can go wrong on the way, asked for by a test and counted."""

from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus

from tests.channels.botapi.faults import Fault
from tests.channels.botapi.server import Server


class Disturbing:
    """Faults of the server and of the line. `method` is a Bot API method, "" all but getUpdates."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.exchange = server.exchange

    def _add(self, fault: Fault) -> Fault:
        with self.exchange.changed:
            self.exchange.faults.add(fault)
        return fault

    def fail(self, method: str = "", *, status: int = 500, times: int = 1, words: str = "") -> None:
        """Answer with an error and do nothing."""
        said = words or HTTPStatus(status).phrase
        self._add(Fault("fail", method, times, status=status, words=said))

    def delay(self, method: str, seconds: float, *, times: int = 1) -> None:
        """Let it wait before it is carried out."""
        self._add(Fault("delay", method, times, seconds=seconds))

    def hang(self, method: str, *, times: int = 1) -> Fault:
        """Take the call and say nothing, until `let_go` of what this gives; then it is carried out."""
        return self._add(Fault("hang", method, times))

    def let_go(self, fault: Fault) -> None:
        """Go on with the calls that hang, and hang no more."""
        with self.exchange.changed:
            self.exchange.faults.drop(fault)
        assert self.server.loop is not None
        self.server.loop.call_soon_threadsafe(fault.gate.set)

    def reset_before(self, method: str, *, times: int = 1) -> None:
        """Cut the connection, and do nothing."""
        self._add(Fault("cut", method, times))

    def reset_after(self, method: str, *, times: int = 1) -> None:
        """Carry it out, then cut the connection instead of saying so."""
        self._add(Fault("reset", method, times))

    def garbage(self, method: str = "", *, times: int = 1) -> None:
        """Carry it out, and answer with a page nobody asked for."""
        self._add(Fault("garbage", method, times))

    def flood(self, retry_after: int = 1, *, times: int = 1, method: str = "") -> None:
        """Answer 429 and the seconds to wait."""
        self._add(Fault("flood", method, times, seconds=retry_after))

    def calm(self) -> None:
        """Forget every fault that has not struck yet."""
        with self.exchange.changed:
            self.exchange.faults.waiting.clear()

    def deliver_twice(self, *, times: int = 1) -> None:
        """Deliver each of the next updates once more after it was confirmed, under the same number."""
        with self.exchange.changed:
            self.exchange.updates.doubled += times

    def shuffle(self, *, times: int = 2) -> None:
        """Keep the next so many updates back and deliver them in reverse: what happened last comes first."""
        with self.exchange.changed:
            self.exchange.updates.shuffling = times

    def late(self, *, hours: float = 1, times: int = 1) -> None:
        """Let the next so many updates be of hours ago; a press of then can't be answered any more."""
        with self.exchange.changed:
            self.exchange.behind, self.exchange.late = hours * 3600, times

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hand out no update meanwhile, then all that came together."""
        with self.exchange.changed:
            self.exchange.updates.held = True
        try:
            yield
        finally:
            with self.exchange.changed:
                self.exchange.updates.held = False
                self.exchange.updates.told()

    def limit(self, *, per_chat: int | None = 1, total: int | None = 30) -> None:
        """Refuse with 429 what is more in a second than this; None for no limit."""
        with self.exchange.changed:
            self.exchange.limit.per_chat, self.exchange.limit.total = per_chat, total

    def revoke(self) -> None:
        """Make the token worthless: 401 from now on."""
        self.server.revoked = True

    def down(self) -> None:
        """Be gone: connections are cut and refused, until `up`."""
        self.server.listen(False)

    def up(self) -> None:
        """Be back at the same address."""
        self.server.listen(True)
