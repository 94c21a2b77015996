"""Tells staff in their chats each Monday how classes are rated: a sentence with the numbers, and a picture of them."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlmodel import Session

from bot.classes.offering import zone_of
from bot.console.permissions import Act, may, reach_of
from bot.console.rating_figures import LOW, OVERALL, Mean, means_of, places_in
from dialogs.model import Json
from storage import outbox, reminders
from storage.afterwards import rating_report
from storage.afterwards.rating_weeks import WEEKLY, next_monday
from storage.catalogue.shelf import Shelf
from storage.rules.calendar import next_allowed
from storage.tables import Lane, Reminder, Staff

MONTHS = 6
"""Months in the picture."""

LATELY = timedelta(days=92)
"""Over how long classes with low ratings are told of."""

STALE = timedelta(days=2)
"""How long after its Monday it is still worth telling."""

GONE = "已经不在岗了"


def ring(session: Session, row: Reminder, now: datetime, shelf: Shelf) -> None:
    """Promise a member the week's word, where there is something to tell; then look again next Monday."""
    member = session.get(Staff, int(row.about["staff"]))
    if member is None or member.revoked_at is not None:
        reminders.drop(session, row, GONE)
        return
    due = row.due_at
    is_told = member.contact_id is not None and member.alerts and may(member, Act.OPINIONS)
    if is_told and now < due + STALE and (payload := _payload(session, member, now, shelf)):
        outbox.promise(
            session,
            member.contact_id or 0,
            WEEKLY,
            payload,
            now=now,
            due_at=next_allowed(now, zone_of(now)),
            not_after=due + STALE,
            key=f"{row.key}:{due.isoformat()}",
            lane=Lane.BULK,
        )
    reminders.look_again(session, row, next_monday(now))


def _payload(session: Session, member: Staff, now: datetime, shelf: Shelf) -> dict[str, Json]:
    """Give what the letter says: this month and those before, told as on the console; nothing where nobody answered."""
    places = places_in(shelf.current)
    reach = reach_of(member, shelf.current).intakes
    own = rating_report.sums_of(session, OVERALL, places, reach)[False]
    months = sorted((str(month), mean) for month, mean in means_of(own, "month").items())
    if not months:
        return {}
    this = f"{now:%Y-%m}"
    latest: Sequence[tuple[str, Mean]] = months[-MONTHS:]
    return {
        "staff": member.id,
        "now": next((_month(*each) for each in latest if each[0] == this), None),
        "before": [_month(*each) for each in latest if each[0] != this],
        "low": rating_report.low_classes(session, OVERALL, LOW, f"{now - LATELY:%Y-%m}", reach),
    }


def _month(month: str, mean: Mean) -> dict[str, Json]:
    return {"month": int(month[5:]), "points": mean.points, "n": mean.n}
