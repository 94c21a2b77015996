"""Job fairs on the console: people are asked, needs arranged, numbers called at the door, changes told, all of it kept."""

import io
import re
from collections.abc import Callable
from datetime import date
from functools import partial

from python_calamine import CalamineWorkbook
from sqlmodel import col, select

from bot.ringing import ring
from storage import people
from storage.afterwards import callback_plan
from storage.afterwards import calls as to_phone
from storage.catalogue.tables import Fair, Position
from storage.fairs import fairs, interests
from storage.fairs import reminders as fair_reminders
from storage.fairs.tables import FairSignup
from storage.notices.tables import NoticeText
from storage.staff import staff
from storage.tables import (
    Application,
    Disposition,
    Fate,
    Notice,
    Outbox,
    Person,
    Reminder,
    ReminderState,
    SignupState,
    StaffRole,
)
from storage.tickets import tickets
from storage.tickets.tables import Callback
from tests.channels.web.handset import Handset
from tests.console.conftest import Office
from tests.console.noticing import introduce, list_them
from tests.console.test_deciding import told
from tests.storage.catalogue.making import put_fairs

Sit = Callable[..., Handset]

HOME = "/console/fairs"
FAIR, ELSEWHERE = "F01", "F02"
NEEDS = {"supports": ["sign_interp"], "transport": True, "words": "坐前面"}


def make_fairs(office: Office, *, coming: int = 2) -> list[int]:
    """Bring the sample's fairs; let some of those who applied say that they come; give everybody's number."""
    now = office.service.runner.clock.now()
    with office.store.writing() as session:
        put_fairs(session, now)
        session.get_one(Position, "F01-05").fair_id = None
        filed = [session.get_one(Application, number) for number in office.filed]
        for each in filed:
            person = session.get_one(Person, each.person_id)
            people.add_to_profile(
                session, person, {"province": "河南省", "city": "郑州市", "district": "中原区"}
            )
        for each in filed[:coming]:
            signup = fairs.sign_up(
                session,
                FAIR,
                each.person_id,
                each.contact_id,
                state=SignupState.COMING,
                needs=NEEDS,
                positions=["F01-01"],
                now=now,
            )
            signup.invited_at = now
        return [each.person_id for each in filed]


def make_fair(office: Office) -> str:
    """Bring them, and give the number of the one that lies in the region."""
    make_fairs(office)
    return FAIR


def want_position(office: Office, person_id: int, position_id: str = "F01-05") -> str:
    """Let somebody say that they would like a position; give the number of the ticket."""
    now = office.service.runner.clock.now()
    with office.store.writing() as session:
        ticket = tickets.make_ticket(session, "referral", "想去做库管员", now, person_id=person_id)
        interests.keep_interest(session, person_id, position_id, ticket.id, now)
        return ticket.number


def signups(office: Office) -> list[FairSignup]:
    with office.store.reading() as session:
        return list(session.exec(select(FairSignup).order_by(col(FairSignup.number))).all())


def test_whom_a_fair_fits_is_asked_with_the_reason_and_gets_the_fairs_own_words(
    office: Office, sit: Sit
) -> None:
    make_fairs(office, coming=0)
    introduce(office)
    clerk = sit()
    listed = clerk.open(HOME).page.html
    assert listed.index("郑州市国际残疾人日专场招聘会") < listed.index("长沙")
    assert clerk.open(f"{HOME}/{ELSEWHERE}").page.html.count("别的地方办的") == 1
    invite = f"{HOME}/{FAIR}/invite"
    page = clerk.open(invite).page
    offered = [each["value"] for each in page.all("input") if each.get("name") == "pick"]
    assert len(offered) == 3
    assert "中原区" in page.html
    clerk.press(to=invite, pick=offered[:2])
    assert clerk.response is not None
    assert clerk.response.url.path == "/console/notices/write"
    assert [each.state for each in signups(office)] == [SignupState.INVITED, SignupState.INVITED]
    assert [each.number for each in signups(office)] == [101, 102]
    words = clerk.page.words("textarea", id="plain")
    assert (
        words == "12月3日，星期四，上午9点，郑州有残疾人招聘会。26家单位，158个岗位。有手语翻译、速录和带路。"
    )
    title = next(each["value"] for each in clerk.page.all("input") if each.get("name") == "title")
    form = {"topic": "jobs", "title": title, "plain": words, "fair": FAIR, "stop": "yes"}
    clerk.press(to="/console/notices/write", **form)
    if clerk.status == 409:  # a sentence is long, and staff keep it all the same
        clerk.press(to="/console/notices/write", **form)
    assert "一共 2 个人" in clerk.page.html
    clerk.press(to=clerk.response.url.path)
    list_them(office)
    with office.store.reading() as session:
        notice = session.exec(select(Notice)).one()
        text = session.exec(select(NoticeText)).one()
        meant = session.exec(select(Outbox.contact_id).where(Outbox.notice_id == notice.id)).all()
        assert notice.audience["fair"] == FAIR
        assert [(each["label"], each["flow"], each["about"]) for each in text.buttons] == [
            ("看招聘会", "fair", {"fair": FAIR}),
            ("不再提醒", "notices", {}),
        ]
        assert len(meant) == 2
    counted = "要请的 <strong>2</strong> 人，通知送到了 <strong>{}</strong> 人"
    assert counted.format(0) in clerk.open(f"{HOME}/{FAIR}").page.html
    with office.store.writing() as session:
        row = session.exec(select(Outbox).where(Outbox.contact_id == meant[0])).one()
        row.fate, row.sent_at = Fate.SENT, office.service.runner.clock.now()
        session.add(row)
    assert counted.format(1) in clerk.open(f"{HOME}/{FAIR}").page.html
    assert "已经请过 2 个" in clerk.open(invite).page.html
    clerk.press(to=invite)
    assert told(clerk).startswith("没有请人")


