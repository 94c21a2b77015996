"""Ratings on the console: told from five answers on, own apart from the family's, words to who may read them."""

import io
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import pytest
from python_calamine import CalamineWorkbook
from sqlmodel import Session, select

from bot.afterwards import rated, weekly_ratings
from bot.console import rating_detail
from bot.console.rating_pack import said
from bot.drawn import ratings_picture
from bot.letters.letter import write
from bot.letters.table import LETTERS
from bot.voices import load_voices
from storage import forms, people
from storage.afterwards.rating_weeks import WEEKLY
from storage.files import keep_file
from storage.forms import Given
from storage.rules.few import Share, standing_beside
from storage.staff import chats as staff_chats
from storage.staff import staff
from storage.tables import (
    AnsweredBy,
    CallbackKind,
    Disposition,
    Outbox,
    Person,
    Reminder,
    ReminderState,
    StaffRole,
)
from storage.tickets.tables import Callback
from tests.channels.web.handset import Handset
from tests.console.conftest import Office
from tests.console.test_forms import SHEETS, bring_form

Sit = Callable[..., Handset]

HOME = "/console/ratings"

Said = tuple[str, AnsweredBy]

OWN, FAMILY = AnsweredBy.SELF, AnsweredBy.FAMILY

GOOD: Sequence[Said] = [
    *[("s5", OWN)] * 6,
    *[("s4", OWN)] * 5,
    *[("s2", OWN)] * 2,
    *[("s3", FAMILY)] * 2,
]
"""Thirteen of their own, 4.2 on average; two of families, of which nothing is told."""

LOW: Sequence[Said] = [("s2", OWN)] * 6
FEW: Sequence[Said] = [("s1", OWN)] * 4


def answer(office: Office, intake: int, said: Sequence[Said], *, waits: int = 0) -> None:
    """Let people of a class answer a week after it; some are asked, and have not answered yet."""
    bring_form(office, "survey_t7")
    now = office.service.runner.clock.now()

    def act(session: Session) -> None:
        version = forms.all_forms(session)[0]
        forms.go_live(session, version, now)
        for number, (value, by) in enumerate([*said, *[("", OWN)] * waits]):
            person = Person(created_at=now)
            session.add(person)
            session.flush()
            session.add(
                Callback(
                    key=f"t7:{intake}:{number}", kind=CallbackKind.T7, form="survey_t7", person_id=person.id,
                    intake_id=intake, state=Disposition.COMPLETE if value else Disposition.ASKED,
                    due_at=now, next_at=now, closes_at=now, created_at=now,
                )
            )  # fmt: skip
            if value:
                kept = forms.keep_answers(session, _given(version.version, person.id, intake, value, by), now)
                rated.count(session, kept, now)

    office.service.runner.desk.do_now(act)


def _given(version: str, person: int, intake: int, value: str, by: AnsweredBy) -> Given:
    answers = {
        "talk_now": "now", "answered_by": by.value, "sat_overall": value, "sat_teacher": "s5",
        **({} if value == "s1" else {"need": ["job", "cert"]}),
        "support_delivered": "part" if value == "s2" else "all", "sat_overall_r": "many" if value == "s5" else "none",
        "bad_detail": "老师讲得太快" if value == "s2" else "@skip",
    }  # fmt: skip
    return Given("survey_t7", version, answers, "web", person, None, intake, None, by)


@pytest.fixture
def rated_office(office: Office) -> Office:
    answer(office, office.intake, GOOD, waits=5)
    answer(office, office.elsewhere, FEW)
    return office


def test_a_class_is_told_from_five_answers_on_and_the_familys_stay_apart(
    rated_office: Office, sit: Sit
) -> None:
    office = rated_office
    browser = sit(StaffRole.ADMIN)
    page = browser.open(HOME).page.html
    assert "4.2（13 人）" in page
    assert page.count("少于 5") > 2  # of the other class nothing is told
    assert "1.0" not in page
    page = browser.open(f"{HOME}/of?by=class&of={office.intake}").page.html
    for words in (
        "问了 20 人，回答率 <strong>75%", "13 人回答。平均 <strong>4.2</strong> 分", "少于 5 人回答",
        "非常满意 46%，满意 38%，不满意 15%", "答完了 75%，还在问 25%",
        "62%的人答得不一样", "帮我找工作", "每个月本人打分",
    ):  # fmt: skip
        assert words in page, words
    other = browser.open(f"{HOME}/of?by=class&of={office.elsewhere}").page.html
    assert "每一题的回答都少于 5 人" in other
    for by in ("project", "organiser", "region", "month"):
        assert "4.2（13 人）" in browser.open(f"{HOME}?by={by}").page.html, by
    # Of all, the four are not told either: 17 minus 13 would be them.
    whole = browser.open(f"{HOME}/of?by=all").page.html
    assert "13 人回答。平均 <strong>4.2</strong> 分" in whole
    assert browser.open(f"{HOME}/of?by=organiser&of=没有这个单位").status == 404


