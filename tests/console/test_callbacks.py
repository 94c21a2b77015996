"""The call list: who is phoned or written to, the form filled in while talking, how it went, and what is checked."""

import io
import random
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache, partial
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook
from sqlmodel import Session, select

from bot.forms.serving import serve_forms
from bot.forms.surveys import ReadSurvey, read_survey
from bot.forms.taking import keep_form
from bot.settings import Clock
from storage import forms, people
from storage.afterwards import call_list
from storage.afterwards.call_list import draw
from storage.applications import enrolment
from storage.rules.callback_days import FORMS
from storage.tables import (
    AnsweredBy,
    AnswerSet,
    Application,
    ApplicationState,
    CallbackKind,
    CallResult,
    Disposition,
    Person,
    Recheck,
    Relation,
    Role,
    StaffRole,
)
from storage.tickets import tickets
from storage.tickets.tables import Callback, CallTry
from tests.channels.web.handset import Handset
from tests.console.conftest import Office
from tests.dialogs.xform.sheets import xml_of

Sit = Callable[..., Handset]

SHEETS = Path(__file__).parents[2] / "bot" / "demo" / "forms"
HOME = "/console/callbacks"
PHONE = "15400000012"
PERIOD = "2026-08-25..2026-11-24 t7+t30+t90+monthly+fair"
RATED = ("overall", "teacher", "content", "practice", "place", "life", "staff")


@cache
def sheet(name: str) -> tuple[ReadSurvey, bytes]:
    """A form of the demo, read once."""
    body = (SHEETS / f"{name}.xlsx").read_bytes()
    return read_survey(body), body


def make_callback(
    office: Office, filed: int = 0, kind: CallbackKind = CallbackKind.T7, *, away: bool = False
) -> int:
    """Put somebody who applied on the call list, since an hour ago; give the number of the call-back."""
    runner = office.service.runner
    now = runner.clock.now()

    def act(session: Session) -> int:
        name = FORMS[kind]
        if name not in {each.name for each in forms.live_forms(session)}:
            keep_form(session, *sheet(name), now, "test", live=True)
        application = session.get_one(Application, (office.away if away else office.filed)[filed])
        application.state = ApplicationState.FINISHED
        person = session.get_one(Person, application.person_id)
        people.update_person(session, person, phone=PHONE)
        callback = Callback(
            key=f"{kind.value}:{application.id}",
            kind=kind,
            form=name,
            person_id=person.id,
            application_id=application.id,
            intake_id=application.intake_id,
            due_at=now - timedelta(days=9),
            next_at=now - timedelta(hours=1),
            closes_at=now + timedelta(days=12),
            state=Disposition.TO_CALL,
            created_at=now,
        )
        session.add(callback)
        session.flush()
        return callback.id

    number = runner.desk.do_now(act)
    runner.desk.read(partial(serve_forms, book=runner.book))
    return number


def at(office: Office, moment: str) -> None:
    """Move the clock of the service."""
    runner = office.service.runner
    runner.clock = Clock(runner.settings.model_copy(update={"clock": moment}))


@pytest.fixture(autouse=True)
def monday(office: Office) -> None:
    """Ten in the morning of a working day."""
    at(office, "2026-11-23T10:00")


def begin(browser: Handset, number: int, **fields: str) -> Handset:
    return browser.open(f"{HOME}/{number}").press(to=f"{HOME}/{number}/begin", **fields)


def log(browser: Handset, number: int, **fields: str | list[str]) -> Handset:
    return browser.press(to=f"{HOME}/{number}", do="log", **fields)


def keep(browser: Handset, number: int, **fields: str | list[str]) -> Handset:
    return browser.press(to=f"{HOME}/{number}", do="keep", **fields)


def stands(office: Office, number: int) -> Callback:
    with office.store.reading() as session:
        return session.get_one(Callback, number)


def tried(office: Office, number: int) -> list[CallResult]:
    with office.store.reading() as session:
        return [each.result for each in reversed(call_list.tries_of(session, number))]


def told(browser: Handset) -> str:
    return browser.page.words("p", **{"class": "told"})


