"""Every flow of the main job, walked on Telegram in each kind of words, by polling and by webhook."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from bot.app import whole_book
from dialogs.plain_words import TELLING
from dialogs.supports import LABELS
from dialogs.talk import Reading
from storage.base import Store
from tests.catalogue import put_catalogue
from tests.channels.botapi import BotApi, manners
from tests.channels.conversations import CONVERSATIONS, WALKS, Conversation
from tests.channels.devices import AtTerminal, OnTelegram, OnTelegramAndPage, a_runner, patient
from tests.channels.on_air import on_air
from tests.channels.web.handset import Handset

SECRETS = (
    "李小梅", "李晓梅", "李大梅", "李大山", "99000119850612002912", "99000120100612001943", "990001198506120029",
    "15400000001", "154 0000 0001", "154 0000 0009", "15400010001", "154 0001 0001", "管城", "城西街道",
)  # fmt: skip
"""Private answers of the walks, as they are written and as they are said back."""

NOT_WALKED = {
    "helper_told": "said only to who has a helper",
    "continue_page": "said only to who comes from Telegram",
    "explain": "its word is answered in place",
    "not_yours": "said only to who may not do what they ask",
    "too_late": "said only when a course closes between two answers",
    "written": "said only in a chat whose servers are not ours",
    "asked_there": "said only where the person has a phone of their own",
}
"""Flows that are said in cases of their own: flow -> why no walk comes through."""


@contextmanager
def walking(store: Store, mode: str, private_answers: str) -> Iterator[OnTelegram]:
    """Somebody on Telegram; at the end every message of the walk is looked at."""
    with BotApi() as api:
        with (
            on_air(store, api, gate=patient(), private_answers=private_answers, telegram_mode=mode) as on,
            closing(Handset(on.url)) as handset,
        ):
            yield OnTelegramAndPage(on, handset) if private_answers == "web" else OnTelegram(on)
        manners.check(api)
        assert not api.refusals
        assert not api.unanswered


def walk(talking: OnTelegram, name: str, reading: Reading) -> None:
    WALKS[name](Conversation(talking, reading))
    assert talking.reading == reading


def said(api: BotApi) -> Iterator[str]:
    """Everything the bot said, in messages and on buttons."""
    for chat in list(api.exchange.chats.values()):
        for message in chat.messages:
            if message.mine:
                yield "\n".join(
                    (message.text, *(button.text for row in message.keyboards[0] for button in row))
                )


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("name", WALKS)
@pytest.mark.parametrize(("reading", "mode"), [("plain", "polling"), ("easy", "webhook")])
def test_with_private_answers_on_the_page_none_of_them_is_ever_in_the_chat(
    stocked: Store, reading: Reading, mode: str, name: str
) -> None:
    with walking(stocked, mode, "web") as talking:
        walk(talking, name, reading)
        needs = {talking.word(each.label) for each in LABELS.values() if isinstance(each.label, str)}
        told = [*said(talking.on.api)]
    assert isinstance(talking, OnTelegramAndPage)
    assert told
    for words in told:
        assert not [secret for secret in SECRETS if secret in words], words
    courses = {
        title
        for card in talking.runner.shelf.current.find(limit=99).cards
        for title in (card.title, card.title_easy)
    }
    for words in talking.started:
        assert not [each for each in (*TELLING, *needs, *courses) if each in words], (
            "it may be read on a lock screen"
        )


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("reading", "mode", "name"),
    [
        *(("plain", "webhook", name) for name in WALKS if name not in CONVERSATIONS),
        *(("easy", "polling", name) for name in WALKS),
        ("en", "polling", "applies_and_changes_her_mind"),
    ],
)
def test_every_flow_is_walked_in_the_chat_with_good_manners(
    stocked: Store, reading: Reading, mode: str, name: str
) -> None:
    """What is not here in plain words is walked so by the contract, by polling and by webhook."""
    with walking(stocked, mode, "chat") as talking:
        walk(talking, name, reading)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_walks_come_through_every_flow(store: Store, tmp_path: Path) -> None:
    put_catalogue(store)
    walked: set[str] = set()
    with a_runner(store) as runner:
        for name, each in WALKS.items():
            conversation = Conversation(AtTerminal(runner, tmp_path, name))
            each(conversation)
            walked |= {asked.question.partition(".")[0] for asked in conversation.asked}
    asking = {flow.name for flow in whole_book().flows if flow.role != "staff" and flow.literal}
    assert asking - walked - {"abroad"} == set(NOT_WALKED) & asking
