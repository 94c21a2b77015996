"""What the drawn page says to a browser and to a screen reader, without running it."""

from dataclasses import replace

import pytest

from bot.channels.web.pages import Pages
from bot.voices import load_voices
from dialogs.facts.people import Office
from dialogs.talk import Line
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
    which = "第 2 页，一共 3 页" if gallery.SCREENS[name].page == 2 else ""
    assert page.words("h1") == f"{question} {which}".strip()
    start = f"错误：{question}" if gallery.SCREENS[name].error else question
    assert page.words("title") == " – ".join(filter(None, (start, which, OFFICE.name)))


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
    odd = "{{ 70707 * 7 }} {% if %}"
    heard = replace(heard, said=(odd,), screen=replace(heard.screen, typed=odd, asking_for=odd))
    html = PAGES.screen(heard, gallery.visit("text_error"))
    assert html.count("{{ 70707 * 7 }} {% if %}") == 4
    assert "494949" not in html


def links_of(name: str, **more: object) -> list[str]:
    heard = gallery.heard(name)
    said = more.pop("said", ())
    heard = replace(heard, said=said, screen=replace(heard.screen, **more))  # type: ignore[arg-type]
    return [attrs["href"] for attrs in Page(PAGES.screen(heard, gallery.visit(name))).all("a")]


def test_only_our_own_pages_become_links() -> None:
    links = links_of(
        "note",
        said=(
            "看 http://127.0.0.1:8000/catalogue/P001，打开/catalogue。https://elsewhere.example/catalogue/P002",
        ),
    )
    assert {"/catalogue/P001", "/catalogue"} <= set(links)
    assert not [link for link in links if "elsewhere" in link or "P002" in link]


def test_the_one_time_link_of_our_own_flow_is_a_link_and_shown_whole() -> None:
    page = draw("continue")
    link = "/go/" + "Ab_-" * 10
    assert page.words("a", href=link) == f"http://127.0.0.1:8000{link}"


@pytest.mark.parametrize("start", ["", "http://127.0.0.1:8000", "https://elsewhere.example", "看这里"])
def test_a_one_time_link_in_words_of_others_is_none(start: str) -> None:
    evil = start + "/go/" + "x" * 32
    links = links_of(
        "card",
        text=evil,
        hint=evil,
        said=(evil,),
        lines=(Line("", evil, evil),),
        options=gallery.options(evil),
    )
    assert not [link for link in links if "/go/" in link]


def test_a_button_holds_no_link() -> None:
    evil = "看 /catalogue/P001 打 028-00001101"
    page = Page(
        PAGES.screen(
            replace(
                gallery.heard("pick"),
                screen=replace(gallery.SCREENS["pick"], options=gallery.options(evil, note=evil)),
            ),
            gallery.visit("pick"),
        )
    )
    assert "/catalogue/P001" not in [attrs["href"] for attrs in page.all("a")]


def test_numbers_of_a_card_can_be_called_or_texted() -> None:
    links = links_of("card")
    assert {"tel:02800001101", "sms:15400009001"} <= set(links[links.index("/") : links.index("/catalogue")])


@pytest.mark.parametrize(
    "words", ["99990119900307000012", "154 0000 0001", "12385 元", "2026-0031", "01-2026-0031"]
)
def test_what_is_no_number_to_call_is_none(words: str) -> None:
    assert len(links_of("note", lines=(Line("", "这是", words),))) == len(links_of("note"))


def test_a_long_list_to_check_can_be_sent_from_its_top_and_from_its_end() -> None:
    acts = [attrs for attrs in draw("review_long").all("button") if attrs.get("name") in ("tap", "change")]
    assert acts[0]["value"] == acts[-1]["value"] == "v1"
    assert [attrs.get("id") for attrs in (acts[0], acts[-1])] == ["answer", None]
    short = [attrs["value"] for attrs in draw("review").all("button") if attrs.get("name") == "tap"]
    assert short == ["v1"]


def test_a_page_without_numbers_to_call_offers_none() -> None:
    pages = Pages(load_voices(), Office("所", "", "", ""), "http://127.0.0.1:8000")
    page = Page(pages.screen(gallery.heard("choice"), gallery.visit("choice")))
    assert not [attrs for attrs in page.all("a") if attrs["href"].startswith(("tel:", "sms:"))]
