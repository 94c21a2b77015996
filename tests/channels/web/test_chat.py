"""The chat page as a phone without scripts meets it."""

from urllib.parse import urlsplit

import httpx
import pytest

from bot.channels.web.app import create_app
from tests.channels.web.conftest import Service
from tests.channels.web.handset import Handset
from tests.channels.web.serving import serving


def test_looking_keeps_nothing_and_answering_does(service: Service, handset: Handset) -> None:
    handset.open()
    assert handset.status == 200
    assert len(handset.cookie) == 43
    assert service.contacts == 0
    handset.tap("plain")
    assert service.contacts == 1


def test_an_answer_leads_to_the_next_question_by_a_get(handset: Handset) -> None:
    handset.open().tap("plain")
    assert handset.response is not None
    assert [each.status_code for each in handset.response.history] == [303]
    assert urlsplit(str(handset.response.url)).path == "/"
    assert handset.asking == "您给谁找课？"
    assert handset.said == "您选了：一般的字"


def test_what_was_chosen_is_said_back_in_the_language_that_was_chosen(handset: Handset) -> None:
    assert handset.open().tap("en").said == "You chose: English"


def test_reloading_shows_the_same_question_and_what_was_said(handset: Handset) -> None:
    handset.open().tap("plain")
    first = (handset.asking, handset.said, handset.page.hidden["prompt"])
    handset.open()
    assert (handset.asking, handset.said, handset.page.hidden["prompt"]) == first


def test_the_same_form_sent_twice_counts_once(handset: Handset) -> None:
    handset.open()
    first = handset.page
    handset.tap("plain")
    asking = handset.asking
    handset.page = first
    handset.press(tap="plain")
    assert handset.asking == asking
    assert "旧的" not in handset.said


def test_an_old_page_is_told_what_is_asked_now(handset: Handset) -> None:
    handset.open()
    first = handset.page
    handset.tap("plain")
    asking = handset.asking
    handset.page = first
    handset.press(tap="easy")
    assert handset.asking == asking
    assert "刚才那一页是旧的" in handset.said


def test_what_was_answered_stands_below(handset: Handset) -> None:
    handset.open().tap("plain").tap("self")
    assert "您已经答了" not in handset.page.words("h1")
    handset.press(to="/begin", flow="browse").tap("unemployed")
    assert "没有工作" in handset.page.words("section", **{"aria-labelledby": "history-head"})


def test_several_boxes_are_answered_at_once(handset: Handset) -> None:
    handset.open().tap("plain").tap("self")
    handset.press(to="/begin", flow="browse").tap("unemployed")
    boxes = [attrs["value"] for attrs in handset.page.all("input") if attrs.get("name") == "tick"]
    assert "words" in boxes
    handset.press(tick=["words"], act="@done")
    assert "想学什么" in handset.asking


@pytest.mark.parametrize("words", ["1", "一", "１", "一般的字", "一般", "第一个", "一般的字。"])
def test_an_option_is_answered_in_words_as_well_as_by_its_button(handset: Handset, words: str) -> None:
    handset.open().say(words)
    assert handset.asking == "您给谁找课？"
    assert handset.said == "您选了：一般的字"


def test_boxes_are_answered_in_words_as_well(handset: Handset) -> None:
    handset.open().tap("plain").tap("self")
    handset.press(to="/begin", flow="browse").tap("unemployed").say("说想学什么，按地方找")
    assert handset.said == "您选了：说想学什么。按地方找"
    handset.press(act="back").say("1 2")
    assert handset.said.count("。") == 1, "two were chosen by their numbers"


def test_words_that_mean_no_option_are_kept_to_be_corrected(handset: Handset) -> None:
    handset.open().say("蓝色的")
    assert handset.page.words("title").startswith("错误：")
    field = next(attrs for attrs in handset.page.all("input") if attrs.get("name") == "say")
    assert field["value"] == "蓝色的"
    handset.say("1")
    assert handset.asking == "您给谁找课？"


def test_pressing_enter_with_nothing_written_chooses_nothing(handset: Handset) -> None:
    handset.open()
    asking = handset.asking
    handset.say("")
    assert handset.asking == asking
    assert handset.page.words("div", id="summary").endswith("选一个，或者写下来。")


def test_a_word_that_works_everywhere_works_beside_options(handset: Handset) -> None:
    handset.open().tap("plain").say("找人帮忙")
    assert handset.asking == "有人可以帮您。您想怎么办？"


def ask_situation(handset: Handset) -> Handset:
    """Bring a list of two pages with a way out onto the page."""
    handset.open().tap("plain").tap("self").press(to="/begin", flow="browse")
    assert "现在做什么" in handset.asking
    return handset


@pytest.mark.parametrize("words", ["0", "０", "零", "不想说", "7"])
@pytest.mark.parametrize("page", [1, 2])
def test_the_way_out_of_a_list_is_named_alike_on_every_page(handset: Handset, page: int, words: str) -> None:
    ask_situation(handset)
    for _ in range(page - 1):
        handset.press(tap="@next")
    assert handset.page.words("button", value="unsaid") == "不想说"
    assert handset.say(words).said == "您选了：不想说"


def test_the_second_page_of_a_list_is_said_in_title_and_heading(handset: Handset) -> None:
    ask_situation(handset)
    first = (handset.page.words("title"), handset.asking)
    handset.press(tap="@next")
    second = (handset.page.words("title"), handset.asking)
    assert second[1] == f"{first[1]} 第 2 页，一共 2 页"
    assert "第 2 页，一共 2 页" in second[0]
    assert "第 1 页" not in "".join(first)


