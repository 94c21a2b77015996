"""Forms from sheets, asked like everything else: the five of the demo, and what is kept of the answers."""

import csv
import io
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from functools import partial
from pathlib import Path
from threading import Event
from xml.etree import ElementTree as ET

import pytest
from python_calamine import CalamineWorkbook
from sqlmodel import Session, select

from bot.forms.exporting import STYLES, export
from bot.forms.serving import serve_forms
from bot.forms.surveys import read_survey
from bot.forms.taking import Taken, take_form
from bot.runner import Runner
from dialogs.book import BrokenFlow
from dialogs.kinds import Note
from dialogs.model import Flow
from dialogs.talk import Reading, Tapped
from dialogs.xform import flow_of
from dialogs.xform.foreword import CHINESE_ONLY
from dialogs.xform.scales import is_turned
from storage import forms
from storage.applications.enrolment import course_of
from storage.files import find_file
from storage.tables import (
    AnsweredBy,
    AnswerSet,
    Application,
    ApplicationState,
    FormState,
    Need,
    NeedAnswer,
    Person,
    SheetForm,
)
from tests.dialogs.xform.sheets import HOME, xml_of
from tests.talking import Chat, book_of
from tests.visiting import APPLICATION, Visitor

SHEETS = Path(__file__).parents[2] / "bot" / "demo" / "forms"
Visit = Callable[..., Visitor]

RECORD = {"promised": ("sign_interp", "care"), "wave": "t90", "extra": ("student",), "was_employed": "yes"}
WORDS = {"number": "2001", "date": "2026年3月2日", "text": "做面包", "long": "做面包"}


@pytest.fixture
def served(runner: Runner) -> Iterator[Callable[[str], Taken]]:
    """Take a sheet of the demo in and ask it; what is served goes again after the test."""

    def take(name: str) -> Taken:
        def write(session: Session) -> Taken:
            return take_form(session, _sheet(name), runner.clock.now(), "test", live=True)

        taken = runner.desk.do_now(write)
        runner.desk.read(partial(serve_forms, book=runner.book))
        return taken

    yield take
    runner.book.serve([])


def _sheet(name: str) -> bytes:
    return (SHEETS / f"{name}.xlsx").read_bytes()


def _answer(chat: Chat, *, last: bool) -> None:
    """Answer what is asked: the first option or the last, or some words."""
    screen = chat.screen
    place = -1 if last else 0
    if screen.form in ("choice", "note"):
        chat.tap(screen.options[place].value)
    elif screen.form == "many":
        chat.tick(screen.options[0].value)
    elif "phone" in screen.question:
        chat.say("154 0000 1111")
    elif screen.question == "cert_no":
        chat.say("1234")
        assert chat.error.startswith(("这个号码好像不对", "号码好像不对"))
        chat.tap("跳过")
    else:
        chat.say(WORDS[screen.form])
    assert not chat.error, (screen.question, chat.error)


@pytest.mark.parametrize(
    "name", ["application_form", "survey_t7", "followup_t30_t90", "monthly_check", "fair_after"]
)
def test_the_forms_of_the_demo_are_answered_to_their_end_in_both_wordings(name: str) -> None:
    read = read_survey(_sheet(name))
    assert (read.problems, read.form is None) == ((), False)
    assert read.form is not None
    flow, book = flow_of(read.form), book_of(HOME)
    book.serve([flow])
    seen: set[str] = set()
    readings: tuple[Reading, ...] = ("plain", "easy")
    for reading in readings:
        for last in (False, True):
            chat = Chat(book, facts={"record": RECORD}, reading=reading).begin(flow.name, wave="t90")
            while not chat.submitted:
                seen.add(chat.asking)
                assert chat.asking.split(".")[0] not in {node.key for node in read.form.given}
                _answer(chat, last=last)
    assert "wave" not in seen
    assert len(seen) >= 4