def test_an_evaluator_sees_no_number_below_five(rated_office: Office, sit: Sit) -> None:
    browser = sit(StaffRole.EVALUATOR, "赵磊")
    page = browser.open(f"{HOME}/of?by=class&of={rated_office.intake}").page.html
    assert "13 人回答。平均 <strong>4.2</strong> 分" in page
    assert "有的回答不到 5 人，不分开写" in page
    assert "不满意 15%" not in page
    assert "讲得太快" not in page
    assert "写的话" not in browser.open(HOME).page.html
    for path in (f"{HOME}/words", f"{HOME}/of?by=class&of={rated_office.elsewhere}"):
        assert browser.open(path).status == 404
    browser.open(HOME)
    pack = browser.client.post(f"{HOME}/pack", data={"csrf": browser.page.hidden["csrf"]})
    book = CalamineWorkbook.from_filelike(io.BytesIO(pack.content))
    sheets = {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}
    assert list(sheets) == ["怎么算的", "各班", "各培训单位", "各题"]
    assert sheets["各班"][1][1:6] == [20.0, "75%", 4.2, 13.0, "少于 5 人"]
    assert sheets["各班"][1][7] == "至少 69%"  # eleven of thirteen: the two are not told
    numbers = [
        cell
        for name in ("各班", "各培训单位")
        for row in sheets[name][1:]
        for cell in (row[1], row[4], row[6])
    ]
    numbers += [row[4] for row in sheets["各题"][1:]]
    assert all(cell >= 5 for cell in numbers if isinstance(cell, float))
    assert "学员" not in str(sheets)
    printed = browser.open(f"{HOME}/print").page.html
    assert "怎么问的，怎么算的" in printed
    assert "至少 69%" in printed
    assert ("exported", "ratings anonymous xlsx") in rated_office.audited()


def test_a_share_that_could_be_any_is_not_told(office: Office, sit: Sit) -> None:
    assert [said(Share(*each)) for each in ((0, 100), (0, 20), (80, 100), (60, 80), (50, 50))] == [
        "少于 5 人", "至多 20%", "至少 80%", "60%～80%", "50%",
    ]  # fmt: skip
    answer(office, office.intake, FEW, waits=2)  # four of six: either side is fewer than five
    browser = sit(StaffRole.EVALUATOR, "赵磊")
    for path in (HOME, f"{HOME}/print", f"{HOME}/of?by=class&of={office.intake}"):
        assert "至少 0%" not in browser.open(path).page.html, path


def test_words_are_searched_heard_and_kept_who_read_them(rated_office: Office, sit: Sit) -> None:
    office = rated_office
    now = office.service.runner.clock.now()

    def speak(session: Session) -> int:
        person = session.get(Person, 1)
        assert person is not None
        contact = 1
        keep_file(session, contact, "spoken", kind="voice", mime="audio/ogg", name="", body=b"OggS", now=now)
        version = forms.live_forms(session)[0].version
        answers = {"suggestion": "file:spoken", "sat_overall": "s5", "sat_overall_r": "many"}
        given = Given("survey_t7", version, answers, "web", None, None, office.intake)
        return forms.keep_answers(session, given, now + timedelta(minutes=1)).id

    number = office.service.runner.desk.do_now(speak)
    clerk = sit(StaffRole.CLERK)
    page = clerk.open(f"{HOME}/words").page.html
    assert page.count("老师讲得太快") == 2
    assert "<audio controls" in page
    assert "前后两题答得不一样" in page
    heard = clerk.client.get(f"{HOME}/words/{number}/files/1")
    assert (heard.content, heard.headers["content-type"]) == (b"OggS", "audio/ogg")
    assert clerk.client.get(f"{HOME}/words/1/files/1").status_code == 404
    assert "没有找到" in clerk.open(f"{HOME}/words?q=饭菜").page.html
    assert clerk.open(f"{HOME}/words?q=太快&of={office.intake}").page.html.count("老师讲得太快") == 2
    assert clerk.open(f"{HOME}/words?of={office.elsewhere}").status == 404
    actions = [action for action, _ in office.audited()]
    assert "opinions_read" in actions
    assert "file_opened" in actions


