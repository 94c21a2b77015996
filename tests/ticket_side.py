"""Staff who answer the last ticket of a running service, for tests of what the person then sees."""

from collections.abc import Callable

from sqlmodel import Session, col, delete, select

from bot.runner import Runner
from bot.tickets import handling
from storage.staff.staff import add_staff
from storage.tables import Outbox, Staff, StaffRole
from storage.tickets.tables import Ticket


class TicketSide:
    """A clerk who answers and closes the last ticket there is.

    Args:
        runner: the service.
        rings: whether letters go out; a walk that presses the newest button wants none between two of its own.

    """

    def __init__(self, runner: Runner, *, rings: bool = True) -> None:
        self.runner = runner
        self.rings = rings
        self.now = runner.clock.now()
        self.member = runner.desk.do_now(
            lambda session: add_staff(session, "王芳", StaffRole.CLERK, self.now, actor="system").id
        )

    def answer(self, words: str) -> None:
        self._do(lambda s, it, m: handling.answer(s, it.id, m, words, seen=None, now=self.now))

    def close(self, outcome: str, words: str = "") -> None:
        self._do(lambda s, it, m: handling.close(s, it.id, m, outcome, words, seen=None, now=self.now))

    def talk(self) -> None:
        """Talk directly with whom it is from."""
        self._do(lambda s, it, m: handling.talk(s, it.id, m, now=self.now))

    def stop_talking(self) -> None:
        self._do(lambda s, it, m: handling.stop_talking(s, it.id, m, now=self.now))

    def _do(self, act: Callable[[Session, Ticket, Staff], object]) -> None:
        def do(session: Session) -> None:
            act(session, newest(session), session.get_one(Staff, self.member))
            if not self.rings:
                session.execute(delete(Outbox).where(col(Outbox.kind) == "ticket_answered"))

        self.runner.desk.do_now(do)


def newest(session: Session) -> Ticket:
    return session.exec(select(Ticket).order_by(col(Ticket.id).desc()).limit(1)).one()
