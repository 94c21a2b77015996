"""HTML read as Telegram reads it; the complaints are Telegram's own."""

import pytest

from tests.channels.botapi.markup import Entity, parse_html, trim
from tests.channels.botapi.refusing import Refused


def test_marks_become_entities_counted_in_utf_16() -> None:
    assert parse_html("🏠 <b>您好</b>，<i>小<b>明</b></i>") == (
        "🏠 您好，小明",
        (Entity("bold", 3, 2), Entity("italic", 6, 2), Entity("bold", 7, 1)),
    )


def test_named_signs_are_unfolded_and_unknown_ones_stay() -> None:
    assert parse_html("1 &lt; 2 &amp;&amp; 3 &gt; 2 &quot;&#20320;&#x597d;&quot; &nbsp; & &ge;")[0] == (
        '1 < 2 && 3 > 2 "你好" &nbsp; & &ge;'
    )


def test_a_link_keeps_its_address() -> None:
    assert parse_html('<a href="https://例子.cn/?a=1&amp;b=2">看</a>')[1] == (
        Entity("text_link", 0, 1, "https://例子.cn/?a=1&b=2"),
    )


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("<b>好", 'Can\'t find end tag corresponding to start tag "b"'),
        ("好</b>", "Unexpected end tag at byte offset 3"),
        ("<b><i>好</b></i>", 'Unmatched end tag at byte offset 9, expected "</i>", found "</b>"'),
        ("好<p>", 'Unsupported start tag "p" at byte offset 3'),
        ("1 < 2", 'Unsupported start tag "" at byte offset 2'),
        ("好 <3", "Unclosed start tag at byte offset 4"),
        ("<b>好</b", "Unclosed end tag at byte offset 6"),
        ("<span>好</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        (
            "<a href>好</a>",
            'Expected equal sign in declaration of an attribute of the tag "a" at byte offset 0',
        ),
    ],
)
def test_what_cannot_be_read_is_refused_in_telegrams_words(source: str, words: str) -> None:
    with pytest.raises(Refused) as refused:
        parse_html(source)
    assert refused.value.description == f"Bad Request: can't parse entities: {words}"


def test_white_space_at_the_ends_goes_and_the_marks_move() -> None:
    assert trim("\n  好的 ", (Entity("bold", 0, 5),)) == ("好的", (Entity("bold", 0, 2),))