OPENING = {"q-answered_by": "self", "q-attended": "all"}
ANSWERS: dict[str, str | list[str]] = {
    **OPENING,
    **{f"q-sat_{each}": "s5" for each in RATED},
    "q-learned": "well",
    "q-charged": "no",
    "q-subsidy_state": "yes",
    "q-cert_state": "yes",
    "q-sat_overall_r": "none",
    "q-plan": "seek",
    "q-need": ["job"],
    "q-recommend": "yes",
    "q-suggestion": "老师讲得慢一点。",
    "q-fair_ok": "yes",
}


def test_a_clerk_fills_in_the_form_while_talking_and_the_call_back_is_complete(
    office: Office, sit: Sit
) -> None:
    number, browser = make_callback(office), sit()
    assert "1 个人要回访" in " ".join(
        browser.open("/console").page.words("ul", **{"class": "counts"}).split()
    )
    page = browser.open(HOME).page
    assert "学员0" in page.html
    assert "•••••0012" not in page.html
    assert "••••0012" in page.html
    assert PHONE not in page.html
    page = browser.open(f"{HOME}/{number}").page
    assert "您好，这里是残联。您的培训结束了" in page.words("p", **{"class": "script"})
    assert PHONE not in page.html
    page = begin(browser, number).page
    assert PHONE in page.html
    assert ("callback_begun", "") in office.audited()
    # What hangs on an answer is folded away, and there as soon as it is given.
    assert "先看这" in page.html
    assert "是谁在回答？" in page.html
    keep(browser, number, **OPENING)
    assert "存好了" in told(browser)
    assert browser.page.html.index("这次培训，您满意吗？") < browser.page.html.index("培训收您的钱了吗？")
    # A browser that breaks off loses nothing.
    assert 'value="self" checked' in browser.open(f"{HOME}/{number}").page.html
    log(browser, number, **OPENING, result="done", note="她很高兴")
    assert browser.status == 409
    assert "这一题还没有问。" in browser.page.html
    assert "她很高兴" in browser.page.html
    assert stands(office, number).tries == 0
    log(browser, number, **ANSWERS, result="done", note="她很高兴")
    assert told(browser) == "记下了。这次回访完了。"
    callback = stands(office, number)
    assert (callback.state, callback.tries) == (Disposition.COMPLETE, 1)
    with office.store.reading() as session:
        kept = session.get_one(AnswerSet, callback.answer_set_id)
        assert (kept.complete, kept.channel, kept.answered_by) == (True, "phone", AnsweredBy.SELF)
        assert (kept.answers["sat_overall"], kept.answers["need"]) == ("s5", ["job"])
        tried_once = session.exec(select(CallTry)).one()
        assert (tried_once.result, tried_once.note, tried_once.by_text) == (
            CallResult.DONE,
            "她很高兴",
            False,
        )
        relation = session.exec(select(Relation).where(Relation.role == Role.STAFF)).one()
        assert relation.revoked_at is not None
    assert "学员0" not in browser.open(HOME).page.html
    assert "100%</strong> 答完" in browser.page.html
    assert log(browser.open(f"{HOME}/{number}"), number, result="refuse").status == 409


def test_a_call_that_breaks_off_is_gone_on_with_by_a_colleague_and_a_family_answers_apart(
    office: Office, sit: Sit
) -> None:
    number, browser, other = make_callback(office), sit(), sit(StaffRole.CLERK, "刘秀英")
    other.open(f"{HOME}/{number}")
    begin(browser, number)
    # The second clerk, who looked before the first began, is told; and may take it over.
    other.press(to=f"{HOME}/{number}/begin")
    assert other.status == 409
    assert "王芳" in other.page.words("section", role="alert")
    assert PHONE not in other.page.html
    half = {**OPENING, "q-answered_by": "family", "q-sat_overall": "s2"}
    assert "约好的时间要比现在晚" in told(
        log(browser, number, **half, result="callback", day="2026-11-20", hour="10:00")
    )
    assert "工作日 9 点到 18 点" in told(
        log(browser, number, **half, result="callback", day="11月24日", hour="晚上7点半")
    )
    log(browser, number, **half, result="callback", day="11月24日", hour="下午3点半")
    assert "到时间再打" in told(browser)
    callback = stands(office, number)
    assert callback.state is Disposition.TO_CALL
    assert callback.next_at == datetime.fromisoformat("2026-11-24T15:30+08:00")
    assert "学员0" not in browser.open(HOME).page.html
    assert "学员0" in browser.open(f"{HOME}?list=later&who=mine").page.html
    assert "学员0" not in other.open(f"{HOME}?list=later&who=mine").page.html
    begin(other, number, over="yes")
    assert 'value="family" checked' in other.page.html
    assert 'value="s2" checked' in other.page.html
    log(other, number, **{**ANSWERS, **half}, result="done")
    assert tried(office, number) == [CallResult.CALLBACK, CallResult.PROXY]
    with office.store.reading() as session:
        kept = session.exec(select(AnswerSet)).one()
        assert (kept.complete, kept.answered_by) == (True, AnsweredBy.FAMILY)
    # Who had the page open all the while changes nothing any more.
    page = browser.page.hidden | {"seen": "to_call.1"}
    answered = browser.client.post(f"{HOME}/{number}", data={**page, "do": "log", "result": "refuse"})
    assert answered.status_code == 409
    assert tried(office, number) == [CallResult.CALLBACK, CallResult.PROXY]


