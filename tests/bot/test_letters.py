from collections.abc import Mapping
from importlib import import_module
from pkgutil import iter_modules

import pytest
from jinja2 import UndefinedError

from bot import letters
from bot.app import whole_book
from bot.letters.letter import Letter, Post, address, write
from bot.letters.opening import opened
from bot.letters.table import LETTERS
from bot.naming import letter_without_family_names
from bot.voices import load_voices
from dialogs.plain_language import check
from dialogs.plain_words import TELLING
from dialogs.sheet_names import PREFIX
from dialogs.talk import Begin
from dialogs.words import Voice
from storage import outbox
from storage.base import Store
from tests.bot.conftest import NOW, Phone
from tests.databases import on_both

PLAIN = Voice("plain", lambda words: words)
NAMES = ("王小明", "李大梅", "陈静", "训桥")
HELPED = {"person": 1, "relation": 1, "ends": "2026-12-05T00:00:00+00:00", "until": "2026-12-05"}
FILED = {"person": 1, "application": 1}
DECIDED = {"event": 1}
"""What makes a letter one that tells nothing on a lock screen."""
UNTIL = "2026-11-24T10:00:00+08:00"
AT_FAIR = {"person": 1, "signup": 1, "fair": "F01", "version": 0, "event": 1}

EXAMPLES: list[tuple[str, Mapping[str, object]]] = [
    ("assent_request", {"name": "王小明", "person": 1, "application": 1}),
    ("assent_request", {"name": "", "person": 1, "application": 1}),
    ("draft_warning", {"draft": 1, "version": 0, "until": "2026-12-01"}),
    ("draft_nudge", {"draft": 1, "nudge": 2, "version": 0}),
    *(
        (kind, {"name": name, "starts": "2026-12-07", "reminder": 1, "version": 0, **FILED})
        for kind in ("class_reminder", "class_of_other")
        for name in ("王小明", "")
    ),
    *(
        (
            kind,
            {
                "name": name,
                "starts": "2026-12-14",
                "mode": mode,
                "reminder": 1,
                "version": 0,
                **FILED,
                **DECIDED,
            },
        )
        for kind in ("block_reminder", "exam_reminder", "part_of_other")
        for mode in ("online", "offline")
        for name in ("王小明", "")
    ),
    *(("certificate", {"name": name, **FILED, **DECIDED}) for name in ("王小明", "")),
    *(("not_passed", {"name": name, **FILED, **DECIDED}) for name in ("王小明", "")),
    ("ticket_due", {"ticket": 1, "number": "T2026-0007", "until": UNTIL, "staff": 1, **DECIDED}),
    (
        "weekly_ratings",
        {
            "staff": 1,
            "now": {"month": 12, "points": 4.2, "n": 13},
            "before": [{"month": 11, "points": 3.9, "n": 20}],
            "low": 1,
            **DECIDED,
        },
    ),
    ("needs_due", {"intake": 1, "first": 1, "count": 3, "starts": "2026-12-07", "staff": 1, **DECIDED}),
    ("wish_granted", {"wish": 1}),
    *(
        (
            "callback",
            {"name": name, "person": 1, "intake": 1, "callback": 1, "form": "survey_t7", "asked": asked},
        )
        for name in ("王小明", "")
        for asked in (1, 2)
    ),
    *(("word_given", {"name": "王小明", "person": 1, "whose": whose}) for whose in ("person", "parent")),
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
        for act in ("changed", "withdrawn", "phone", "corrected", "consent", "fair", "position")
    ),
    *(
        (kind, {"name": name, "starts": "2026-12-03", **AT_FAIR})
        for kind in ("fair_reminder", "fair_of_other")
        for name in ("王小明", "")
    ),
    *(
        ("fair_changed", {"name": name, "off": off, **AT_FAIR})
        for name in ("王小明", "")
        for off in (True, False)
    ),
    *(("positions_waiting", {"name": name, "person": 1, "count": 3, **DECIDED}) for name in ("王小明", "")),
    *(
        (
            kind,
            {
                **FILED,
                "name": name,
                "event": 1,
                "question": 1,
                "offer": 1,
                "change": 1,
                "category": "massage",
                "until": UNTIL,
            },
        )
        for kind in (
            "decided",
            "staff_question",
            "offer",
            "offer_reminder",
            "offer_lapsed",
            "changed",
            "called_off",
        )
        for name in ("王小明", "")
    ),
    ("new_applications", {"staff": 1, "first": 1, "count": 3, "applications": [1, 2, 3], "event": 1}),
    *(("notice_listed", {"notice": 1, "asking": 1, "count": 300, "phone": phone}) for phone in (0, 12)),
    *(
        ("notice_over", {"notice": 1, "stopped": stopped, "reached": 280, "missed": missed})
        for stopped in ("", "yes")
        for missed in (0, 20)
    ),
    *(("staff_words", {**FILED, "event": 1, "who": "陈静", "said": said}) for said in ("明天来。", "")),
    ("talk_opened", {"ticket": 1, "who": "陈静", "number": 3}),
    *(("talk_said", {"ticket": 1, "who": "陈静", "said": said}) for said in ("明天到。", "")),
    ("talk_ended", {"ticket": 1, "who": "陈静"}),
    *(("ticket_answered", {"ticket": 1, "closed": closed, "event": 1}) for closed in (True, False)),
]