def test_a_class_that_is_rated_low_waits_on_the_first_page_and_two_are_compared(
    office: Office, sit: Sit
) -> None:
    answer(office, office.intake, LOW)
    browser = sit(StaffRole.ADMIN)
    few = browser.open(f"{HOME}/compare?a={office.elsewhere}&b={office.intake}").page.html
    assert f'<option value="{office.elsewhere}" selected>' in few, "the class that was asked for, not another"
    answer(office, office.elsewhere, GOOD)
    assert f'<a href="{HOME}?low=yes"><strong>1</strong> 个班打分低' in browser.open("/console").page.html
    low = browser.open(f"{HOME}?low=yes").page.html
    assert "2.0（6 人）" in low
    assert "4.2（13 人）" not in low
    two = browser.open(f"{HOME}/compare?a={office.intake}&b={office.elsewhere}").page.html
    assert "2.0（6 人）" in two
    assert "4.2（13 人）" in two
    assert "比一比" in browser.open(f"{HOME}/compare").page.html
    clerk = sit(StaffRole.CLERK)
    assert clerk.open(f"{HOME}/compare?a={office.intake}&b={office.elsewhere}").status == 404


def test_a_form_is_read_for_what_can_be_counted() -> None:
    from bot.forms.surveys import read_survey

    form = read_survey((SHEETS / "survey_t7.xlsx").read_bytes()).form
    assert form is not None
    found = rated.questions_in(form)
    kinds = {each.closed.name: each.closed for each in found.asked}
    assert kinds["sat_overall"].points == {"s5": 5, "s4": 4, "s3": 3, "s2": 2, "s1": 1}
    assert kinds["need"].many
    assert list(found.words) == ["charged_amount", "charged_for", "bad_detail", "suggestion"]
    assert "charged_amount" not in kinds


def test_each_monday_a_clerks_chat_gets_the_numbers_and_a_picture(office: Office) -> None:
    answer(office, office.intake, GOOD)
    runner = office.service.runner
    office.link(StaffRole.CLERK)
    monday = datetime(2026, 12, 21, 9, tzinfo=runner.settings.zone)

    def link(session: Session) -> None:
        clerk = next(each for each in staff.all_staff(session) if each.role is StaffRole.CLERK)
        contact = people.meet(session, "telegram", "154", monday)
        staff_chats.join_chat(session, clerk, contact.id, monday - timedelta(days=4))

    def look(session: Session) -> tuple[Reminder, Sequence[Outbox]]:
        row = session.exec(select(Reminder).where(Reminder.kind == WEEKLY)).one()
        return row, session.exec(select(Outbox).where(Outbox.kind == WEEKLY)).all()

    def wake(now: datetime) -> tuple[Reminder, Sequence[Outbox]]:
        runner.desk.do_now(lambda session: weekly_ratings.ring(session, look(session)[0], now, runner.shelf))
        return runner.desk.read(look)

    runner.desk.do_now(link)
    row, _ = runner.desk.read(look)
    assert row.due_at == monday
    row, promised = wake(monday)
    assert row.due_at == monday + timedelta(days=7)
    (letter,) = promised
    words = write(LETTERS[WEEKLY], letter.payload, load_voices()["plain"])
    month = int(f"{runner.clock.now():%m}")
    assert words == f"这个月打分的人还少。{month} 月 4.2 分。" or words.startswith(
        "这个月有 13 个人打了分，每人大约 4.2 分。"
    )
    drawn = ratings_picture(letter.payload)
    assert drawn.body.startswith(b"\x89PNG\r\n\x1a\n")
    assert drawn.is_photo
    # Too late, nothing is told; and who is gone is not looked for any more.
    row, promised = wake(monday + timedelta(days=10))
    assert (row.due_at, len(promised)) == (monday + timedelta(days=14), 1)
    runner.desk.do_now(
        lambda session: staff.revoke_staff(session, staff.all_staff(session)[0], monday, actor="test")
    )
    assert wake(monday + timedelta(days=14))[0].state is ReminderState.DROPPED


def test_a_question_that_tells_how_few_others_answered_is_left_out_for_who_sees_no_small_number(
    office: Office, sit: Sit, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ten of thirteen ticked what they need: three did not. Also where each question stands on a page of its own."""
    answer(office, office.intake, [*[("s5", OWN)] * 10, *[("s1", OWN)] * 3])
    page = f"{HOME}/of?by=class&of={office.intake}"
    admin, evaluator = sit(StaffRole.ADMIN, "陈静"), sit(StaffRole.EVALUATOR, "赵磊")
    for most in (200, 0):
        monkeypatch.setattr(rating_detail, "MOST_CLASSES", most)
        alone = "" if most else "&item=need"
        assert "帮我找工作" in admin.open(page + alone).page.html
        assert "帮我找工作" not in evaluator.open(page + alone).page.html
        assert "13 人回答" in evaluator.open(page).page.html


def test_of_two_questions_whose_difference_is_below_five_the_larger_is_told() -> None:
    told = standing_beside({"all": 20, "works_not": 10, "why_not": 6, "some": 5, "every": 20}, 20)
    assert told == {"all", "every", "works_not", "some"}, "ten minus six would be four"
    assert standing_beside({"some": 8}, 10) == frozenset()
    assert standing_beside({}, 0) == frozenset()