def test_five_tries_in_vain_end_it_and_a_number_put_right_begins_it_again(office: Office, sit: Sit) -> None:
    number = make_callback(office, kind=CallbackKind.MONTHLY)
    with office.store.writing() as session:
        session.get_one(Callback, number).tries = 3
    for day in (23, 24):
        at(office, f"2026-11-{day}T16:00")
        browser = sit()
        begin(browser, number)
        log(browser, number, result="no_answer")
    assert "不再打" in told(browser)
    assert stands(office, number).state is Disposition.UNREACHED
    assert "没联系上" in browser.open(f"{HOME}/{number}").page.html
    browser.press(to=f"{HOME}/{number}/number", phone="154")
    assert browser.status == 409
    browser.press(to=f"{HOME}/{number}/number", phone="154 0000 0099")
    assert "号码改了" in told(browser)
    assert stands(office, number).state is Disposition.TO_CALL
    at(office, "2026-11-30T10:00")
    browser = sit()
    begin(browser, number)
    assert "15400000099" in browser.page.html
    log(browser, number, result="wrong", phone="不知道")
    assert "号码看不懂" in told(browser)
    log(browser, number, result="wrong", phone="154 0000 0077")
    assert stands(office, number).state is Disposition.TO_CALL
    begin(browser, number)
    log(browser, number, result="dead")
    assert stands(office, number).state is Disposition.UNREACHED
    with office.store.reading() as session:
        assert session.get_one(Person, 1).phone == "15400000077"
    assert [each for each, _ in office.audited()].count("phone_corrected") == 2


def test_who_is_not_to_be_phoned_is_written_to_and_that_counts(office: Office, sit: Sit) -> None:
    number, browser = make_callback(office, kind=CallbackKind.FAIR), sit()
    with office.store.writing() as session:
        person = session.get_one(Person, 1)
        people.add_to_profile(
            session, person, {"need_hear": ["cart", "text_contact"], "emergency_phone": "15400000033"}
        )
    assert "发文字，不打电话" in browser.open(HOME).page.html
    begin(browser, number)
    assert browser.page.words("textarea", id="copy").startswith("学员0，这次招聘会，您去了吗？")
    assert "联系人" in browser.page.html
    browser.press(to=f"{HOME}/{number}/chat")
    assert "在聊天里再问他一次" in told(browser)
    assert stands(office, number).state is Disposition.LATER
    with office.store.writing() as session:
        session.get_one(Callback, number).state = Disposition.TO_CALL
    begin(browser, number)
    # This form does not ask who answers: the page does.
    answers: dict[str, str] = {"q-went": "yes", "q-found": "talking", "q-want_help": "no"}
    assert "没有选谁在回答" in told(log(browser, number, **answers, result="text_done"))
    log(browser, number, **answers, who="guardian", result="text_done")
    assert tried(office, number) == [CallResult.TEXT_DONE]
    with office.store.reading() as session:
        kept = session.get_one(AnswerSet, stands(office, number).answer_set_id)
        assert (kept.channel, kept.answered_by) == ("desk", AnsweredBy.GUARDIAN)


