"""The notices of the four sample fairs, in a real browser: written, chosen for, sent by two workers of which one is killed."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect
from pydantic import SecretStr
from python_calamine import CalamineWorkbook
from sqlmodel import Session, select

from bot.app import open_service
from bot.channels.web.app import create_app
from bot.demo.loading import load_demo
from bot.notices import links as notice_links
from bot.runner import Runner
from bot.settings import Settings
from storage import people
from storage.crypto import lookup_hash
from storage.notices import report as notice_report
from storage.notices.notices import NOT_REACHED, TRIAL
from storage.staff import chats as staff_chats
from storage.staff import staff
from storage.tables import Account, Channel, ContactRole, Fate, Notice, NoticeState, Outbox, StaffRole
from tests.channels.botapi import BotApi
from tests.channels.web.conftest import Service
from tests.channels.web.serving import serving
from tests.databases import TEST_KEY, Databases
from tests.e2e.looking import axe_problems, measured_problems
from tests.faults.noticing.workers import PAUSES, Worker, ahead

SCREEN = ViewportSize(width=1024, height=768)
NARROW = ViewportSize(width=360, height=740)
FAIRS = ("F01", "F02", "F03", "F04")
SAMPLE = 301
"""People of the sample; a few more have answered its call-backs."""

CLERK = 990_077
RATE = 8
"""Messages a second: slow enough that somebody can press a button at a third of them, also on a busy machine."""

PATIENCE = 60_000
"""Milliseconds."""


@dataclass(frozen=True)
class Town:
    """The sample's people, a console, the tests' Telegram, and two processes that send."""

    url: str
    link: str
    runner: Runner
    api: BotApi
    workers: tuple[Worker, ...]


@pytest.fixture
def town(databases: Databases, tmp_path: Path) -> Iterator[Town]:
    url, clock = databases.make(), ahead()
    settings = Settings(home=tmp_path / "home", database_url=url, secret_key=SecretStr(TEST_KEY), clock=clock)
    with ExitStack() as stack:
        stack.callback(databases.drop, url)
        api = stack.enter_context(BotApi())
        service = stack.enter_context(open_service(settings))
        runner, now = service.runner, service.clock.now()

        def prepare(session: Session) -> str:
            load_demo(session, now, lambda _: None)
            member = staff.add_staff(session, "周静", StaffRole.ADMIN, now, actor="test")
            contact = people.meet(session, "telegram", str(CLERK), now)
            people.set_role(session, contact.id, ContactRole.STAFF)
            staff_chats.join_chat(session, member, contact.id, now)
            return staff.make_link(session, member, now)

        link = runner.desk.do_now(prepare)
        runner.desk.read(lambda session: runner.shelf.rebuild(session, now.date()))
        for chat in runner.desk.do_now(chats):
            api.person(chat, known=True)
        environment = {
            "XUNQIAO_DATABASE_URL": url,
            "XUNQIAO_SECRET_KEY": TEST_KEY,
            "XUNQIAO_CLOCK": clock,
            "XUNQIAO_TELEGRAM_RATE": str(RATE),
            "XUNQIAO_TELEGRAM_TOKEN": api.token,
            "XUNQIAO_TELEGRAM_API": api.url,
        }
        workers = tuple(
            Worker(tmp_path / "home", command="worker", pauses=PAUSES, **environment) for _ in range(2)
        )
        served = stack.enter_context(serving(lambda stopping: create_app(runner, stopping=stopping)))
        for worker in workers:
            stack.callback(worker.stop)
            worker.start()
        yield Town(served, f"{served}/console/enter/{link}", runner, api, workers)


def chats(session: Session) -> list[int]:
    """Give the sample's chats numbers, as Telegram's have."""
    found = session.exec(select(Account).where(Account.channel == Channel.TELEGRAM)).all()
    for number, account in enumerate((each for each in found if each.address != str(CLERK)), 1000):
        account.address, account.address_hash = str(number), lookup_hash(f"telegram:{number}")
        session.add(account)
    return [int(each.address) for each in found]


def test_fair_notices_are_sent_by_two_workers_one_is_killed_and_nobody_gets_one_twice(
    browser: Browser, town: Town
) -> None:
    with closing(browser.new_context(viewport=SCREEN, locale="zh-CN", base_url=town.url)) as context:
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        problems: list[str] = []
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.goto(town.link)
        press(page, "，进去")
        for fair in FAIRS:
            write(page, fair)
        first = town.runner.desk.read(
            lambda session: session.exec(select(Notice.id).order_by("id").limit(1)).one()
        )
        page.goto(f"/console/notices/{first}")
        press(page, "发给我自己")
        town.api.waits_until(lambda: town.api.person(CLERK).heard)
        assert "/go/" in town.api.person(CLERK).heard[0].text, "its title names a disability"
        press(page, "发出去，")
        to_chats = town.runner.desk.read(lambda session: waits_for_chats(session, first))
        wait(lambda: heard_by(town) > to_chats // 3)
        press(page, "停一会儿")
        assert "停住了" in page.get_by_role("status").first.inner_text()
        town.workers[0].kill()
        see(page)
        assert heard_by(town) < to_chats
        press(page, "接着发")
        wait(lambda: ended(town, first))
        page.goto(f"/console/notices/{first}")
        see(page)
        assert "发完了" in page.locator("h2#next").inner_text()
        left = nobody_is_doubled(town, first)
        with page.expect_download() as sheet:
            page.get_by_role("button", name=re.compile("导出没有收到的人，表格")).first.click()
        rows = CalamineWorkbook.from_path(sheet.value.path()).get_sheet_by_index(0).to_python()
        assert len(rows) - 1 == left
        assert problems == []


def test_an_old_link_to_a_private_notice_opens_nothing_and_its_page_sends_a_new_one_to_its_chat(
    phone: Page, service: Service
) -> None:
    runner, now = service.runner, service.runner.clock.now()

    def make_link(session: Session) -> tuple[int, str]:
        contact = people.meet(session, "telegram", "1077", now)
        account = session.exec(select(Account.id).where(Account.contact_id == contact.id)).one()
        return account, notice_links.link_to(session, service.url, contact.id, account, now)

    def promised(session: Session) -> list[int | None]:
        return list(session.exec(select(Outbox.account_id).where(Outbox.kind == notice_links.FRESH)).all())

    account, link = runner.desk.do_now(make_link)
    phone.goto(link)
    see(phone)
    press(phone, "在这里接着说")
    assert phone.url.endswith("/#news"), "who opens a notice reads it, not the question above it"
    phone.context.clear_cookies()  # somebody else's phone, on which the old message is found
    phone.goto(link)
    assert phone.locator("h1").inner_text() == "这个地址过了时间，或者用过了"
    see(phone)
    assert measured_problems(phone) == []
    press(phone, "再发一个")
    assert phone.locator("h1").inner_text() == "新的地址发了"
    see(phone)
    assert measured_problems(phone) == []
    phone.goto(link)
    press(phone, "再发一个")
    assert runner.desk.read(promised) == [account], "asked twice at once, it is sent once, to the same chat"
    assert "xq" not in {each["name"] for each in phone.context.cookies()}, "nothing was opened"


def write(page: Page, fair: str) -> None:
    """Write a fair's notice from its own texts, and choose everybody, by a group once there is one."""
    page.goto(f"/console/notices/write?fair={fair}")
    if fair == FAIRS[0]:
        see(page)
        mark_while_writing(page)
    press(page, "存好")
    if page.get_by_role("button", name="还是这样存").count():
        page.set_viewport_size(NARROW)
        see(page)
        page.set_viewport_size(SCREEN)
        press(page, "还是这样存")
    assert "话存好了" in page.get_by_role("status").first.inner_text()
    if fair == FAIRS[0]:
        page.locator("#fair").select_option("")
        press(page, "数一数有多少人")
        see(page)
        page.locator("#group_name").fill("大家")
        press(page, "存成一组")
    else:
        page.locator("#group").select_option(label="大家")
        press(page, "选这一组")
    assert int(page.locator("h2#counted").inner_text().split()[1]) >= SAMPLE
    press(page, "就是这些人")
    expect(page.get_by_role("button", name="发出去，")).to_be_visible(timeout=PATIENCE)
    if fair == FAIRS[0]:
        see(page)
    assert "招聘会" in page.locator("#looks ~ .columns").inner_text()


