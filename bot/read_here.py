"""What somebody has read here needs no phone call any more."""

from datetime import datetime

from sqlmodel import Session, col, select

from bot.heard import Heard
from storage.finding import get
from storage.tables import Application

SHOW = frozenset({"application", "staff_words"})
"""The flows that show what somebody would be phoned about. What is to be answered waits for the answer."""


def settle_read(session: Session, contact_id: int, heard: Heard, now: datetime) -> None:
    """Take the call off the list whose matter is on the screen, where it is who would be told that reads it.

    What is only a way to our page says nothing yet.
    """
    flow, about = heard.here.frame.flow, dict(heard.here.frame.about)
    if flow not in SHOW or heard.screen.form == "private" or "application" not in about:
        return
    from bot.reaching import DECIDED, ENTERED, MESSAGE, contacts_to_tell  # not for the first page
    from storage.tickets.tables import Call

    whys = (DECIDED, ENTERED) if flow == "application" else (MESSAGE,)
    number = int(about["application"])
    wanted = select(Call).where(
        Call.application_id == number, col(Call.why).in_(whys), col(Call.done_at).is_(None)
    )
    if (event := about.get("event")) is not None:
        wanted = wanted.where(Call.about_id == int(event))
    calls = session.exec(wanted).all()
    application = get(session, Application, number)
    if not calls or application is None or contact_id not in contacts_to_tell(session, application, now):
        return
    for call in calls:
        call.done_at, call.done_by = now, f"contact:{contact_id}"
        session.add(call)
    session.flush()
