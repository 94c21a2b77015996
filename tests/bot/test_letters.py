from collections.abc import Mapping

import pytest
from jinja2 import UndefinedError

from bot.letters import LETTERS, write
from dialogs.plain_language import check
from dialogs.words import Voice

PLAIN = Voice("plain", lambda words: words)
NAMES = ("王小明", "李大梅", "训桥")
HELPED = {"person": 1, "relation": 1, "ends": "2026-12-05T00:00:00+00:00", "until": "2026-12-05"}
EXAMPLES: list[tuple[str, Mapping[str, object]]] = [
    ("assent_request", {"name": "王小明", "person": 1, "application": 1}),
    ("assent_request", {"name": "", "person": 1, "application": 1}),
    ("draft_warning", {"draft": 1, "version": 0, "until": "2026-12-01"}),
    ("wish_granted", {"wish": 1}),
    *(
        ("helper_ends", {**HELPED, "name": name, "helper": helper})
        for name, helper in (("王小明", "李大梅"), ("", ""))
    ),
    *(
        ("helping_ends", {**HELPED, "name": name, "has_phone": has_phone})
        for name in ("王小明", "")
        for has_phone in (True, False)
    ),
    *(
        ("told", {"name": "王小明", "person": 1, "act": act})
        for act in ("changed", "withdrawn", "phone", "corrected", "consent")
    ),
]


@pytest.mark.parametrize(("kind", "payload"), EXAMPLES)
def test_every_letter_is_plain(kind: str, payload: Mapping[str, object]) -> None:
    text = write(LETTERS[kind], payload, PLAIN)
    assert [finding for finding in check(text, "plain", names=NAMES) if not finding.soft] == []


def test_every_kind_of_letter_was_looked_at() -> None:
    assert {kind for kind, _ in EXAMPLES} == set(LETTERS)


def test_a_letter_says_who_is_meant_and_what_to_do() -> None:
    text = write(LETTERS["assent_request"], EXAMPLES[0][1], PLAIN)
    assert text == "王小明您好。有人帮您报名上课。想不想去，打开训桥告诉我们。"
    text = write(LETTERS["draft_warning"], EXAMPLES[2][1], PLAIN)
    assert text == "您有一张表没写完。12 月 1 日，星期二会删掉。想接着写，打开训桥。"


def test_a_letter_with_a_gap_is_not_sent() -> None:
    with pytest.raises(UndefinedError):
        write(LETTERS["told"], {"name": "王小明"}, PLAIN)
