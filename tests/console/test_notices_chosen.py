"""Choosing whom a notice goes to: people of one's own, counted, and kept under a name."""

import re
from collections.abc import Callable

from sqlmodel import col, select

from bot.notices.planning import Planning
from storage import people
from storage.staff import staff
from storage.tables import (
    Application,
    ContactRole,
    Notice,
    NoticeState,
    Outbox,
    Person,
    Staff,
    StaffRole,
)
from tests.channels.web.handset import Handset
from tests.console.conftest import REGION, Office
from tests.console.noticing import HOME, list_them, newest, plan
from tests.console.test_deciding import told

Sit = Callable[..., Handset]


def test_a_clerk_counts_and_chooses_only_people_of_their_own(office: Office, sit: Sit) -> None:
    with office.store.writing() as session:
        at = people.meet(session, "web", "far-away", office.service.runner.clock.now())
        at.role = ContactRole.SELF
        session.add(at)
        session.add(Person(name="刘洋", created_at=at.created_at, profile={"hukou": f"河南省{REGION}"}))
        session.add(Person(name="何处", created_at=at.created_at, profile={"hukou": "湖南省长沙市"}))
    clerk, admin = sit(), sit(StaffRole.ADMIN, "陈静")
    one = plan(office, clerk)
    page = clerk.open(f"{one}/people?count=yes").page
    assert "一共 4 个人" in page.html
    assert "能发到 3 份" in page.html
    assert "要打电话的，比如：刘洋" in page.html
    assert "何处" not in page.html
    assert "一共 0 个人" in clerk.open(f"{one}/people?count=yes&place=长沙市").page.html
    assert "一共 6 个人" in admin.open(f"{one}/people?count=yes").page.html
    with office.store.reading() as session:
        meant = {
            row.contact_id for row in session.exec(select(Outbox).where(col(Outbox.notice_id).is_not(None)))
        }
        theirs = {session.get_one(Application, each).contact_id for each in office.filed}
    assert meant == theirs
    with office.store.writing() as session:
        other = staff.add_staff(
            session, "李", StaffRole.CLERK, at.created_at, region="长沙市", actor="test"
        ).id
        session.get_one(Notice, newest(office).id).staff_id = other
    assert clerk.open(one).status == 404
    assert clerk.open(HOME).page.html.count(f'{one}"') == 0
    assert ("refused", f"notice {newest(office).id}") in office.audited()
    assert admin.open(one).status == 200


def test_a_list_is_made_beside_once_and_a_later_choice_takes_its_place(office: Office, sit: Sit) -> None:
    browser = sit()
    one = plan(office, browser, place="长沙市")
    assert "没有这样的人" not in browser.open(one).page.html
    browser.press(to=f"{one}/people", place="长沙市")
    assert told(browser).startswith("在排名单")
    known = browser.client.get(f"{one}/progress").json()
    assert (known["working"], known["share"]) == (True, None)
    assert "看过 0 个人" in known["words"]
    browser.press(to=f"{one}/send", when="now")
    assert told(browser).startswith("没有发。先选发给谁")
    browser.open(f"{one}/people").press(to=f"{one}/people", intake=str(office.intake))
    list_them(office)
    assert (newest(office).state, newest(office).asking) == (NoticeState.PLANNED, 3)
    assert "发出去，3 份" in browser.open(one).page.html
    runner = office.service.runner
    assert not Planning(runner.desk, runner.shelf, "another", runner.clock.now).make_one()
    browser.open(f"{one}/people").press(to=f"{one}/people")
    with office.store.writing() as session:
        member = session.get_one(Staff, newest(office).asked_by)
        member.role = StaffRole.TEACHER
    list_them(office)
    assert (newest(office).state, "再选一次" in newest(office).halted) == (NoticeState.DRAFT, True)
    page = sit(StaffRole.ADMIN, "陈静").open("/console").page
    assert f'href="{one}"><strong>1</strong> 个通知自己停了：郑州招聘会' in page.html


def test_a_choice_is_kept_under_a_name_for_colleagues_of_the_region(office: Office, sit: Sit) -> None:
    browser, colleague = sit(), sit(StaffRole.CLERK, "张敏")
    one = plan(office, browser)
    browser.open(f"{one}/people?count=yes&place=长沙市&age_from=18")
    choice = {"place": "长沙市", "age_from": "18"}
    browser.press(to=f"{one}/group", group_name=" ", **choice)
    assert told(browser).startswith("没有存")
    for _ in range(2):
        browser.press(to=f"{one}/group", group_name="长沙的大人", **choice)
    assert told(browser).startswith("这一组存好了")
    assert "一共 0 个人" in browser.page.html
    page = colleague.open(f"{one}/people").page
    (group,) = re.findall(r'value="(\d+)"[^>]*>长沙的大人<', page.html)
    other = sit(StaffRole.ADMIN, "陈静")
    assert "长沙的大人" not in other.open(f"{one}/people?group={group}").page.html
