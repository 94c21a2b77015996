"""Asking on a phone of their own in a real browser: every page of the way is looked at."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.channels.web.conftest import Service
from tests.e2e.conftest import PHONE
from tests.e2e.looking import axe_problems, measured_problems
from tests.e2e.test_applying import press
from tests.visiting import APPLICATION, Visitor

SHOTS = os.environ.get("XUNQIAO_SHOTS", "")
"""A folder to keep pictures of the pages in, for whoever wants to see them."""


@pytest.fixture
def other_phone(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport=PHONE, locale="zh-CN")
    yield context.new_page()
    context.close()


def look(page: Page, name: str) -> None:
    """Find no fault with what is on the screen."""
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS) / f"{name}.png"), full_page=True)
    assert axe_problems(page) == [], name
    assert measured_problems(page) == [], name


def tap(page: Page, value: str) -> None:
    press(page, f'button[name=tap][value="{value}"]')


def visitor_on(page: Page, service: Service, *first: str) -> Visitor:
    """Who talks on this phone, after the first questions."""
    page.goto(service.url)
    for value in first:
        tap(page, value)
    cookie = next(each["value"] for each in page.context.cookies() if each["name"] == "xq")
    return Visitor(service.runner, cookie)


def link_on(page: Page) -> str:
    link = page.locator('a[href^="/go/"]').first.get_attribute("href")
    assert link
    return link


def test_a_mother_gives_the_link_and_he_answers(phone: Page, other_phone: Page, service: Service) -> None:
    mother = visitor_on(phone, service, "plain", "family")
    mother.look()
    mother.say("小明").begin("card", (("project", "P003"),))
    mother.tap(mother.screen.options[0].value)
    mother.tap(mother.screen.options[1].value)
    mother.answer(**APPLICATION).tap("send")
    phone.goto(service.url)
    look(phone, "1-receipt")
    tap(phone, "read")
    look(phone, "2-how-to-ask")
    tap(phone, "link")
    look(phone, "3-link")
    link = f"{service.url}{link_on(phone)}"
    phone.goto(link)
    look(phone, "4-on-her-phone")
    other_phone.goto(link)
    look(other_phone, "5-on-his-phone")
    press(other_phone, 'button[value="self"]')
    look(other_phone, "6-he-is-asked")
    tap(other_phone, "yes")
    look(other_phone, "7-he-answered")
    other_phone.goto(link)
    look(other_phone, "8-used")


def test_a_parent_agrees_on_their_phone(phone: Page, other_phone: Page, service: Service) -> None:
    girl = visitor_on(phone, service, "easy", "self")
    girl.begin("card", (("project", "P003"),))
    girl.tap(girl.screen.options[0].value)
    girl.answer(**{**APPLICATION, "cert_no": "99000120100612001943"})
    assert girl.asking == "apply.parent_how"
    phone.goto(service.url)
    look(phone, "9-parent-how")
    girl.answer(**{**APPLICATION, "parent_how": "later"}).tap("send")
    phone.goto(service.url)
    look(phone, "10-receipt")
    tap(phone, "read")
    look(phone, "11-how-to-ask")
    tap(phone, "parent_link")
    look(phone, "12-link")
    link = f"{service.url}{link_on(phone)}"
    phone.goto(link)
    look(phone, "13-on-her-phone")
    other_phone.goto(link)
    look(other_phone, "14-on-the-parents-phone")
    press(other_phone, 'button[value="parent"]')
    look(other_phone, "15-the-parent-is-asked")
    tap(other_phone, "yes")
    look(other_phone, "16-the-parent-answered")
