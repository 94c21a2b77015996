"""Walking: whole conversations, held wherever they can be held, to be looked at and compared."""

import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dialogs.talk import Reading
from storage.base import Store
from tests.channels.botapi import BotApi, manners
from tests.channels.conversations import WALKS, Asked, Conversation, kept
from tests.channels.devices.both import OnTelegramAndPage
from tests.channels.devices.messenger import OnTelegram
from tests.channels.devices.page import patient
from tests.channels.devices.talking import Talking
from tests.channels.devices.terminal import AtTerminal
from tests.channels.off_air import a_runner
from tests.channels.on_air import on_air
from tests.channels.web.handset import Handset


@dataclass(frozen=True)
class Told:
    """What became of a conversation."""

    asked: list[Asked]
    stored: dict[str, list[dict[str, Any]]]


AT_TERMINAL: dict[str, Told] = {}
"""What became of each conversation at a terminal, in plain words: what all others are compared with."""


def hold(talking: Talking, name: str, reading: Reading = "plain") -> Told:
    """Hold a conversation; what is promised beside it, such as fetching a file, is waited for."""
    conversation = Conversation(talking, reading)
    WALKS[name](conversation)
    assert talking.reading == reading
    if isinstance(talking, OnTelegram):
        talking.waits_for_files()
    return Told(conversation.asked, talking.runner.desk.read(kept))


def hold_at_terminal(name: str, stocked_template: Path, folder: Path) -> Told:
    """Hold a conversation at a terminal, once for all tests."""
    if name not in AT_TERMINAL:
        shutil.copy(stocked_template, folder / "terminal.db")
        with closing(Store(f"sqlite:///{folder / 'terminal.db'}")) as store, a_runner(store) as runner:
            AT_TERMINAL[name] = hold(AtTerminal(runner, folder), name)
    return AT_TERMINAL[name]


@contextmanager
def on_telegram(store: Store, mode: str, private_answers: str) -> Iterator[OnTelegram]:
    """Somebody on Telegram; at the end everything that was sent and asked there is looked at."""
    with BotApi() as api:
        with (
            on_air(store, api, gate=patient(), private_answers=private_answers, telegram_mode=mode) as on,
            closing(Handset(on.url)) as handset,
        ):
            yield OnTelegramAndPage(on, handset) if private_answers == "web" else OnTelegram(on)
        manners.check(api)
        assert not api.refusals
        assert not api.unanswered
