"""kill -9 at any moment, then start again: what was acknowledged is there, and nothing is there twice."""

import random
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import httpx
import pytest

from bot.app import open_store
from bot.settings import Settings
from storage import crypto
from tests.catalogue import SAMPLE_DAY, put_catalogue
from tests.faults.forking import Forked
from tests.faults.serving import Browser, Server, five_seconds
from tests.more import MORE

SAYS = (
    "1", "1", "找课", "没有工作", "看全部的课", "1", "1", "知道了", "同意", "可以", "可以", "听", "手语翻译",
    "都不要", "没有", "不要", "不住", "李小梅", "没有", "30", "15400000001", "1", "不想说", "一样", "不想说",
    "不想说", "家里有低保", "李大山", "15400010001", "没有",
)  # fmt: skip
"""What she types, from the first page to the list of her answers."""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A service's folder with the sample catalogue in it."""
    folder = tmp_path_factory.mktemp("kill") / "home"
    with closing(open_store(Settings(home=folder, database_url="", secret_key=None))) as store:
        put_catalogue(store)
    crypto.use(None)
    return folder


@pytest.fixture
def server(home: Path) -> Iterator[Server]:
    server = Forked(home, command="serve", XUNQIAO_CLOCK=SAMPLE_DAY).start()
    yield server
    server.stop()


def walk(server: Server) -> list[str]:
    """The questions she is asked when nothing goes wrong."""
    she = Browser(server.url).open()
    asked = [she.question, *(she.post(say=said).question for said in SAYS)]
    she.close()
    return asked


def applications(home: Path) -> int:
    with sqlite3.connect(home / "xunqiao.db") as database:
        count: int = database.execute("SELECT count(*) FROM application").fetchone()[0]
        return count


def test_she_loses_nothing_and_files_nothing_twice_when_the_power_goes(server: Server, home: Path) -> None:
    asked = walk(server)
    assert "看一看" in asked[-1], asked
    before = applications(home)
    chance = random.Random(20261121)
    cuts = set(chance.sample(range(3, len(SAYS)), min(2 * MORE, 20)))
    she = Browser(server.url).open()
    for step, said in enumerate(SAYS):
        assert she.question == asked[step]
        if step not in cuts:
            she.post(say=said)
            continue
        cut = threading.Timer(chance.uniform(0.001, 0.03), server.kill)
        cut.start()
        with suppress(httpx.HTTPError):
            she.post(say=said)
        cut.join()
        server.start()
        she.open()
        # Either the answer had been kept, or the same question stands there again: never anything else.
        assert she.question in {asked[step], asked[step + 1]}
        if she.question == asked[step]:
            she.post(say=said)
    assert she.question == asked[-1]

    cut = threading.Timer(0.01, server.kill)
    cut.start()
    with suppress(httpx.HTTPError):
        she.post(say="发出去")
    cut.join()
    server.start()
    she.open()
    if "看一看" in she.question:
        she.post(say="发出去")
    assert "报名号" in she.page
    she.close()
    assert applications(home) == before + 1


def test_a_server_told_to_stop_is_gone_in_five_seconds_with_a_stream_open(home: Path) -> None:
    server = Server(home, command="serve").start()
    with httpx.stream("GET", f"{server.url}/events", timeout=20) as stream:
        assert stream.status_code in {200, 204, 403}
        began = time.monotonic()
        assert server.stop() == 0
        assert time.monotonic() - began < five_seconds()