def test_boxes_are_kept_while_pages_are_turned(handset: Handset) -> None:
    handset.open().tap("plain").tap("self")
    handset.press(to="/begin", flow="browse").tap("unemployed")
    handset.press(tick=["words", "city"], act="@next")
    assert "第 2 页" in handset.page.html
    handset.press(act="@prev")
    ticked = [attrs["value"] for attrs in handset.page.all("input") if "checked" in attrs]
    assert ticked == ["words", "city"]


def test_what_could_not_be_read_is_said_kept_and_marked(handset: Handset) -> None:
    handset.open().tap("plain").tap("self").press(act="help").tap("call_me").tap("later").tap("phone")
    handset.say("x" * 31)
    assert handset.page.words("title").startswith("错误：")
    field = next(attrs for attrs in handset.page.all("input") if attrs.get("name") == "say")
    assert field["value"] == "x" * 31
    assert field["aria-invalid"] == "true"
    summary = next(attrs for attrs in handset.page.all("div") if attrs.get("id") == "summary")
    assert "autofocus" in summary
    assert "#answer" in [attrs["href"] for attrs in handset.page.all("a")]


@pytest.mark.parametrize("act", ["back", "again", "stop", "help"])
def test_the_four_buttons_work_from_the_first_page_on(handset: Handset, act: str) -> None:
    handset.open().press(act=act)
    assert handset.status == 200
    assert handset.asking


def test_help_is_one_button_away_also_where_any_words_are_an_answer(handset: Handset) -> None:
    handset.open().tap("plain").tap("self").press(act="help").tap("call_me")
    assert handset.page.all("textarea")
    handset.press(say="半句话", act="help")
    assert "做这件事" not in handset.page.html


def test_back_shows_the_question_before_with_its_answer(handset: Handset) -> None:
    handset.open().tap("plain").tap("self").press(act="help").tap("call_me")
    handset.press(act="back")
    assert handset.asking == "有人可以帮您。您想怎么办？"
    assert "上次选的" in handset.page.html


def test_two_phones_are_two_people(service: Service, handset: Handset) -> None:
    other = Handset(service.url)
    handset.open().tap("plain")
    other.open()
    assert other.asking != handset.asking
    other.close()


def test_the_size_of_letters_is_kept_with_the_person(handset: Handset) -> None:
    handset.open().tap("plain")
    handset.press(to="/size", size="huge")
    assert handset.page.all("html")[0]["class"] == "size-huge"
    handset.client.cookies.delete("xq_size")
    handset.open()
    assert handset.page.all("html")[0]["class"] == "size-huge"


def test_the_size_chosen_before_anything_was_answered_stays(handset: Handset) -> None:
    handset.open().press(to="/size", size="large")
    assert handset.page.all("html")[0]["class"] == "size-large"
    handset.tap("plain")
    handset.client.cookies.delete("xq_size")
    handset.open()
    assert handset.page.all("html")[0]["class"] == "size-large"


def test_a_size_we_do_not_have_is_refused(handset: Handset) -> None:
    handset.open().press(to="/size", size="9000px")
    assert handset.status == 400
    assert "没看懂" in handset.asking


def test_english_is_read_as_english(handset: Handset) -> None:
    handset.open().tap("en")
    assert handset.page.all("html")[0]["lang"] == "en"


def test_a_link_may_not_begin_what_needs_an_invitation(handset: Handset) -> None:
    handset.open().tap("plain")
    for flow in ("assent", "erase", "nonsense", ""):
        handset.press(to="/begin", flow=flow)
        assert handset.status == 400


def test_nonsense_never_breaks_the_page(handset: Handset) -> None:
    handset.open().tap("plain")
    for form in (
        {},
        {"prompt": "-1", "tap": "self"},
        {"prompt": "9" * 30, "say": "x"},
        {"tap": "x" * 5000},
        {"say": "长" * 10_000},
        {"act": "@done", "tick": ["a"] * 200},
        {"change": "nothing"},
        {"year": "x", "month": "", "day": "99"},
        {"say": "\x00\x01"},
        {"once": "x" * 5000, "again": "again"},
    ):
        handset.open()
        response = handset.client.post("/answer", data={**handset.page.hidden, **form})
        assert response.status_code == 200, form
    assert handset.open().asking == "您给谁找课？"


def test_every_answer_makes_the_cookie_last_anew(handset: Handset) -> None:
    handset.open().tap("plain")
    assert handset.response is not None
    assert f"xq={handset.cookie}" in handset.response.history[0].headers["set-cookie"]


def test_a_forged_cookie_is_simply_somebody_new(service: Service) -> None:
    for forged in ("x", "a" * 43, "é" * 3, "'; DROP TABLE contact; --"):
        response = httpx.get(service.url, headers={b"Cookie": f"xq={forged}".encode()})
        assert response.status_code == 200
    assert service.contacts == 0


def test_what_is_open_is_told_to_no_cache(handset: Handset) -> None:
    handset.open()
    assert handset.response is not None
    assert handset.response.headers["cache-control"] == "no-store"


def test_after_a_restart_an_open_page_still_answers(service: Service, handset: Handset) -> None:
    handset.open().tap("plain")
    with serving(lambda stopping: create_app(service.runner, stopping=stopping)) as again:
        restarted = Handset(again)
        restarted.client.cookies.set("xq", handset.cookie)
        restarted.page = handset.page
        restarted.press(tap="self")
        assert restarted.status == 200
        assert "给我自己" in restarted.said
        restarted.close()
