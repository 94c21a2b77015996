"""A message that is longer than a chat takes: split where a sentence ends, and nothing of it is lost."""

import re
from html import unescape

import pytest

from bot.channels.messenger.drawing import MOST, cut

SENTENCE = "老师慢慢教，您慢慢学。"
NO_END = "慢" * (MOST * 2 + 7)


def plain(texts: list[str]) -> str:
    return unescape(re.sub(r"</?b>", "", "".join(texts)))


def test_short_lines_stay_in_one_message() -> None:
    assert list(cut(["<b>您想怎么办？</b>", "", "1 我要报名"])) == ["<b>您想怎么办？</b>\n\n1 我要报名"]


def test_a_long_line_is_split_where_a_sentence_ends() -> None:
    texts = list(cut([SENTENCE * 800]))
    assert plain(texts) == SENTENCE * 800
    assert all(len(text) <= MOST and text.endswith("。") for text in texts)


def test_a_long_english_line_is_split_where_a_sentence_ends() -> None:
    said = "Room 3.14 is upstairs. " * 400
    texts = list(cut([said]))
    assert plain(texts) == said
    assert all(len(text) <= MOST and text.endswith(". ") for text in texts)


def test_a_line_without_an_end_is_split_all_the_same() -> None:
    texts = list(cut([NO_END]))
    assert plain(texts) == NO_END
    assert max(map(len, texts)) <= MOST


@pytest.mark.parametrize("sign", ["&amp;", "&lt;", "&#x27;"])
def test_no_sign_is_cut_in_two(sign: str) -> None:
    line = sign * MOST
    texts = list(cut([line]))
    assert "".join(texts) == line
    assert all(text.endswith(";") and text.startswith("&") and len(text) <= MOST for text in texts)


def test_every_part_of_a_bold_line_is_bold() -> None:
    texts = list(cut(["第 1 题", f"<b>{SENTENCE * 800}</b>", "1 好"]))
    assert plain(texts) == f"第 1 题{SENTENCE * 800}\n1 好"
    assert all(text.count("<b>") == text.count("</b>") == 1 and len(text) <= MOST for text in texts[1:])


def test_what_is_short_again_goes_on_in_the_last_part() -> None:
    texts = list(cut([SENTENCE * 400, "1 好"]))
    assert texts[-1].endswith("。\n1 好")
