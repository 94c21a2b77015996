"""A clerk who never saw the console works through it in a real browser; people's own phones show each step."""

from collections.abc import Iterator
from dataclasses import dataclass
from time import monotonic
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, ViewportSize, expect
from python_calamine import CalamineWorkbook
from sqlmodel import Session

from bot.app import Service
from bot.beside import Beside
from bot.channels.web.app import create_app
from bot.channels.web.visitors import COOKIE, new_visitor
from bot.runner import Runner
from storage.staff import staff
from storage.tables import StaffRole
from tests.channels.web.serving import serving
from tests.storage.catalogue.making import csv_of, row_of, take
from tests.storage.filed import file_many
from tests.visiting import APPLICATION, Visitor

SCREEN = ViewportSize(width=1024, height=768)
PHONE = ViewportSize(width=360, height=740)

FIRST, SECOND, THIRD, FOURTH, FIFTH = NAMES = ("李小梅", "王大山", "张春花", "刘小军", "陈小明")
SIXTH = "周小兰"
"""Who is refused."""

APPLIED = 20
"""How many applied: the six whose phones we look at, and others."""

COURSE = "插画设计技能培训班"
PROJECT = "P023"

ANOTHER, ELSEWHERE = "P027", "P010"
NEW_PLACE = "嵩阳路11号"
SHEET = csv_of([row_of(ANOTHER, address=NEW_PLACE), row_of(ELSEWHERE, address=NEW_PLACE)])
"""What a clerk of 郑州 brings: a course that moves, and one that is another region's."""

PATIENCE = 40_000
"""Milliseconds for what another part of the service does first, on a busy machine."""


@dataclass(frozen=True)
class Town:
    """A running service with everything beside it, and people who applied for one course."""

    url: str
    link: str
    keys: dict[str, str]


@pytest.fixture
def town(runner: Runner) -> Iterator[Town]:
    small = csv_of([row_of(PROJECT, capacity="1", min_to_open="1")])
    runner.desk.do_now(lambda session: take(session, small))
    runner.desk.read(lambda session: runner.shelf.rebuild(session, runner.clock.now().date()))
    card = runner.shelf.current.project(PROJECT)
    assert card is not None
    keys = {name: new_visitor() for name in (*NAMES, SIXTH)}
    for person, (name, key) in enumerate(keys.items(), 1):
        apply(Visitor(runner, key), person, name, card.first.id)
    file_many(runner.desk.store, card.first.id, APPLIED - len(keys))
    now, settings, shelf, book = runner.clock.now(), runner.settings, runner.shelf, runner.book

    def hire(session: Session) -> str:
        member = staff.add_staff(session, "陈静", StaffRole.ADMIN, now, actor="operator")
        return staff.make_link(session, member, now)

    link = runner.desk.do_now(hire)
    beside = Beside(Service(settings, runner.clock, runner.desk.store, runner.desk, shelf, book, runner))
    with serving(lambda stopping: create_app(runner, stopping=stopping), beside=beside.run) as url:
        yield Town(url, f"{url}/console/enter/{link}", keys)


def apply(visitor: Visitor, person: int, name: str, intake: int) -> None:
    """Apply in the chat, to the receipt."""
    own = {"name": name, "phone": f"1540000010{person}", "cert_have": "none"}
    visitor.tap("plain", "self").begin("apply", (("person", person), ("intake", intake)))
    visitor.answer(**{**APPLICATION, **own}).tap("send")
    assert "报名号" in visitor.lines


class Phone:
    """Somebody's own phone, with what they were told.

    Args:
        browser: where it is opened.
        town: the service.
        name: whose it is.

    """

    def __init__(self, browser: Browser, town: Town, name: str) -> None:
        self._context = browser.new_context(viewport=PHONE, locale="zh-CN", base_url=town.url)
        self._context.add_cookies([{"name": COOKIE, "value": town.keys[name], "url": town.url}])
        self.page = self._context.new_page()
        self.page.set_default_timeout(PATIENCE)
        self._read: set[str] = set()

    def open_letter(self) -> str:
        """Wait for a message that was not opened yet, open it, and give the page it leads to."""
        self.page.goto("/")
        new = "".join(f':not([value="{value}"])' for value in self._read)
        button = self.page.locator(f"#news-list button[name=letter]{new}").first
        expect(button).to_be_visible(timeout=PATIENCE)
        self._read |= {
            str(each.get_attribute("value")) for each in self.page.locator("#news-list button").all()
        }
        with self.page.expect_navigation():
            button.click()
        return self.page.locator("main").inner_text()

    def press(self, name: str) -> str:
        """Press a button by what stands on it, and give the page it leads to."""
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=name).first.click()
        return self.page.locator("main").inner_text()

    def write(self, words: str) -> str:
        """Write into the field there is, and give the page it leads to."""
        self.page.locator("[name=say]").first.fill(words)
        return self.press("写好了")


