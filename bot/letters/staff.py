"""Letters to members of staff who work in a chat: what waits for them, and what their notices came to."""

from collections.abc import Mapping

from sqlmodel import Session, col, select

from bot.drawn import ratings_picture
from bot.letters.letter import Letter, Payload
from dialogs.talk import Begin
from storage.finding import get
from storage.staff import deadlines
from storage.tables import Application, ApplicationState, Notice, NoticeState, Staff
from storage.tickets.tables import Ticket


def _tells(session: Session, payload: Payload) -> bool:
    """Whether a member of staff still works in the chat, and wants to be told there."""
    member = get(session, Staff, payload["staff"])
    return (
        member is not None and member.revoked_at is None and member.contact_id is not None and member.alerts
    )


def _answered_in_time(session: Session, payload: Payload) -> str:
    ticket = get(session, Ticket, payload["ticket"])
    if not _tells(session, payload):
        return "不用提醒了"
    return "" if ticket is not None and ticket.state in deadlines.WAITING else "已经回过话了"


def _needs_answered(session: Session, payload: Payload) -> str:
    if not _tells(session, payload):
        return "不用提醒了"
    return "" if deadlines.with_open_needs(session, payload["intake"]) else "需要都答了"


def _not_told(session: Session, payload: Payload) -> str:
    return "" if _tells(session, payload) else "不用提醒了"


def _looked_after(session: Session, payload: Payload) -> str:
    member = get(session, Staff, payload["staff"])
    if member is None or member.contact_id is None or not member.alerts:
        return "不用提醒了"
    waits = select(Application.id).where(
        col(Application.id).in_(payload["applications"]), Application.state == ApplicationState.SUBMITTED
    )
    return "" if session.exec(waits.limit(1)).first() is not None else "都有人看过了"


def _first(payload: Payload, **given: str) -> Begin:
    return Begin("staff_look", (("application", payload["first"]),), given)


def _tells_writer(session: Session, payload: Payload) -> bool:
    """Whether who wrote a notice in a chat still works there."""
    member = session.get(Staff, payload["staff"])
    return member is not None and member.revoked_at is None and member.contact_id is not None


def _listed_anew(session: Session, payload: Payload) -> str:
    notice = session.get(Notice, payload["notice"])
    if notice is None or not _tells_writer(session, payload):
        return "不用提醒了"
    waits = notice.state is NoticeState.PLANNED and notice.send_at is None
    return "" if waits and notice.asking == payload["asking"] else "已经发了，或者另选了人"


def _not_writing(session: Session, payload: Payload) -> str:
    return "" if _tells_writer(session, payload) else "不用提醒了"


def _to_notice(payload: Payload, do: str) -> Begin:
    given = {"do": do, "asking": payload["asking"], "sure": ""}
    return Begin("staff_notice_do", (("notice", payload["notice"]),), given)


LETTERS: Mapping[str, Letter] = {
    "ticket_due": Letter(
        "工单 {{ number }}，{{ until | moment }}前要回话。",
        _answered_in_time,
        "看一看",
        lambda payload: Begin("staff_look", (("ticket", payload["ticket"]),)),
    ),
    "needs_due": Letter(
        "{{ starts | day }}有班开课。还有 {{ count }} 个人的需要没答。",
        _needs_answered,
        "看一看",
        lambda payload: Begin("staff_look", (("application", payload["first"]),)),
    ),
    "weekly_ratings": Letter(
        "{% if now %}这个月有 {{ now.n }} 个人打了分，每人大约 {{ now.points }} 分。{% else %}这个月打分的人还少。{% endif %}"
        "{% for each in before %}{{ each.month }} 月 {{ each.points }} 分。{% endfor %}"
        "{% if low %}有 {{ low }} 个班打分低，看一看为什么。{% endif %}",
        _not_told,
        "打开工作台",
        lambda _: Begin("staff_console"),
        picture=ratings_picture,
    ),
    "new_applications": Letter(
        "有 {{ count }} 个新报名，等您看。",
        _looked_after,
        "看一看",
        _first,
        more=(
            ("同意", lambda payload: _first(payload, do="accept")),
            ("先排队", lambda payload: _first(payload, do="wait")),
            ("问一句", lambda payload: _first(payload, do="ask")),
        ),
    ),
    "notice_listed": Letter(
        "通知的名单好了，会发给 {{ count }} 个人。{% if phone %}还有 {{ phone }} 个人，要打电话。{% endif %}",
        _listed_anew,
        "发出去",
        lambda payload: _to_notice(payload, "send"),
        more=(("先不发", lambda payload: _to_notice(payload, "later")),),
    ),
    "notice_over": Letter(
        "{% if stopped == 'yes' %}通知停下了。{% else %}通知发完了。{% endif %}发到了 {{ reached }} 个人。"
        "{% if missed %}没有收到的 {{ missed }} 个人，要打电话，名单在工作台。{% else %}都收到了。{% endif %}",
        _not_writing,
        "打开工作台",
        lambda _: Begin("staff_console"),
    ),
}
