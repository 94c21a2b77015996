"""The file of a class on the console: its steps, what is arranged, who came, how everybody finished."""

from collections.abc import Callable
from datetime import date, time, timedelta

import pytest
from sqlmodel import Session, select

from bot.applications import deciding as acts
from bot.console.moves import FIELDS
from storage.catalogue.tables import CourseSession, Intake
from storage.classes import attending, changes
from storage.classes import reminders as class_reminders
from storage.classes.results import results_of
from storage.tables import Application, ApplicationState, Coming, Outbox, Staff, StaffRole
from tests.channels.web.handset import Handset
from tests.console.conftest import Office
from tests.storage.filed import file_many, state_of

Sit = Callable[..., Handset]

CHECK_LIST = {
    "answer-cart": "can",
    "note-cart": "李老师打字",
    "answer-insurance": "can",
    "answer-food": "cannot",
    "answer-transport": "discuss",
}


def told(browser: Handset) -> str:
    return browser.page.words("p", **{"class": "told"})


def warned(browser: Handset) -> str:
    return browser.page.words("p", role="alert")


@pytest.fixture
def clerk(office: Office, sit: Sit) -> Handset:
    """Let a clerk in who has accepted two people; the class has a session today."""
    browser = sit()
    runner = office.service.runner
    now, zone = runner.clock.now(), runner.settings.zone

    def accept(session: Session) -> None:
        member = session.get_one(Staff, 1)
        for number in office.filed[:2]:
            acts.accept(session, number, member, seen=None, now=now, zone=zone)

    runner.desk.do_now(accept)
    return browser


def meeting_of(office: Office) -> int:
    """Give a session of the class in the region."""
    with office.store.writing() as session:
        wanted = select(CourseSession).where(CourseSession.intake_id == office.intake)
        found = session.exec(wanted).first() or CourseSession(
            intake_id=office.intake,
            session_no=1,
            day=session.get_one(Intake, office.intake).start_date,
            start_time=time(9),
            end_time=time(11),
            hours=2,
        )
        session.add(found)
        session.flush()
        assert found.id is not None
        return found.id


def file(office: Office) -> str:
    return f"/console/intakes/{office.intake}/file"


def step(office: Office, browser: Handset, name: str) -> Handset:
    return browser.open(file(office)).press(to=f"/console/intakes/{office.intake}/step", step=name)


def test_who_says_whether_they_come_stands_in_the_class(office: Office, clerk: Handset) -> None:
    def say(session: Session) -> None:
        first = session.get_one(Application, office.filed[0])
        class_reminders.keep_answer(session, first, Coming.NO, "contact:1", office.service.runner.clock.now())

    office.service.runner.desk.do_now(say)
    clerk.open(f"/console/intakes/{office.intake}")
    assert [words in clerk.page.words("main") for words in ("来不了", "没说")] == [True, True]


def test_sessions_left_outside_the_new_days_are_named_and_what_was_said_to_the_move_stands_in_the_class(
    office: Office, clerk: Handset
) -> None:
    meeting = meeting_of(office)
    path = f"/console/intakes/{office.intake}/move"
    page = clerk.open(path).page
    assert "不在开班和结束的日子之间" not in page.words("main")
    fields = {each["name"]: each["value"] for each in page.all("input") if each["name"] in FIELDS}
    with office.store.reading() as session:
        day = session.get_one(CourseSession, meeting).day
        ends = date.fromisoformat(fields["end_date"])
    later = {
        "start_date": (day + timedelta(days=1)).isoformat(),
        "end_date": (ends + timedelta(days=7)).isoformat(),
    }
    clerk.press(to=path, **{**fields, **later, "words": "教室在修"})
    assert f"/console/intakes/{office.intake}/sessions/{meeting}/move" in clerk.page.html
    assert "1 次课不在开班和结束的日子之间" in clerk.page.words("main")

    def say(session: Session) -> None:
        first = session.get_one(Application, office.filed[0])
        known = changes.confirmation_of(session, first)
        assert known is not None
        now = office.service.runner.clock.now()
        changes.confirm(session, first, known[1], comes=False, actor="contact:1", now=now)

    office.service.runner.desk.do_now(say)
    clerk.open(f"/console/intakes/{office.intake}")
    assert "来不了（改动以后说的）" in clerk.page.words("main")


