"""What makes two wordings the same: their words in order, less what is only polite."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from dialogs.spoken.tidy import bare_number, chinese_number, clean, tidy

Tokens = tuple[str, ...]

# "要不要", "是不是": a question back, never an answer.
_ASKS_BACK = re.compile(r"(.{1,2})[不没]\1")
# Each takes off one layer and leaves the "no" of "我不要" alone. 要不, 要是, 想想 are words of their own.
_BEFORE = re.compile(
    r"(?:嗯+|哦+|噢|啊|呃|额|诶|您好|你好|老师"
    r"|我们|我|那个|那就|那|就|应该|请|麻烦|给"
    r"|选择|选|要(?![不没么是紧求])|是(?![不没否])|想要(?![不没])|想(?![想一先好了问说不没法到起过])(?=..))"
    r"(?=.)"
)
_AFTER = re.compile(
    r"(?<=.)(?:谢谢(?:您|你|了|老师)?|麻烦(?:您|你)了?|就行了?|就好了?|就可以了?"
    r"|(?:的)?[这那][个项]|的|吧|啊|呀|哦|嘛|哈|啦)$"
)
_NO_LONGER = re.compile(r"(?<=.)了$")
_MOST_FORMS = 12  # nobody is that polite
_NONE = re.compile(
    r"(?:我们?|这些|这几个|上面的?)?(?:全部都?|全都|都|全|一个都?|一样都?|哪个都|什么都)?(?:不|没有?|无)"
    r"(?:要|用|需要|选|想要|是|有|会)?(?:的|了|吧|啊|谢谢)*|none(?: of them)?"
)
_PAUSE = re.compile(r"[,。;、:(!?/]")
_NO = frozenset({"不", "没", "无", "未", "否", "not", "no", "never", "cannot", "can't", "don't", "won't"})
# Beginnings that choose nothing: "我" is not "我是工作人员", "都" is not "都不要".
_HOLLOW = re.compile(
    "我们?|我是|我要|我想|我的|您|你们?|他|她|它|给|请|把|在|这|那|就|的|都|全|i|i'm|an?|the|to|my|it"
)
_UNSURE = ("不知道", "不清楚", "不想说", "不确定", "不记得", "不一定", "不好说", "没想好", "没决定")


def tokens(text: str) -> Tokens:
    """Split into Chinese characters and words of other scripts; blanks and punctuation fall away."""
    found: list[str] = []
    inside = False
    for character in clean(text):
        kind = unicodedata.category(character)[0]
        if _is_chinese(character):
            found.append(character)
            inside = False
        elif kind in "LNM" or (character in "'’" and inside):
            if inside:
                found[-1] += character
            else:
                found.append(character)
            inside = True
        else:
            inside = False
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Form:
    """One way to read what was said: the tidied text and its words."""

    text: str
    words: Tokens


@dataclass(frozen=True, slots=True)
class Wording:
    """A wording of an option, prepared for comparing."""

    words: Tokens
    core: Tokens
    """The words that stay when every polite layer is off."""
    starts: tuple[tuple[Tokens, Tokens], ...]
    """For each peeled form its words, and those of them before the first pause."""
    is_unsure: bool
    is_clean_no: bool
    """Whether its first clause does nothing but deny."""
    number: int | None
    """The amount it names, for "3个" and "三"."""


def forms(said: str) -> tuple[Form, ...]:
    """Give what was said and what is left of it as polite words come off, longest first; () for nothing."""
    return tuple(Form(text, words) for text in _peeled(said) if (words := tokens(text)))


@lru_cache(maxsize=4096)
def prepare(text: str) -> Wording:
    """Prepare one wording; kept, for the same labels are compared all day."""
    peeled = _peeled(text)
    first = tidy(_PAUSE.split(clean(text), maxsplit=1)[0])
    return Wording(
        words=tokens(text),
        core=tokens(peeled[-1]),
        starts=tuple((tokens(form), tokens(_PAUSE.split(form, maxsplit=1)[0])) for form in peeled),
        is_unsure=tidy(text).startswith(_UNSURE),
        is_clean_no=denies(first),
        number=chinese_number(text),
    )


def denies(text: str) -> bool:
    """Whether tidied text says "none of them" and nothing more."""
    return _NONE.fullmatch(text) is not None


def begins(form: Form, wording: Wording) -> bool:
    """Whether the form is a beginning of the wording and no hollow one ("我") or a bare number."""
    if _HOLLOW.fullmatch(form.text) or (form.text in {"不", "没"} and wording.is_unsure):
        return False
    return bare_number(form.text) is None and any(_is_start(form, words) for words, _ in wording.starts)


def says_enough(form: Form, wording: Wording) -> bool:
    """Whether a beginning already says the same: it is not cut off before a "no", as "看" is in "看不见"."""
    return any(
        _is_start(form, words) and _NO.isdisjoint(clause[len(form.words) :])
        for words, clause in wording.starts
    )


def _is_start(form: Form, words: Tokens) -> bool:
    return len(form.words) < len(words) and words[: len(form.words)] == form.words


def _peeled(text: str) -> list[str]:
    text = tidy(text)
    if _ASKS_BACK.search(text):
        return [text]
    found = [text]
    for form in found:  # grows while it is read: each form may have one more layer
        shorter = [tidy(_BEFORE.sub("", form, count=1)) if _BEFORE.match(form) else ""]
        shorter.append(tidy(_AFTER.sub("", form, count=1)))
        if form.startswith("不"):
            shorter.append(tidy(_NO_LONGER.sub("", form)))  # "不要了" is still no; "好了" may mean: done
        found.extend(rest for rest in shorter if rest and rest not in found)
        if len(found) > _MOST_FORMS:
            break
    return sorted(found, key=len, reverse=True)


def _is_chinese(character: str) -> bool:
    return "\u3400" <= character <= "\u9fff" or "\U00020000" <= character <= "\U0003ffff" or character == "〇"
