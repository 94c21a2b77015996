"""One job fair changed by hand, or called off: a numbered version of the catalogue like an import, so that it can be told."""

from collections.abc import Mapping
from datetime import datetime

from sqlmodel import Session, select

from storage.catalogue.by_hand import EditRefused, keep_version, newly_untrue
from storage.catalogue.fair_columns import FAIR_COLUMNS, fair_problems
from storage.catalogue.ledger import Touch, one_at_a_time, row_of
from storage.catalogue.tables import Fair


def edit_fair(
    session: Session, fair_id: str, values: Mapping[str, object], *, who: str, now: datetime
) -> int | None:
    """Give columns of a fair other values; give the number of the version, None when nothing changed.

    Args:
        session: a writing session.
        fair_id: which fair; nobody else changes it until the transaction ends.
        values: column -> new value.
        who: who changes it, as the list of imports names them.
        now: the moment.

    Raises:
        EditRefused: when the row would not be taken from a sheet either.
        NoResultFound: when there is no such fair.

    """
    one_at_a_time(session)
    held = select(Fair).where(Fair.fair_id == fair_id).with_for_update()
    fair = session.exec(held.execution_options(populate_existing=True)).one()
    before = row_of(fair)
    after = {**before, **values}
    if after == before:
        return None
    if problems := newly_untrue(FAIR_COLUMNS, fair_problems, before, after):
        raise EditRefused(problems)
    return keep_version(session, "fairs", Touch("fair", fair_id, fair, after), who=who, now=now)