@pytest.mark.parametrize("reading", ["plain", "easy", "en"])
def test_who_would_rather_not_rate_says_so_in_words(reading: Reading) -> None:
    read = read_survey(_sheet("survey_t7"))
    assert read.form is not None
    flow, book = flow_of(read.form), book_of(HOME)
    book.serve([flow])
    chat = Chat(book, facts={"record": RECORD}, reading=reading).begin(flow.name, wave="t7")
    for _ in range(40):
        if chat.asking.startswith("sat_"):
            break
        _answer(chat, last=False)
    asked = chat.asking
    assert asked.startswith("sat_")
    chat.say("不想回答")
    assert (chat.error, chat.asking != asked) == ("", True)


def _trainee(visit: Visit, runner: Runner, intake: int) -> tuple[Visitor, int]:
    """Somebody who is in the class, with one support promised and one not."""
    me = visit().tap("plain", "self").begin("card", (("project", "P003"),))
    me.tap(f"apply_{intake}").answer(**APPLICATION)
    me.tap("send", "read")

    def accept(session: Session) -> int:
        filed = session.exec(select(Application)).one()
        filed.state = ApplicationState.ACCEPTED
        for code, answer in (("sign_interp", NeedAnswer.CAN), ("care", NeedAnswer.CANNOT)):
            session.add(Need(application_id=filed.id, code=code, answer=answer))
        session.add(filed)
        return filed.person_id

    return me, runner.desk.do_now(accept)


def test_a_survey_knows_what_was_promised_and_its_answers_are_kept_sealed(
    visit: Visit, runner: Runner, intake: int, served: Callable[[str], Taken]
) -> None:
    me, person = _trainee(visit, runner, intake)
    served("survey_t7")
    me.begin("survey:survey_t7", (("person", person), ("intake", intake)))
    me.tap("now", "helper", "all")
    first = "s1" if is_turned(person) else "s5"
    while me.asking.startswith("survey:survey_t7.sat_"):
        assert me.screen.options[0].value == first, "one person sees every scale from the same end"
        me.tap("s4" if me.asking.endswith("sat_overall") else "s5")
    me.tap("none")
    assert "support_missing" in me.asking
    offered = {option.value for option in me.screen.options}
    assert "sign_interp" in offered
    assert "care" not in offered
    me.stop()
    me.begin("survey:survey_t7", (("person", person), ("intake", intake)))
    me.tick("sign_interp").tap("well", "yes").say("200 元", "书本")
    while me.asking.startswith("survey:"):
        me.tap(me.screen.options[-1].value)
    with runner.desk.store.reading() as session:
        kept = session.exec(select(AnswerSet)).one()
        assert (kept.form, kept.version, kept.person_id, kept.intake_id) == (
            "survey_t7", "2026112101", person, intake,
        )  # fmt: skip
        assert (kept.answered_by, kept.complete) == (AnsweredBy.HELPER, True)
        assert kept.about["scales"] == ("turned" if is_turned(person) else "listed")
        assert kept.answers["support_missing"] == ["sign_interp"]
        assert kept.answers["charged_amount"] == "200 元"
        raw = session.connection().exec_driver_sql("SELECT answers FROM answer_set").scalar_one()
        assert "书本" not in str(raw)


def test_who_speaks_for_nobody_there_can_answer_nothing_about_them(
    visit: Visit, runner: Runner, intake: int, served: Callable[[str], Taken]
) -> None:
    _, person = _trainee(visit, runner, intake)
    served("monthly_check")
    stranger = visit("another-phone").tap("plain", "self")
    stranger.begin("survey:monthly_check", (("person", person), ("intake", intake)))
    stranger.tap("none", "self")
    assert stranger.asking.startswith("not_yours")
    with runner.desk.store.reading() as session:
        assert not session.exec(select(AnswerSet)).all()


def test_who_answered_all_and_closes_the_page_under_the_thanks_has_answered(
    visit: Visit, runner: Runner, intake: int, served: Callable[[str], Taken]
) -> None:
    me, person = _trainee(visit, runner, intake)
    served("monthly_check")
    me.begin("survey:monthly_check", (("person", person), ("intake", intake))).tap("none")
    me.do(Tapped(me.screen.prompt, "self"))
    assert me.heard.said[-1] == "好的，谢谢您。有事随时告诉我们。"
    with runner.desk.store.reading() as session:
        assert session.exec(select(AnswerSet)).one().answers["trouble"] == "none"


