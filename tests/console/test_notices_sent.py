"""Sending a notice and watching it: seen before, sent once, paused, and whom it missed phoned."""

import io
from collections.abc import Callable
from datetime import timedelta

from python_calamine import CalamineWorkbook
from sqlmodel import col, select

from bot.naming import called
from storage import people
from storage.notices import notices
from storage.notices import report as notice_report
from storage.tables import (
    Application,
    Fate,
    Notice,
    NoticeState,
    Outbox,
    Person,
    Staff,
    StaffRole,
)
from tests.channels.web.handset import Handset
from tests.console.conftest import REGION, Office
from tests.console.noticing import GOOD, list_them, newest, plan
from tests.console.test_deciding import told

Sit = Callable[..., Handset]


def test_it_is_seen_before_it_is_sent_and_pressed_twice_it_is_sent_once(office: Office, sit: Sit) -> None:
    browser, colleague = sit(), sit(StaffRole.CLERK, "张敏")
    one = plan(office, browser, intake=str(office.intake))
    page = browser.open(one).page
    assert "学员0，12 月 3 日有招聘会" in page.html
    assert "点“我要参加”。" in page.html
    assert "发出去，3 份" in page.html
    browser.press(to=f"{one}/trial")
    assert told(browser).startswith("没有发。先在您自己的页连上聊天")
    browser.press(to=f"{one}/send", when="later", day="2020-01-01", hour="09:00")
    assert told(browser).startswith("没有发。时间要写")
    browser.press(to=f"{one}/send", when="later", day="2099-01-01", hour="09:00")
    assert told(browser).startswith("定好了")
    assert "2099-01-01 09:00" in browser.page.html
    assert told(browser.press(to=f"{one}/send", when="now")).startswith("早就定好时间了，没有改。")
    browser.press(to=f"{one}/step", do="unschedule")
    colleague.open(one)
    for _ in range(2):
        browser.press(to=f"{one}/send", when="now")
    assert told(browser).startswith("已经发过了")
    assert told(colleague.press(to=f"{one}/send", when="now")).startswith("已经发过了")
    assert [each for each, _ in office.audited()].count("sent notice") == 2, "at a time, and now"
    browser.press(to=f"{one}/people")
    assert told(browser).startswith("已经说过发了")


def test_words_and_lists_that_were_changed_elsewhere_are_seen_before_they_go_out(
    office: Office, sit: Sit
) -> None:
    browser, other, third = sit(), sit(), sit()
    one = plan(office, browser)
    other.open(one)
    third.open(f"{one}/write")
    browser.open(f"{one}/write").press(to=f"{one}/write", **(GOOD | {"title": "新的标题"}))
    assert told(browser).startswith("新的话存好了")
    assert told(other.press(to=f"{one}/send", when="now")).startswith("没有发。刚才有人改了话")
    assert third.press(to=f"{one}/write", **GOOD).status == 409
    assert "别人刚刚改过" in third.page.html
    with office.store.reading() as session:
        assert notices.text_of(session, newest(office).id).title == "新的标题"
    browser.open(f"{one}/people").press(to=f"{one}/people")
    list_them(office)
    assert told(other.press(to=f"{one}/send", when="now")).startswith("没有发。刚才有人改了话，或者改了名单")
    assert told(other.press(to=f"{one}/send", when="now")).startswith("开始发了")
    third.open(f"{one}/write")
    assert told(browser.open(f"{one}/write").press(to=f"{one}/write", **GOOD)).startswith("新的话存好了")
    assert third.press(to=f"{one}/write", **GOOD).status == 409, "on its way, too"


