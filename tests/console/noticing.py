"""What tests of notices begin with: one that is written, people who may be told, and a list that is made."""

from sqlalchemy import update
from sqlmodel import col, select

from bot.notices.planning import Planning
from storage.notices import notices
from storage.notices.notices import Words
from storage.staff import staff
from storage.tables import (
    Contact,
    ContactRole,
    Notice,
    StaffRole,
    Topic,
)
from tests.channels.web.handset import Handset
from tests.console.conftest import PROJECT, REGION, Office
from tests.console.test_deciding import told

HOME = "/console/notices"
GOOD = {"title": "郑州招聘会", "plain": "{{ name }}，12 月 3 日有招聘会。您想去吗？", "topic": "jobs"}


def make_notice(office: Office) -> int:
    """Write a notice as a colleague of the region; give its number."""
    now = office.service.runner.clock.now()
    with office.store.writing() as session:
        writer = staff.add_staff(session, "张敏", StaffRole.CLERK, now, region=REGION, actor="test").id
        return notices.write(session, Topic.JOBS, Words("招聘会", "周六上午有招聘会。"), writer, now).id


def introduce(office: Office) -> None:
    """Let those who applied have said who they are: only then are they written to."""
    with office.store.writing() as session:
        session.connection().execute(update(Contact).values(role=ContactRole.SELF))


def plan(office: Office, browser: Handset, **choice: str) -> str:
    """Write a notice and make its list; its page is open. Give its address."""
    introduce(office)
    browser.open(f"{HOME}/write").press(
        to=f"{HOME}/write", **GOOD, join="yes", card=PROJECT, sms="有招聘会。"
    )
    assert told(browser).startswith("话存好了")
    number = newest(office).id
    one = f"{HOME}/{number}"
    browser.open(f"{one}/people").press(to=f"{one}/people", **choice)
    assert told(browser).startswith("在排名单")
    list_them(office)
    browser.open(one)
    return one


def list_them(office: Office) -> None:
    """Make the lists that wait, as a process that sends does."""
    runner = office.service.runner
    planning = Planning(runner.desk, runner.shelf, "test", runner.clock.now)
    while planning.make_one():
        pass


def newest(office: Office) -> Notice:
    with office.store.reading() as session:
        return session.exec(select(Notice).order_by(col(Notice.id).desc())).first()  # type: ignore[return-value]  # there is one