def test_a_new_version_goes_on_where_people_are_and_the_old_one_stays_as_it_was(
    visit: Visit, runner: Runner, intake: int, served: Callable[[str], Taken]
) -> None:
    me, person = _trainee(visit, runner, intake)
    served("fair_after")
    about = (("person", person), ("intake", intake))
    assert me.begin("survey:fair_after", about).tap("yes").asking == "survey:fair_after.found"

    def replace(session: Session) -> None:
        old = session.exec(select(SheetForm)).one()
        with pytest.raises(forms.Frozen):
            forms.propose(session, _changed(old, old.version), "test", runner.clock.now())
        new = forms.propose(session, _changed(old, "2"), "test", runner.clock.now())
        forms.go_live(session, new, runner.clock.now())

    mark = runner.desk.read(forms.live_mark)
    runner.desk.do_now(replace)
    runner.desk.read(partial(serve_forms, book=runner.book, served=mark))
    assert me.look().screen.text == "新问题：找到工作了吗？"
    me.tap("no", "yes")
    with runner.desk.store.reading() as session:
        assert session.exec(select(AnswerSet)).one().version == "2"
        states = {form.version: form.state for form in session.exec(select(SheetForm)).all()}
        assert states == {"2026112101": FormState.OVER, "2": FormState.LIVE}


def _changed(form: SheetForm, version: str) -> forms.Sheet:
    xform = form.xform.replace("找到想去的工作了吗？", "新问题：找到工作了吗？")
    xform = xform.replace(f'version="{form.version}"', f'version="{version}"')
    return forms.Sheet(form.name, version, form.title, xform, form.sheet)


ROUND = """
| type | name | label | relevant |
| text | a | 甲？ | |
| text | b | 乙？ | |
| text | c | 丙？ | |
| text | d | 丁？ | ${b} != 'x' |
| text | e | 戊？ | |
"""
NEXT_ROUND = (
    ROUND.replace("| text | c | 丙？ | |\n", "").replace("丁？", "新的丁？") + "| text | f | 己？ | |"
)


def _use(runner: Runner, version: str, survey: str) -> None:
    settings, now = f"| form_id | version |\n| round | {version} |", runner.clock.now()
    sheet = forms.Sheet("round", version, "一轮", xml_of(survey, settings=settings), b"")
    mark = runner.desk.read(forms.live_mark)
    runner.desk.do_now(
        lambda session: forms.go_live(session, forms.propose(session, sheet, "test", now), now)
    )
    runner.desk.read(partial(serve_forms, book=runner.book, served=mark))


def test_a_survey_replaced_while_fifty_people_are_in_it_loses_nobody_and_no_answer(
    visit: Visit, runner: Runner, intake: int
) -> None:
    _use(runner, "1", ROUND)
    people = [visit(f"phone-{n}").begin("survey:round", (("intake", intake),)) for n in range(50)]
    for n, each in enumerate(people):
        each.say(*(f"{letter}{n}" for letter in "abcd"[: n % 5]))
        assert each.asking == f"survey:round.{'abcde'[n % 5]}"
    _use(runner, "2", NEXT_ROUND)
    for n, each in enumerate(people):
        # At the same question where it is there still; who was at the one that is gone goes on behind it.
        at = "abdde"[n % 5]
        assert each.look().screen.question == at
        assert each.screen.text != "丁？"
        if each.screen.question == "d":
            assert each.screen.text == "新的丁？"
        if n % 5 == 2:
            # What is said to the question that was on the screen is not taken for an answer to the next one.
            stale = each.screen.prompt
            each.tap("@skip")
            assert (each.screen.question, each.screen.prompt > stale) == ("d", True)
        while each.asking.startswith("survey:round."):
            each.say(f"{each.screen.question}{n}")
    with runner.desk.store.reading() as session:
        kept = {answers.contact_id: answers for answers in session.exec(select(AnswerSet)).all()}
        assert len(kept) == 50
        by_number = {int(str(each.answers["a"])[1:]): each for each in kept.values()}
    for n, answers in by_number.items():
        assert answers.version == "2"
        wanted = {letter: f"{letter}{n}" for letter in "abdef"}
        if n % 5 > 2:
            wanted["c"] = f"c{n}"  # answered before it went: kept with the rest
        assert answers.answers == wanted
    runner.book.serve([])