def test_a_call_opens_with_who_calls_not_with_a_question_the_system_answers(office: Office, sit: Sit) -> None:
    number = make_callback(office, kind=CallbackKind.T30)
    page = sit().open(f"/console/callbacks/{number}").page
    assert page.words("p", **{"class": "script"}).startswith("您好，这里是残联。")


def test_bad_input_is_said_and_nothing_is_logged(office: Office, sit: Sit) -> None:
    number, browser = make_callback(office, kind=CallbackKind.T30), sit()
    begin(browser, number)
    for fields, said in (
        ({}, "没有选结果"),
        ({"result": "partial"}, "一题也没有答"),
        ({"result": "<b>"}, "没有选结果"),
        ({"q-answered_by": "self", "q-employed": "no", "result": "refuse"}, "没有记成不愿答"),
        ({"q-answered_by": "self", "q-employed": "yes", "q-emp_since": "不知道", "result": "partial"}, "写得不对"),
        ({"q-answered_by": "nobody", "result": "done"}, "还有题没有问"),
    ):  # fmt: skip
        assert said in told(log(browser, number, **fields)), fields
        assert browser.status == 409
        marked = "这一题还没有问" in (browser.response.text if browser.response else "")
        assert marked == ("还有题" in said or "写得" in said), fields
    assert (stands(office, number).tries, stands(office, number).state) == (0, Disposition.TO_CALL)
    # What was answered half way and is not gone on with ends it, as partial.
    log(
        browser,
        number,
        **{"q-answered_by": "self", "q-employed": "no", "q-why_not": "body"},
        result="partial",
        when="never",
    )
    assert stands(office, number).state is Disposition.PARTIAL
    begun = begin(sit(), make_callback(office, 1))
    log(begun, number + 1, result="refuse")
    assert "不愿答" in told(begun)
    assert stands(office, number + 1).state is Disposition.REFUSED


def test_a_try_to_finish_a_form_that_is_not_closes_no_question(office: Office, sit: Sit) -> None:
    number, browser = make_callback(office), sit()
    begin(browser, number)
    assert "还有题没有问" in told(log(browser, number, result="done"))
    assert "一题也没有答" in told(log(begin(browser, number), number, result="partial"))
    assert stands(office, number).tries == 0


def test_a_long_form_is_asked_page_by_page_and_no_page_forgets_another(office: Office, sit: Sit) -> None:
    number, browser = make_callback(office, kind=CallbackKind.MONTHLY), sit()
    asked = "".join(f"| text | t{n} | 第{n}问 | yes |\n" for n in range(1, 96))
    settings = "| form_id | version |\n| monthly_check | 9 |"
    xform = xml_of("| type | name | label | required |\n" + asked, settings=settings)
    now, runner = office.service.runner.clock.now(), office.service.runner
    with office.store.writing() as session:
        form = forms.propose(session, forms.Sheet("monthly_check", "9", "长", xform, b""), "test", now)
        forms.go_live(session, form, now)
    runner.desk.read(partial(serve_forms, book=runner.book))
    begin(browser, number)
    assert "第40问" in browser.page.html
    assert "第41问" not in browser.page.html
    browser.press(to=f"{HOME}/{number}", page=["1", "2"], **{"q-t1": "甲"})
    assert "第41问" in browser.page.html
    browser.press(to=f"{HOME}/{number}", page=["2", "3"], **{"q-t41": "乙"})
    log(browser, number, result="done", who="self", page="3", **{f"q-t{n}": "丙" for n in range(81, 96)})
    assert browser.status == 409
    assert 'value="甲"' in browser.page.html  # back where the first question is open
    fields = {"q-t1": "甲", **{f"q-t{n}": "丁" for n in range(2, 41)}}
    browser.press(to=f"{HOME}/{number}", page="2", **fields)
    rest = {"q-t41": "乙", **{f"q-t{n}": "戊" for n in range(42, 81)}}
    log(browser, number, result="done", who="self", **rest)
    assert tried(office, number) == [CallResult.DONE]
    with office.store.reading() as session:
        answers = session.exec(select(AnswerSet)).one().answers
        assert "".join(str(answers[f"t{n}"]) for n in (1, 2, 41, 42, 95)) == "甲丁乙戊丙"