def mark_while_writing(page: Page) -> None:
    """Write hard words and a gap; then put back what was there."""
    text = page.locator("#plain")
    before, hard = text.input_value(), "逾期不候。"
    text.press("Control+End")
    text.press_sequentially(hard)
    expect(page.locator("#plain-marks mark").last).to_contain_text(hard, timeout=PATIENCE)
    expect(page.locator("#heard")).to_contain_text("普通的话", timeout=PATIENCE)
    assert text.evaluate("(field) => field === document.activeElement"), "who types goes on typing"
    see(page)
    page.get_by_role("button", name="加一个空").click()
    assert text.input_value() == f"{before}{hard}{{{{ name }}}}"
    text.fill(before)
    expect(page.locator("#plain-marks")).not_to_contain_text(hard, timeout=PATIENCE)


def press(page: Page, words: str) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name=words).first.click()


def see(page: Page) -> None:
    assert axe_problems(page) == []


def wait(true: Callable[[], bool]) -> None:
    end = monotonic() + PATIENCE / 1000
    while not true():
        assert monotonic() < end, "not in time"
        sleep(0.05)


def heard_by(town: Town) -> int:
    """Count the messages others were sent; what of a call that only comes in is not known yet."""
    return sum(call.parameters.get("chat_id", CLERK) != CLERK for call in town.api.called("sendMessage"))


def waits_for_chats(session: Session, notice: int) -> int:
    wanted = select(Outbox.id).where(Outbox.notice_id == notice, Outbox.channel == Channel.TELEGRAM)
    return len(session.exec(wanted.where(Outbox.fate != Fate.SKIPPED)).all())


def ended(town: Town, notice: int) -> bool:
    return town.runner.desk.read(
        lambda session: (
            session.get_one(Notice, notice).state is NoticeState.DONE
            and session.get_one(Notice, notice).ended_at is not None
        )
    )


def nobody_is_doubled(town: Town, notice: int) -> int:
    """See that who got it twice is marked, and who is not on the list to phone got it; give how long that list is."""

    def look(session: Session) -> tuple[set[int], set[int], int]:
        told = notice_report.recipients(session, notice, most=1000)
        marked = {each.contact_id for each in told if each.perhaps_twice or each.fate is Fate.UNSURE}
        sent = {each.contact_id for each in told if each.fate is Fate.SENT}
        left = sum(each.fate in (*NOT_REACHED, Fate.UNSURE) for each in told)
        where = dict(session.exec(select(Account.address, Account.contact_id)).all())
        twice = {where[str(chat)] for chat, times in heard.items() if times > 1}
        assert {where[str(chat)] for chat in heard} >= sent - marked
        assert session.exec(select(Outbox.id).where(Outbox.kind == TRIAL)).all()
        return twice, marked, left + session.get_one(Notice, notice).alone

    taken = (call for call in town.api.called("sendMessage") if call.taken)
    heard = Counter(int(call.parameters["chat_id"]) for call in taken)
    del heard[CLERK]
    twice, marked, left = town.runner.desk.read(look)
    assert twice <= marked
    return left