def test_words_may_be_spoken_and_the_recording_is_kept_with_the_answers(
    visit: Visit, runner: Runner, intake: int
) -> None:
    _use(runner, "1", ROUND)
    me = visit().begin("survey:round", (("intake", intake),))
    assert me.screen.files == ("voice",)
    me.send("voice", b"OggS my words").say("b", "c", "d", "e")
    with runner.desk.store.reading() as session:
        (key,) = [
            each for each in session.exec(select(AnswerSet)).one().answers.values() if "file:" in str(each)
        ]
        file = find_file(session, str(key).removeprefix("file:"))
        assert file is not None
        assert file.body == b"OggS my words"
    runner.book.serve([])


def test_a_province_adds_questions_of_its_own_to_the_application(
    visit: Visit, runner: Runner, intake: int, served: Callable[[str], Taken]
) -> None:
    served("application_form")
    me = visit().tap("plain", "self").begin("card", (("project", "P003"),))
    me.tap(f"apply_{intake}").answer(**APPLICATION)
    asked = []
    while me.asking != "apply.check":
        asked.append(me.asking.removeprefix("apply."))
        option = next(iter(me.screen.options), None)
        if me.screen.form == "many":
            me.tick("evening")
        elif me.screen.form == "choice" and option is not None:
            me.tap(option.value)
        else:
            me.say("还想学面点")
    assert asked == ["text_pref", "free_time", "wish"]
    me.tap("send", "read")
    with runner.desk.store.reading() as session:
        filed = session.exec(select(Application)).one()
        answers, number, title = filed.answers, filed.number, course_of(session, filed.intake_id)[1].title
        assert (answers["free_time"], answers["wish"]) == (["evening"], "还想学面点")
        person = session.exec(select(Person)).one()
        assert person.name
        assert "course" not in person.profile, "what the system gave is nothing the person said"
        (form,) = session.exec(select(SheetForm)).all()
        taken = {style: export(session, form, STYLES[style], whole=True) for style in STYLES}
        masked = export(session, form, STYLES["kobo"], whole=False)
    (row,) = rows_in(taken["kobo"])
    assert (row["free_time"], row["free_time/evening"], row["wish"], row["name"], row["cert_no"]) == (
        "evening", "1", "还想学面点", "李小梅", "99000119850612002912",
    )  # fmt: skip
    # What was left open in our way is blank where the sheet has no such option, and kept where it has.
    assert (row["live_addr"], row["access_other"], row["need_exam"], row["needs_area/see"]) == (
        "",
        "",
        "",
        "1",
    )
    assert (row["course"], row["has_subsidy"], row["xq_answered_by"], row["xq_channel"]) == (
        title, "yes", "self", "web",
    )  # fmt: skip
    assert (row["xq_application"], row["xq_state"], row["__version__"]) == (
        number, "submitted", form.version,
    )  # fmt: skip
    (hidden,) = rows_in(masked)
    assert [hidden[name] for name in ("name", "cert_no", "phone", "emergency_name", "wish")] == [
        "••••", "••••2912", "••••0001", "••••", "还想学面点",
    ]  # fmt: skip
    (central,) = rows_in(taken["central"])
    assert (central["KEY"], central["need_hear/sign_interp"]) == (f"uuid:{row['_uuid']}", "1")
    with zipfile.ZipFile(io.BytesIO(taken["xml"])) as packed:
        (name,) = packed.namelist()
        root = ET.fromstring(packed.read(name))
    assert (root.get("id"), root.findtext("wish"), root.findtext("emergency_phone")) == (
        "application_form", "还想学面点", "15400010001",
    )  # fmt: skip
    for style in ("kobo-xlsx", "central-xlsx"):
        page = CalamineWorkbook.from_filelike(io.BytesIO(taken[style])).get_sheet_by_index(0).to_python()
        assert "还想学面点" in page[1], style