class Desk:
    """The screen of a member of staff, who goes by what stands on the pages."""

    def __init__(self, browser: Browser, town: Town, link: str) -> None:
        self.context = browser.new_context(viewport=SCREEN, locale="zh-CN", base_url=town.url)
        self.page = self.context.new_page()
        self.page.set_default_timeout(PATIENCE)
        self.page.goto(link)
        self.by_key("，进去")
        assert self.page.locator("h1").inner_text() == "今天"

    def by_key(self, words: str) -> None:
        """Walk with Tab to what carries these words, and press Enter."""
        for _ in range(60):
            self.page.keyboard.press("Tab")
            if words in (self.page.evaluate("document.activeElement.textContent") or ""):
                break
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def go(self, *links: str) -> None:
        """Follow links by their words."""
        for words in links:
            self.page.get_by_role("link", name=words).first.click()

    def person(self, name: str) -> None:
        """Find somebody's application by name."""
        self.go("报名")
        self.page.get_by_label("找人").fill(name)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        self.page.locator("tbody th a").click()
        assert name in self.page.locator("h1").inner_text()

    def fill(self, label: str, words: str) -> None:
        self.page.get_by_label(label).first.fill(words)

    def press(self, name: str) -> str:
        """Press a button and give what the next page says first."""
        self.page.get_by_role("button", name=name, exact=True).click()
        return self.page.get_by_role("status").first.inner_text()


@pytest.fixture
def admin(browser: Browser, town: Town) -> Desk:
    return Desk(browser, town, town.link)


@pytest.fixture
def phones(browser: Browser, town: Town) -> dict[str, Phone]:
    return {name: Phone(browser, town, name) for name in (*NAMES, SIXTH)}


def test_from_a_printed_link_to_the_roster_and_every_phone_shows_it(
    browser: Browser, town: Town, admin: Desk, phones: dict[str, Phone]
) -> None:
    clerk = Desk(browser, town, printed_link(admin))
    import_the_catalogue(clerk, phones[FIRST])
    look_through_the_list(clerk)
    refuse_with_a_reason(clerk, phones[SIXTH])
    answer_needs_and_accept(clerk, phones[FIRST])
    run_the_waiting_list(clerk, phones)
    change_the_date(clerk, phones)
    answer_a_complaint(clerk, phones[FIRST])
    clerk.go("班次", COURSE, "花名册")
    with clerk.page.expect_download() as sheet:
        clerk.page.get_by_role("button", name="存成表格（号码遮住）").click()
    rows = CalamineWorkbook.from_path(sheet.value.path()).get_sheet_by_index(0).to_python()
    assert {str(cell) for row in rows for cell in row} & set(NAMES) == {FIRST, FIFTH}
    for page in (admin.page, clerk.page, *(phone.page for phone in phones.values())):
        page.context.close()


def import_the_catalogue(clerk: Desk, phone: Phone) -> None:
    """See every row's verdict, confirm what is of the own region, and find the new address on a phone."""
    page = clerk.page
    clerk.go("导入导出")
    page.get_by_role("radio", name="目录", exact=True).check()
    page.locator("#file").set_input_files({"name": "目录.csv", "mimeType": "text/csv", "buffer": SHEET})
    page.get_by_role("button", name="传上去看看").click()
    expect(page.locator("#confirm")).to_be_visible(timeout=PATIENCE)
    shown = page.locator("main").inner_text()
    assert "现在什么都还没有写" in shown
    assert "这个班是江安县残疾人联合会定的，不在您的地区（郑州市）" in shown
    page.get_by_role("button", name="照这样写").click()
    expect(page.locator("#done")).to_be_visible(timeout=PATIENCE)
    phone.page.goto(f"/catalogue/{ANOTHER}")
    until = monotonic() + PATIENCE / 1000
    while NEW_PLACE not in phone.page.locator("main").inner_text():
        assert monotonic() < until, "the catalogue's new version is not on the shelf"
        phone.page.wait_for_timeout(500)
        phone.page.reload()


def printed_link(admin: Desk) -> str:
    """Add a clerk; give the path of the link that the page shows."""
    admin.go("人员")
    admin.fill("姓名", "王芳")
    admin.page.get_by_label("做什么").select_option(label="经办")
    admin.fill("管哪个地方", "郑州市")
    assert "十五分钟" in admin.press("加上，给他链接")
    return urlsplit(admin.page.locator("#link + p code").inner_text()).path


