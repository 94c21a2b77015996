"""A real Chromium, and servers on free ports that it opens."""

import os
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright
from starlette.applications import Starlette

from tests.channels.web.conftest import database, runner, service
from tests.channels.web.serving import serving
from tests.e2e.showcase import make_showcase

__all__ = ["database", "runner", "service"]

PLACES = (
    os.environ.get("CHROMIUM", ""),
    "/usr/bin/chromium-headless-shell",  # the same pages drawn by the same code, at two thirds of the cost
    "/usr/bin/chromium",
    "/usr/bin/chromium-browser",
)
CHROMIUM = next((path for path in PLACES if path and Path(path).exists()), "")

PHONE = ViewportSize(width=360, height=740)


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


@pytest.fixture(scope="session")
def showcase() -> Starlette:
    return make_showcase()


@pytest.fixture(scope="session")
def showcase_url(showcase: Starlette) -> Iterator[str]:
    """Every form and state of the chat page, hand-made."""
    with serving(lambda _: showcase) as url:
        yield url


def _watched(page: Page) -> list[str]:
    """The errors in a page's console, from now on."""
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda line: problems.append(line.text) if line.type == "error" else None)
    return problems


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    """A page of a small phone; an error in its console fails the test."""
    context = browser.new_context(viewport=PHONE, locale="zh-CN")
    page = context.new_page()
    problems = _watched(page)
    yield page
    context.close()
    assert problems == []


@pytest.fixture(scope="session")
def warm_page(browser: Browser) -> Iterator[tuple[Page, list[str]]]:
    page = browser.new_page(viewport=PHONE, locale="zh-CN")
    yield page, _watched(page)
    page.close()


@pytest.fixture
def warm_phone(warm_page: tuple[Page, list[str]]) -> Iterator[Page]:
    """The same, for hand-made pages that keep nothing: one page shows them all, at half the cost."""
    page, problems = warm_page
    problems.clear()
    page.set_viewport_size(PHONE)
    yield page
    page.evaluate("() => { sessionStorage.clear(); localStorage.clear(); }")
    assert page.context.cookies() == []
    assert problems == []
