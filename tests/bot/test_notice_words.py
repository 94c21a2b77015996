"""A notice in the words of one recipient, whoever that is and whatever they read."""

from datetime import UTC, datetime

import pytest

from bot.faulted import faulty
from bot.notices.posts import wording
from bot.voices import load_voices
from dialogs.talk import Reading
from storage.notices.tables import NoticeText

VOICES = load_voices()


def text(en: str, file_id: int | None = None, file_words: str = "") -> NoticeText:
    at = datetime(2026, 11, 24, tzinfo=UTC)
    said = {"title": "招聘会", "plain": "", "en": en, "file_words": file_words}
    return NoticeText(notice_id=1, version=1, staff_id=1, at=at, file_id=file_id, **said)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("reading", "greeted"),
    [("plain", "您好，周六有招聘会。您来吗？"), ("en", "Hello, there is a fair. Will you come?")],
)
def test_who_told_no_name_is_greeted_and_no_gap_is_left(reading: Reading, greeted: str) -> None:
    it = text(en="{{ name }}, there is a fair. Will {{ name }} come?")
    it.plain = "{{ name }}，周六有招聘会。{{name}}来吗？"
    assert wording(it, VOICES[reading]).on_page("").splitlines()[-1] == greeted
    assert "小明" in wording(it, VOICES[reading]).on_page("小明")


def test_an_english_reader_is_told_that_a_picture_is_in_chinese() -> None:
    it = text(en="There is a fair.", file_id=1, file_words="招聘会 12月3日")
    assert wording(it, VOICES["en"]).on_page("").endswith("With it, in Chinese: 招聘会 12月3日")
    it.file_words = "a ramp"
    assert wording(it, VOICES["en"]).on_page("").endswith("With it: a ramp")


@pytest.mark.parametrize(
    "words", ["Message_too_long", "MEDIA_CAPTION_TOO_LONG", "Bad Request: message is too long"]
)
def test_what_is_too_long_is_called_so_however_telegram_spells_it(words: str) -> None:
    assert "话太长了" in faulty(words)
