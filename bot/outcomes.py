"""The one table of what finished flows become: the kind of record -> the function that keeps it."""

from collections.abc import Mapping

from bot.acts import answering, applied, applying, arriving, asked, coming, helping, owning, saying, staffing, talked
from bot.submitted import Outcome, Submitted

__all__ = ["OUTCOMES", "Outcome", "Submitted"]

OUTCOMES: Mapping[str, Outcome] = {
    "reading": arriving.reading,
    "newcomer": arriving.newcomer,
    "ward": arriving.ward,
    "whose": arriving.whose,
    "application": applying.application,
    "assent": asked.assent,
    "parent_word": asked.parent_word,
    "assent_link": asked.assent_link,
    "parent_link": asked.parent_link,
    "withdraw": applied.withdraw,
    "needs_change": applied.needs_change,
    "phone_change": applied.phone_change,
    "staff_answer": answering.staff_answer,
    "offer_answer": answering.offer_answer,
    "moved_answer": answering.moved_answer,
    "appeal": answering.appeal,
    "arrived": coming.arrived,
    "wish": saying.wish,
    "ticket": saying.ticket,
    "complaint": saying.complaint,
    "safeguard": saying.safeguard,
    "ticket_word": saying.ticket_word,
    "read_answer": saying.read_answer,
    "relay_word": talked.relay_word,
    "abroad": owning.abroad,
    "consent_change": owning.consent_change,
    "correct": owning.correct,
    "erase": owning.erase,
    "copy": owning.copy,
    "continue": owning.go_on_elsewhere,
    "helper_keep": helping.helper_keep,
    "keep_draft": owning.keep_draft,
    "staff_join": staffing.join,
    "staff_console": staffing.console,
    "staff_alerts": staffing.alerts,
    "staff_look": staffing.look,
    "staff_decision": staffing.decision,
    "staff_need": staffing.need,
    "staff_ticket": staffing.ticket,
    "staff_closed": staffing.closed,
}
