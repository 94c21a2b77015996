"""Lists that staff take away: as they are filtered, masked or whole, kept who took them, and nothing in them runs."""

import csv
import io
from collections.abc import Callable

import pytest
from python_calamine import CalamineWorkbook
from sqlmodel import Session

from bot.applications import deciding as acts
from bot.console.sheets import STARTS
from storage.catalogue.importing import import_projects, import_sessions
from storage.tables import Application, Person, Staff, StaffRole
from storage.tickets import tickets
from tests.channels.web.handset import Handset
from tests.console.conftest import Office
from tests.console.test_imports import bring, tabs
from tests.storage.catalogue.making import demo

Sit = Callable[..., Handset]

FORMULA = '=HYPERLINK("http://example.com","点我")'
CERTIFICATE, PHONE = "99000119900307001X43", "15400000001"


@pytest.fixture
def clerk(office: Office, sit: Sit) -> Handset:
    """Let a clerk in; one is accepted and has a formula for a name, one waits, one has complained."""
    browser = sit()
    runner = office.service.runner
    now, zone = runner.clock.now(), runner.settings.zone

    def decide(session: Session) -> None:
        member = session.get_one(Staff, 1)
        first, second, third = office.filed
        acts.accept(session, first, member, seen=None, now=now, zone=zone)
        acts.put_on_list(session, second, member, seen=None, now=now, zone=zone)
        person = session.get_one(Person, session.get_one(Application, first).person_id)
        person.name, person.cert_no, person.phone = FORMULA, CERTIFICATE, PHONE
        session.add(person)
        tickets.make_ticket(session, "complaint", "@门口有台阶", now, application_id=third)

    runner.desk.do_now(decide)
    return browser


def take(browser: Handset, name: str, **form: str) -> list[list[object]]:
    """Take a list as a spreadsheet or as CSV."""
    browser.open("/console/imports")
    browser.press(to=f"/console/exports/{name}", **form)
    assert browser.status == 200
    assert browser.response is not None
    body = browser.response.content
    if form.get("as") == "csv":
        assert body.startswith("\ufeff".encode())
        return [list(row) for row in csv.reader(io.StringIO(body.decode("utf-8-sig"), newline=""))]
    assert b"<f>" not in body
    book = CalamineWorkbook.from_filelike(io.BytesIO(body))
    return [list(row) for row in book.get_sheet_by_index(0).to_python()]


def test_applications_are_taken_as_they_are_filtered_and_it_is_kept(office: Office, clerk: Handset) -> None:
    every = take(clerk, "applications", list="all")
    assert len(every) == 1 + 3
    headings, *lines = every
    assert headings[:4] == ["报名号", "姓名", "报哪个班", "现在"]
    accepted = next(line for line in lines if line[3] == "录取")
    assert (accepted[1], accepted[7], accepted[8]) == (FORMULA, "••••1X43", "••••0001")
    new = take(clerk, "applications", list="new")
    assert [line[0] for line in new[1:]] == [office.number(office.filed[2])]
    assert len(take(clerk, "applications", words="学员1")) == 1 + 1
    whole = take(clerk, "applications/whole", list="accepted")
    assert whole[1][7:] == [CERTIFICATE, PHONE]
    kept = [detail for action, detail in office.audited() if action == "exported"]
    assert kept == [
        "applications masked xlsx rows=3 list=all",
        "applications masked xlsx rows=1 list=new",
        "applications masked xlsx rows=1 found",
        "applications whole xlsx rows=1 list=accepted",
    ]


def test_no_cell_of_csv_begins_as_a_formula(clerk: Handset) -> None:
    for name in ("applications", "applications/whole", "results", "tickets/whole", "calls", "waiting"):
        for line in take(clerk, name, **{"as": "csv"}):
            assert not any(str(cell).startswith(STARTS) for cell in line), name
    assert take(clerk, "results", **{"as": "csv"})[1][1] == f"'{FORMULA}"


def test_the_other_lists_hold_what_their_pages_show(office: Office, clerk: Handset, sit: Sit) -> None:
    assert take(clerk, "waiting")[1][1:4] == [1.0, office.number(office.filed[1]), "学员1"]
    assert take(clerk, "results")[1] == [office.number(office.filed[0]), FORMULA, "", ""]
    assert len(take(clerk, "tickets")[0]) == 8
    assert take(clerk, "tickets/whole")[1][8] == "@门口有台阶"
    admin = sit(StaffRole.ADMIN, "陈静")
    assert take(admin, "staff")[1:] == [["王芳", "经办", "郑州市", ""], ["陈静", "管理员", "", ""]]
    assert len(take(clerk, "catalogue")) < len(take(admin, "catalogue"))


def test_another_s_class_is_not_in_any_list(office: Office, clerk: Handset) -> None:
    away = office.number(office.away[0])
    assert all(away not in line for line in take(clerk, "applications", list="all"))
    clerk.open("/console/imports").press(to="/console/exports/results", intake=str(office.elsewhere))
    assert clerk.status == 404


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_the_catalogue_that_was_taken_goes_back_in_unchanged(office: Office, sit: Sit, kind: str) -> None:
    with office.store.writing() as session:
        now = office.service.runner.clock.now()
        import_projects(session, demo("projects.csv"), "a.csv", now=now, who="test")
        import_sessions(session, demo("sessions.csv"), "b.csv", now=now, who="test")
    admin = sit(StaffRole.ADMIN, "陈静")
    for name, export, rows in (("projects", "catalogue", 36), ("sessions", "sessions", 490)):
        take(admin, export, **{"as": kind})
        assert admin.response is not None
        bring(admin, admin.response.content, f"{export}.{kind}", name)
        assert tabs(admin) == ["不对 0", "改的 0", "新的 0", f"没变 {rows}"], admin.page.html
