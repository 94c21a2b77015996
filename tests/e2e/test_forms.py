"""Every form and state of the chat page on a small phone: rules, measures, keyboard."""

import pytest
from playwright.sync_api import Browser, Page

from bot.channels.web.saying import PAGES as REFUSALS
from tests.channels.web import gallery
from tests.e2e.looking import SPACED, axe_problems, dark_problems, measured_problems, tab_walk_problems

NAMES = list(gallery.SCREENS)


@pytest.mark.parametrize("name", NAMES)
def test_nothing_stands_in_the_way_on_a_phone(phone: Page, showcase_url: str, name: str) -> None:
    phone.goto(f"{showcase_url}/screen/{name}")
    assert measured_problems(phone) == []
    assert axe_problems(phone) == []
    assert tab_walk_problems(phone) == []
    assert dark_problems(phone) == []


@pytest.mark.parametrize("why", ["404", "429", "no_cookie", "500"])
def test_nothing_stands_in_the_way_when_something_did_not_work(
    phone: Page, showcase_url: str, why: str
) -> None:
    assert why in REFUSALS
    phone.goto(f"{showcase_url}/refusal/{why}")
    assert measured_problems(phone) == []
    assert axe_problems(phone) == []
    assert dark_problems(phone) == []


@pytest.mark.parametrize("name", NAMES)
def test_it_all_fits_on_the_narrowest_phone_with_letters_twice_as_large(
    browser: Browser, showcase_url: str, name: str
) -> None:
    page = browser.new_page(viewport={"width": 320, "height": 640})
    page.goto(f"{showcase_url}/screen/{name}")
    assert measured_problems(page) == []
    page.evaluate(SPACED)
    assert measured_problems(page) == []
    page.goto(f"{showcase_url}/screen/{name}")
    page.evaluate("() => { document.documentElement.style.fontSize = '40px' }")
    assert measured_problems(page) == []
    page.close()


@pytest.mark.parametrize("size", ["large", "huge"])
@pytest.mark.parametrize("name", ["many", "review", "date", "pick"])
def test_larger_letters_fit_too(phone: Page, showcase_url: str, name: str, size: str) -> None:
    phone.goto(f"{showcase_url}/screen/{name}?size={size}")
    assert measured_problems(phone) == []
    assert tab_walk_problems(phone) == []


def test_letters_have_the_promised_sizes(phone: Page, showcase_url: str) -> None:
    measured = {}
    for size in ("standard", "large", "huge"):
        phone.goto(f"{showcase_url}/screen/choice?size={size}")
        measured[size] = phone.evaluate(
            "() => parseFloat(getComputedStyle(document.querySelector('.answer')).fontSize)"
        )
    assert measured == {"standard": 20, "large": 24, "huge": 30}


def test_the_four_buttons_are_always_at_the_same_place(phone: Page, showcase_url: str) -> None:
    places = set()
    for name in NAMES:
        phone.goto(f"{showcase_url}/screen/{name}")
        box = (
            phone.locator(".bar button", has_text="找人帮忙")
            .or_(phone.locator(".bar button").nth(3))
            .first.bounding_box()
        )
        assert box is not None
        if phone.evaluate("() => document.scrollingElement.scrollHeight > innerHeight"):
            places.add((round(box["x"]), round(box["y"])))
    assert len(places) <= 2, places  # at the lower edge; higher only where the question is short


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
