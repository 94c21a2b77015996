"""Notices on the console: written by the rules, for people of one's own, sent once, watched, and phoned after."""

import io
from collections.abc import Callable

from python_calamine import CalamineWorkbook
from sqlalchemy import update
from sqlmodel import col, select

from dialogs.talk import Begin
from storage import notices, people, staff
from storage.notices import Words
from storage.tables import (
    Application,
    Contact,
    ContactRole,
    Fate,
    Notice,
    NoticeState,
    NoticeText,
    Outbox,
    Person,
    Staff,
    StaffRole,
    Topic,
)
from tests.channels.web.handset import Handset
from tests.console.conftest import PROJECT, REGION, Office
from tests.console.test_deciding import told
from tests.visiting import Visitor

Sit = Callable[..., Handset]

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
    """Write a notice and make its list; give its address."""
    introduce(office)
    browser.open(f"{HOME}/write").press(
        to=f"{HOME}/write", **GOOD, join="yes", card=PROJECT, sms="有招聘会。"
    )
    assert told(browser).startswith("话存好了")
    number = newest(office).id
    one = f"{HOME}/{number}"
    browser.open(f"{one}/people").press(to=f"{one}/people", **choice)
    assert told(browser).startswith("名单好了")
    return one


def newest(office: Office) -> Notice:
    with office.store.reading() as session:
        return session.exec(select(Notice).order_by(col(Notice.id).desc())).first()  # type: ignore[return-value]  # there is one


def test_words_are_kept_until_they_are_right_and_the_hard_sentence_is_shown(office: Office, sit: Sit) -> None:
    browser = sit()
    write = f"{HOME}/write"
    wrong = GOOD | {"plain": "{{ phone }}，您好。{% for a in b %}", "sms": "长" * 71}
    page = browser.open(write).press(to=write, **wrong, join="yes").page
    assert browser.status == 409
    assert [page.words("mark"), page.words("textarea", id="plain")] == ["{{ phone }}", wrong["plain"]]
    assert "有 71 个字，最多 70 个" in page.html
    assert "能用的只有 {{ name }}" in page.html
    assert "checked" in next(each for each in page.all("input") if each.get("name") == "join")
    browser.press(to=write, **(GOOD | {"plain": "{{ name.__class__ }}有招聘会。"}))
    assert browser.status == 409, "nothing but a name is ever run"
    browser.press(to=write, **(GOOD | {"title": " "}))
    assert "没有写标题" in browser.page.html
    hard = GOOD | {"plain": "12 月 3 日有招聘会。逾期未提交上述材料的，须予以补正。", "easy": "有招聘会。"}
    page = browser.press(to=write, **hard).page
    assert browser.status == 409
    assert page.words("mark").startswith("逾期未提交")
    changed = hard | {"plain": hard["plain"] + "须补正。"}
    assert browser.press(to=write, **changed).status == 409, "other hard words are shown again"
    with office.store.reading() as session:
        assert session.exec(select(NoticeText)).all() == []
    browser.press(to=write, **changed)
    assert told(browser).startswith("话存好了")
    with office.store.reading() as session:
        assert [each.plain for each in session.exec(select(NoticeText))] == [changed["plain"]]


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
    browser.press(to=f"{one}/step", do="unschedule")
    colleague.open(one)
    for _ in range(2):
        browser.press(to=f"{one}/send", when="now")
    assert told(browser).startswith("已经发过了")
    assert told(colleague.press(to=f"{one}/send", when="now")).startswith("已经发过了")
    assert [each for each, _ in office.audited()].count("sent notice") == 2, "at a time, and now"
    browser.press(to=f"{one}/people")
    assert told(browser).startswith("已经说过发了")


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
    assert told(browser.press(to=f"{one}/step", do="pause")).startswith("没有改")
    assert not browser.client.get(f"{one}/progress").json()["working"]
    browser.open(f"{one}/write").press(to=f"{one}/write", **GOOD | {"title": "新的标题"})
    assert told(browser).startswith("新的话存好了")
    colleague.press(to=f"{one}/write", **GOOD, seen="1")
    assert colleague.status == 409
    assert "别人刚刚改过" in colleague.page.html
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
    assert "本人关了聊天" in page.html
    assert "502：1" in page.html
    for whole, phone in (("", "0001"), ("/whole", "15400000001")):
        browser.open(one).press(to=f"/console/exports/notice-calls{whole}", notice=str(number))
        assert browser.response is not None
        book = CalamineWorkbook.from_filelike(io.BytesIO(browser.response.content))
        lines = book.get_sheet_by_index(0).to_python()
        assert [line[2] for line in lines[1:]] == ["本人关了聊天", "没有发成"]
        assert str(lines[1][1]).endswith(phone)
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


def test_each_button_begins_what_it_says(office: Office, sit: Sit) -> None:
    browser = sit()
    introduce(office)
    browser.open(f"{HOME}/write").press(to=f"{HOME}/write", **GOOD, card=PROJECT, join="yes")
    with office.store.reading() as session:
        words = notices.words_of(notices.text_of(session, newest(office).id))
    assert [each.label for each in words.buttons] == ["报名", "我要参加"]
    page = browser.open(f"{HOME}/{newest(office).id}/write").page
    assert "join" in {each.get("name") for each in page.all("input") if "checked" in each}
    me = Visitor(office.service.runner, f"applicant-{office.intake}-0")
    asked = []
    for button in words.buttons:
        me.do(Begin(button.flow, tuple(button.about.items()), dict(button.given)))
        asked.append(me.asking)
        me.say("停下来")
    assert asked == ["card.do", "help.reach"]
