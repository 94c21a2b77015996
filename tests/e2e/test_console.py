"""The console in a real browser: on an old office screen and on a phone, with the keyboard alone, without scripts."""

import io
import wave
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, ViewportSize
from sqlmodel import Session, select

from bot.applications import deciding as acts
from bot.commands.wording import warnings
from storage.catalogue.judging import read_file
from storage.files import keep_file
from storage.notices import audience, notices
from storage.notices import rows as notice_rows
from storage.notices.audience import Choice
from storage.staff import staff, uploads
from storage.staff.uploader import Uploader
from storage.tables import Application, Fate, Outbox, StaffRole
from storage.tickets import handling, tickets
from tests.console.conftest import Office, office
from tests.console.noticing import introduce, make_notice
from tests.console.test_callbacks import make_callback
from tests.console.test_class_file import meeting_of
from tests.console.test_fairs import FAIR, make_fairs, want_position
from tests.console.test_forms import bring_form
from tests.console.test_ratings import FEW, GOOD, answer
from tests.e2e.looking import axe_problems, dark_and_narrow_problems, tab_walk_problems
from tests.storage.catalogue.making import data

__all__ = ["office"]

SCREEN = ViewportSize(width=1024, height=768)
PHONE = ViewportSize(width=360, height=740)

Sit = Callable[..., Page]

TICKET = "T2026-0001"

POSITIONS = ("/console/positions", "/console/positions/F01-05")


@pytest.fixture
def sit(browser: Browser, office: Office) -> Iterator[Sit]:
    """Let somebody of a role sit down at a browser without JavaScript."""
    contexts = []

    def seated(role: StaffRole = StaffRole.CLERK, name: str = "王芳") -> Page:
        context = browser.new_context(base_url=office.service.url, java_script_enabled=False)
        contexts.append(context)
        page = context.new_page()
        page.goto(office.link(role, name))
        page.get_by_role("button", name=f"我是{name}，进去").click()
        assert page.get_by_role("heading", level=1).inner_text() == "今天"
        return page

    yield seated
    for context in contexts:
        context.close()


def paths(office: Office) -> list[str]:
    number = office.number(office.filed[0])
    return [
        "/console",
        "/console/applications",
        "/console/applications?words=没有这个人",
        f"/console/applications/{number}",
        f"/console/applications/write?pick={number}",
        "/console/intakes",
        f"/console/intakes/{office.intake}",
        f"/console/intakes/{office.intake}/file",
        f"/console/intakes/{office.intake}/move",
        f"/console/intakes/{office.intake}/roster",
        f"/console/intakes/{office.intake}/call-off",
        f"/console/intakes/{office.intake}/sessions/{meeting_of(office)}",
        f"/console/intakes/{office.intake}/sessions/{meeting_of(office)}/move",
        "/console/calls",
        "/console/callbacks",
        "/console/callbacks?list=check",
        f"/console/callbacks/{make_callback(office)}",
        "/console/people/1",
        "/console/tickets",
        f"/console/tickets/{TICKET}",
        "/console/imports",
        "/console/imports/1",
        "/console/imports/1?list=changed",
        "/console/imports/2",
        "/console/imports/3",
        "/console/imports/versions",
        "/console/imports/versions/1",
        "/console/entries",
        "/console/entries?words=学员0",
        "/console/lists",
        "/console/forms",
        f"/console/forms/{bring_form(office)}",
        "/console/notices",
        "/console/notices/write",
        *(f"/console/notices/{number}{page}" for number, page in notices_to_show(office)),
        *fairs_to_show(office),
        *ratings_to_show(office),
        "/console/weights",
        "/console/staff",
        "/console/me",
    ]


def problems(page: Page) -> list[str]:
    """Look at a page on both screens; names, order and what the keyboard reaches are the same on either."""
    found = [*axe_problems(page), *tab_walk_problems(page), *too_wide(page)]
    page.set_viewport_size(PHONE)
    found += [*dark_and_narrow_problems(page), *too_wide(page)]
    page.set_viewport_size(SCREEN)
    return found


def too_wide(page: Page) -> list[str]:
    wide, inner = page.evaluate("() => [document.scrollingElement.scrollWidth, innerWidth]")
    return [f"{wide} px wide on a screen of {inner}"] if wide > inner else []


