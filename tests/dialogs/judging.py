"""What the rules of access.md say of a screen, in any reading."""

from collections.abc import Iterator, Mapping
from functools import cache

from dialogs.plain_language import Finding, check, check_english, check_options
from dialogs.plain_words import GLOSSARY
from dialogs.talk import Reading, Screen
from tests.dialogs.names import NAMES

EXCEPTIONS: Mapping[Reading, Mapping[str, str]] = {
    "plain": {
        "审核": "the notices order that every amount says 以审核为准",
        "删": "the word on every phone; nothing easier means the same",
        "导盲犬": "what it is called; there is no other word",
        "浏览器": "what has to be opened and changed; easy-read says to call instead",
        "返回": "a word that works everywhere keeps one form (R7, R15)",
        "兆": "how large a file may be; easy-read leaves it out",
    },
    "easy": {
        "返回": "a word that works everywhere keeps one form (R7, R15)",
        "停下来": "a word that works everywhere keeps one form (R7, R15)",
    },
    "en": {},
}
"""Words above the grade of a reading that stay in it, and why: the only exceptions there are."""


@cache
def glossary_of(reading: Reading) -> frozenset[str]:
    """Words that are explained, and those that stay."""
    return frozenset({*GLOSSARY, *EXCEPTIONS[reading]})


def judged(screen: Screen, reading: Reading) -> Iterator[Finding]:
    """Every place where what a screen says breaks a rule."""
    consent = screen.question.startswith("consent_")
    labels = tuple(option.label for option in screen.options)
    ways = tuple(option.label for option in screen.options if not 0 < option.number <= screen.total_options)
    yield from said(screen.text, reading, labels, consent=consent)
    yield from said(screen.hint, reading)
    yield from chosen(tuple(label for label in labels if label not in ways), reading)
    yield from chosen(ways, reading)
    for option in screen.options:
        yield from said(option.note, reading)
    for line in screen.lines:
        yield from said(line.label, reading)
        if not line.question:
            yield from said(without_names(line.value), reading)


@cache
def said(
    text: str, reading: Reading, options: tuple[str, ...] = (), *, consent: bool = False
) -> tuple[Finding, ...]:
    """Judge one message."""
    if not text:
        return ()
    if reading == "en":
        return tuple(check_english(without_names(text)))
    words = glossary_of(reading)
    return tuple(check(text, reading, options=options, consent=consent, glossary=words, names=NAMES))


@cache
def chosen(labels: tuple[str, ...], reading: Reading) -> tuple[Finding, ...]:
    """Judge the choices of one page."""
    if reading == "en":
        return tuple(finding for label in labels for finding in check_english(without_names(label)))
    found = check_options([without_names(label) for label in labels], reading)
    return tuple(finding for finding in found if not finding.soft)


def without_names(text: str) -> str:
    for name in sorted(NAMES, key=len, reverse=True):
        text = text.replace(name, "")
    return text
