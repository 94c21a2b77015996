"""The first page waits for nothing that it does not need."""

import subprocess
import sys
from pathlib import Path

from bot.app import open_store
from bot.settings import load_settings

SLOW = (
    *("aiogram", "telegram", "pyxform", "alembic", "python_calamine", "xlsxwriter"),
    *("sqlalchemy.dialects.postgresql", "apscheduler", "bot.console.app", "playwright"),
)

PROGRAM = f"""
import asyncio, sys
import httpx
from bot.app import open_service
from bot.beside import Beside
from bot.channels.web.app import create_app
from bot.settings import load_settings

async def first_page(service):
    app = create_app(service.runner, stopping=asyncio.Event(), checks=Beside(service).checks)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1") as browser:
        return (await browser.get("/")).status_code

with open_service(load_settings()) as service:
    print(asyncio.run(first_page(service)), sorted(set({SLOW!r}) & set(sys.modules)))
"""


def test_the_first_page_brings_in_nothing_slow(home: Path) -> None:
    open_store(load_settings()).close()  # a database of this release
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True, cwd=home.parent
    )
    assert done.stdout.strip() == "200 []"
