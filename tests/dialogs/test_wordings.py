"""Every question of every flow, in every reading, against the rules of access.md."""

from collections.abc import Callable
from functools import cache
from itertools import product

import pytest

from bot.preview.walking import Spot
from dialogs.engine import turn
from dialogs.kinds import Choice, Many, Note, Review
from dialogs.model import Unreadable
from dialogs.plain_words import GLOSSARY
from dialogs.screen import Place
from dialogs.state import State
from dialogs.talk import Again, Begin, Reading, Said, Say, Screen, Stop, Tapped
from dialogs.words import spoken
from tests.dialogs.collecting import HAN
from tests.dialogs.judging import judged, said, without_names
from tests.dialogs.names import COURSES, FAIRS, PEOPLE, PLACES
from tests.dialogs.walking import READINGS, fewest, spots, totals, whole_book

FLOWS = tuple(flow.name for flow in whole_book().flows)
NUMERALS = ("零", "一", "二", "三", "四", "五", "六", "七", "八", "九", "十")

MUST_ANSWER = {
    "consents: a yes or a no is what the law asks for": (
        "apply.consent_sensitive", "apply.consent_school", "apply.consent_subsidy", "consents.give",
    ),
    "without it nobody can be enrolled or reached": (
        "apply.applicant_role", "apply.self_agreed", "apply.name", "apply.helper_name", "apply.helper_relation",
        "apply.contact_pref", "apply.lodging",
    ),
    "staff decide, and 返回 leaves it": (
        "staff_application.do", "staff_application.reason", "staff_needs.answer",
    ),
    "a list of courses, and 返回 leaves it": ("browse.project", "browse.facet", "browse.facet_value"),
    "a menu": ("help.how", "consents.purpose", "correct.field", "helpers.which", "leave_list.which"),
    "it was just asked for, and 返回 leaves it": (
        "read_answer.number", "read_answer.digits",
        "complain.words", "complain.named", "help.reach", "help.number", "phone.phone", "wish.wish",
        "correct.name", "correct.phone", "correct.cert_no", "correct.hukou", "correct.live_addr",
        "who.role", "who.relative", "whose.person", "whose.name", "whose.relation", "assent.who",
        "parent_word.who", "reading.reading",
        "erase.sure", "withdraw.sure",
    ),
}  # fmt: skip
"""Questions that have no way to leave them open (R13), and why."""

SAID_THERE = ("做面包", "报名：")
"""What somebody typed, and how a draft was called when it was begun."""

OPEN_ENDS = frozenset({"none", "unsaid", "unsure", "no", "cannot"})
"""Values that say nothing of oneself."""


@cache
def every_screen(flow: str, reading: Reading) -> tuple[tuple[Spot, Screen], ...]:
    return tuple((spot, screen) for spot in spots(flow) for screen in spot.screens(reading))


@pytest.mark.parametrize("flow", FLOWS)
def test_every_question_can_be_reached(flow: str) -> None:
    found = whole_book().find(flow)
    assert found is not None
    reached = {spot.question for spot in spots(flow)}
    assert [question.name for question in found.literal or () if question.name not in reached] == []


@pytest.mark.parametrize("flow", FLOWS)
def test_every_screen_keeps_the_rules(flow: str) -> None:
    findings = [
        f"{flow}.{spot.question} {reading}: {finding.rule} {finding.why} {finding.sentence}"
        for reading in READINGS
        for spot, screen in every_screen(flow, reading)
        for finding in judged(screen, reading)
    ]
    assert list(dict.fromkeys(findings)) == []


@pytest.mark.parametrize("flow", FLOWS)
def test_what_can_be_chosen_is_in_english_but_for_names(flow: str) -> None:
    def left(text: str) -> str:
        for name in sorted(
            (*COURSES, *PLACES, *PEOPLE, *filter(None, FAIRS), *SAID_THERE), key=len, reverse=True
        ):
            text = text.replace(name, "")
        return text

    labels = {option.label for _, screen in every_screen(flow, "en") for option in screen.options}
    assert [label for label in sorted(labels) if HAN.search(left(label))] == []


