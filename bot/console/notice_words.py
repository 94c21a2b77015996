"""The words of a notice as staff write them: read from the form, and what is wrong with them, sentence by sentence."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from jinja2 import TemplateError

from bot.channels.web.posted import Posted
from bot.console.courses import number_in
from bot.notice_posts import PLACEHOLDERS, wording
from dialogs.plain_language import check
from dialogs.words import Voice
from storage.catalogue.cards import ProjectCard
from storage.catalogue.snapshot import Snapshot
from storage.notices import Button, Words
from storage.tables import NoticeText, Topic

TOPICS: Mapping[Topic, str] = {
    Topic.TRAINING: "培训",
    Topic.JOBS: "工作、招聘会",
    Topic.POLICY: "政策、补贴",
    Topic.OWN: "自己报名的事（不能退订）",
}

MOST_TITLE, MOST_TEXT, MOST_SMS = 40, 1000, 70
"""Characters."""

JOIN, CARD, STOP = "join", "card", "stop"

_GAP = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with the words.

    Args:
        where: in which field, as it is called on the page.
        sentence: the words that are wrong.
        why: what is wrong, and what would be right.

    """

    where: str
    sentence: str
    why: str


FIELDS: Mapping[str, str] = {
    "title": "标题",
    "plain": "普通的话",
    "easy": "简单的话",
    "sms": "短信",
    "call_script": "打电话时怎么说",
}


def words_in(form: Posted, catalogue: Snapshot) -> Words:
    """Read the words from a form; what is too long is kept, so that it can be seen and cut."""
    typed = {name: form.one(name).replace("\r\n", "\n").strip() for name in FIELDS}
    return Words(
        **typed,
        private=form.one("private") == "yes",
        buttons=tuple(_buttons(form, typed["title"], catalogue)),
    )


def _buttons(form: Posted, title: str, catalogue: Snapshot) -> list[Button]:
    chosen: list[Button] = []
    card = catalogue.project(form.one(CARD))
    if card is not None:
        chosen.append(Button("报名", "card", {"project": card.project_id}))
    if form.one(JOIN) == "yes":
        # It begins a request for staff that says what they want to come to; only how to reach them is asked.
        given = {"how": "call_me", "words": f"我要参加：{title}"}
        chosen.append(Button("我要参加", "help", given=given))
    if form.one(STOP) == "yes":
        chosen.append(Button("不再提醒", "notices"))
    return chosen


def ticked(words: Words) -> Mapping[str, str]:
    """Give which buttons are chosen, as the form has them."""
    flows = {each.flow: each for each in words.buttons}
    card = str(flows["card"].about.get("project", "")) if "card" in flows else ""
    return {
        CARD: card,
        JOIN: "yes" if "help" in flows else "",
        STOP: "yes" if "notices" in flows else "",
    }


def faults(words: Words, names: Sequence[str]) -> list[Fault]:
    """Give what stands in the way of keeping these words: missing, too long, or a gap nobody can fill.

    Args:
        words: what was written.
        names: of real recipients, for whom it is filled in at once.

    """
    found = [
        Fault(FIELDS[name], "", f"没有写{FIELDS[name]}。")
        for name in ("title", "plain")
        if not getattr(words, name)
    ]
    for name, most in (("title", MOST_TITLE), ("plain", MOST_TEXT), ("easy", MOST_TEXT), ("sms", MOST_SMS)):
        if len(getattr(words, name)) > most:
            found.append(Fault(FIELDS[name], "", f"有 {len(getattr(words, name))} 个字，最多 {most} 个。"))
    for name, called in FIELDS.items():
        found += _gaps(getattr(words, name), called)
    return found or _filled(words, names)


def _gaps(text: str, where: str) -> list[Fault]:
    """Give the gaps that are none of ours: nothing but a name in double braces is ever run."""
    offered = "、".join(f"{{{{ {name} }}}}" for name in PLACEHOLDERS)
    wrong = [gap.group() for gap in _GAP.finditer(text) if gap.group(1).strip() not in PLACEHOLDERS]
    if "{" in _GAP.sub("", text) or "}" in _GAP.sub("", text):
        wrong.append(next(line for line in text.splitlines() if "{" in line or "}" in line))
    return [Fault(where, each, f"没有这个空。能用的只有 {offered}。") for each in wrong]


def _filled(words: Words, names: Sequence[str]) -> list[Fault]:
    readings: tuple[Literal["plain", "easy"], ...] = ("plain", "easy")
    for reading in readings:
        filled = wording(text_like(words), Voice(reading, str))
        for name in names:
            try:
                filled.on_page(name)
            except TemplateError as problem:
                return [Fault(FIELDS[reading], "", f"给“{name}”填不了：{problem}")]
    return []


def hard(words: Words, names: Sequence[str]) -> list[Fault]:
    """Give the sentences that break the rules of plain and of easy language.

    Args:
        words: what was written.
        names: of places, courses and people, which are said as they are.

    """
    checked = [(FIELDS["plain"], words.plain, "plain"), (FIELDS["easy"], words.easy, "easy")]
    found = [
        Fault(where, each.sentence, each.why)
        for where, text, reading in checked
        if text
        for each in check(text, "easy" if reading == "easy" else "plain", names=names)
        if not each.soft
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
        private=words.private,
        buttons=[{"label": each.label} for each in words.buttons],
    )


def projects(catalogue: Snapshot, inside_intakes: frozenset[int] | None) -> list[ProjectCard]:
    """Give the courses a button may lead to, each once."""
    found = {
        card.project_id: card
        for card, run in catalogue.courses()
        if inside_intakes is None or run.id in inside_intakes
    }
    return sorted(found.values(), key=lambda card: card.title)


def seen_in(form: Posted) -> int:
    """Give the version the words were changed from."""
    return number_in(form.one("seen"))
