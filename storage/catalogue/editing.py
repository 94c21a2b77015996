"""One intake changed by hand: a numbered version of the catalogue like an import, so that it can be told and undone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, select

from storage.catalogue.checks import project_problems
from storage.catalogue.columns import PROJECT_COLUMNS
from storage.catalogue.ledger import Touch, one_at_a_time, row_of, write
from storage.catalogue.standing import too_few_seats
from storage.catalogue.tables import CatalogueImport, Intake, Project

BY_HAND = "工作台"
"""What stands where an import has the name of its file."""


@dataclass(frozen=True, slots=True)
class Untrue:
    """One value that cannot be true: its heading, what is wrong with it, what would be right."""

    column: str
    wrong: str
    right: str

    def __str__(self) -> str:
        return f"{self.column}：{self.wrong}。{self.right}。"


class EditRefused(ValueError):
    """Values that cannot be true; nothing was changed."""

    def __init__(self, problems: list[Untrue]) -> None:
        super().__init__("; ".join(map(str, problems)))
        self.problems = problems


def edit_intake(
    session: Session, intake_id: int, values: Mapping[str, object], *, who: str, now: datetime
) -> int | None:
    """Give columns of an intake other values; give the number of the version, None when nothing changed.

    Args:
        session: a writing session.
        intake_id: which intake; nobody else changes it until the transaction ends.
        values: column -> new value.
        who: who changes it, as the list of imports names them.
        now: the moment.

    Raises:
        EditRefused: when the row would not be taken from a sheet either.
        NoResultFound: when there is no such intake.

    """
    one_at_a_time(session)
    held = select(Intake).where(Intake.id == intake_id).with_for_update()
    intake = session.exec(held.execution_options(populate_existing=True)).one()
    before = row_of(intake)
    after = {**before, **values}
    if after == before:
        return None
    project = row_of(session.get_one(Project, intake.project_id))
    known = set(project_problems({**project, **before}))
    headings = {column.name: column.title for column in PROJECT_COLUMNS}
    # What was untrue before is not the fault of who changes something else.
    problems = [
        Untrue(headings[name], wrong, right)
        for name, wrong, right in project_problems({**project, **after})
        if (name, wrong, right) not in known
    ]
    if given := too_few_seats(session, intake, after["capacity"]):
        problems.append(Untrue(headings["capacity"], given, "写这么多，或者更大的数"))
    if problems:
        raise EditRefused(problems)
    version = CatalogueImport(
        kind="projects", file=BY_HAND, sha256="", who=who, at=now, rows_read=1, rows_changed=1
    )
    session.add(version)
    session.flush()
    key = f"{intake.project_id}/{intake.intake_no}"
    write(session, version.number or 0, [Touch("intake", key, intake, after)])
    return version.number
