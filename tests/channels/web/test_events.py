from urllib.parse import parse_qs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.web.events import OLD, event_of, once_of, prompt_of
from dialogs.screen import DONE, NEXT
from dialogs.talk import Again, Back, Begin, Change, Event, Said, Stop, Tapped

NONCE = "n" * 22


def posted(text: str) -> dict[str, list[str]]:
    return parse_qs(text, keep_blank_values=True)


@pytest.mark.parametrize(
    ("form", "event"),
    [
        ("prompt=4&tap=yes", Tapped(4, "yes")),
        ("prompt=4&tap=@keep&say=abc", Tapped(4, "@keep")),
        ("prompt=4&say=王小明&act=send", Said("王小明", 4)),
        ("prompt=4&say=&act=send", Said("", 4)),
        ("say=没有页码", Said("没有页码", None)),
        ("prompt=4&act=back&say=半句话", Back(4)),
        ("act=back", Back(None)),
        ("prompt=4&act=again", Again()),
        ("prompt=4&act=stop", Stop()),
        ("prompt=4&act=help", Begin("help")),
        ("prompt=4&change=phone", Change(4, "phone")),
        ("prompt=4&tick=a&tick=b&act=@done", Tapped(4, ("a", "b", DONE))),
        ("prompt=4&act=@done", Tapped(4, (DONE,))),
        ("prompt=4&tick=a&act=@next", Tapped(4, ("a", NEXT))),
        ("prompt=4&tick=a", Tapped(4, ("a", DONE))),
        ("prompt=4&tick=a&tap=unsaid", Tapped(4, "unsaid")),
        ("prompt=4&year=1990&month=3&day=7&say=&act=send", Said("1990-3-7", 4)),
        ("prompt=4&year=1990&month=&day=&say=&act=send", Said("1990 年", 4)),
        ("prompt=4&year=&month=&day=&say=明天&act=send", Said("明天", 4)),
        ("prompt=4&year=1990&month=3&day=7&say=明天&act=said", Said("明天", 4)),
        ("prompt=4&year=&month=&day=&act=send", Said("", 4)),
        ("choosing=1&prompt=4&say=%E4%B8%80&act=send", Said("一", 4)),
        ("choosing=1&prompt=4&say=&act=send", Tapped(4, (DONE,))),
        ("choosing=1&prompt=4&say=+&act=send", Tapped(4, (DONE,))),
        ("choosing=1&prompt=4&say=一", Said("一", 4)),
        ("choosing=1&prompt=4&say=half&tap=yes", Tapped(4, "yes")),
        ("choosing=1&prompt=4&say=half&act=back", Back(4)),
        ("choosing=1&prompt=4&say=half&act=help", Begin("help")),
        ("choosing=1&prompt=4&say=&tick=a&act=send", Tapped(4, ("a", DONE))),
        ("choosing=1&prompt=4&say=1 3&tick=a&act=send", Said("1 3", 4)),
        ("choosing=1&prompt=4&say=1 3&tick=a&act=@done", Tapped(4, ("a", DONE))),
        ("choosing=1&prompt=4&say=1 3&act=@done", Said("1 3", 4)),
        ("choosing=1&prompt=4&say=1 3&tick=a&act=@next", Tapped(4, ("a", NEXT))),
        ("choosing=1&prompt=4", Again()),
        ("", Again()),
        ("prompt=4", Again()),
        ("prompt=4&act=nonsense", Again()),
        ("prompt=4&act=@drop", Again()),
    ],
)
def test_a_form_becomes_the_event_it_means(form: str, event: Event) -> None:
    assert event_of(posted(form)) == event


@pytest.mark.parametrize("prompt", ["-1", "", "x", "1e3", "9" * 40, "１２", "4 ", "0x10"])
def test_a_number_that_is_none_counts_as_an_old_page(prompt: str) -> None:
    form = {"prompt": [prompt], "tap": ["yes"]}
    assert prompt_of(form) == OLD
    assert event_of(form) == Tapped(OLD, "yes")


def test_a_tap_without_a_number_counts_as_an_old_page() -> None:
    assert event_of({"tap": ["yes"]}) == Tapped(OLD, "yes")


def test_long_words_are_heard_whole_so_that_the_question_can_say_how_long_they_may_be() -> None:
    assert event_of({"prompt": ["1"], "say": ["长" * 10_000]}) == Said("长" * 10_000, 1)


def test_a_value_no_button_of_ours_has_is_not_a_tap() -> None:
    assert event_of({"prompt": ["1"], "tap": ["x" * 10_000], "say": ["好"]}) == Said("好", 1)


def test_control_characters_go_and_line_ends_are_one_kind() -> None:
    assert event_of({"say": ["一\r\n二\x00\x1b\r三\ud800"]}) == Said("一\n二\n三")


def test_more_boxes_than_a_page_has_are_not_heard() -> None:
    event = event_of({"prompt": ["1"], "tick": [str(n) for n in range(5000)], "act": [DONE]})
    assert isinstance(event, Tapped)
    assert len(event.value) == 201


@given(
    st.dictionaries(
        st.sampled_from(
            ["prompt", "once", "tap", "say", "tick", "act", "change", "choosing", "year", "month", "day"]
        ),
        st.lists(st.text(max_size=40), max_size=4),
    )
)
def test_whatever_is_posted_becomes_some_event(form: dict[str, list[str]]) -> None:
    event = event_of(form)
    assert isinstance(event, Again | Back | Begin | Change | Said | Stop | Tapped)
    assert len(once_of(form, event)) < 100


def test_the_same_act_on_the_same_page_has_one_name() -> None:
    form = {"once": [NONCE], "prompt": ["4"], "tap": ["yes"]}
    assert once_of(form, event_of(form)) == once_of(form, event_of(form)) != ""


def test_another_answer_on_the_same_page_has_another_name() -> None:
    yes = {"once": [NONCE], "prompt": ["4"], "tap": ["yes"]}
    no = {"once": [NONCE], "prompt": ["4"], "tap": ["no"]}
    assert once_of(yes, event_of(yes)) != once_of(no, event_of(no))


@pytest.mark.parametrize("nonce", ["", "short", "x" * 200, "空" * 22, "a b" * 8])
def test_a_page_number_not_of_our_making_names_nothing(nonce: str) -> None:
    form = {"once": [nonce], "tap": ["yes"]}
    assert once_of(form, event_of(form)) == ""
