"""The list of a class: masked or whole by who asks, kept who took it, and nothing in it runs."""

import io
from collections.abc import Callable

import pytest
from python_calamine import CalamineWorkbook
from sqlmodel import Session

from bot.applications import deciding as acts
from storage.tables import Application, Person, Staff, StaffRole
from tests.channels.web.handset import Handset
from tests.console.conftest import Office

Sit = Callable[..., Handset]

FORMULA = '=HYPERLINK("http://example.com","点我")'
CERTIFICATE, PHONE = "99000119900307001X43", "15400000001"


@pytest.fixture
def clerk(office: Office, sit: Sit) -> Handset:
    """Let a clerk in; two people are in the class, one of them with a formula for a name."""
    browser = sit()
    runner = office.service.runner
    now, zone = runner.clock.now(), runner.settings.zone

    def accept(session: Session) -> None:
        member = session.get_one(Staff, 1)
        for number in office.filed[:2]:
            acts.accept(session, number, member, seen=None, now=now, zone=zone)
        person = session.get_one(Person, session.get_one(Application, office.filed[0]).person_id)
        person.name, person.cert_no, person.phone = FORMULA, CERTIFICATE, PHONE
        session.add(person)

    runner.desk.do_now(accept)
    return browser


def sheet(browser: Handset) -> list[list[object]]:
    assert browser.response is not None
    book = CalamineWorkbook.from_filelike(io.BytesIO(browser.response.content))
    return [list(row) for row in book.get_sheet_by_index(0).to_python()]


def test_numbers_are_masked_until_somebody_asks_and_that_is_kept(office: Office, clerk: Handset) -> None:
    path = f"/console/intakes/{office.intake}/roster"
    page = clerk.open(path).page
    assert CERTIFICATE not in page.html
    assert f"••••{CERTIFICATE[-4:]}" in page.html
    clerk.press(to=path)
    assert CERTIFICATE in clerk.page.html
    assert PHONE in clerk.page.html
    assert ("roster_shown", "") in office.audited()


def test_a_spreadsheet_holds_words_that_never_run(office: Office, clerk: Handset) -> None:
    clerk.open(f"/console/intakes/{office.intake}/roster")
    clerk.press(to=f"/console/intakes/{office.intake}/roster-whole.xlsx")
    headings, first, second = sheet(clerk)
    assert headings[:3] == ["序号", "姓名", "要准备的"]
    assert (first[1], first[6], first[7]) == (FORMULA, CERTIFICATE, PHONE)
    assert second[2] == "文字速录/实时字幕"
    assert clerk.response is not None
    assert b"<f>" not in clerk.response.content
    clerk.press(to=f"/console/intakes/{office.intake}/roster.xlsx")
    assert sheet(clerk)[1][6] == f"••••{CERTIFICATE[-4:]}"
    kept = [detail for action, detail in office.audited() if action == "exported"]
    assert kept == ["roster-P025-1 whole xlsx rows=2", "roster-P025-1 masked xlsx rows=2"]


def test_a_teacher_has_names_and_needs_and_no_number(office: Office, clerk: Handset, sit: Sit) -> None:
    assert clerk.status == 200
    teacher = sit(StaffRole.TEACHER, "周敏")
    path = f"/console/intakes/{office.intake}/roster"
    page = teacher.open(path).page
    assert "学员1" in page.html
    assert "文字速录" in page.html
    for hidden in ("证号", "电话", CERTIFICATE[-4:], PHONE[-4:], office.number(office.filed[0])):
        assert hidden not in page.words("table")
    teacher.press(to=f"{path}.xlsx")
    assert len(sheet(teacher)[0]) == 5
    assert teacher.open(path).press(to=f"/console/intakes/{office.intake}/roster-whole.xlsx").status == 404
