"""One message of staff to several people who were ticked: each gets it once, and each application keeps it."""

from collections.abc import Callable

from sqlmodel import Session, select

from bot.letters.letter import write
from bot.letters.opening import opened
from bot.letters.table import LETTERS
from bot.naming import letter_without_family_names
from storage import people
from storage.applications.enrolment import events_of
from storage.tables import Application, ApplicationState, Outbox, Staff, StaffRole
from tests.channels.web.handset import Handset
from tests.console.conftest import Office
from tests.console.test_deciding import told
from tests.visiting import Visitor

Sit = Callable[..., Handset]

PATH = "/console/applications/write"
WORDS = "明天带身份证来。"


def letters(office: Office) -> list[Outbox]:
    with office.store.reading() as session:
        return list(session.exec(select(Outbox).where(Outbox.kind == "staff_words")).all())


def test_who_is_ticked_gets_it_once_and_it_stands_in_the_timeline(office: Office, sit: Sit) -> None:
    browser = sit()
    numbers = [office.number(each) for each in office.filed]
    page = browser.open("/console/applications").page
    assert {each["value"] for each in page.all("input") if each.get("name") == "pick"} == set(numbers)
    query = "&".join(f"pick={number}" for number in numbers[:2])
    page = browser.open(f"{PATH}?{query}").page
    assert "2 个人" in page.html
    assert "学员2" not in page.html
    browser.press(to=PATH, pick=numbers[:2], words=" ")
    assert browser.status == 409
    for _ in range(2):
        browser.open(f"{PATH}?{query}").press(to=PATH, pick=numbers[:2], words=WORDS)
    assert told(browser).startswith("没有再发。")
    rows = letters(office)
    assert len(rows) == 2, "pressed twice, told once"
    with office.store.reading() as session:
        for filed in office.filed:
            notes = [each.note for each in events_of(session, filed) if each.kind == "messaged"]
            assert notes == ([WORDS] if filed in office.filed[:2] else [])
    assert f"工作人员写了几句话：{WORDS}" in browser.open(f"/console/applications/{numbers[0]}").page.html
    assert "有话要告诉他" in browser.open("/console/calls").page.html, "no chat of theirs rings"
    assert "wrote" in [action for action, _ in office.audited()]


def test_hard_words_are_shown_before_they_are_sent(office: Office, sit: Sit) -> None:
    browser, number = sit(), office.number(office.filed[0])
    hard = "逾期未提交上述材料的，须予以补正。"
    browser.open(f"{PATH}?pick={number}").press(to=PATH, pick=[number], words=hard)
    assert browser.status == 409
    assert letters(office) == []
    assert browser.page.words("textarea") == hard
    browser.press(to=PATH, pick=[number], words=hard)
    assert told(browser).startswith("话发出去了")
    assert len(letters(office)) == 1


def test_nobody_writes_to_people_of_another_region_or_who_is_gone(office: Office, sit: Sit) -> None:
    browser, away = sit(), office.number(office.away[0])
    assert browser.open(f"{PATH}?pick={away}").status == 404
    assert "refused" in [action for action, _ in office.audited()]
    with office.store.writing() as session:
        session.get_one(Application, office.filed[0]).state = ApplicationState.WITHDRAWN
    number = office.number(office.filed[0])
    browser.open(f"{PATH}?pick={number}").press(to=PATH, pick=[number], words=WORDS)
    assert told(browser).startswith("没有再发。")
    assert letters(office) == []


def test_the_person_reads_it_and_elsewhere_nothing_of_it_is_said(office: Office, sit: Sit) -> None:
    browser, number = sit(), office.number(office.filed[0])
    browser.open(f"{PATH}?pick={number}").press(to=PATH, pick=[number], words=WORDS)
    [row] = letters(office)
    runner = office.service.runner
    voice = runner.book.voice("plain")
    assert WORDS in write(LETTERS["staff_words"], row.payload, voice)
    there = write(LETTERS["staff_words"], letter_without_family_names(row.payload), voice)
    assert there == "工作人员给您写了几句话。"
    me = Visitor(runner, f"applicant-{office.intake}-0")

    def press(session: Session) -> object:
        contact = people.find_contact(session, "web", f"applicant-{office.intake}-0")
        assert contact is not None
        return opened(session, row.id, contact.id)

    begun = runner.desk.read(press)
    me.do(begun)  # type: ignore[arg-type]  # a Begin
    assert me.lines["工作人员说"] == WORDS
    assert me.lines["谁说的"] == "王芳"
    me.tap("read")
    assert me.asking == "application.do"
    stranger = Visitor(runner, "somebody-else").tap("plain", "self").do(begun)  # type: ignore[arg-type]  # as above
    assert stranger.lines == {}


def test_a_role_changed_while_logged_in_counts_at_the_next_press(office: Office, sit: Sit) -> None:
    browser, number = sit(), office.number(office.filed[0])
    browser.open(f"{PATH}?pick={number}")
    with office.store.writing() as session:
        session.get_one(Staff, 1).role = StaffRole.TEACHER
    browser.press(to=PATH, pick=[number], words=WORDS)
    assert browser.status == 404
    assert letters(office) == []