def test_needs_are_arranged_and_who_comes_is_checked_in_by_number_or_by_name(
    office: Office, sit: Sit
) -> None:
    make_fairs(office)
    clerk = sit()
    one = f"{HOME}/{FAIR}"
    page = clerk.open(one).page.html
    assert "手语翻译（2 人要，招聘会写了有）" in page
    assert "交通（2 人要）" in page
    assert "坐前面" in page
    clerk.press(to=f"{one}/arrangements", **{"answer-sign_interp": "can", "note-sign_interp": "李老师来"})
    assert told(clerk).startswith("安排记下了")
    clerk.press(to=f"{one}/arrangements", **{"answer-sign_interp": "can", "note-sign_interp": "李老师来"})
    assert told(clerk).startswith("没有改动")
    desk = f"{one}/desk"
    clerk.open(desk).press(to=desk, number="101", do="here")
    assert told(clerk) == "到了，记下了。"
    assert "101</strong> 学员0" in clerk.page.html
    clerk.press(to=desk, number="101", do="here")
    assert told(clerk).startswith("已经签过到了")
    clerk.press(to=desk, number="999", do="here")
    assert told(clerk).startswith("没有这个签到号")
    clerk.open(f"{desk}?said=学员1")
    assert "学员1（102）到了" in clerk.page.html
    clerk.press(to=desk, number="102", do="here")
    clerk.press(to=desk, number="102", do="undo")
    assert told(clerk).startswith("改回来了")
    assert [each.came_at is not None for each in signups(office)] == [True, False]
    assert "staff:" in signups(office)[0].checked_by
    assert "101" in clerk.open(f"{one}/sheet").page.html
    clerk.open(f"{one}?list=came").press(to="/console/exports/fair-people", fair=FAIR, list="came")
    assert clerk.response is not None
    lines = (
        CalamineWorkbook.from_filelike(io.BytesIO(clerk.response.content)).get_sheet_by_index(0).to_python()
    )
    assert [line[:4] for line in lines[1:]] == [[101.0, "学员0", "会来", "手语翻译；交通；坐前面"]]
    assert ("exported", f"fair-people masked xlsx rows=1 fair={FAIR}") in office.audited()


def test_what_is_said_on_the_telephone_is_written_down_after_the_last_day_too(
    office: Office, sit: Sit
) -> None:
    ids = make_fairs(office, coming=0)
    now = office.service.runner.clock.now()
    with office.store.writing() as session:
        fairs.invite(session, FAIR, ids[:1], now)
        session.get_one(Fair, FAIR).signup_deadline = date(2026, 11, 20)
    clerk = sit()
    one = f"{HOME}/{FAIR}/people/101"
    clerk.open(one).press(to=one)
    assert clerk.status == 409
    clerk.press(to=one, state="coming", supports=["wheelchair"], words="走得慢")
    assert told(clerk) == "记下了。"
    (signup,) = signups(office)
    assert (signup.state, signup.needs["supports"]) == (SignupState.COMING, ["wheelchair"])
    assert ("fair_coming", FAIR) in office.audited()
    with office.store.reading() as session:
        assert len(session.exec(select(Callback).where(Callback.signup_id == signup.id)).all()) == 1
    clerk.open(one).press(to=one, state="not_coming")
    assert signups(office)[0].needs == {}


