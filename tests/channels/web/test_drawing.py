from dataclasses import replace

import pytest

from bot.channels.web.drawing import draw, qr_code
from tests.channels.web import gallery

ADDRESS = "https://xunqiao.example.org"
LINK = "/go/" + "Ab_-" * 8


def test_the_first_line_is_the_heading_and_the_rest_stands_under_it() -> None:
    drawn = draw(gallery.SCREENS["note"], ADDRESS)
    assert drawn.heading == "报名收到了。"
    assert drawn.body == ("报名号是 2026-0031。", "12 月 3 日前，工作人员会找您。")


def test_ways_out_of_a_list_of_boxes_are_no_boxes() -> None:
    drawn = draw(gallery.SCREENS["many"], ADDRESS)
    assert [each.label for each in drawn.answers] == [
        "我坐轮椅",
        "我不能走楼梯",
        "我要能进轮椅的厕所",
        "有人带路",
    ]
    assert [each.value for each in drawn.ways] == ["unsaid"]


def test_the_way_out_of_a_list_with_pages_stands_apart_and_without_a_number() -> None:
    screen = replace(
        gallery.SCREENS["pick"],
        options=(*gallery.SCREENS["pick"].options, *gallery.ways(gallery.UNSAID, first=0)),
    )
    drawn = draw(screen, ADDRESS)
    assert [each.number for each in drawn.answers] == [5, 6, 7, 8]
    assert [(each.value, each.number) for each in drawn.ways] == [("unsaid", 0)]


def test_an_answer_known_already_is_said_where_its_option_is_on_another_page() -> None:
    here = replace(gallery.SCREENS["pick"], form="choice", current="打零工", pages=2)
    assert draw(here, ADDRESS).shows_known
    assert not draw(replace(here, pages=1), ADDRESS).shows_known
    marked = (replace(here.options[0], picked=True), *here.options[1:])
    assert not draw(replace(here, options=marked), ADDRESS).shows_known


def test_every_way_to_answer_a_choice_is_a_numbered_button() -> None:
    drawn = draw(gallery.SCREENS["english"], ADDRESS)
    assert [each.number for each in drawn.answers] == [1, 2, 3]
    assert drawn.ways == ()


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("2026-2-31", ("2026", "2", "31")),
        ("2026 年 2 月", ("2026", "2", "")),
        ("2026 年", ("2026", "", "")),
        ("过年以后", ("", "", "")),
        ("", ("", "", "")),
    ],
)
def test_a_day_that_was_not_understood_stands_in_its_fields_again(
    typed: str, day: tuple[str, str, str]
) -> None:
    drawn = draw(replace(gallery.SCREENS["date"], typed=typed), ADDRESS)
    assert drawn.day == day


def test_the_link_our_own_flow_gave_is_made_whole() -> None:
    assert draw(gallery.SCREENS["continue"], ADDRESS).link.startswith(f"{ADDRESS}/go/Ab_-")


@pytest.mark.parametrize("link", ["/go/short", "//elsewhere.example/go/" + "x" * 20, "/catalogue", ""])
def test_what_is_no_link_of_ours_is_none(link: str) -> None:
    assert draw(replace(gallery.SCREENS["note"], link=link), ADDRESS).link == ""


def test_words_that_look_like_a_link_are_none() -> None:
    screen = gallery.SCREENS["note"]
    for each in (
        replace(screen, text=f"打开 {LINK} 就行。"),
        replace(screen, hint=f"地址：{ADDRESS}{LINK}"),
        replace(screen, lines=(replace(gallery.COURSE[0], value=LINK),)),
    ):
        assert draw(each, ADDRESS).link == ""


def test_the_picture_of_a_link_has_no_style_of_its_own() -> None:
    picture = str(qr_code(ADDRESS + LINK))
    assert picture.startswith("<svg")
    assert "style" not in picture
    assert "script" not in picture


def test_a_phone_can_take_a_picture_or_choose_one() -> None:
    fields = draw(gallery.SCREENS["file"], ADDRESS).files
    assert [(field.capture, field.label) for field in fields] == [
        ("environment", "拍一张照片"),
        ("", "选一个已经有的"),
    ]


def test_where_only_speech_is_taken_there_is_one_way_to_record() -> None:
    assert [field.name for field in draw(gallery.SCREENS["voice"], ADDRESS).files] == ["recorder"]
