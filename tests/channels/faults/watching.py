"""What can be seen of the service from outside while something goes wrong, and what it kept of it."""

from collections import Counter

import httpx
import pytest
from sqlmodel import col, select

from bot.channels.messenger.webhook import PATH
from storage.tables import Inbox, InboxStatus, Outbox
from storage.tables import Person as Trainee
from tests.channels.botapi import BotApi, Person
from tests.channels.botapi.records import Call
from tests.channels.chatting import until
from tests.channels.on_air import OnAir

WELCOME = "这里是训桥"
FOR_WHOM = "您给谁找课"
"""The question after "/start" and its first tap."""

MENU = "您想做什么"

both_ways = pytest.mark.parametrize("mode", ["polling", "webhook"])


def heard(person: Person, words: str) -> int:
    """How often a question stands in a chat."""
    return sum(words in message.text for message in person.heard)


def sent(api: BotApi, chat: Person) -> list[Call]:
    return [call for call in api.called("sendMessage") if call.parameters.get("chat_id") == chat.place.id]


def rows(on: OnAir) -> Counter[str]:
    """Replies by what became of them."""

    def became(each: Outbox) -> str:
        return "sent" if each.sent_at else "dropped" if each.dropped_at else "waiting"

    found = on.service.desk.read(lambda session: session.exec(select(Outbox).order_by(col(Outbox.id))).all())
    return Counter(became(each) for each in found)


def inbox(on: OnAir) -> Counter[InboxStatus]:
    found = on.service.desk.read(lambda session: session.exec(select(Inbox)).all())
    return Counter(each.status for each in found)


def trainees(on: OnAir) -> int:
    return len(on.service.desk.read(lambda session: session.exec(select(Trainee.id)).all()))


def settled(on: OnAir) -> None:
    """Wait until nothing is under way any more, and every update is acknowledged."""
    until(lambda: rows(on)["waiting"] == 0)
    on.api.waits_until(lambda: not on.api.updates)


def health(on: OnAir) -> tuple[int, str]:
    answer = httpx.get(f"{on.url}/healthz", timeout=10)
    return answer.status_code, answer.json()["telegram"]


def post(on: OnAir, secret: str, update: object) -> int:
    """Post an update as Telegram would; give the status."""
    headers = {"X-Telegram-Bot-Api-Secret-Token": secret}
    return httpx.post(f"{on.url}{PATH}", json=update, headers=headers, timeout=20).status_code