def test_every_page_can_be_read_and_worked_by_everybody(browser: Browser, office: Office) -> None:
    some_things_to_show(office)
    context = browser.new_context(base_url=office.service.url, viewport=SCREEN)
    page = context.new_page()
    link = office.link(StaffRole.ADMIN, "陈静")
    tables_to_show(office)
    page.goto(link)
    found = {link: problems(page)}
    page.get_by_role("button", name="我是陈静，进去").click()
    for path in paths(office):
        page.goto(path)
        found[path] = problems(page)
    found |= questions_at_the_desk(page)
    found |= a_call(page)
    page.get_by_role("button", name="退出").click()
    found["out"] = problems(page)
    context.close()
    assert {path: told for path, told in found.items() if told} == {}


def questions_at_the_desk(page: Page) -> dict[str, list[str]]:
    """Begin to write down an application: something to read, to choose from, and boxes to tick."""
    page.goto("/console/entries")
    page.get_by_label("新的人叫什么名字").fill("周小川")
    page.get_by_label("报哪个班").select_option(index=1)
    page.get_by_role("button", name="开始问").click()
    found = {"read": problems(page)}
    page.locator("button[name=tap]").first.click()
    found["choose"] = problems(page)
    while not page.locator("input[name=tick]").count():
        page.locator("button[name=tap]").first.click()
    found["tick"] = problems(page)
    return found


def a_call(page: Page) -> dict[str, list[str]]:
    """Phone somebody: what is asked, what is folded away, and what is missing."""
    page.goto("/console/callbacks?list=later")
    page.get_by_role("link", name="学员0").click()
    page.get_by_role("button", name="开始打").click()
    found = {"call": problems(page)}
    page.get_by_label("我自己", exact=True).check()
    page.get_by_label("每次都去了").check()
    page.get_by_role("button", name="下一步").first.click()
    page.get_by_label("接通并完成").check()
    page.get_by_role("button", name="记下这一次").click()
    assert page.get_by_role("alert").count()
    return {**found, "call, not done": problems(page)}


def some_things_to_show(office: Office) -> None:
    """Decide a little, so that no page is empty."""
    runner = office.service.runner
    now, zone = runner.clock.now(), runner.settings.zone

    def decide(session: Session) -> None:
        member = staff.add_staff(session, "刘秀英", StaffRole.CLERK, now, region="郑州市", actor="test")
        first, second, third = office.filed
        acts.accept(session, first, member, seen=None, now=now, zone=zone)
        acts.put_on_list(session, second, member, seen=None, now=now, zone=zone)
        acts.ask(session, third, member, seen=None, now=now, words="您能自己坐车来吗？")
        raised = tickets.make_ticket(session, "complaint", "门口有台阶", now, application_id=first)
        handling.answer(session, raised, member, "明天修好", now)
        tickets.make_ticket(session, "safeguard", "他打我", now - timedelta(days=1))

    runner.desk.do_now(decide)


def tables_to_show(office: Office) -> None:
    """Bring tables in the name of who came last: one is read, one cannot be, one is being read elsewhere."""
    now = office.service.runner.clock.now()
    with office.store.writing() as session:
        member = staff.all_staff(session)[-1]
        update = data("projects_update.csv")
        first, second, third = (
            uploads.bring(session, member.id, "projects", name, update, now, strict=False)
            for name in ("projects_update.csv", "一封信.pdf", "目录.xlsx")
        )
        sheet = read_file(update, "projects_update.csv", uploads.KINDS["projects"])
        uploader = Uploader(member, None, now)
        judged = uploads.look_at(
            session, sheet, uploader, check_text=warnings, watch=lambda _done, _total: None
        )
        uploads.show(session, first, sheet, judged)
        uploads.refuse(session, second, "这不是表格文件。存成 .xlsx，或者存成 CSV，再传一次。")
        uploads.claim(session, third, "another", now + timedelta(hours=1))
        uploads.go_on(session, third, "another", 300, 1200, now + timedelta(hours=1))


