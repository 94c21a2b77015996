"""`reminders`: what is due, when and why; and what was not sent, with the reason. No names, no numbers to call."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from bot.commands.guard import read_settings
from bot.commands.telling import say, say_json

if TYPE_CHECKING:
    from sqlmodel import Session

    from storage.tables import Reminder

WHY: Mapping[str, str] = {
    "class": "快上课了",
    "draft_nudge": "报名没写完",
    "draft_warning": "没写完的快要删了",
    "draft_expiry": "没写完的要删",
    "helper_time": "帮忙的时间快到了",
}
"""Kind of reminder -> why somebody is reminded."""


def show_reminders(*, most: int, not_sent: bool, as_json: bool) -> int:
    """Print the reminders that are due next, or those that were not sent and why."""
    from bot.app import open_store
    from storage.reminders import dropped_last, due_next

    settings = read_settings()
    store = open_store(settings)
    try:
        with store.reading() as session:
            found = (dropped_last if not_sent else due_next)(session, most)
            lines = [(row, _about(session, row)) for row in found]
    finally:
        store.close()
    if as_json:
        say_json(
            [
                {**row.model_dump(mode="json", include={"kind", "due_at", "reason"}), "about": about}
                for row, about in lines
            ]
        )
        return 0
    for row, about in lines:
        why = WHY.get(row.kind, row.kind)
        said = f"，没有发：{row.reason}" if not_sent else ""
        say(f"{row.due_at.astimezone(settings.zone):%Y-%m-%d %H:%M}，{why}，{about}{said}")
    if not lines:
        say("没有没发出去的提醒。" if not_sent else "没有等着发的提醒。")
    return 0


def _about(session: "Session", row: "Reminder") -> str:
    """Say what a reminder is about, by a number of ours."""
    from storage.tables import Application

    number = row.about.get("application")
    filed = session.get(Application, number) if number is not None else None
    return f"报名 {filed.number}" if filed is not None else f"联系人 {row.contact_id}"
