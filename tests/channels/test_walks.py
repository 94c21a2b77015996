"""Every flow of the main job, walked on Telegram in plain and in easy words, by polling and by webhook."""

from collections.abc import Callable, Iterator

import pytest
from sqlmodel import Session, select

from bot.app import whole_book
from dialogs.plain_words import TELLING
from dialogs.supports import LABELS
from dialogs.talk import Reading
from storage.base import Store
from storage.tables import Consent, Purpose
from tests.channels.botapi import BotApi
from tests.channels.conversations import CONVERSATIONS, WALKS
from tests.channels.devices.both import OnTelegramAndPage
from tests.channels.walking import Told, hold, on_telegram

SECRETS = (
    "李小梅", "李晓梅", "李大梅", "李大山", "99000119850612002912", "99000120100612001943", "990001198506120029",
    "15400000001", "154 0000 0001", "154 0000 0009", "15400010001", "154 0001 0001", "管城", "城西街道",
    "早一点进去",
)  # fmt: skip
"""Private answers of the walks, as they are written and as they are said back."""

NOT_WALKED = {
    "helper_told": "said only to who has a helper",
    "continue_page": "said only to who comes from Telegram",
    "explain": "its word is answered in place",
    "not_yours": "said only to who may not do what they ask",
    "too_late": "said only when a course closes between two answers",
    "written": "said only in a chat whose servers are not ours",
    "class": "begun by the button of a reminder",
    "class_answered": "said to who answers a reminder",
    "class_part": "begun by the button of a reminder",
    "certificate": "begun by the button of a reminder",
    "certificate_answered": "said to who answers a reminder",
    "callback_stop": "begun by the button of a call-back",
    "callback_told": "said to who puts a call-back off",
    "callback_opened": "said to who wants something after a call-back",
    "fair_soon": "begun by the button of a reminder",
    "fair_soon_answered": "said to who answers a reminder",
    "arrived_fair": "said on the day of a fair",
    "relay": "begun by the button of a talk that staff open",
    "staff_words": "begun by the button of what staff wrote to several",
    "arrived_kept": "said on a day of class",
    "staff_join": "for who works here; staff have walks of their own",
    "staff_not_joined": "said to who has no word of an office",
    "asked_there": "said only where the person has a phone of their own",
}
"""Flows that are said in cases of their own: flow -> why no walk comes through."""

WAYS = (
    (("plain", "polling", "web"), ("easy", "webhook", "chat")),
    (("plain", "webhook", "chat"), ("easy", "polling", "web")),
)
"""In which words, how we are told, and where private answers are given: a walk goes both ways of its pair, and of two
walks that follow each other every one meets each of the others."""


@pytest.mark.parametrize(
    ("database", "reading", "mode", "private_answers", "name"),
    [
        *(("sqlite", *way, name) for number, name in enumerate(WALKS) for way in WAYS[number % 2]),
        ("sqlite", "en", "polling", "chat", "applies_and_changes_her_mind"),
        ("postgresql", "plain", "polling", "web", "applies_for_her_son"),
        ("postgresql", "plain", "polling", "web", "begins_and_erases_it_all"),
    ],
    indirect=["database"],
)
def test_a_walk_has_good_manners_keeps_its_secrets_and_comes_to_the_same_as_at_a_terminal(
    stocked: Store,
    at_terminal: Callable[[str], Told],
    reading: Reading,
    mode: str,
    private_answers: str,
    name: str,
) -> None:
    with on_telegram(stocked, mode, private_answers) as talking:
        told = hold(talking, name, reading)
        consents = talking.runner.desk.read(asked_abroad)
        if isinstance(talking, OnTelegramAndPage):
            check_that_it_keeps_secrets(talking)
    in_chat = private_answers == "chat" and any(asked.private for asked in told.asked)
    assert consents == ([True] if in_chat else []), "asked once, before the first private question"
    if reading == "plain" and name in CONVERSATIONS:
        wanted = at_terminal(name)
        assert told.asked == wanted.asked
        assert told.stored == wanted.stored


def check_that_it_keeps_secrets(talking: OnTelegramAndPage) -> None:
    """Look for private answers in the chat, and for what tells of a disability on the lock screen."""
    told = [*said(talking.on.api)]
    assert told
    for words in told:
        assert not [secret for secret in SECRETS if secret in words], words
    needs = {talking.word(each.label) for each in LABELS.values() if isinstance(each.label, str)}
    courses = {
        title
        for card in talking.runner.shelf.current.find(limit=99).cards
        for title in (card.title, card.title_easy)
    }
    for words in talking.started:
        assert not [each for each in (*TELLING, *needs, *courses) if each in words], words


def said(api: BotApi) -> Iterator[str]:
    """Everything the bot said, in messages and on buttons."""
    for chat in list(api.exchange.chats.values()):
        for message in chat.messages:
            if message.mine:
                yield "\n".join(
                    (message.text, *(button.text for row in message.keyboards[0] for button in row))
                )


def asked_abroad(session: Session) -> list[bool]:
    """What was answered when we asked whether private answers may go through Telegram."""
    rows = session.exec(select(Consent).where(Consent.purpose == Purpose.ABROAD)).all()
    return [row.given for row in rows]


def test_the_walks_come_through_every_flow(at_terminal: Callable[[str], Told]) -> None:
    walked = {asked.question.partition(".")[0] for name in WALKS for asked in at_terminal(name).asked}
    asking = {flow.name for flow in whole_book().flows if flow.role != "staff" and flow.literal}
    left = asking - walked - {"abroad"}
    assert " ".join(sorted(left ^ (set(NOT_WALKED) & asking))) == ""