def ratings_to_show(office: Office) -> list[str]:
    """A class with answers of everybody, and one of which too few answered."""
    answer(office, office.intake, GOOD, waits=5)
    answer(office, office.elsewhere, FEW)
    home, one = "/console/ratings", f"by=class&of={office.intake}"
    pages = (
        "",
        "?by=month",
        "/words",
        "/print",
        f"/of?{one}",
        f"/compare?a={office.intake}&b={office.intake}",
    )
    return [f"{home}{page}" for page in pages]


def notices_to_show(office: Office) -> list[tuple[int, str]]:
    """One with its list made, one that is paused half way; which pages of them are opened."""
    introduce(office)
    now, desk = office.service.runner.clock.now(), office.service.runner.desk
    waiting, paused = make_notice(office), make_notice(office)
    for number in (waiting, paused):
        with office.store.reading() as session:
            meant = list(audience.contacts(session, Choice(), now))
        notice_rows.plan(desk, number, meant, now)
    with office.store.writing() as session:
        notices.send(session, paused, 1, now)
        notices.pause(session, paused)
        row = session.exec(select(Outbox).where(Outbox.notice_id == paused)).first()
        assert row is not None
        row.fate, row.drop_reason, row.dropped_at = Fate.BLOCKED, "403", now
    return [
        (waiting, ""),
        (waiting, "/write"),
        (waiting, "/people?count=yes"),
        (waiting, "/elsewhere"),
        (waiting, "/print"),
        (paused, ""),
        (paused, "/each"),
    ]


def fairs_to_show(office: Office) -> list[str]:
    """A fair two people come to, and a position somebody would like."""
    want_position(office, make_fairs(office)[0])
    pages = ("", "/desk?said=学员", "/people/101", "/sheet", "/change", "/call-off", "/invite")
    return ["/console/fairs", *(f"/console/fairs/{FAIR}{each}" for each in pages), *POSITIONS]


def test_a_clerk_without_scripts_reviews_promises_and_decides(office: Office, sit: Sit) -> None:
    page = sit()
    page.get_by_role("link", name="份新报名").click()
    page.get_by_role("link", name=office.number(office.filed[0])).click()
    page.get_by_label("可提供").check()
    page.get_by_label("告诉本人的话", exact=True).fill("每次课都有人打字")
    page.get_by_role("button", name="答复这些需要").click()
    assert page.get_by_role("status").inner_text().startswith("需要的答复记下了")
    page.get_by_role("button", name="录取", exact=True).click()
    assert page.get_by_role("status").inner_text().startswith("录取了")
    assert "答了一项需要：文字速录/实时字幕，可提供" in page.locator(".events").inner_text()


def a_second_of_sound() -> bytes:
    spoken = io.BytesIO()
    with wave.open(spoken, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(8000)
        out.writeframes(bytes(16000))
    return spoken.getvalue()


def test_what_somebody_said_is_heard_where_it_stands(browser: Browser, office: Office) -> None:
    body, now = a_second_of_sound(), office.service.runner.clock.now()
    with office.store.writing() as session:
        contact = session.get_one(Application, office.filed[0]).contact_id or 0
        keep_file(session, contact, "said", kind="voice", mime="audio/wav", name="", body=body, now=now)
        tickets.make_ticket(session, "complaint", "file:said", now, contact_id=contact)
    with closing(browser.new_context(base_url=office.service.url)) as context:
        page = context.new_page()
        page.goto(office.link(name="王芳"))
        page.get_by_role("button", name="我是王芳，进去").click()
        page.goto(f"/console/tickets/{TICKET}")
        assert problems(page) == []
        heard = page.locator("audio").evaluate(
            "async (voice) => { await voice.play(); return voice.duration; }"
        )
    assert heard == pytest.approx(1.0)


def test_the_keyboard_alone_declines_with_a_reason(office: Office, sit: Sit) -> None:
    page = sit()
    page.goto(f"/console/applications/{office.number(office.filed[0])}")
    page.get_by_label("要告诉本人的话。").focus()
    page.keyboard.type("这个班在三楼，没有电梯。您可以看看别的班。")
    for _ in range(5):  # reason, accept, list, ask, decline
        page.keyboard.press("Tab")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.locator(".state").inner_text() == "没有录取：这个班在三楼，没有电梯。您可以看看别的班。"
