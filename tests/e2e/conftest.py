"""A real Chromium, and servers on free ports that it opens."""

import asyncio
import os
import socket
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, sync_playwright
from starlette.applications import Starlette
from starlette.types import ASGIApp

from tests.e2e.showcase import make_showcase

CHROMIUM = next(
    (path for path in (os.environ.get("CHROMIUM", ""), "/usr/bin/chromium", "/usr/bin/chromium-browser") if path and Path(path).exists()),
    "",
)  # fmt: skip

PHONE = {"width": 360, "height": 740}


class NoBrowser(UserWarning):
    """The pages were not looked at, because there is no browser here."""


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium; where there is none the tests are skipped with a warning, or fail when a browser is required."""
    if not CHROMIUM:
        told = "no Chromium: the pages were NOT looked at. Install it (apt install chromium) or set CHROMIUM"
        if os.environ.get("XUNQIAO_REQUIRE_BROWSER") == "1":
            pytest.fail(told)
        with warnings.catch_warnings():
            warnings.simplefilter("always")
            warnings.warn(told, NoBrowser, stacklevel=1)
        pytest.skip(told)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@contextmanager
def serving(app: ASGIApp, before_stop: Callable[[], None] = lambda: None) -> Iterator[str]:
    """A server in a thread of its own; gives its address."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(128)
        port = listening.getsockname()[1]
        ready = threading.Event()
        server = _Server(uvicorn.Config(app, log_level="warning", lifespan="on"), ready)
        thread = threading.Thread(target=lambda: asyncio.run(server.serve([listening])), daemon=True)
        thread.start()
        assert ready.wait(20), "the server did not start"
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            before_stop()
            server.should_exit = True
            thread.join(20)
            assert not thread.is_alive(), "the server did not stop"


class _Server(uvicorn.Server):
    """Says when it listens."""

    def __init__(self, config: uvicorn.Config, ready: threading.Event) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._ready.set()


@pytest.fixture(scope="session")
def showcase() -> Starlette:
    return make_showcase()


@pytest.fixture(scope="session")
def showcase_url(showcase: Starlette) -> Iterator[str]:
    """Every form and state of the chat page, hand-made."""
    with serving(showcase) as url:
        yield url


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    """A page of a small phone; an error in its console fails the test."""
    context = browser.new_context(viewport=PHONE, locale="zh-CN")
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda line: problems.append(line.text) if line.type == "error" else None)
    yield page
    context.close()
    assert problems == []
