"""One contract for all channels: the same conversation asks the same and keeps the same, wherever it is held."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, select

from bot.channels.web.app import create_app
from storage.base import Store
from storage.tables import Consent, Purpose
from tests.catalogue import put_catalogue
from tests.channels.botapi import BotApi, manners
from tests.channels.conversations import CONVERSATIONS, Asked, Conversation, kept
from tests.channels.devices import (
    AtTerminal,
    OnTelegram,
    OnTelegramAndPage,
    OnWeb,
    Talking,
    a_runner,
    patient,
)
from tests.channels.on_air import on_air
from tests.channels.web.handset import Handset
from tests.channels.web.serving import serving


@contextmanager
def web(store: Store) -> Iterator[Talking]:
    with ExitStack() as stack:
        runner = stack.enter_context(a_runner(store))
        url = stack.enter_context(
            serving(lambda stopping: create_app(runner, stopping=stopping, gate=patient()))
        )
        yield OnWeb(runner, stack.enter_context(closing(Handset(url))))


@contextmanager
def telegram(store: Store, mode: str) -> Iterator[Talking]:
    with BotApi() as api:
        with on_air(store, api, private_answers="chat", telegram_mode=mode) as on:
            yield OnTelegram(on)
        manners.check(api)
        assert not api.refusals


@contextmanager
def telegram_and_page(store: Store) -> Iterator[Talking]:
    with BotApi() as api:
        with on_air(store, api, gate=patient()) as on, closing(Handset(on.url)) as handset:
            yield OnTelegramAndPage(on, handset)
        manners.check(api)
        assert not api.refusals


@dataclass(frozen=True)
class Told:
    """What became of a conversation."""

    asked: list[Asked]
    stored: dict[str, list[dict[str, Any]]]


def hold(talking: Talking, name: str) -> Told:
    """Hold a conversation; what is promised beside it, such as fetching a file, is waited for."""
    conversation = Conversation(talking)
    CONVERSATIONS[name](conversation)
    if isinstance(talking, OnTelegram):
        talking.waits_for_files()
    return Told(conversation.asked, talking.runner.desk.read(kept))


AT_TERMINAL: dict[str, Told] = {}
"""What became of each conversation at a terminal: what all others are compared with."""


@pytest.fixture
def at_terminal(
    sqlite_template: Path,
    keys: object,  # noqa: ARG001 - installed for what is stored
    tmp_path: Path,
) -> Callable[[str], Told]:
    def held(name: str) -> Told:
        if name not in AT_TERMINAL:
            file = tmp_path / "terminal.db"
            shutil.copy(sqlite_template, file)
            with closing(Store(f"sqlite:///{file}")) as store:
                put_catalogue(store)
                with a_runner(store) as runner:
                    AT_TERMINAL[name] = hold(AtTerminal(runner, tmp_path), name)
        return AT_TERMINAL[name]

    return held


CHANNELS: dict[str, Callable[[Store], AbstractContextManager[Talking]]] = {
    "web": web,
    "polling": partial(telegram, mode="polling"),
    "webhook": partial(telegram, mode="webhook"),
    "page": telegram_and_page,
}
"""How a conversation can be held: `page` is Telegram by polling, what is private on our own page."""


@pytest.mark.parametrize(
    ("channel", "database", "name"),
    [
        *((channel, "sqlite", name) for channel in CHANNELS for name in CONVERSATIONS),
        ("polling", "postgresql", "applies_for_her_son"),
        ("page", "postgresql", "begins_and_erases_it_all"),
    ],
    indirect=["database"],
)
def test_the_same_is_asked_and_the_same_is_kept(
    stocked: Store, at_terminal: Callable[[str], Told], channel: str, name: str
) -> None:
    wanted = at_terminal(name)
    with CHANNELS[channel](stocked) as talking:
        told = hold(talking, name)
        consents = talking.runner.desk.read(asked_abroad)
    assert told.asked == wanted.asked
    assert told.stored == wanted.stored
    in_chat = channel in ("polling", "webhook") and any(asked.private for asked in wanted.asked)
    assert consents == ([True] if in_chat else []), "asked once, before the first private question"


def asked_abroad(session: Session) -> list[bool]:
    """What was answered when we asked whether private answers may go through Telegram."""
    rows = session.exec(select(Consent).where(Consent.purpose == Purpose.ABROAD)).all()
    return [row.given for row in rows]
