"""Measures 200 people at once on Telegram: our server is a process on one core, Telegram and the people are on another.

Each tap must be answered within a second (access.md T1): of a crowd in which everybody presses once at the same moment,
and of one in which each reads the question first. A third presses on and on, the moment the next question is there,
which nobody does: it shows how much there is between that and the goal.

How long an answer takes is told twice: by the clock on the wall, and by how long our process had the processor meanwhile.
The second is what a core of our own would make of it, as long as there is always something to do; others on the same
machine do not change it.
"""

import os
import tempfile
import threading
import time
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from bot.app import open_store
from bot.commands.telling import say
from bot.settings import Settings
from tests.catalogue import SAMPLE_DAY, put_catalogue
from tests.channels.botapi import BotApi
from tests.channels.botapi.records import Query
from tests.channels.crowds import Crowd
from tests.faults.serving import Server

PEOPLE = 200
GOAL = 1.0
"""Seconds from the press of a button to its answer, at the most."""

LOOKED = 0.002
"""Seconds between two looks at how long our process had the processor."""

READING = 3.0
"""Seconds for which the second crowd reads a question, on average."""

PATIENCE = 300.0
ZONE = "Asia/Shanghai"
"""Nobody's night is disturbed: the trial clock says that it is morning."""


ONCE = Crowd("pressing once at the same moment", 1000, PEOPLE, taps=1)
READERS = Crowd(f"reading {READING:g} s", 5000, PEOPLE, READING)
ON_AND_ON = Crowd("pressing on and on", 3000, PEOPLE)
CROWDS = (ONCE, READERS, ON_AND_ON)


@contextmanager
def serving(api: BotApi, home: Path, mode: str, core: int | None, database: str = "") -> Iterator[Server]:
    """Run our server on one core, with the sample catalogue; it speaks to this Telegram."""
    settings = Settings(home=home, database_url=database, clock=SAMPLE_DAY, timezone=ZONE)
    with closing(open_store(settings)) as store:
        put_catalogue(store)
    server = Server(
        home,
        command="serve",
        XUNQIAO_TELEGRAM_TOKEN=api.token,
        XUNQIAO_TELEGRAM_API=api.url,
        XUNQIAO_TELEGRAM_MODE=mode,
        XUNQIAO_CLOCK=SAMPLE_DAY,
        XUNQIAO_TIMEZONE=ZONE,
        XUNQIAO_HELP_PHONE="0371-00001100",
        XUNQIAO_DATABASE_URL=database,
    )
    with only_on(core):  # a process stays where the thread was that started it
        server.start()
    try:
        yield server
    finally:
        server.stop()


@contextmanager
def only_on(core: int | None) -> Iterator[None]:
    """Keep this thread, and what it starts, on one core."""
    if core is None:
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def two_cores() -> tuple[int | None, int | None]:
    """One core for us, another for Telegram and the people; None where there are no two, or where none can be told."""
    found = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
    return (found[0], found[1]) if len(found) > 1 else (None, None)


class Busy:
    """How long our process had the processor, at any moment of a run."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._at: list[float] = []
        self._had: list[float] = []
        self._over = threading.Event()

    @contextmanager
    def watched(self) -> Iterator[None]:
        watching = threading.Thread(target=self._watch)
        watching.start()
        try:
            yield
        finally:
            self._over.set()
            watching.join()

    def _watch(self) -> None:
        while not self._over.wait(LOOKED):
            self._at.append(time.monotonic())
            self._had.append(self._server.busy_seconds())

    def between(self, start: float, end: float) -> float:
        """Give the seconds it had the processor between two moments."""
        return self._until(end) - self._until(start)

    def _until(self, moment: float) -> float:
        after = bisect_left(self._at, moment)
        if after in (0, len(self._at)):
            return self._had[min(after, len(self._had) - 1)]
        (at, had), (at_end, had_end) = ((self._at[n], self._had[n]) for n in (after - 1, after))
        return had + (had_end - had) * (moment - at) / (at_end - at)


def told(name: str, busy: Busy, spans: Sequence[tuple[float, float]]) -> None:
    """Print how long these took, by either measure."""
    wall = [end - start for start, end in spans]
    for how, times in (("", wall), (", of our processor", [busy.between(*span) for span in spans])):
        ordered = sorted(times)
        half, most = (ordered[min(len(ordered) - 1, int(len(ordered) * share))] for share in (0.5, 0.99))
        say(f"    {name}{how}: half {half:.3f} s, 99 % {most:.3f} s, slowest {ordered[-1]:.3f} s")


def measure(api: BotApi, server: Server, crowd: Crowd) -> None:
    """Let a crowd act, and print how it was served."""
    ours, theirs, busy = server.busy_seconds(), time.process_time(), Busy(server)
    with busy.watched():
        took = crowd.act(api, PATIENCE)
        api.waits_until(lambda: not api.unanswered, timeout=60)
    ours, theirs = server.busy_seconds() - ours, time.process_time() - theirs
    presses = crowd.presses(api)
    each = len(presses)
    say(f"  {crowd.people} people {crowd.name}: {each} taps in {took:.1f} s, {each / took:.0f} a second")
    say(
        f"    processor: {1000 * ours / each:.2f} ms a tap; busy: we {ours / took:.0%}, they {theirs / took:.0%}"
    )
    answered = [(query, query.answered_at) for query in presses if query.answered_at is not None]
    handed = [(query.handed_at, at) for query, at in answered if query.handed_at]
    spans = [(query.at, at) for query, at in answered]
    told("answered, after it was handed to us", busy, handed)
    told("answered, after the press", busy, spans)
    told("next question, after the press", busy, question_waits(presses))
    late = sum(1 for start, at in spans if at - start > GOAL)
    really = sum(1 for span in spans if busy.between(*span) > GOAL)
    twice = sum(1 for query in presses if query.answers != 1)
    goal = "" if crowd is ON_AND_ON else " (goal 0)"
    say(f"    answered later than {GOAL:g} s after the press: {late}, of our processor {really}{goal}")
    say(f"    not answered just once: {twice}")


def question_waits(presses: Sequence[Query]) -> list[tuple[float, float]]:
    """When each press was, and the message that followed it."""
    found: list[tuple[float, float]] = []
    for query in presses:
        after = (message.at for message in query.chat.messages if message.mine and message.at > query.at)
        if (at := next(after, None)) is not None:
            found.append((query.at, at))
    return found


def main() -> None:
    """Print how soon taps and questions were answered, in both modes."""
    ours, theirs = two_cores()
    if ours is None:
        say(
            "there are no two cores: Telegram and the people take from ours, so times are longer than they are"
        )
    for mode in ("polling", "webhook"):
        with only_on(theirs), tempfile.TemporaryDirectory() as folder, BotApi() as api:
            with serving(api, Path(folder), mode, ours) as server:
                say(f"{mode}:")
                api.person(1).commands("/start")
                api.person(1).waits_for("训桥", anywhere=True, timeout=60)
                for crowd in CROWDS:
                    measure(api, server, crowd)
            assert not api.refusals, api.refusals[:5]


if __name__ == "__main__":
    main()