def look_through_the_list(clerk: Desk) -> None:
    """See all who applied; what is done to many at once is a message, never a refusal."""
    clerk.go("报名")
    page = clerk.page
    assert page.locator("tbody tr").count() == APPLIED
    for box in page.get_by_role("checkbox").all():
        box.check()
    chosen = page.locator("form", has=page.locator("tbody"))
    assert chosen.get_by_role("button").all_inner_texts() == ["给选中的人发消息"]
    page.get_by_role("button", name="给选中的人发消息").click()
    assert "不录取" not in "".join(page.get_by_role("button").all_inner_texts())


def refuse_with_a_reason(clerk: Desk, phone: Phone) -> None:
    """Without a reason nobody is refused; with one, the person reads it and how to disagree."""
    clerk.person(SIXTH)
    assert clerk.press("不录取").startswith("没有写原因，没有定。")
    clerk.fill("要告诉本人的话", "这个班要会用电脑。下个月有入门班。")
    assert clerk.press("不录取") == "定了。原因已经告诉本人。"
    told = phone.open_letter()
    assert "这个班要会用电脑。下个月有入门班。" in told
    assert "不同意" in told


def answer_needs_and_accept(clerk: Desk, phone: Phone) -> None:
    """Promise two needs, decline one with a word, give the only seat."""
    clerk.person(FIRST)
    asked = clerk.page.locator("#needs ~ form fieldset")
    for number, (answer, words) in enumerate(
        (("不能", "这一次没有大字的书"), ("可提供", "李老师打手语"), ("可提供", "只发短信"))
    ):
        asked.nth(number).get_by_label(answer, exact=True).check()
        asked.nth(number).get_by_label("告诉本人的话").fill(words)
    assert clerk.press("答复这些需要").startswith("需要的答复记下了")
    assert clerk.press("录取").startswith("录取了")
    told = phone.open_letter()
    assert "可以来上课了" in told
    assert "这个班做不到。这一次没有大字的书" in told
    assert "可以提供。李老师打手语" in told


def run_the_waiting_list(clerk: Desk, phones: dict[str, Phone]) -> None:
    """Let four wait; of a second seat three say no, and each time it goes to the next."""
    for name in NAMES[1:]:
        clerk.person(name)
        assert clerk.press("排队").startswith("排上队了")
        assert "在排队" in phones[name].open_letter()
    clerk.go("班次", COURSE, "改时间、地点、名额")
    clerk.fill("一共几个名额", "2")
    assert clerk.press("改名额") == "名额改好了。"
    clerk.go("回到这个班")
    assert "给了排在前面的人" in clerk.press("把空的名额给排在前面的人")
    for name in (SECOND, THIRD, FOURTH):
        clerk.page.reload()
        assert name in clerk.page.locator("section", has=clerk.page.locator("#offered")).inner_text()
        assert "有位子了。您来吗？" in phones[name].open_letter()
        assert "位子不留了" in phones[name].press("不来了，也不排了")
    assert "有位子了。您来吗？" in phones[FIFTH].open_letter()
    assert "位子是您的了" in phones[FIFTH].press("我来上课")
    clerk.page.reload()
    inside = clerk.page.locator("section", has=clerk.page.locator("#in")).inner_text()
    assert FIRST in inside
    assert FIFTH in inside


def change_the_date(clerk: Desk, phones: dict[str, Phone]) -> None:
    """Begin a week later, and see who comes."""
    clerk.go("改时间、地点、名额")
    clerk.fill("开班的日子", "2026-12-28")
    clerk.fill("结束的日子", "2027-01-15")
    clerk.fill("为什么改", "教室在修")
    assert clerk.press("改，并且告诉大家").startswith("改好了")
    for name, answer in ((FIRST, "会来"), (FIFTH, "来不了")):
        assert "教室在修" in phones[name].open_letter()
        assert "记下了" in phones[name].press(answer)
    clerk.page.reload()
    for heading, name in (("会来（1）", FIRST), ("来不了（1）", FIFTH)):
        assert name in clerk.page.locator("h3", has_text=heading).locator("+ ul").inner_text()


def answer_a_complaint(clerk: Desk, phone: Phone) -> None:
    """Complain in the chat by a word; the answer comes back to it."""
    phone.press("知道了")
    assert "不满意" in phone.write("投诉")
    phone.write("门口有台阶，进不去")
    phone.press("可以告诉")
    clerk.go("工单")
    clerk.page.locator("tbody th a").first.click()
    assert "门口有台阶" in clerk.page.locator("main").inner_text()
    clerk.fill("回给他的话", "明天修好，门口有人接您。")
    assert clerk.press("回话").startswith("话回了")
    assert "明天修好，门口有人接您。" in phone.open_letter()
