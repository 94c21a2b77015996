"""The whole service with Telegram switched on, in a thread, against the tests' Bot API."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Any

import bot.alarm
import bot.beside
import bot.channels.broadcast
import bot.channels.telegram
from bot.app import Service
from bot.beside import Beside
from bot.channels.web.app import create_app
from bot.channels.web.door import Gate
from bot.runner import Runner
from bot.serving import take_port
from bot.settings import Clock, Settings
from storage.base import Store
from storage.catalogue.shelf import Shelf
from storage.desk import Desk
from tests.catalogue import fresh_book
from tests.channels.botapi import BotApi
from tests.channels.web.serving import serving

bot.beside.AFTER_FIRST_PAGE = 0.0  # no first page is waited for here
SLOW_TO_IMPORT = (bot.alarm, bot.channels.broadcast, bot.channels.telegram)
"""Imported before anybody's patience is measured."""


@dataclass(frozen=True)
class OnAir:
    """What runs: the service, where its pages are, and the Telegram it talks to."""

    service: Service
    url: str
    api: BotApi


@contextmanager
def on_air(
    store: Store, api: BotApi, *, gate: Gate | None = None, moved: Clock | None = None, **settings: Any
) -> Iterator[OnAir]:
    """Serve on a store that holds a catalogue; private answers are given on the page unless told otherwise.

    A clock of the test's own may be handed in as `moved`.
    """
    with take_port(Settings(port=0)) as listening:
        given = {
            "telegram_token": api.token,
            "telegram_api": api.url,
            "private_answers": "web",
            "clock": "2026-11-21T10:00",
            "help_phone": "0371-00001100",
            "help_sms": "15400009000",
            "port": listening.getsockname()[1],
            **settings,
        }
        ours = Settings(**given)
        clock, shelf = moved or Clock(ours), Shelf()
        with closing(Desk(store)) as desk:
            desk.read(lambda session: shelf.rebuild(session, clock.now().date()))
            book = fresh_book()
            runner = Runner(desk, book, shelf, ours, clock)
            service = Service(ours, clock, store, desk, shelf, book, runner)
            beside = Beside(service)
            with serving(
                lambda stopping: create_app(
                    runner, stopping=stopping, checks=beside.checks, more=beside.routes, gate=gate
                ),
                listening=listening,
                beside=beside.run,
            ) as url:
                yield OnAir(service, url, api)