def test_it_is_watched_paused_corrected_stopped_and_who_was_missed_is_phoned(
    office: Office, sit: Sit
) -> None:
    browser, colleague = sit(), sit(StaffRole.CLERK, "张敏")
    one = plan(office, browser)
    number = newest(office).id
    browser.press(to=f"{one}/send", when="now")
    page = browser.open(one).page
    assert 'http-equiv="refresh"' in page.html
    known = browser.client.get(f"{one}/progress").json()
    assert known["working"]
    assert known["share"] == 0
    assert "一共 3 份，办好 0 份" in known["words"]
    assert told(colleague.open(one).press(to=f"{one}/step", do="pause")).startswith("停住了")
    assert told(browser.press(to=f"{one}/step", do="pause")) == "没有改。张敏 刚才停住了。"
    assert "；张敏 刚才停住了" in browser.page.html
    assert not browser.client.get(f"{one}/progress").json()["working"]
    browser.open(f"{one}/write").press(
        to=f"{one}/write",
        **(
            GOOD | {"title": "新的标题", "sms": "{{ name }}，有招聘会。", "call_script": "您是{{ name }}吗？"}
        ),
    )
    assert told(browser).startswith("新的话存好了")
    browser.open(one).press(to=f"{one}/step", do="stop")
    assert told(browser).startswith("停下了")
    now = office.service.runner.clock.now()
    with office.store.writing() as session:
        rows = session.exec(select(Outbox).where(Outbox.notice_id == number).order_by(col(Outbox.id))).all()
        for row, fate, why in zip(
            rows, (Fate.PAGE, Fate.BLOCKED, Fate.FAILED), ("", "关了", "502"), strict=True
        ):
            row.fate, row.drop_reason = fate, why
            row.sent_at, row.dropped_at = (now, None) if fate is Fate.PAGE else (None, now)
        session.get_one(Notice, number).ended_at = now
        first = session.get_one(Application, office.filed[1])
        session.get_one(Person, first.person_id).phone = "15400000001"
        missed = [str(row.contact_id) for row in rows[1:]]
    page = browser.open(one).page
    assert "聊天关了" in page.html
    assert "502：1" in page.html
    for whole, phone in (("", "0001"), ("/whole", "15400000001")):
        browser.open(one).press(to=f"/console/exports/notice-calls{whole}", notice=str(number))
        assert browser.response is not None
        book = CalamineWorkbook.from_filelike(io.BytesIO(browser.response.content))
        lines = book.get_sheet_by_index(0).to_python()
        assert [line[2] for line in lines[1:]] == ["聊天关了", "没有发成"]
        assert str(lines[1][1]).endswith(phone)
        name = str(lines[1][0])
        assert lines[1][4:] == [f"{called(name)}，有招聘会。", f"您是{name}吗？"], (
            "ready for the office's own sender"
        )
    assert any(action == "exported" and f"notice={number}" in detail for action, detail in office.audited())
    browser.open(one).press(to=f"{one}/told", pick=missed[:1])
    assert told(browser).startswith("记下了")
    browser.press(to=f"{one}/again")
    assert told(browser).startswith("再发一次")
    with office.store.reading() as session:
        assert session.get_one(Notice, number).state is NoticeState.SENDING
        left = session.exec(
            select(Outbox.fate).where(Outbox.notice_id == number).order_by(col(Outbox.id))
        ).all()
    assert [*left] == [Fate.PAGE, Fate.BY_HAND, Fate.WAITING]