def test_who_comes_is_told_of_another_day_and_that_a_fair_is_called_off_once(
    office: Office, sit: Sit
) -> None:
    ids = make_fairs(office, coming=0)
    with office.store.writing() as session:
        fairs.invite(session, FAIR, ids, office.service.runner.clock.now())
    clerk = sit()
    one = f"{HOME}/{FAIR}"
    clerk.open(f"{one}/people/101").press(to=f"{one}/people/101", state="coming")
    change = f"{one}/change"
    page = clerk.open(change).page
    typed = {each["name"]: each["value"] for each in page.all("input") if each.get("type") != "hidden"}
    typed |= {each["name"]: page.words("textarea", id=each["id"]) for each in page.all("textarea")}
    clerk.press(to=change, **typed | {"signup_deadline": "2026-12-09"})
    assert "没有改。报名截止：报名截止2026-12-09，晚于招聘会2026-12-03" in clerk.page.html
    clerk.press(to=change, **typed | {"start_time": "十点"})
    assert "“十点”不是时间" in clerk.page.html
    clerk.press(to=change, **typed | {"start_date": "2026-12-04", "end_date": "2026-12-04"})
    assert told(clerk).startswith("改好了")
    off = f"{one}/call-off"
    assert "会来的 1 人" in clerk.open(off).page.html
    clerk.press(to=off)
    assert told(clerk).startswith("招聘会取消了")
    clerk.open(off).press(to=off)
    assert told(clerk).startswith("没有改动")
    with office.store.reading() as session:
        fair = session.get_one(Fair, FAIR)
        assert (fair.called_off, fair.start_date) == (True, date(2026, 12, 4))
        told_of = session.exec(select(Reminder).where(Reminder.kind == "fair_changed")).all()
        assert len(told_of) == 2
        eve = session.exec(select(Reminder).where(Reminder.kind == "fair")).one()
        assert eve.state is not ReminderState.DUE
    assert FAIR not in clerk.open(HOME).page.html
    assert "取消了" in clerk.open(f"{HOME}?list=past").page.html
    assert "不能再请人" in clerk.open(f"{one}/invite").page.html
    assert {action for action, _ in office.audited()} >= {"fair_changed", "fair_called_off"}


def test_who_comes_without_a_chat_is_phoned_by_whoever_works_at_the_fairs_place(
    office: Office, sit: Sit
) -> None:
    """On the eve of it, and for the one question after it, whoever of them that was given to."""
    runner = office.service.runner
    asked, now = make_fairs(office), runner.clock.now()
    with office.store.writing() as session:
        fairs.sign_up(
            session, ELSEWHERE, asked[2], None, state=SignupState.COMING, needs={}, positions=[], now=now
        )
        rows = session.exec(select(FairSignup).order_by(col(FairSignup.id))).all()
        for signup in rows:
            fair_reminders.plan(session, signup, now)
            callback_plan.plan_fair(session, signup, now)
        boss = staff.add_staff(session, "老张", StaffRole.ADMIN, now, actor="test").id
        for callback in session.exec(select(Callback)).all():
            callback.state, callback.staff_id, callback.next_at = Disposition.TO_CALL, boss, now
            session.add(callback)
        eves = session.exec(select(Reminder.due_at).where(Reminder.kind == "fair")).all()
    clerk, admin, why = sit(), sit(StaffRole.ADMIN, "陈静"), "快到招聘会了，要提醒他"
    listed = re.findall(
        r'href="/console/callbacks/(\d+)"', clerk.open("/console/callbacks?list=later").page.html
    )
    assert len(listed) == 2
    assert clerk.open(f"/console/callbacks/{listed[0]}").status == 200
    others = re.findall(
        r'href="/console/callbacks/(\d+)"', admin.open("/console/callbacks?list=later").page.html
    )
    (away,) = set(others) - set(listed)
    assert clerk.open(f"/console/callbacks/{away}").status == 404
    for eve in sorted({each.astimezone(now.tzinfo) for each in eves}):
        runner.desk.do_now(partial(ring, now=eve))
    assert clerk.open("/console/calls").page.html.count(why) == 2
    with office.store.writing() as session:
        session.get_one(Person, asked[1]).name = None
    assert clerk.open("/console/calls").page.html.count("（没有写名字）") == 1, "which is not erased"
    assert "/console/fairs/F01" in clerk.page.html
    assert admin.open("/console/calls").page.html.count(why) == 3
    calls = re.findall(r'action="/console/calls/(\d+)"', admin.page.html)
    theirs = next(each for each in calls if f'/console/calls/{each}"' not in clerk.page.html)
    assert clerk.press(to=f"/console/calls/{theirs}", reached="yes").status == 404
    mine = re.findall(r'action="/console/calls/(\d+)"', clerk.open("/console/calls").page.html)
    clerk.press(to=f"/console/calls/{mine[0]}", reached="yes", words="来的")
    assert clerk.page.html.count(why) == 1
    with office.store.writing() as session:
        for signup in rows[:2]:
            fairs.sign_up(
                session,
                FAIR,
                signup.person_id,
                None,
                state=SignupState.NOT_COMING,
                needs={},
                positions=[],
                now=now,
            )
    assert why not in clerk.open("/console/calls").page.html, "who does not come is not phoned"


