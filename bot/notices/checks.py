"""What is wrong with the words of a notice, sentence by sentence, wherever they are written."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from jinja2 import TemplateError

from bot.notices.dates import other_days
from bot.notices.posts import PLACEHOLDERS, wording
from dialogs.plain_language import check
from dialogs.talk import Reading
from dialogs.words import Voice
from storage.catalogue.snapshot import Snapshot
from storage.notices.notices import Words
from storage.notices.tables import NoticeText

MOST_TITLE, MOST_TEXT, MOST_SMS = 40, 1000, 70
"""Characters."""

MOST_UNDER_FILE = 800
"""Characters of a text that goes under a picture: Telegram takes 1024 with the title and what stands on buttons."""

_GAP = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with the words.

    Args:
        field: in which field, one of FIELDS; "" for the whole notice.
        sentence: the words that are wrong; "" where it is the field as a whole.
        why: what is wrong, and what would be right.

    """

    field: str
    sentence: str
    why: str

    @property
    def where(self) -> str:
        """What the field is called on the page."""
        return FIELDS.get(self.field, "")


FIELDS: Mapping[str, str] = {
    "title": "标题",
    "plain": "普通的话",
    "easy": "简单的话",
    "en": "英文",
    "sms": "短信",
    "call_script": "打电话时怎么说",
    "file_words": "图上、文件里是什么",
}


TEXTS: tuple[Reading, ...] = ("plain", "easy", "en")
"""The text of a notice in each reading mode. English is not judged: our rules are of Chinese."""


def faults(words: Words, names: Sequence[str]) -> list[Fault]:
    """Give what stands in the way of keeping these words: missing, too long, or a gap nobody can fill.

    Args:
        words: what was written.
        names: of real recipients, for whom it is filled in at once.

    """
    found = [
        Fault(name, "", f"没有写{FIELDS[name]}。") for name in ("title", "plain") if not getattr(words, name)
    ]
    texts = dict.fromkeys(TEXTS, MOST_TEXT)
    for name, most in ({"title": MOST_TITLE, "sms": MOST_SMS} | texts).items():
        if len(getattr(words, name)) > most:
            found.append(Fault(name, "", f"有 {len(getattr(words, name))} 个字，最多 {most} 个。"))
    found += _of_file(words)
    for name in FIELDS:
        found += _gaps(getattr(words, name), name)
    return found or _filled(words, names)


def _of_file(words: Words) -> list[Fault]:
    if words.file_id is None:
        return []
    found = [
        Fault(name, "", f"有图或者文件，最多 {MOST_UNDER_FILE} 个字。")
        for name in TEXTS
        if len(getattr(words, name)) > MOST_UNDER_FILE
    ]
    if not words.file_words:
        found.append(Fault("file_words", "", "没有写。看不见的人，要靠这句话知道是什么。"))
    if len(words.file_words) > MOST_TITLE:
        found.append(Fault("file_words", "", f"最多 {MOST_TITLE} 个字。"))
    return found


def _gaps(text: str, field: str) -> list[Fault]:
    """Give the gaps that are none of ours: nothing but a name in double braces is ever run."""
    offered = "、".join(f"{{{{ {name} }}}}" for name in PLACEHOLDERS)
    wrong = [gap.group() for gap in _GAP.finditer(text) if gap.group(1).strip() not in PLACEHOLDERS]
    if "{" in _GAP.sub("", text) or "}" in _GAP.sub("", text):
        wrong.append(next(line for line in text.splitlines() if "{" in line or "}" in line))
    return [Fault(field, each, f"没有这个空。能用的只有 {offered}。") for each in wrong]


def _filled(words: Words, names: Sequence[str]) -> list[Fault]:
    for reading in TEXTS:
        filled = wording(text_like(words), Voice(reading, str))
        for name in names:
            try:
                filled.on_page(name)
            except TemplateError as problem:
                return [Fault(reading, "", f"给“{name}”填不了：{problem}")]
    return []


def hard(words: Words, names: Sequence[str]) -> list[Fault]:
    """Give the sentences that break the rules of plain and of easy language, and days the plain words do not name.

    Args:
        words: what was written.
        names: of places, courses and people, which are said as they are.

    """
    found = [
        Fault(field, each.sentence, each.why)
        for field in ("plain", "easy", "file_words")
        if getattr(words, field)
        for each in check(getattr(words, field), "easy" if field == "easy" else "plain", names=names)
        if not each.soft
    ]
    found += [
        Fault(field, each, f"“普通的话”里没有“{each}”。看看改了没有。")
        for field in FIELDS
        if field != "plain"
        for each in other_days(getattr(words, field), words.plain)
    ]
    return list(dict.fromkeys(found))


def names_in(catalogue: Snapshot, words: Words) -> list[str]:
    """Give the places and courses of the catalogue that the words name."""
    text = f"{words.title}\n{words.plain}\n{words.easy}"
    known: set[str] = set()
    for card, run in catalogue.courses():
        known.update((card.title, run.province, run.city, run.district))
        known.update(each[:-1] for each in (run.province, run.city) if len(each) > 2)
    return sorted((each for each in known if each and each in text), key=len, reverse=True)


def text_like(words: Words) -> NoticeText:
    """Give words as a version of a notice that is kept nowhere, to be shown."""
    return NoticeText(
        title=words.title,
        plain=words.plain,
        easy=words.easy,
        en=words.en,
        file_id=words.file_id,
        file_words=words.file_words,
        private=words.private,
        buttons=[{"label": each.label} for each in words.buttons],
    )