def test_what_became_of_each_is_listed_by_state_and_taken_as_a_table(office: Office, sit: Sit) -> None:
    browser = sit()
    one = plan(office, browser)
    number, now = newest(office).id, office.service.runner.clock.now()
    browser.press(to=f"{one}/send", when="now")
    with office.store.writing() as session:
        rows = session.exec(select(Outbox).where(Outbox.notice_id == number).order_by(col(Outbox.id))).all()
        rows[0].fate, rows[0].sent_at, rows[0].replied_at = Fate.SENT, now, now
        rows[1].fate, rows[1].drop_reason, rows[1].dropped_at = Fate.FAILED, "502", now
        session.get_one(Notice, number).started_at = now - timedelta(seconds=2)
    with office.store.reading() as session:
        assert notice_report.progress(session, number, now).per_second == 0.5, "since it began"
    page = browser.open(one).page
    assert f'href="{one}/each"' in page.html
    page = browser.open(f"{one}/each").page
    assert "所有的，3 份" in page.html
    assert page.html.count('<th scope="row">') == 3
    page = browser.open(f"{one}/each?state=failed").page
    assert (page.html.count('<th scope="row">'), "<td>502</td>" in page.html) == (1, True)
    assert browser.open(f"{one}/each?state=replied").page.html.count('<th scope="row">') == 1
    assert "现在没有这样的人" in browser.open(f"{one}/each?state=read").page.html
    browser.open(one).press(to=f"{one}/step", do="stop")
    assert "一共 3 份，办好 2 份，1 份没有发。" in browser.open(one).page.html
    assert "停下了，没有发，1 份" in browser.open(f"{one}/each").page.html
    assert browser.open(f"{one}/each?state=stopped").page.html.count('<th scope="row">') == 1
    ended = ["发到了聊天里", "没有发成", "停下了，没有发"]
    for state, words in (("", ended), ("failed", ended[1:2]), ("stopped", ended[2:])):
        browser.open(one).press(to="/console/exports/notice-people", notice=str(number), state=state)
        assert browser.response is not None
        book = CalamineWorkbook.from_filelike(io.BytesIO(browser.response.content))
        assert [line[2] for line in book.get_sheet_by_index(0).to_python()[1:]] == words
    assert sit(StaffRole.EVALUATOR, "赵磊").client.get(f"{one}/each").status_code == 404


def test_staff_try_it_on_themselves_and_it_counts_nowhere(office: Office, sit: Sit) -> None:
    browser = sit()
    one = plan(office, browser)
    with office.store.writing() as session:
        contact = people.meet(session, "web", "clerk", office.service.runner.clock.now())
        session.exec(select(Staff).order_by(col(Staff.id).desc())).first().contact_id = contact.id  # type: ignore[union-attr]  # there is one
    browser.open(one).press(to=f"{one}/trial")
    assert told(browser).startswith("发给您自己了")
    with office.store.reading() as session:
        assert [row.kind for row in session.exec(select(Outbox).where(Outbox.kind == notices.TRIAL))] == [
            notices.TRIAL
        ]


def test_whom_nothing_can_be_sent_to_is_told_by_hand_and_other_places_are_counted_apart(
    office: Office, sit: Sit
) -> None:
    now = office.service.runner.clock.now()
    with office.store.writing() as session:
        session.add(Person(name="刘洋", created_at=now, profile={"hukou": f"河南省{REGION}"}))
        session.add(Person(name="何处", created_at=now, profile={"hukou": "湖南省长沙市"}))
    browser = sit()
    one = plan(office, browser)
    browser.press(to=f"{one}/send", when="now")
    page = browser.open(one).page
    boxes = {each["value"] for each in page.all("input") if each.get("name") == "person"}
    assert len(boxes) == 1, "one of our own region"
    browser.press(to=f"{one}/told", person=[*boxes, "1", "9999"])
    assert told(browser).startswith("记下了")
    page = browser.open(one).page
    assert "另外告诉了 1 个没有聊天也没有网页的人" in page.html
    assert not [each for each in page.all("input") if each.get("name") == "person"]
    assert told(browser.press(to=f"{one}/told", person=[*boxes])).startswith("没有改动")
    page = browser.open(f"{one}/elsewhere").page
    assert "各位，12 月 3 日有招聘会。您想去吗？\nhttp" in page.html, (
        "the address stands on a line of its own"
    )
    assert page.words("textarea", id="copy-article").startswith("<h2>郑州招聘会</h2> <p>各位")
    browser.press(to=f"{one}/elsewhere", where="group")
    assert told(browser).startswith("记下了。这里发的，报告里另外算")
    browser.press(to=f"{one}/elsewhere", where="nowhere")
    assert told(browser).startswith("没有改动")
    assert browser.open(one).page.html.count("也发在了：微信群（") == 1
    assert "郑州招聘会" in browser.open(f"{one}/print").page.html
