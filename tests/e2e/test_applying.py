"""A whole application in a real browser, from the catalogue to the receipt: every page is looked at."""

import re

import pytest
from playwright.sync_api import Browser, Page

from bot.heard import Address
from dialogs.talk import Screen
from tests.channels.web.conftest import Service
from tests.e2e.looking import axe_problems, dark_problems, measured_problems
from tests.visiting import APPLICATION


def screen_of(page: Page, service: Service) -> Screen:
    """What the service has on this phone's screen."""
    cookie = next(each["value"] for each in page.context.cookies() if each["name"] == "xq")
    return service.runner.desk.read(
        lambda session: service.runner.look_in(session, Address("web", cookie)).screen
    )


def press(page: Page, selector: str) -> None:
    with page.expect_navigation():
        page.locator(selector).first.click()


def tick(page: Page, values: tuple[str, ...]) -> None:
    """Tick boxes, turning pages until each was found."""
    for value in values:
        for _ in range(8):
            if page.locator(f'input[value="{value}"]').count():
                page.locator(f'input[value="{value}"]').check()
                break
            press(page, 'button[value="@next"]')
    press(page, 'button[value="@done"]')


def answer(page: Page, screen: Screen) -> None:
    """Answer the question on the screen as APPLICATION says."""
    value = APPLICATION[screen.question]
    if isinstance(value, tuple):
        tick(page, value)
        return
    for _ in range(8):
        if page.locator(f'button[name=tap][value="{value}"]').count():
            press(page, f'button[name=tap][value="{value}"]')
            return
        if not page.locator('button[value="@next"]').count():
            break
        press(page, 'button[value="@next"]')
    page.locator("#answer").fill(value)
    press(page, 'button[value="send"]')


@pytest.mark.parametrize("reading", ["plain", "easy"])
def test_from_the_catalogue_to_the_receipt(phone: Page, service: Service, reading: str) -> None:
    phone.goto(service.url)
    press(phone, f'button[value="{reading}"]')
    press(phone, 'button[value="self"]')
    phone.goto(f"{service.url}/catalogue/P003")
    press(phone, "text=报这个班")
    press(phone, "#answer")
    looked_at: set[str] = set()
    for _ in range(60):
        screen = screen_of(phone, service)
        assert measured_problems(phone) == [], screen.question
        if screen.form not in looked_at:
            assert axe_problems(phone) == [], screen.question
            assert dark_problems(phone) == [], screen.question
            looked_at.add(screen.form)
        if screen.form == "review":
            break
        assert screen.error == "", screen.question
        answer(phone, screen)
    assert {"choice", "many", "text", "phone", "certificate", "review"} <= looked_at
    press(phone, 'button[value="send"]')
    assert re.search(r"报名号\s*2026-0001", phone.locator("main").inner_text())
    assert measured_problems(phone) == []
    assert axe_problems(phone) == []
    phone.emulate_media(media="print")
    assert [each for each in phone.get_by_role("button").all() if each.is_visible()] == []
    assert "2026-0001" in phone.locator("dl").inner_text(), "on paper the receipt is all there"


def test_an_answer_is_changed_from_the_list_and_the_page_is_still_the_list(
    browser: Browser, service: Service
) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 740}, java_script_enabled=False)
    page = context.new_page()
    page.goto(service.url)
    press(page, 'button[value="plain"]')
    press(page, 'button[value="self"]')
    page.goto(f"{service.url}/catalogue/P003")
    press(page, "text=报这个班")
    press(page, "#answer")
    for _ in range(60):
        screen = screen_of(page, service)
        if screen.form == "review":
            break
        answer(page, screen)
    press(page, 'button[name=change][value="phone"]')
    assert "154 0000 0001" in page.locator("#current").inner_text()
    page.locator("#answer").fill("15400000009")
    press(page, 'button[value="send"]')
    assert screen_of(page, service).form == "review"
    assert "154 0000 0009" in page.locator(".check").inner_text()
    context.close()
