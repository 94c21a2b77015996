"""The first page waits for nothing that it does not need."""

import subprocess
import sys
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path

from bot.app import open_store
from bot.beside import AFTERWARDS
from bot.settings import load_settings
from storage import forms
from storage.forms import Sheet

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)

SLOW = (
    *("aiogram", "telegram", "pyxform", "alembic", "python_calamine", "xlsxwriter", "httpx", "playwright"),
    *("sqlalchemy.dialects.postgresql", "apscheduler", "bot.console.app", "structlog", "rich", "babel"),
    *("dialogs.xform", "regex", "bot.outcomes", "bot.further_facts", "bot.letters", "storage.keeping.limits"),
    *(
        "storage.keeping.every_table",
        "storage.classes.tables",
        "storage.applications.tables",
        "storage.fairs.tables",
    ),
    *("storage.notices.tables", "storage.tickets.tables", "storage.staff.upload_tables"),
    *(
        "bot.channels.web.elsewhere",
        "storage.afterwards.callback_plan",
        "storage.applications.ordering",
        "storage.notices.notices",
    ),
)

PROGRAM = f"""
import asyncio, sys
from bot import cli, logs
from bot.app import open_service
from bot.beside import Beside
from bot.channels.web.app import create_app
from bot.commands.on_disk import lock_folder
from bot.sending import sole_sender
from bot.serving import take_port
from bot.settings import load_settings

ASKED = {{
    "type": "http", "http_version": "1.1", "method": "GET", "scheme": "http", "path": "/", "raw_path": b"/",
    "root_path": "", "query_string": b"", "headers": [(b"host", b"127.0.0.1")], "client": ("127.0.0.1", 9),
}}

async def first_page(service):
    app = create_app(service.runner, stopping=asyncio.Event(), checks=Beside(service).checks)
    answered = []

    async def receive():
        return {{"type": "http.request"}}

    async def send(message):
        answered.append(message)

    await app(ASKED, receive, send)
    return answered[0]["status"]

logs.set_up_later()
settings = load_settings()
with open_service(settings) as service, sole_sender(lock_folder(settings), alone=False):
    print(asyncio.run(first_page(service)), sorted(set({SLOW!r}) & set(sys.modules)))
"""


def test_the_first_page_brings_in_nothing_slow(home: Path) -> None:
    store = open_store(load_settings())  # a database of this release
    with store.writing() as session:
        asked = Sheet("t7_satisfaction", "1", "课上得怎么样", "<not-read-before-somebody-is-asked/>", b"")
        forms.go_live(session, forms.propose(session, asked, "test", NOW), NOW)
    store.close()
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True, cwd=home.parent
    )
    assert done.stdout.strip() == "200 []"


def test_what_is_imported_afterwards_is_there() -> None:
    assert all(find_spec(name) for name in AFTERWARDS)
