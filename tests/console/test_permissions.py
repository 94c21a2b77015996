"""Every page and every act with every role: what is not allowed does not exist, and asking is kept."""

from collections.abc import Callable

import pytest

from bot.channels.web.door import Door, Gate
from bot.channels.web.pages import Pages
from bot.channels.web.posted import Receiver
from bot.console.app import console_pages
from bot.console.pages import ConsolePages
from bot.console.permissions import ALLOWED, Act, may
from storage.tables import Staff, StaffRole
from tests.channels.web.handset import Handset
from tests.console.conftest import Office
from tests.console.noticing import make_notice
from tests.console.test_callbacks import make_callback
from tests.console.test_class_file import meeting_of
from tests.console.test_fairs import make_fair
from tests.console.test_forms import bring_form
from tests.console.test_name_lists import list_name
from tests.console.test_tickets import raise_ticket

Sit = Callable[..., Handset]


@pytest.mark.parametrize("role", list(StaffRole))
def test_each_page_is_there_for_whom_the_table_names_and_for_nobody_else(
    office: Office, sit: Sit, role: StaffRole
) -> None:
    runner = office.service.runner
    settings = runner.settings
    pages = Pages(runner.book.voices, settings.office, settings.address)
    every = console_pages(
        Door(runner, pages, Gate(), Receiver()), ConsolePages(settings.org_name, settings.zone)
    )
    browser = sit(role)
    browser.open("/console")
    token = {"csrf": browser.page.hidden["csrf"]}
    given = {
        "number": office.number(office.filed[0]),
        "intake": office.intake,
        "member": 1,
        "call": 1,
        "file": 1,
        "meeting": meeting_of(office),
        "ticket": raise_ticket(office),
        "version": 1,
        "upload": 1,
        "person": 1,
        "name": list_name(office),
        "form": bring_form(office),
        "notice": make_notice(office),
        "answers": 1,
        "fair": make_fair(office),
        "signup": 101,
        "position": "F01-01",
        "callback": make_callback(office),
    }
    refused = 0
    for page in every:
        if page.path == "/out":
            continue
        path = "/console" + page.path.format(**given)
        answer = browser.client.request(
            page.method, path, data=token if page.method == "POST" else None, follow_redirects=False
        )
        is_there = answer.status_code != 404
        if role in {each for each, acts in ALLOWED.items() if page.act in acts}:
            # No call waits, no file and no table was sent: those are missing for everybody.
            assert is_there or any(each in page.path for each in ("{call}", "{file}", "/file", "{upload}")), (
                page
            )
        else:
            assert not is_there, page
            refused += 1
    # What was refused is kept; so is what did not exist.
    assert sum(action == "refused" for action, _ in office.audited()) >= refused


def test_an_admin_may_do_everything_and_a_clerk_all_but_rule() -> None:
    admin, clerk = (Staff(name="", role=role) for role in (StaffRole.ADMIN, StaffRole.CLERK))
    assert all(may(admin, act) for act in Act)
    assert {act for act in Act if not may(clerk, act)} == {Act.WEIGH, Act.STAFF, Act.IMPORT, Act.FORMS}


@pytest.mark.parametrize("path", ["", "/needs", "/decide", "/secrets"])
def test_an_application_of_another_region_does_not_exist(office: Office, sit: Sit, path: str) -> None:
    browser = sit(StaffRole.CLERK)
    browser.open("/console")
    away = f"/console/applications/{office.number(office.away[0])}{path}"
    answer = (
        browser.client.post(away, data={"csrf": browser.page.hidden["csrf"], "do": "accept"})
        if path
        else browser.client.get(away)
    )
    assert answer.status_code == 404
    assert ("refused", f"application {office.number(office.away[0])}") in office.audited()


def test_a_list_shows_only_what_is_ones_own(office: Office, sit: Sit) -> None:
    clerk, admin = sit(StaffRole.CLERK), sit(StaffRole.ADMIN, "陈静")
    away = office.number(office.away[0])
    assert away not in clerk.open("/console/applications?list=all").page.html
    assert away in admin.open("/console/applications?list=all").page.html
    for words in (away, "学员0"):
        assert away not in clerk.open(f"/console/applications?words={words}").page.html.replace(
            f"“{away}”", ""
        ).replace(f'value="{away}"', "")


def test_a_teacher_sees_names_and_what_matters_in_the_room(office: Office, sit: Sit) -> None:
    clerk = sit(StaffRole.CLERK)
    path = f"/console/applications/{office.number(office.filed[0])}"
    clerk.open(path).press(to=f"{path}/decide", do="accept")
    page = sit(StaffRole.TEACHER, "周敏").open(f"/console/intakes/{office.intake}").page
    assert "学员0" in page.html
    assert "文字速录" in page.html
    assert office.number(office.filed[0]) not in page.html


def test_an_evaluator_sees_no_name_and_no_small_count(sit: Sit) -> None:
    page = sit(StaffRole.EVALUATOR, "赵磊").open("/console").page
    assert "学员" not in page.html
    assert "少于 5" in page.html
