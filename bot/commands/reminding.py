"""`reminders`: what is due, when and why; and what was not sent, with the reason. No names, no numbers to call."""

from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import TYPE_CHECKING

from bot.commands.guard import read_settings
from bot.commands.telling import say, say_json

if TYPE_CHECKING:
    from sqlmodel import Session

    from dialogs.model import Json

WHY: Mapping[str, str] = {
    "class": "快上课了",
    "class_block": "课要换地方上了",
    "class_exam": "快考试了",
    "certificate": "证书可以拿了",
    "not_passed": "上完课没有通过，要告诉他",
    "ticket_due": "工单快到时间了",
    "weekly_ratings": "星期一，说一说打分",
    "needs_due": "快开课了，还有需要没答",
    "draft_nudge": "报名没写完",
    "draft_warning": "没写完的快要删了",
    "draft_expiry": "没写完的要删",
    "callback": "到时间回访了",
    "helper_time": "帮忙的时间快到了",
    "fair": "快到招聘会了",
    "fair_changed": "招聘会改了",
    "positions": "有合适的岗位",
}
"""Kind of reminder -> why somebody is reminded."""

OF_LETTER: Mapping[str, str] = {
    "offer_reminder": "留的位子快到时间了",
    "class_reminder": WHY["class"],
    "class_of_other": WHY["class"],
    "block_reminder": WHY["class_block"],
    "exam_reminder": WHY["class_exam"],
    "part_of_other": "课有新的一段",
    "certificate": WHY["certificate"],
    "not_passed": WHY["not_passed"],
    "ticket_due": WHY["ticket_due"],
    "needs_due": WHY["needs_due"],
    "weekly_ratings": WHY["weekly_ratings"],
    "draft_nudge": WHY["draft_nudge"],
    "draft_warning": WHY["draft_warning"],
    "callback": WHY["callback"],
    "helper_ends": WHY["helper_time"],
    "helping_ends": WHY["helper_time"],
    "fair_reminder": WHY["fair"],
    "fair_of_other": WHY["fair"],
    "fair_changed": WHY["fair_changed"],
    "positions_waiting": WHY["positions"],
}
"""The same by kind of letter: one that was written waits for the morning, or for half of an offer's time."""


@dataclass(frozen=True, slots=True)
class Line:
    """One thing to be told at a time.

    Args:
        kind: which reminder or letter.
        due_at: when.
        why: why somebody is told.
        about: what of, by a number of ours.
        reason: why it was not sent.

    """

    kind: str
    due_at: datetime
    why: str
    about: str
    reason: str


def show_reminders(*, most: int, not_sent: bool, as_json: bool) -> int:
    """Print what is due next, the rows and the letters that wait; or what was not sent and why."""
    from bot.app import open_store

    settings = read_settings()
    with closing(open_store(settings)) as store, store.reading() as session:
        lines = sorted(_lines(session, most, not_sent=not_sent), key=attrgetter("due_at"), reverse=not_sent)
    del lines[most:]
    if as_json:
        say_json(
            [
                {
                    "kind": each.kind,
                    "due_at": each.due_at.isoformat(),
                    "why": each.why,
                    "reason": each.reason,
                    "about": each.about,
                }
                for each in lines
            ]
        )
        return 0
    for each in lines:
        said = f"，没有发：{each.reason}" if not_sent else ""
        say(f"{each.due_at.astimezone(settings.zone):%Y-%m-%d %H:%M}，{each.why}，{each.about}{said}")
    if not lines:
        say("没有没发出去的提醒。" if not_sent else "没有等着发的提醒。")
    return 0


def _lines(session: "Session", most: int, *, not_sent: bool) -> "Iterable[Line]":
    from storage.reminders import dropped_last, due_next, letters_dropped, letters_next

    for row in (dropped_last if not_sent else due_next)(session, most):
        about = _about(session, row.about, row.contact_id)
        yield Line(row.kind, row.due_at, WHY.get(row.kind, row.kind), about, row.reason)
    for letter in (letters_dropped if not_sent else letters_next)(session, OF_LETTER, most):
        about = _about(session, letter.payload, letter.contact_id)
        yield Line(letter.kind, letter.due_at, OF_LETTER[letter.kind], about, letter.drop_reason)


def _about(session: "Session", about: "Mapping[str, Json]", contact_id: int | None) -> str:
    """Say what a reminder is about, by a number of ours."""
    from storage.catalogue.tables import Intake
    from storage.fairs.tables import FairSignup
    from storage.tables import Application
    from storage.tickets.tables import Callback, Ticket

    def number(name: str) -> int:
        value = about.get(name)
        return value if isinstance(value, int) else 0

    asked = session.get(Callback, number("callback"))
    if (filed := session.get(Application, number("application"))) is not None:
        return f"报名 {filed.number}"
    if (ticket := session.get(Ticket, number("ticket"))) is not None:
        return f"工单 {ticket.number}"
    if (signup := session.get(FairSignup, number("signup") or (asked and asked.signup_id) or 0)) is not None:
        return f"招聘会 {signup.fair_id} 签到号 {signup.number}"
    if (intake := session.get(Intake, number("intake"))) is not None:
        return f"{intake.project_id} 第 {intake.intake_no} 班"
    if contact_id is None and number("staff"):
        return f"工作人员 {number('staff')}"
    if contact_id is None and number("person"):
        return f"学员 {number('person')}"
    return f"联系人 {contact_id}"
