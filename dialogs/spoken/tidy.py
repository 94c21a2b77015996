"""The first step of every reading: one spelling for the many ways to type the same thing."""

import re
import unicodedata
from collections.abc import Iterator

_KEYCAP = "\N{COMBINING ENCLOSING KEYCAP}"
_COUNTERS = (
    "口人|个人|个月|个小时|个星期|个礼拜|个钟头|块钱|小时|分钟|分|公里|平方米|星期|礼拜"
    "|个|位|名|人|口|年|岁|天|日|次|块|元|周|月|件|门|种|条|号|里|斤|米|步|级|楼|层|项|份|家|台|张|本"
)
_COUNTED = re.compile(rf"(?P<number>.+?)\s*(?:{_COUNTERS})")
_GROUPED = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+")
_DIGIT = "[一二两三四五六七八九1-9]"
_BELOW_TEN_THOUSAND = re.compile(
    rf"(?:(?P<thousands>{_DIGIT})千)?"
    rf"(?:零?(?P<hundreds>{_DIGIT})百)?"
    rf"(?P<tens>零?(?P<ten>{_DIGIT})?十)?"
    rf"(?:(?P<zero>零)?(?P<ones>{_DIGIT}))?"
)
_ONE_BY_ONE = re.compile("[零一二三四五六七八九]+")
_VALUES = str.maketrans("零一二两三四五六七八九", "01223456789")
_MOST_DIGITS = 15  # longer runs are identifiers, never amounts
_ORDINARY = re.compile("[ -~\u4e00-\u9fa5\u3001\u3002]*")
"""What nearly everything is written in: of this, only capital letters and blank ends change."""


def clean(text: str) -> str:
    """Give the text in half width and lower case, without controls; only ends that are blank are cut."""
    if _ORDINARY.fullmatch(text):
        return text.lower().strip()
    return _folded(text)


def _folded(text: str) -> str:
    seen = unicodedata.normalize("NFKC", "".join(_visible(text))).casefold()
    return unicodedata.normalize("NFKC", "".join(_visible(seen))).strip()


def tidy(text: str) -> str:
    """Give the cleaned text without punctuation, symbols and blanks at either end; "" if nothing is left."""
    text = clean(text)
    start, end = 0, len(text)
    while start < end and _is_edge(text[start]):
        start += 1
    while end > start and _is_edge(text[end - 1]):
        end -= 1
    return text[start:end]


def chinese_number(text: str) -> int | None:
    """Read a whole number in digits or Chinese numerals, with or without a measure word; None if it is none.

    Ranges ("三五个", "二三十") and fractions are no number: nobody is to be held to a guess of ours.
    """
    text = tidy(text)
    number = bare_number(text)
    if number is None and (counted := _COUNTED.fullmatch(text)):
        number = bare_number(counted["number"])
    return number


def bare_number(text: str) -> int | None:
    """Read tidied text that is a number and nothing else; None if it is none."""
    text = text.replace("〇", "零").replace("○", "零").replace("兩", "两")
    if _GROUPED.fullmatch(text):
        text = text.replace(",", "")
    if text.isascii() and text.isdigit():
        return int(text) if len(text) <= _MOST_DIGITS else None
    if _ONE_BY_ONE.fullmatch(text) and len(text) <= _MOST_DIGITS and (len(text) > 2 or "零" in text):
        return int(text.translate(_VALUES))  # "一九九零"; "三五" stays a range
    head, ten_thousands, tail = text.partition("万")
    if not ten_thousands:
        return _below_ten_thousand(text)
    if not tail.startswith("零") and len(tail) == 1 and (short := _below_ten_thousand(tail)):
        rest: int | None = short * 1000  # "一万二" is 12000
    else:
        rest = _below_ten_thousand(tail) if tail else 0
    high = int(head) if re.fullmatch(r"[0-9]{1,4}", head) else _below_ten_thousand(head)
    return None if high is None or rest is None else high * 10_000 + rest


def _below_ten_thousand(text: str) -> int | None:
    found = _BELOW_TEN_THOUSAND.fullmatch(text)
    if not text or not found:
        return None
    thousands, hundreds, ones = (
        _value(found["thousands"]),
        _value(found["hundreds"]),
        _value(found["ones"]),
    )
    if ones and not found["zero"] and not found["tens"] and (thousands or hundreds):
        ones *= 10 if hundreds else 100  # "三百五" is 350, "两千三" is 2300
    tens = (_value(found["ten"]) or 1) if found["tens"] else 0
    return thousands * 1000 + hundreds * 100 + tens * 10 + ones


def _value(digit: str | None) -> int:
    return int(digit.translate(_VALUES)) if digit else 0


def _visible(text: str) -> Iterator[str]:
    for character in text:
        kind = unicodedata.category(character)
        if kind == "Nd":  # Tibetan and Arabic digits too
            yield str(unicodedata.decimal(character))
        elif character.isspace():
            yield " "
        elif not (kind.startswith("C") or character == _KEYCAP or _is_variation(character)):
            yield character


def _is_variation(character: str) -> bool:
    return "\ufe00" <= character <= "\ufe0f" or "\U000e0100" <= character <= "\U000e01ef"


def _is_edge(character: str) -> bool:
    return character != "○" and unicodedata.category(character)[0] in "PZS"