def test_nobody_is_phoned_on_a_day_off_and_other_regions_are_nobodys_business(
    office: Office, sit: Sit
) -> None:
    make_callback(office)
    away, browser = make_callback(office, away=True), sit()
    assert browser.open(f"{HOME}/{away}").status == 404
    assert browser.open(HOME).press(to=f"{HOME}/{away}/begin").status == 404
    assert browser.open("/console/people/4").status == 404
    assert browser.open(HOME).page.html.count('scope="row"') == 1
    assert sit(StaffRole.ADMIN, "陈静").open(HOME).page.html.count('scope="row"') == 2
    answer = browser.client.post(
        "/console/exports/callbacks", data={**browser.open(HOME).page.hidden, "as": "xlsx"}
    )
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert [row[0] for row in rows] == ["姓名", "学员0"]
    assert PHONE not in str(rows)
    at(office, "2026-11-28T10:00")
    browser = sit()
    assert "今天不是工作日" in browser.open(HOME).page.html
    assert "学员0" not in browser.page.html
    assert "学员0" in browser.open(f"{HOME}?list=later").page.html


def test_one_in_five_is_drawn_by_a_seed_anybody_can_repeat_and_asked_again(office: Office, sit: Sit) -> None:
    number, browser = make_callback(office), sit()
    browser.open(f"{HOME}?list=check").press(to=f"{HOME}/draw", seed="7")
    assert "没有可以抽的" in told(browser)
    begin(browser, number)
    log(browser, number, **ANSWERS, result="done")
    more = [
        make_callback(office, place, kind)
        for place in (1, 2)
        for kind in (CallbackKind.T30, CallbackKind.T90)
    ]
    with office.store.writing() as session:
        for each in more:
            session.get_one(Callback, each).state = Disposition.COMPLETE
    browser.open(f"{HOME}?list=check").press(to=f"{HOME}/draw", seed="7")
    population = [number, *more]
    drawn = sorted(random.Random(7).sample(population, 1))
    assert f"抽到的号：{drawn[0]}。" in browser.page.html
    recipe = re.search(r"print\((.*)\)", browser.page.words("code"))
    assert recipe is not None
    assert eval(recipe[1], {"random": random}) == drawn
    assert [detail for action, detail in office.audited() if action == "recheck_drawn"] == [
        f"seed=7 from={','.join(map(str, population))} drawn={drawn[0]} {PERIOD} intake=all"
    ]
    assert draw(7, population).drawn == tuple(drawn)
    browser.open(f"{HOME}?list=check").press(to=f"{HOME}/draw", kind="t7", seed="1")
    waits = browser.open("/console").page.words("ul", **{"class": "counts"})
    assert f"{len({number, *drawn})} 个回访要核对" in waits
    page = browser.open(f"{HOME}/{number}").page
    assert "非常满意" in page.html
    assert "老师讲得慢一点。" in page.html
    assert PHONE not in page.html
    assert PHONE in browser.press(to=f"{HOME}/{number}/begin").page.html
    browser.press(to=f"{HOME}/{number}/check", same="differs", note="")
    assert "没有记" in told(browser)
    browser.press(to=f"{HOME}/{number}/check", same="differs", note="说老师很快")
    assert "核对记下了" in told(browser)
    assert stands(office, number).recheck is Recheck.DIFFERS
    assert "不一致：说老师很快" in browser.page.html


def test_a_person_s_way_is_told_stage_by_stage_with_owner_and_next_date(office: Office, sit: Sit) -> None:
    number, browser = make_callback(office), sit()
    now = office.service.runner.clock.now()
    with office.store.writing() as session:
        tickets.make_ticket(session, "referral", "想找工作", now, person_id=1, application_id=office.filed[0])
        enrolment.log_event(session, office.filed[0], "finished", "staff:1", now)
    begin(browser, number)
    browser.open(f"/console/applications/{office.number(office.filed[0])}")
    assert "/console/people/1" in browser.page.html
    page = browser.open("/console/people/1").page
    for words in (
        "评估",
        "培训",
        "推荐",
        "跟踪",
        "需要的支持",
        "结业",
        "王芳",
        f"{HOME}/{number}",
        "没有人办",
    ):
        assert words in page.html, words
