"""The public pages on a small phone and on paper."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from python_calamine import CalamineWorkbook

from tests.channels.web.conftest import Service
from tests.e2e.looking import SPACED, axe_problems, dark_problems, measured_problems, tab_walk_problems
from tests.storage.catalogue.making import put_fairs

PATHS = [
    "/catalogue",
    "/catalogue?mode=offline&page=2",
    "/catalogue?words=没有",
    "/catalogue/P003",
    "/organisers",
    "/fairs/F01",
    "/organisers/启程残疾人远程教育中心",
]


@pytest.mark.parametrize("path", PATHS)
def test_nothing_stands_in_the_way_in_the_catalogue(phone: Page, service: Service, path: str) -> None:
    if path.startswith("/fairs"):
        with service.runner.desk.store.writing() as session:
            put_fairs(session, service.runner.clock.now())
    phone.goto(service.url + path)
    assert measured_problems(phone) == []
    assert axe_problems(phone) == []
    assert tab_walk_problems(phone) == []
    assert dark_problems(phone) == []
    phone.set_viewport_size({"width": 320, "height": 640})
    phone.evaluate(SPACED)
    assert measured_problems(phone) == []
    phone.evaluate("() => { document.documentElement.style.fontSize = '40px' }")
    assert measured_problems(phone) == []


def test_a_course_is_found_and_begun_without_scripts(browser: Browser, service: Service) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 740})
    page = context.new_page()
    page.goto(f"{service.url}/catalogue")
    page.get_by_label("想学什么").fill("按摩")
    with page.expect_navigation():
        page.get_by_role("button", name="找课").click()
    with page.expect_navigation():
        page.get_by_role("link", name="盲人保健按摩初级培训班").first.click()
    with page.expect_navigation():
        page.get_by_role("button", name="报这个班").click()
    assert "按摩" in page.locator("h1").inner_text()
    context.close()


def test_on_paper_a_course_is_all_there_and_nothing_to_press(phone: Page, service: Service) -> None:
    phone.goto(f"{service.url}/catalogue/P003")
    phone.emulate_media(media="print")
    assert not phone.get_by_role("button", name="报这个班").is_visible()
    assert phone.get_by_text("杏园路17号").first.is_visible()
    assert phone.get_by_text("/catalogue/P003").is_visible()


def test_the_spreadsheet_downloads(phone: Page, service: Service, tmp_path: Path) -> None:
    phone.goto(f"{service.url}/organisers")
    with phone.expect_download() as coming:
        phone.get_by_role("link", name="下载整张表").click()
    file = tmp_path / "list.xlsx"
    coming.value.save_as(file)
    assert coming.value.suggested_filename == "catalogue-2026-11-21.xlsx"
    assert len(CalamineWorkbook.from_path(file).get_sheet_by_index(0).to_python()) > 10
