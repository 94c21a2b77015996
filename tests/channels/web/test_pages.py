"""What the drawn page says to a browser and to a screen reader, without running it."""

from dataclasses import replace

import pytest

from bot.channels.web.pages import Pages
from bot.voices import load_voices
from dialogs.facts import Office
from tests.channels.web import gallery
from tests.channels.web.handset import Page

OFFICE = Office("武侯区残疾人就业服务所", "028-00001101", "15400009001")
PAGES = Pages(load_voices(), OFFICE, "http://127.0.0.1:8000")


def page_words(name: str, text: str) -> str:
    """A wording of the page's own, as this screen of the gallery has it."""
    return PAGES.voices[gallery.heard(name).reading].say(text)


def draw(name: str) -> Page:
    return Page(PAGES.screen(gallery.heard(name), gallery.visit(name)))


@pytest.mark.parametrize("name", gallery.SCREENS)
def test_there_is_one_form_and_it_is_the_question(name: str) -> None:
    forms = draw(name).all("form")
    assert [(form["method"], form["action"]) for form in forms] == [("post", "/answer")]


@pytest.mark.parametrize("name", gallery.SCREENS)
def test_title_and_heading_begin_with_the_question(name: str) -> None:
    page = draw(name)
    question = gallery.SCREENS[name].text.split("\n")[0]
    assert page.words("h1") == question
    start = f"错误：{question}" if gallery.SCREENS[name].error else question
    assert page.words("title").startswith(start)


@pytest.mark.parametrize("name", gallery.SCREENS)
def test_nothing_on_the_page_needs_inline_style_or_script(name: str) -> None:
    page = draw(name)
    for tag, attrs in page.elements:
        assert "style" not in attrs, tag
        assert not [key for key in attrs if key.startswith("on")], tag
        assert tag != "style"
        if tag == "script":
            assert attrs["src"].startswith("/static/")


@pytest.mark.parametrize("name", gallery.SCREENS)
def test_enter_in_a_field_sends_what_was_written_and_not_a_way_out(name: str) -> None:
    page = draw(name)
    submits = [attrs for tag, attrs in page.elements if tag == "button" and attrs.get("type") != "button"]
    if any(attrs.get("name") == "say" for attrs in page.all("input")):
        assert submits[0]["value"] == "send"


@pytest.mark.parametrize("name", gallery.SCREENS)
def test_where_there_are_options_one_may_write_instead(name: str) -> None:
    page = draw(name)
    written = [attrs for attrs in page.all("input") if attrs.get("id") == "say"]
    assert bool(written) is (gallery.SCREENS[name].form in ("choice", "pick", "many"))
    if written:
        assert page.words("label", **{"for": "say"}) == page_words(name, "也可以写下来，或者说出来")
        # The button that Enter presses is for nobody to find: neither by Tab nor by a screen reader.
        first = next(attrs for attrs in page.all("button") if attrs.get("type") != "button")
        assert (first["tabindex"], first["aria-hidden"]) == ("-1", "true")


def test_what_was_written_and_not_understood_stands_in_the_field_and_the_summary_leads_there() -> None:
    page = draw("choice_error")
    field = next(attrs for attrs in page.all("input") if attrs.get("id") == "say")
    assert (field["value"], field["aria-invalid"], field["aria-describedby"]) == ("蓝色的", "true", "wrong")
    assert "#say" in [attrs["href"] for attrs in page.all("a")]


def test_where_nothing_was_chosen_the_summary_leads_to_the_first_box() -> None:
    page = draw("many_error")
    field = next(attrs for attrs in page.all("input") if attrs.get("id") == "say")
    assert "aria-invalid" not in field
    assert "#answer" in [attrs["href"] for attrs in page.all("a")]


@pytest.mark.parametrize("name", gallery.SCREENS)
def test_back_again_stop_and_help_are_always_there_in_the_same_order(name: str) -> None:
    acts = [attrs["value"] for attrs in draw(name).all("button") if attrs.get("name") == "act"]
    assert acts[-4:] == ["back", "again", "stop", "help"]


@pytest.mark.parametrize("name", gallery.SCREENS)
def test_a_person_can_be_called_or_texted_from_every_page(name: str) -> None:
    links = [attrs["href"] for attrs in draw(name).all("a")]
    assert "tel:02800001101" in links
    assert "sms:15400009001" in links


def test_the_language_of_the_page_and_of_its_parts_is_said() -> None:
    page = draw("english")
    assert page.all("html")[0]["lang"] == "en"
    assert {"lang": "zh-Hans"} in page.all("span")
    plain = draw("choice_picked")
    assert plain.all("html")[0]["lang"] == "zh-Hans"
    assert {"lang": "en"} in plain.all("span")


def test_what_people_typed_is_never_markup() -> None:
    heard = gallery.heard("text_error")
    evil = '"><script>alert(1)</script>'
    heard = replace(
        heard, said=(evil,), screen=replace(heard.screen, typed=evil, error=evil, asking_for=evil)
    )
    html = PAGES.screen(heard, gallery.visit("text_error"))
    assert "<script>alert" not in html


def test_words_that_look_like_placeholders_stay_as_they_were_typed() -> None:
    heard = gallery.heard("text_error")
    odd = "{{ 7 * 7 }} {% if %}"
    heard = replace(heard, said=(odd,), screen=replace(heard.screen, typed=odd, asking_for=odd))
    html = PAGES.screen(heard, gallery.visit("text_error"))
    assert html.count("{{ 7 * 7 }} {% if %}") == 4
    assert "49" not in html


def test_only_our_own_links_become_links() -> None:
    heard = gallery.heard("note")
    heard = replace(
        heard, said=("看 http://127.0.0.1:8000/catalogue/P001 和 https://elsewhere.example/go/abc",)
    )
    links = [attrs["href"] for attrs in Page(PAGES.screen(heard, gallery.visit("note"))).all("a")]
    assert "/catalogue/P001" in links
    assert not [link for link in links if "elsewhere" in link]


def test_a_page_without_numbers_to_call_offers_none() -> None:
    pages = Pages(load_voices(), Office("所", "", "", ""), "http://127.0.0.1:8000")
    page = Page(pages.screen(gallery.heard("choice"), gallery.visit("choice")))
    assert not [attrs for attrs in page.all("a") if attrs["href"].startswith(("tel:", "sms:"))]