def test_a_class_goes_from_its_review_to_its_end(office: Office, clerk: Handset) -> None:
    for name in ("reviewed", "enrolling"):
        step(office, clerk, name)
        assert told(clerk) == "这一步记下了。"
    step(office, clerk, "opened")
    assert clerk.status == 409
    assert warned(clerk) == "先答完要准备的：文字速录/实时字幕、学员保险、吃饭、交通。"
    clerk.press(to=f"/console/intakes/{office.intake}/arrangements", **CHECK_LIST)
    assert told(clerk) == "安排记下了。"
    step(office, clerk, "opened")
    step(office, clerk, "finished")
    assert warned(clerk).startswith("还有人没有写结果：")
    first, second = office.filed[:2]
    clerk.press(
        to=f"/console/intakes/{office.intake}/results",
        **{f"passed-{first}": "yes", f"certificate-{first}": "示例 1 号", f"passed-{second}": "no"},
    )
    assert told(clerk) == "结业情况记下了。"
    step(office, clerk, "finished")
    assert "结业：王芳" in clerk.page.html
    clerk.open(f"/console/applications/{office.number(second)}")
    assert "班结业了，他没有通过" in clerk.page.words("main")
    assert "没有通过考核" in clerk.page.words("main")


def test_a_certificate_without_a_result_is_not_passed_over(office: Office, clerk: Handset) -> None:
    first, second = office.filed[:2]
    to = f"/console/intakes/{office.intake}/results"
    clerk.open(file(office)).press(
        to=to,
        **{
            f"passed-{first}": "yes",
            f"certificate-{first}": "示例 1 号",
            f"certificate-{second}": "示例 2 号",
        },
    )
    assert clerk.status == 409
    assert warned(clerk).startswith(f"{office.number(second)} 有证书编号，没有结果。")
    with office.store.reading() as session:
        assert results_of(session, office.intake) == {}
    fields = clerk.page.all("input")
    kept = {
        each["name"]: each.get("value") or "" for each in fields if each["name"].startswith("certificate-")
    }
    assert kept == {f"certificate-{first}": "示例 1 号", f"certificate-{second}": "示例 2 号"}
    assert [each["name"] for each in fields if "checked" in each and "passed" in each["name"]] == [
        f"passed-{first}"
    ]
    clerk.press(to=to, **{f"passed-{first}": "yes", f"passed-{second}": "no"}, **kept)
    assert told(clerk) == "结业情况记下了。"


def test_a_step_that_is_skipped_says_which_comes_first(office: Office, clerk: Handset) -> None:
    step(office, clerk, "finished")
    assert (clerk.status, warned(clerk)) == (409, "还没有审核。一步一步来。")


def test_a_teacher_taps_who_came_and_sees_no_results(office: Office, clerk: Handset, sit: Sit) -> None:
    assert clerk.status == 200
    meeting = meeting_of(office)
    teacher = sit(StaffRole.TEACHER, "周敏")
    assert "证书编号" not in teacher.open(file(office)).page.html
    path = f"/console/intakes/{office.intake}/sessions/{meeting}"
    first, second = office.filed[:2]
    teacher.open(path).press(to=path, here=[str(first)])
    assert told(teacher) == "谁来了，记下了。"
    with office.store.reading() as session:
        known = attending.attendance_at(session, meeting)
        assert {number: row.came for number, row in known.items()} == {first: True, second: False}


def test_who_said_so_themselves_meanwhile_stays(office: Office, clerk: Handset) -> None:
    meeting = meeting_of(office)
    path = f"/console/intakes/{office.intake}/sessions/{meeting}"
    clerk.open(path)
    first, second = office.filed[:2]
    now = office.service.runner.clock.now()
    with office.store.writing() as session:
        attending.mark(session, meeting, {first: True}, "contact:1", now)
    clerk.press(to=path, here=[str(second)])
    with office.store.reading() as session:
        known = attending.attendance_at(session, meeting)
        assert known[first].actor == "contact:1"
        assert all(row.came for row in known.values())


