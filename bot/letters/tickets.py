"""Letters about a ticket, and about a talk with a member of staff."""

from collections.abc import Mapping

from sqlmodel import Session

from bot.letters.letter import Letter, Payload
from dialogs.talk import Begin
from storage.finding import get
from storage.tickets.tables import Ticket
from storage.tickets.tickets import is_emptied


def _ticket_goes_on(session: Session, payload: Payload) -> str:
    ticket = get(session, Ticket, payload["ticket"])
    if ticket is None or is_emptied(ticket):
        return "工单已经没有内容了"
    return "工单又打开了" if payload["closed"] and ticket.closed_at is None else ""


def _talk_over(session: Session, payload: Payload) -> str:
    ticket = get(session, Ticket, payload["ticket"])
    return "" if ticket is not None and ticket.relay_until is not None else "已经不说了"


LETTERS: Mapping[str, Letter] = {
    "ticket_answered": Letter(
        "{% if closed %}您说的事办完了。办得好不好，告诉我们。{% else %}您说的事有回音了。{% endif %}",
        _ticket_goes_on,
        "看一看",
        lambda payload: Begin("ticket", (("ticket", payload["ticket"]),)),
    ),
    "talk_opened": Letter(
        "工作人员{{ who }}想和您说话。他的号码是 {{ number }}。",
        _talk_over,
        "和他说话",
        lambda payload: Begin("relay", (("ticket", payload["ticket"]),)),
    ),
    "talk_said": Letter(
        "{% if said %}工作人员{{ who }}说：{{ said }}{% else %}工作人员{{ who }}跟您说话了。{% endif %}",
        _ticket_goes_on,
        "看一看",
        lambda payload: Begin("relay", (("ticket", payload["ticket"]),)),
    ),
    "talk_ended": Letter(
        "和工作人员{{ who }}说完了。您可以接着做刚才的事。",
        _ticket_goes_on,
        "接着来",
        lambda payload: Begin("relay", (("ticket", payload["ticket"]),), {"over": "yes"}),
    ),
}
