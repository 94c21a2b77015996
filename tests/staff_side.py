"""The staff's side of a running service, for tests of what the person then sees."""

from collections.abc import Callable
from datetime import datetime, tzinfo
from typing import TypeVar

from sqlmodel import Session, col, delete, select

from bot import writing_to
from bot.applications import deciding
from bot.classes import moving
from bot.classes.offering import zone_of
from bot.letters.table import LETTERS
from bot.runner import Runner
from storage.applications.enrolment import needs_of
from storage.staff.staff import add_staff
from storage.tables import Application, NeedAnswer, Outbox, Staff, StaffRole

T = TypeVar("T")


class StaffSide:
    """A clerk who decides about the last application there is.

    Args:
        runner: the service.
        rings: whether letters go out; a walk that presses the newest button wants none between two of its own.

    """

    def __init__(self, runner: Runner, *, rings: bool = True) -> None:
        self.runner = runner
        self.rings = rings
        self.now: datetime = runner.clock.now()
        self.member = self._do(
            lambda session: add_staff(session, "王芳", StaffRole.CLERK, self.now, actor="system").id
        )

    def _do(self, act: Callable[[Session], T]) -> T:
        return self.runner.desk.do_now(act)

    def decide(self, act: Callable[[Session, Application, Staff], T]) -> T:
        """Decide, in a transaction of its own."""

        def do(session: Session) -> T:
            done = act(session, newest(session), session.get_one(Staff, self.member))
            if not self.rings:
                session.execute(delete(Outbox).where(col(Outbox.kind).in_(LETTERS)))
            return done

        return self._do(do)

    def accept(self) -> None:
        self.decide(lambda s, it, m: deciding.accept(s, it.id, m, seen=None, now=self.now, zone=self.zone))

    def put_on_list(self) -> None:
        self.decide(
            lambda s, it, m: deciding.put_on_list(s, it.id, m, seen=None, now=self.now, zone=self.zone)
        )

    def decline(self, reason: str) -> None:
        self.decide(
            lambda s, it, m: deciding.decline(
                s, it.id, m, seen=None, now=self.now, zone=self.zone, reason=reason
            )
        )

    def ask(self, words: str) -> None:
        self.decide(lambda s, it, m: deciding.ask(s, it.id, m, seen=None, now=self.now, words=words))

    def write(self, words: str) -> None:
        self.decide(lambda s, it, m: writing_to.write_to(s, [it.id], m, words, self.now))

    def promise(self, answer: NeedAnswer, note: str) -> None:
        def act(session: Session, it: Application, member: Staff) -> None:
            given = {need.id: (answer, note) for need in needs_of(session, it.id)}
            deciding.answer_needs(session, it.id, member, given, seen=None, now=self.now)

        self.decide(act)

    def offer(self) -> None:
        self.decide(lambda s, it, m: deciding.offer_seats(s, it.intake_id, m, now=self.now, zone=self.zone))

    def move(self, address: str) -> None:
        """Hold the class somewhere else."""

        def act(session: Session, it: Application, member: Staff) -> None:
            moved = {"address": address}
            moving.move_class(session, it.intake_id, member, moved, note="教室在修。", now=self.now)

        self.decide(act)

    @property
    def zone(self) -> tzinfo:
        return zone_of(self.now)

    def state(self) -> str:
        return self.runner.desk.read(lambda session: newest(session).state.value)


def newest(session: Session) -> Application:
    return session.exec(select(Application).order_by(col(Application.id).desc()).limit(1)).one()