def test_a_session_of_another_class_does_not_exist(office: Office, clerk: Handset) -> None:
    with office.store.writing() as session:
        meeting = CourseSession(
            intake_id=office.elsewhere,
            session_no=99,
            day=office.service.runner.clock.now().date(),
            start_time=time(9),
            end_time=time(11),
            hours=2,
        )
        session.add(meeting)
        session.flush()
        number = meeting.id
    assert clerk.open(f"/console/intakes/{office.intake}/sessions/{number}").status == 404


def test_a_class_moves_and_the_page_says_who_comes(office: Office, clerk: Handset) -> None:
    path = f"/console/intakes/{office.intake}/move"
    page = clerk.open(path).page
    fields = {each["name"]: each["value"] for each in page.all("input") if each["name"] in FIELDS}
    moved = {**fields, "address": "示例路 8 号", "words": "教室在修。"}
    clerk.press(to=path, **moved)
    assert told(clerk).startswith("改好了")
    assert "示例路 8 号" in clerk.page.html
    assert "还没回答（2）" in clerk.page.html
    clerk.press(to=path, **moved)
    assert told(clerk) == "没有改动。"
    clerk.press(to=path, **{**moved, "end_date": "2020-01-01"})
    assert clerk.status == 409
    assert warned(clerk).startswith("没有改。")
    clerk.press(to=path, **{**moved, "start_date": "下周"})
    assert "日期像" in warned(clerk)
    assert "changed" in [row.kind for row in promised(office)]


def promised(office: Office) -> list[Outbox]:
    with office.store.reading() as session:
        return list(session.exec(select(Outbox)).all())


def test_a_class_is_called_off_with_a_reason_after_the_names_were_shown(
    office: Office, clerk: Handset
) -> None:
    path = f"/console/intakes/{office.intake}/call-off"
    assert "学员0" in clerk.open(path).page.html
    clerk.press(to=path, words=" ")
    assert warned(clerk).startswith("没有取消。")
    clerk.press(to=path, words="报名的人太少")
    assert told(clerk) == "班取消了。每个人都告诉了。"
    assert [state_of(office.store, each) for each in office.filed] == ["declined"] * 3
    step(office, clerk, "reviewed")
    assert warned(clerk) == "这个班取消了，不能再往下走。"
    page = clerk.open(f"/console/intakes/{office.intake}").page
    assert "这个班不办了" in page.words("main")
    assert "把空的名额给排在前面的人" not in page.html
    runner = office.service.runner
    with office.store.reading() as session:
        runner.shelf.rebuild(session, runner.clock.now().date())
    assert "不办了" in clerk.open("/console/intakes").page.words("main")


def test_seats_are_not_lowered_under_who_has_one(office: Office, clerk: Handset) -> None:
    clerk.open(f"/console/intakes/{office.intake}/move")
    to = f"/console/intakes/{office.intake}/seats"
    clerk.press(to=to, capacity="1")
    assert clerk.status == 409
    assert "已经录取2人" in warned(clerk)
    assert "学员1" in clerk.page.html
    clerk.press(to=to, capacity="50")
    assert told(clerk) == "名额改好了。"
    # The catalogue in memory is the old one until somebody rebuilds it, which here nobody does.
    assert "<strong>50</strong> 个名额" in clerk.open(f"/console/intakes/{office.intake}").page.html
    clerk.open(f"/console/intakes/{office.intake}/move")
    clerk.press(to=to, capacity="0")
    assert "1 到 9999" in warned(clerk)