@pytest.mark.parametrize("reading", READINGS)
def test_how_a_list_is_ordered_is_said_in_the_readers_words(reading: Reading) -> None:
    hints = [screen.hint for spot, screen in every_screen("browse", reading) if spot.question == "project"]
    assert any(hints)
    assert [hint for hint in hints if hint and bool(HAN.search(hint)) == (reading == "en")] == []


@pytest.mark.parametrize("flow", FLOWS)
def test_a_message_asks_one_thing(flow: str) -> None:
    asked = [screen.text for reading in READINGS for _, screen in every_screen(flow, reading)]
    assert [text for text in asked if text.count("？") + text.count("?") > 1] == []


def answered_in(here: Place, words: str) -> object:
    """What words said under a choice are taken for."""
    question = here.question
    assert question is not None
    return question.read(words, here.options(), here.world)


WAYS_TO_SAY: tuple[Callable[[int, str], str], ...] = (
    lambda number, _: f"{number}",
    lambda number, _: f" {number}。",
    lambda number, _: chr(ord("０") + number) if number < 10 else str(number),
    lambda number, _: NUMERALS[number] if number < 11 else str(number),
    lambda number, _: f"第{number}个",
    lambda number, _: f"选{number}",
    lambda number, _: f"{number}号",
    lambda number, label: f"{number} {label}",
    lambda _, label: label,
    lambda _, label: f"{label}。",
    lambda _, label: f"我选{label}",
    lambda _, label: f"{label}，谢谢",
)


@pytest.mark.parametrize("flow", FLOWS)
def test_a_choice_is_understood_by_number_and_by_label(flow: str) -> None:
    wrong: list[str] = []
    for spot, reading in product(spots(flow), READINGS):
        here = spot.place(reading)
        if not isinstance(here.question, (Choice, Many)) or isinstance(here.question, Note):
            continue
        options = here.options()
        assert [option.number for option in options] == list(range(1, len(options) + 1))
        assert len({option.label for option in options}) == len(options), (
            f"{flow}.{spot.question}: twice the same"
        )
        for option in options:
            for say in WAYS_TO_SAY:
                words = say(option.number, option.label)
                try:
                    got = answered_in(here, words)
                except Unreadable:
                    got = None
                if got not in (option.value, [option.value]):
                    wrong.append(f"{flow}.{spot.question} {reading}: “{words}” is {got}, not {option.value}")
    assert list(dict.fromkeys(wrong)) == []


def test_every_question_about_somebody_can_be_left_open() -> None:
    excused = {name for names in MUST_ANSWER.values() for name in names}
    closed: set[str] = set()
    for flow in whole_book().flows:
        for spot in spots(flow.name):
            question = spot.place("plain").question
            is_menu = question is None or flow.record is None or isinstance(question, (Note, Review))
            if is_menu or question is None or question.skip is not None:
                continue
            values = {option.value for option in spot.place("plain").options()}
            if not values & OPEN_ENDS:
                closed.add(f"{flow.name}.{question.name}")
    assert closed - excused == set(), "give it a skip, or a reason in MUST_ANSWER"


@pytest.mark.parametrize("flow", FLOWS)
def test_a_total_that_is_promised_is_kept(flow: str) -> None:
    assert [(promised, last) for promised, last in totals(flow) if promised != last] == []


def test_an_application_says_what_it_will_ask_for() -> None:
    assert 15 <= fewest("apply") <= 25
    start = spots("apply")[0]
    promises: dict[Reading, tuple[str, str]] = {
        "plain": ("25 题", "10 分钟"),
        "easy": ("25 个", "10 分钟"),
        "en": ("25", "10 minutes"),
    }
    for reading, words in promises.items():
        screen = next(start.screens(reading))
        assert all(word in screen.text for word in words)
        assert "残疾人证" in screen.hint or "certificate" in screen.hint


