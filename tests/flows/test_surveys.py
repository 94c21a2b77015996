"""Forms from sheets, asked like everything else: the five of the demo, and what is kept of the answers."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlmodel import Session, select

from bot.runner import Runner
from bot.serving_forms import serve_forms, serve_newer
from bot.surveys import read_survey
from bot.taking_forms import Taken, take_form
from dialogs.book import BrokenFlow
from dialogs.kinds import Note
from dialogs.model import Flow
from dialogs.talk import Reading
from dialogs.xform import flow_of
from storage import forms
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
from tests.dialogs.xform.sheets import HOME
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
            taken = take_form(session, _sheet(name), runner.clock.now(), "test", live=True)
            serve_forms(session, runner.book)
            return taken

        return runner.desk.do_now(write)

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
    assert len(seen) >= min(5, len(read.form.asked))


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
    while me.asking.startswith("survey:survey_t7.sat_"):
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
    stranger.tap("none", "self", "read")
    assert stranger.asking.startswith("not_yours")
    with runner.desk.store.reading() as session:
        assert not session.exec(select(AnswerSet)).all()


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
        mark = forms.live_mark(session)
        forms.go_live(session, new, runner.clock.now())
        serve_newer(session, runner.book, mark)

    runner.desk.do_now(replace)
    assert me.look().screen.text == "新问题：找到工作了吗？"
    me.tap("no", "yes", "read")
    with runner.desk.store.reading() as session:
        assert session.exec(select(AnswerSet)).one().version == "2"
        states = {form.version: form.state for form in session.exec(select(SheetForm)).all()}
        assert states == {"2026112101": FormState.OVER, "2": FormState.LIVE}


def _changed(form: SheetForm, version: str) -> forms.Sheet:
    xform = form.xform.replace("找到想去的工作了吗？", "新问题：找到工作了吗？")
    xform = xform.replace(f'version="{form.version}"', f'version="{version}"')
    return forms.Sheet(form.name, version, form.title, xform, form.sheet)


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
        answers = session.exec(select(Application)).one().answers
        assert (answers["free_time"], answers["wish"]) == (["evening"], "还想学面点")
        assert session.exec(select(Person)).one().name


def test_a_sheet_does_not_stand_in_for_what_is_staffs(runner: Runner) -> None:
    of_staff = next(flow.name for flow in runner.book.flows if flow.role == "staff")
    with pytest.raises(BrokenFlow, match="whom it is for"):
        runner.book.serve([Flow(of_staff, Note("told", "打开了。"))])
    served = runner.book.find(of_staff)
    assert served is not None
    assert served.role == "staff"
