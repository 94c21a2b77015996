"""The sample's job fairs and positions in a running service, and what staff do with them, for tests of what people see."""

from datetime import datetime
from importlib.resources import files
from typing import Any

from sqlmodel import col, select

from bot.demo import shifting
from bot.runner import Runner
from storage.catalogue.importing import import_fairs, import_positions
from storage.catalogue.tables import Fair, Position
from storage.fairs import following as fair_following
from storage.fairs.tables import FairSignup
from storage.tables import Reminder
from storage.tickets.tables import Interest, Ticket, TicketLine


def hold_fairs(runner: Runner) -> None:
    """Bring the sample's fairs and positions in."""

    def read(name: str) -> bytes:
        return (files(shifting.__package__ or "") / f"{name}.csv").read_bytes()

    with runner.desk.store.writing() as session:
        how: dict[str, Any] = {"now": runner.clock.now(), "who": "test"}
        assert import_fairs(session, read("job_fairs"), "job_fairs.csv", **how).added == 4
        found = import_positions(session, read("job_fair_positions"), "job_fair_positions.csv", **how)
        assert found.added == 22


class FairSide:
    """What is kept of fairs, and the fair F01 in the hands of staff.

    Args:
        runner: the service.

    """

    def __init__(self, runner: Runner) -> None:
        self.runner = runner
        hold_fairs(runner)

    def change(self, now: datetime | None = None, **values: object) -> None:
        """Write other values into the fair, as staff do, and let all follow."""
        with self.runner.desk.store.writing() as session:
            fair = session.get_one(Fair, "F01")
            for name, value in values.items():
                setattr(fair, name, value)
            session.add(fair)
            session.flush()
            fair_following.follow(session, ["F01"], now or self.runner.clock.now())

    def free_position(self, **values: Any) -> None:
        """Add a position without a fair."""
        made: dict[str, Any] = {"employer": "眉山手心按摩店", "position": "按摩师", **values}
        with self.runner.desk.store.writing() as session:
            session.add(Position(position_id="P-01", **made))

    def signup(self) -> FairSignup:
        with self.runner.desk.store.reading() as session:
            return session.exec(select(FairSignup)).one()

    def reminders(self) -> list[Reminder]:
        with self.runner.desk.store.reading() as session:
            wanted = select(Reminder).where(col(Reminder.kind).in_(("fair", "fair_changed", "positions")))
            return list(session.exec(wanted.order_by(col(Reminder.id))).all())

    def interests(self) -> list[Interest]:
        with self.runner.desk.store.reading() as session:
            return list(session.exec(select(Interest)).all())

    def tickets(self) -> list[Ticket]:
        with self.runner.desk.store.reading() as session:
            return list(session.exec(select(Ticket).order_by(col(Ticket.id))).all())

    def lines(self) -> list[str]:
        """What was said on tickets after they were made."""
        with self.runner.desk.store.reading() as session:
            return [row.words for row in session.exec(select(TicketLine).order_by(col(TicketLine.id))).all()]
