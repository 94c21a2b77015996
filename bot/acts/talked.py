"""What a person says to a member of staff who talks with them."""

from sqlmodel import Session

from bot.submitted import NOT_YOURS, Submitted
from bot.tickets import ticketing
from dialogs.kinds.relay import OVER
from dialogs.talk import Begin
from storage.tickets import handling


def relay_word(session: Session, submitted: Submitted) -> Begin | None:
    """Keep one line for staff, or end the talk; once it is over, the ticket itself is what there is to see."""
    found = ticketing.read_by(session, submitted.contact_id, submitted.about, submitted.now)
    if found is None:
        return NOT_YOURS
    words, about = submitted.text("words"), (("ticket", found.id),)
    held = handling.hold(session, found.id)
    if words == OVER:
        handling.end_talk(session, held, submitted.now)
        return None
    if not words:
        return None if submitted.text("over") else Begin("ticket", about)
    handling.say_more(session, held, words, submitted.now)
    return Begin("relay", about)