def test_another_regions_fair_is_known_but_its_people_are_not(office: Office, sit: Sit) -> None:
    ids = make_fairs(office, coming=0)
    now = office.service.runner.clock.now()
    with office.store.writing() as session:
        fairs.invite(session, ELSEWHERE, ids, now)
    clerk = sit()
    page = clerk.open(f"{HOME}/{ELSEWHERE}").page.html
    assert "电商美工" in page
    assert "学员0" not in page
    for path in ("/sheet", "/desk", "/change", "/call-off", "/people/101"):
        assert clerk.open(f"{HOME}/{ELSEWHERE}{path}").status == 404
    clerk.open(f"{HOME}/{ELSEWHERE}").press(to="/console/exports/fair-people", fair=ELSEWHERE)
    assert clerk.status == 404
    assert sit(StaffRole.ADMIN, "陈静").open(f"{HOME}/{ELSEWHERE}/people/101").status == 200


def test_a_position_shows_who_would_like_it_and_whether_the_employer_may_know(
    office: Office, sit: Sit
) -> None:
    first, second, _ = make_fairs(office)
    ticket = want_position(office, first)
    want_position(office, second)
    with office.store.writing() as session:
        agreed, _ = interests.interests_of(session, [first, second])
        interests.agree_to_employer(session, agreed, office.service.runner.clock.now())
    clerk = sit()
    page = clerk.open("/console/positions").page.html
    assert "库管员" in page
    assert "在线客服" not in page
    page = clerk.open("/console/positions/F01-05").page.html
    assert ticket in page
    assert page.count("不能，本人还没有同意") == 1
    assert page.count("可以，") == 1
    clerk.press(to="/console/positions/F01-05")
    assert clerk.status == 404
    admin = sit(StaffRole.ADMIN, "陈静")
    admin.open("/console/positions/F01-05").press(to="/console/positions/F01-05")
    assert told(admin) == "记下了：单位不招了。"


def test_what_is_not_arranged_for_a_fair_of_this_week_stands_on_the_first_page(
    office: Office, sit: Sit
) -> None:
    make_fairs(office)
    clerk = sit()
    assert "没有安排好" not in clerk.open("/console").page.html
    with office.store.writing() as session:
        fair = session.get_one(Fair, FAIR)
        fair.start_date = fair.end_date = fair.signup_deadline = date(2026, 11, 27)
    page = clerk.open("/console").page.html
    assert "<strong>2</strong> 样帮忙没有安排好：郑州市国际残疾人日专场招聘会，2026-11-27 周五" in page


def test_who_is_phoned_about_positions_stands_there_with_them(office: Office, sit: Sit) -> None:
    with office.store.writing() as session:
        session.add(
            Position(position_id="P-01", employer="眉山手心按摩店", position="按摩师", home_based=True)
        )
        filed = session.get_one(Application, office.filed[0])
        person = session.get_one(Person, filed.person_id)
        person.profile = {"work_at_home": "yes"}
        session.add(person)
        now = office.service.runner.clock.now()
        to_phone.ask_for(session, filed.id, "positions", None, now, now)
    html = sit().open("/console/calls").page.html
    assert "有合适的岗位，要告诉他" in html
    assert re.search(r'href="/console/positions/[^"]+">[^<]+</a>', html)