@pytest.mark.parametrize(("kind", "payload"), EXAMPLES)
def test_every_letter_is_plain(kind: str, payload: Mapping[str, object]) -> None:
    text = write(LETTERS[kind], payload, PLAIN)
    assert [finding for finding in check(text, "plain", names=NAMES) if not finding.soft] == []


@pytest.mark.parametrize(("kind", "payload"), EXAMPLES)
def test_in_a_chat_that_is_not_ours_no_letter_calls_anybody_by_the_whole_name(
    kind: str, payload: Mapping[str, object]
) -> None:
    text = write(LETTERS[kind], letter_without_family_names(payload), PLAIN)
    assert not [name for name in ("王小明", "李大梅") if name in text]
    assert ("小明" in text) == ("王小明" in write(LETTERS[kind], payload, PLAIN))


@pytest.mark.parametrize("reading", ["plain", "easy", "en"])
def test_no_letter_about_a_decision_tells_anything_on_a_lock_screen(reading: str) -> None:
    voice = {str(name): voice for name, voice in load_voices().items()}[reading]
    for kind, payload in EXAMPLES:
        if "event" in payload:
            text = write(LETTERS[kind], payload, voice).lower()
            assert [word for word in TELLING if word in text] == []


def test_until_when_a_seat_is_kept_is_said_in_full() -> None:
    payload = {"name": "王小明", "until": UNTIL}
    text = write(LETTERS["offer"], payload, PLAIN)
    assert text == "王小明您好。有位子了。11 月 24 日，星期二，上午 10 点前，告诉我们来不来。"


def test_every_kind_of_letter_was_looked_at() -> None:
    assert {kind for kind, _ in EXAMPLES} == set(LETTERS)
    parts = [import_module(f"bot.letters.{module.name}") for module in iter_modules(letters.__path__)]
    tables = [part.LETTERS for part in parts if getattr(part, "LETTERS", LETTERS) is not LETTERS]
    assert sum(map(len, tables)) == len(LETTERS), "a letter takes the place of another module's"


def test_a_letter_says_who_is_meant_and_what_to_do() -> None:
    text = write(LETTERS["assent_request"], EXAMPLES[0][1], PLAIN)
    assert text == "王小明您好。有人帮您报名上课。想不想去，告诉我们。"
    text = write(LETTERS["draft_warning"], EXAMPLES[2][1], PLAIN)
    assert text == "您有一张表没写完。12 月 1 日，星期二会删掉。还想要，就接着写。"


def test_a_letter_with_a_gap_is_not_sent() -> None:
    with pytest.raises(UndefinedError):
        write(LETTERS["told"], {"name": "王小明"}, PLAIN)


@pytest.mark.parametrize("kind", [kind for kind, letter in LETTERS.items() if letter.button])
def test_a_button_has_its_words_in_the_text_and_tells_only_a_number(kind: str) -> None:
    letter = LETTERS[kind]
    post = address(letter, "您好。", PLAIN, 7)
    said, *hints = post.text.splitlines()
    assert [hint.strip("点“”。") for hint in hints] == [label for label, _ in post.buttons]
    assert max(len(label) for label, _ in post.buttons) <= 12
    assert post.datum == "o:7"
    for hint in hints:  # what can be chosen is no part of what is said (access.md R3)
        assert [each for each in check(f"{said}\n{hint}", "plain", names=NAMES) if not each.soft] == []


def test_a_letter_without_a_button_stays_as_it_is() -> None:
    assert address(Letter("您好。", lambda _session, _payload: ""), "您好。", PLAIN, 7) == Post(
        "您好。", outbox_id=7
    )


def test_what_a_button_begins_is_there_to_begin() -> None:
    book = whole_book()
    for kind, payload in EXAMPLES:
        letter = LETTERS[kind]
        assert (letter.begins is None) == (not letter.button)
        if letter.begins is not None:
            flow = letter.begins(payload).flow
            assert flow.startswith(PREFIX) or book.find(flow) is not None, "forms come from staff"


@on_both
def test_a_button_is_only_for_who_the_letter_was_to(store: Store) -> None:
    son, other = Phone(store, "77", channel="telegram"), Phone(store, "78", channel="telegram")
    with store.writing() as session:
        asked = outbox.promise(session, son.contact_id, "assent_request", {"application": 5}, now=NOW)
        errand = outbox.promise(session, son.contact_id, "fetch", {"file": "a"}, now=NOW)
        assert asked is not None
        assert errand is not None
    with store.reading() as session:
        assert opened(session, asked, son.contact_id) == Begin("assent", (("application", 5),))
        assert opened(session, asked, other.contact_id) is None
        assert opened(session, errand, son.contact_id) is None
        assert opened(session, errand + 1, son.contact_id) is None


@on_both
def test_the_button_of_a_letter_that_was_emptied_begins_nothing(store: Store) -> None:
    son = Phone(store, "77", channel="telegram")
    with store.writing() as session:
        asked = outbox.promise(session, son.contact_id, "assent_request", {}, now=NOW)
        assert asked is not None
        assert opened(session, asked, son.contact_id) is None
