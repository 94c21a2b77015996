"""One intake changed by hand: a numbered version of the catalogue like an import, so that it can be told and undone."""

from collections.abc import Mapping
from datetime import datetime

from sqlmodel import Session, select

from storage.catalogue.by_hand import EditRefused, Untrue, keep_version, newly_untrue
from storage.catalogue.checks import project_problems
from storage.catalogue.columns import PROJECT_COLUMNS
from storage.catalogue.ledger import Touch, one_at_a_time, row_of
from storage.catalogue.standing import Given, seats_given, too_few_seats
from storage.catalogue.tables import Intake, Project


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
    problems = newly_untrue(PROJECT_COLUMNS, project_problems, {**project, **before}, {**project, **after})
    taken = seats_given(session, [intake.id or 0])
    if given := too_few_seats(intake, after["capacity"], taken.get(intake.id or 0, Given())):
        heading = next(column.title for column in PROJECT_COLUMNS if column.name == "capacity")
        problems.append(Untrue(heading, given, "写这么多，或者更大的数"))
    if problems:
        raise EditRefused(problems)
    key = f"{intake.project_id}/{intake.intake_no}"
    return keep_version(session, "projects", Touch("intake", key, intake, after), who=who, now=now)
