"""Every form and state of the chat page on a small phone: rules, measures, keyboard."""

import pytest
from playwright.sync_api import Browser, Page, ViewportSize

from bot.channels.web.saying import PAGES as REFUSALS
from tests.channels.web import gallery
from tests.e2e.conftest import PHONE
from tests.e2e.looking import (
    SPACED,
    TWICE_AS_LARGE,
    axe_problems,
    dark_problems,
    measured_problems,
    tab_walk_problems,
)

NAMES = list(gallery.SCREENS)
NARROWEST = ViewportSize(width=320, height=640)


def place_of_help(page: Page) -> tuple[int, int] | None:
    """Where 找人帮忙 stands: always at the lower edge, higher (None) only where the question is short."""
    if not page.evaluate("() => document.scrollingElement.scrollHeight > innerHeight"):
        return None
    page.evaluate("() => scrollTo(0, 0)")
    box = page.locator(".bar button").nth(3).bounding_box()
    assert box is not None
    return round(box["x"]), round(box["y"])


@pytest.fixture(scope="session")
def help_place(browser: Browser, showcase_url: str) -> tuple[int, int]:
    """Where it stands on one page, and so on all the others."""
    page = browser.new_page(viewport=PHONE, locale="zh-CN")
    page.goto(f"{showcase_url}/screen/review")
    place = place_of_help(page)
    page.close()
    assert place is not None
    return place


@pytest.mark.parametrize("name", NAMES)
def test_nothing_stands_in_the_way_on_a_phone(
    warm_phone: Page, showcase_url: str, help_place: tuple[int, int], name: str
) -> None:
    """On a small phone, in the dark, by keyboard; and all of it fits on the narrowest one with larger letters."""
    warm_phone.goto(f"{showcase_url}/screen/{name}")
    assert measured_problems(warm_phone) == []
    assert axe_problems(warm_phone) == []
    assert tab_walk_problems(warm_phone) == []
    assert dark_problems(warm_phone) == []
    if name != "english":  # whose labels are wider
        assert place_of_help(warm_phone) in (help_place, None)
    warm_phone.set_viewport_size(NARROWEST)
    assert measured_problems(warm_phone) == []
    warm_phone.evaluate(SPACED)
    assert measured_problems(warm_phone) == []
    warm_phone.evaluate(TWICE_AS_LARGE)
    assert measured_problems(warm_phone) == []


@pytest.mark.parametrize("why", ["404", "429", "no_cookie", "500"])
def test_nothing_stands_in_the_way_when_something_did_not_work(
    warm_phone: Page, showcase_url: str, why: str
) -> None:
    assert why in REFUSALS
    warm_phone.goto(f"{showcase_url}/refusal/{why}")
    assert measured_problems(warm_phone) == []
    assert axe_problems(warm_phone) == []
    assert dark_problems(warm_phone) == []


@pytest.mark.parametrize("size", ["large", "huge"])
@pytest.mark.parametrize("name", ["many", "review", "date", "pick"])
def test_larger_letters_fit_too(warm_phone: Page, showcase_url: str, name: str, size: str) -> None:
    warm_phone.goto(f"{showcase_url}/screen/{name}?size={size}")
    assert measured_problems(warm_phone) == []
    assert tab_walk_problems(warm_phone) == []


def test_letters_have_the_promised_sizes(warm_phone: Page, showcase_url: str) -> None:
    measured = {}
    for size in ("standard", "large", "huge"):
        warm_phone.goto(f"{showcase_url}/screen/choice?size={size}")
        measured[size] = warm_phone.evaluate(
            "() => parseFloat(getComputedStyle(document.querySelector('.answer')).fontSize)"
        )
    assert measured == {"standard": 20, "large": 24, "huge": 30}


@pytest.mark.parametrize("name", ["choice", "many", "phone"])
def test_borders_stay_where_the_reader_chose_the_colours(
    browser: Browser, showcase_url: str, name: str
) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 740}, forced_colors="active")
    page = context.new_page()
    page.goto(f"{showcase_url}/screen/{name}")
    widths = page.evaluate(
        "() => [...document.querySelectorAll('.answer, .bar button, .field, .sizes button')]"
        ".map((e) => parseFloat(getComputedStyle(e).borderTopWidth))"
    )
    assert min(widths) >= 2
    assert axe_problems(page) == []
    context.close()