def test_an_application_filed_while_no_sheet_added_questions_is_not_among_its_answers(
    visit: Visit, runner: Runner, intake: int, served: Callable[[str], Taken]
) -> None:
    me = visit().tap("plain", "self").begin("card", (("project", "P003"),))
    me.tap(f"apply_{intake}").answer(**APPLICATION).tap("send", "read")
    served("application_form")
    with runner.desk.store.reading() as session:
        (form,) = session.exec(select(SheetForm)).all()
        assert rows_in(export(session, form, STYLES["kobo"], whole=True)) == []


def rows_in(body: bytes) -> list[dict[str, str]]:
    """The rows of the first CSV of a zip."""
    with zipfile.ZipFile(io.BytesIO(body)) as packed:
        return list(csv.DictReader(io.StringIO(packed.read(packed.namelist()[0]).decode("utf-8-sig"))))


def test_an_english_reader_is_told_once_that_a_sheet_is_in_chinese_only(
    visit: Visit, intake: int, served: Callable[[str], Taken]
) -> None:
    served("application_form")
    served("monthly_check")
    me = visit().tap("en", "self").begin("survey:monthly_check")
    assert CHINESE_ONLY in me.screen.hint
    me.tap(me.screen.options[0].value)
    assert CHINESE_ONLY not in me.screen.hint

    me = visit("another").tap("en", "self").begin("card", (("project", "P003"),))
    me.tap(f"apply_{intake}")
    assert CHINESE_ONLY not in me.screen.hint, "our own questions are in English"
    me.answer(**APPLICATION)
    assert (me.asking, CHINESE_ONLY in me.screen.hint) == ("apply.text_pref", True)
    me.tap("normal")
    assert CHINESE_ONLY not in me.screen.hint

    me = visit("third").tap("plain", "self").begin("survey:monthly_check")
    assert "Chinese" not in me.screen.hint


def test_a_sheet_does_not_stand_in_for_what_is_staffs(runner: Runner) -> None:
    of_staff = next(flow.name for flow in runner.book.flows if flow.role == "staff")
    with pytest.raises(BrokenFlow, match="whom it is for"):
        runner.book.serve([Flow(of_staff, Note("told", "打开了。"))])
    served = runner.book.find(of_staff)
    assert served is not None
    assert served.role == "staff"


def test_a_form_is_found_also_while_newer_ones_are_put_in_its_place(runner: Runner) -> None:
    """Reading takes a moment, and whoever was asked meanwhile was told that there is nothing to answer."""
    name, asked = "survey:round", Note("told", "打开了。")

    def read(text: str) -> Iterator[Flow]:
        if text == "1":
            runner.book.serve_when_asked({name}, partial(read, "2"))
        yield Flow(name, asked, title=text)

    runner.book.serve_when_asked({name}, partial(read, "1"))
    for text in ("1", "2"):
        found = runner.book.find(name)
        assert found is not None
        assert found.title == text
    runner.book.serve([])


def test_what_was_read_of_forms_last_is_served_last(runner: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    """A slow look of the one who keeps the forms true found none yet, and ended after a clerk's: nothing was asked."""
    has_read, goes_on, live_forms = Event(), Event(), forms.live_forms

    def slowly(session: Session) -> list[SheetForm]:
        found = live_forms(session)
        if not has_read.is_set():
            has_read.set()
            assert goes_on.wait(20)
        return found

    monkeypatch.setattr(forms, "live_forms", slowly)
    serve = partial(runner.desk.read, partial(serve_forms, book=runner.book))
    with ThreadPoolExecutor() as threads:
        slow = threads.submit(serve)
        assert has_read.wait(20)
        clerk = threads.submit(_use, runner, "1", ROUND)
        wait([clerk], timeout=0.3)
        goes_on.set()
        slow.result()
        clerk.result()
    assert runner.book.find("survey:round") is not None
    runner.book.serve([])