def test_seats_fewer_than_open_a_class_are_refused_with_both_numbers_still_there(
    office: Office, clerk: Handset
) -> None:
    clerk.open(f"/console/intakes/{office.intake}/move")
    to = f"/console/intakes/{office.intake}/seats"
    clerk.press(to=to, capacity="12", min_to_open="10")
    assert told(clerk) == "名额改好了。"
    clerk.press(to=to, capacity="9", min_to_open="10")
    assert "最低开班人数：开班要10人，名额只有9人" in warned(clerk)
    fields = {each["name"]: each["value"] for each in clerk.page.all("input")}
    assert (fields["capacity"], fields["min_to_open"]) == ("9", "10")
    assert "最低开班人数（没有就不写）" in clerk.page.html
    clerk.press(to=to, capacity="9", min_to_open="x")
    assert "或者不写" in warned(clerk)
    clerk.press(to=to, capacity="9", min_to_open="8")
    assert told(clerk) == "名额改好了。"
    clerk.press(to=to, capacity="9", min_to_open="")
    with office.store.reading() as session:
        assert session.get_one(Intake, office.intake).min_to_open is None


def test_a_class_of_more_than_150_is_written_down_page_by_page(office: Office, clerk: Handset) -> None:
    filed = file_many(office.store, office.intake, 160)
    with office.store.writing() as session:
        session.get_one(Intake, office.intake).capacity = 200
        for number in filed:
            session.get_one(Application, number).state = ApplicationState.ACCEPTED
    everybody = sorted({*office.filed[:2], *filed})
    results, meeting = f"/console/intakes/{office.intake}/results", meeting_of(office)
    path = f"/console/intakes/{office.intake}/sessions/{meeting}"
    for page in (1, 2, 3, 4):
        shown = everybody[(page - 1) * 50 : page * 50]
        clerk.open(f"{file(office)}?page={page}")
        assert f"第 {page} 页，一共 4 页" in clerk.page.html
        fields = {f"passed-{each}": "yes" for each in shown}
        clerk.press(to=f"{results}?page={page}", **fields, **{f"certificate-{shown[-1]}": f"示例 {page} 号"})
        assert told(clerk) == "结业情况记下了。"
        assert f"第 {page} 页，一共 4 页" in clerk.page.html
        clerk.open(f"{path}?page={page}").press(to=f"{path}?page={page}", here=[str(shown[0])])
        assert told(clerk) == "谁来了，记下了。"
    with office.store.reading() as session:
        kept = results_of(session, office.intake)
        came = attending.attendance_at(session, meeting)
    assert len(everybody) == 160
    assert set(kept) == set(came) == set(everybody)
    assert [kept[each].certificate_no for each in everybody if kept[each].certificate_no] == [
        f"示例 {page} 号" for page in (1, 2, 3, 4)
    ]
    assert sorted(number for number, row in came.items() if row.came) == everybody[::50]
    assert "第 4 页，一共 4 页" in clerk.open(f"{path}?page=99").page.html


def test_one_session_moves_and_is_cancelled_and_everybody_is_asked(office: Office, clerk: Handset) -> None:
    meeting = meeting_of(office)
    path = f"/console/intakes/{office.intake}/sessions/{meeting}/move"
    page = clerk.open(path).page
    fields = {
        each["name"]: each.get("value", "") for each in page.all("input") if each["name"] != "cancelled"
    }
    moved = {**fields, "venue": "东楼 8 室", "words": "教室在修。"}
    clerk.press(to=path, **moved)
    assert told(clerk).startswith("改好了")
    assert "，地点：" in clerk.page.html
    assert "东楼 8 室" in clerk.page.html
    assert "还没回答（2）" in clerk.page.html
    clerk.open(path).press(to=path, **moved)
    assert told(clerk) == "没有改动。"
    clerk.open(path).press(to=path, **{**moved, "day": "明天"})
    assert (clerk.status, "日期像" in warned(clerk)) == (409, True)
    clerk.press(to=path, **{**moved, "day": "2020-01-01"})
    assert "不在这个班的日期里" in warned(clerk)
    clerk.press(to=path, **{**moved, "end_time": "05:00"})
    assert warned(clerk).startswith("没有改。")
    clerk.press(to=path, **moved, cancelled="yes")
    assert "取消：不是 改成 是" in clerk.page.html
    assert "这次课取消了" in clerk.open(path.removesuffix("/move")).page.html
    assert [row.kind for row in promised(office)].count("changed") == 4
    other = f"/console/intakes/{office.intake}/sessions/99999/move"
    assert clerk.open(other).status == 404