@pytest.mark.parametrize("flow", FLOWS)
def test_what_is_read_aloud_has_no_markup_and_the_option_before_its_number(flow: str) -> None:
    for reading, screen in ((each, screen) for each in READINGS for _, screen in every_screen(flow, each)):
        assert not any(mark in without_names(screen.speech) for mark in "*`<>|#_"), screen.speech
        lines = screen.speech.splitlines()[-len(screen.options) :]
        for option, line in zip(screen.options, lines if screen.options else [], strict=True):
            assert spoken(option.label, (), whole_book().voice(reading)) in line
            assert line.rstrip("。.").endswith(f" {option.number}")
        assert all(line.label in screen.speech for line in screen.lines)


def test_a_telephone_number_is_read_digit_by_digit() -> None:
    screen = next(next(spot for spot in spots("help") if spot.question == "how").screens("plain"))
    assert "0 3 7 1, 0 0 0 0 1 1 0 0" in screen.speech


@pytest.mark.parametrize(("reading", "words"), [("plain", "机器"), ("easy", "电脑"), ("en", "automatic")])
def test_the_first_message_says_that_a_machine_speaks(reading: Reading, words: str) -> None:
    assert words in next(spots("reading")[0].screens(reading)).text


def said_at(spot: Spot, reading: Reading, *words: str) -> tuple[State, list[Say]]:
    """What is said when somebody types words, one after the other, under a question."""
    state, says = opened(spot, reading), []
    for each in words:
        done = turn(whole_book(), state, Said(each), spot.world(reading))
        state = done.state
        says += [effect for effect in done.effects if isinstance(effect, Say)]
    return state, says


def opened(spot: Spot, reading: Reading) -> State:
    return turn(whole_book(), spot.state(), Again(), spot.world(reading)).state


@pytest.mark.parametrize("flow", FLOWS)
def test_the_ways_out_work_at_every_question(flow: str) -> None:
    ways = {"找人帮忙": Begin("help"), "停下来": Stop(), "投诉": Begin("complain")}
    for spot in spots(flow):
        world, state = spot.world("plain"), opened(spot, "plain")
        question = spot.place("plain").question
        for word, event in ways.items():
            done = turn(whole_book(), state, Said(word), world)
            if question is not None and question.free:  # there the word is asked back first
                done = turn(whole_book(), done.state, Tapped(done.state.prompt, "@go"), world)
            here = spot.place("plain")
            offered = {name for option in (*here.options(), *here.extras(0)) for name in option.names}
            assert done.then == event or word in offered, f"{flow}.{spot.question}: {word}"


@pytest.mark.parametrize("flow", FLOWS)
def test_what_cannot_be_read_is_answered_kindly_and_never_twice_the_same(flow: str) -> None:
    for spot, reading in product(spots(flow), READINGS):
        question = spot.place(reading).question
        if question is None or question.free or isinstance(question, (Note, Review)):
            continue
        state, errors = opened(spot, reading), []
        for _ in range(4):
            state = turn(whole_book(), state, Said("呜噜呜噜"), spot.world(reading)).state
            errors.append(state.error)
        assert all(errors)
        assert len(set(errors)) == 4, errors
        assert [found for error in errors for found in said(error.replace("呜噜呜噜", ""), reading)] == []


@pytest.mark.parametrize("flow", FLOWS)
def test_every_hard_word_is_explained_on_asking(flow: str) -> None:
    readings: tuple[Reading, ...] = ("plain", "easy")
    for spot, reading in product(spots(flow), readings):
        screens = list(spot.screens(reading))
        shown = " ".join((screens[0].text, screens[0].hint, *(o.label for s in screens for o in s.options)))
        asked = "什么意思"
        state, says = said_at(spot, reading, asked)
        question = spot.place(reading).question
        if question is not None and question.free:  # there the word is asked back first
            done = turn(whole_book(), state, Tapped(state.prompt, "@go"), spot.world(reading))
            says = [effect for effect in done.effects if isinstance(effect, Say)]
        explained = " ".join(say.text for say in says if say.screen is None)
        for word in sorted(GLOSSARY, key=len, reverse=True):
            if word in shown:
                assert f"{word}：" in explained, f"{flow}.{spot.question} {reading}: {word}"
                shown = shown.replace(word, " ")
