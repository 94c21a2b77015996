"""Disability certificate numbers: an ID number, a category, a level, and B1, B2 … once reissued.

Source: 残疾人证管理办法 and notes of provincial federations (categories and levels of GB/T 26341-2010).
The ID number's check digit is ISO 7064 MOD 11-2. The county code is no reason to refuse: codes change.
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

from dialogs.spoken import Misheard
from dialogs.spoken.dates import years_between
from dialogs.spoken.tidy import clean

Sex = Literal["男", "女"]

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_DIGITS = "10X98765432"
_OLDEST = 120  # years
_BEFORE = re.compile(r"^[^0-9]+")
_AFTER = re.compile(r"[^0-9A-Z]+$")
_BETWEEN = re.compile(r"[\s\-._—·]")
_SAID_DIGITS = str.maketrans("零〇○一幺二三四五六七八九", "0001123456789")
_SUFFIX = re.compile("B([1-9][0-9]?)")
_ID_NUMBER = re.compile("[0-9]{17}[0-9X]")
_NUMBER = re.compile("[0-9]{17}[0-9X][0-9]{2}")


@dataclass(frozen=True, slots=True)
class Certificate:
    """What a certificate number says."""

    number: str
    """Normalised: 20 characters, and the suffix of a reissue."""
    birth_date: date
    sex: Sex
    category: int
    """1 视力 2 听力 3 言语 4 肢体 5 智力 6 精神 7 多重 (which ones a 7 does not tell: ask needs)."""
    level: int
    """1 (heaviest) to 4; for 7 that of the heaviest one."""
    reissue: int | None
    """Which reissue, from 1; None for a first card."""

    @property
    def id_number(self) -> str:
        """The part that stays the person's when category or level are assessed anew."""
        return self.number[:18]


def read_certificate(said: str, today: date) -> Certificate:
    """Read a certificate number, with whatever words stand around it.

    Raises Misheard by the first thing wrong. Family "length": length, id_only (an ID number alone), old_id
    (one of 15 digits, with or without category and level), one_more (21 digits). Then suffix; family
    "checksum": checksum, characters (a letter among the digits); birth_date (no such day, in the future,
    over 120 years ago), category, level.
    """
    number = _normal(said)
    main, mark, _ = number.partition("B")
    _check_length(main)
    suffix = _SUFFIX.fullmatch(number[len(main) :])
    if mark and suffix is None:
        raise Misheard("suffix")
    if not _NUMBER.fullmatch(main):
        raise Misheard("characters", "checksum")
    if check_digit(main[:17]) != main[17]:
        raise Misheard("checksum")
    birth_date = _birth_date(main[6:14], today)
    category, level = int(main[18]), int(main[19])
    if not 1 <= category <= 7:
        raise Misheard("category")
    if not 1 <= level <= 4:
        raise Misheard("level")
    return Certificate(
        number=number,
        birth_date=birth_date,
        sex="男" if int(main[16]) % 2 else "女",
        category=category,
        level=level,
        reissue=int(suffix[1]) if suffix else None,
    )


def check_digit(first: str) -> str:
    """Compute the 18th character of an ID number from its 17 digits."""
    return _CHECK_DIGITS[sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, first, strict=True)) % 11]


def group(number: str) -> str:
    """Write a normalised number in groups, for its owner's eyes only: "990001 1990-03-07 001X 43 B1"."""
    day = f"{number[6:10]}-{number[10:12]}-{number[12:14]}"
    return " ".join(part for part in (number[:6], day, number[14:18], number[18:20], number[20:]) if part)


def mask(number: str) -> str:
    """Hide the middle of a normalised number, for staff lists: "990001****1X43"; a suffix is left out."""
    return f"{number[:6]}****{number[16:20]}"


def _normal(said: str) -> str:
    text = clean(said).upper()
    if not re.search("[0-9]", text):
        text = text.translate(_SAID_DIGITS)  # spoken digit by digit
    return _AFTER.sub("", _BETWEEN.sub("", _BEFORE.sub("", text)))


def _check_length(main: str) -> None:
    if len(main) == 20:
        return
    if _ID_NUMBER.fullmatch(main):
        raise Misheard("id_only", "length")
    if len(main) in {15, 17} and main.isdigit():
        raise Misheard("old_id", "length")
    if len(main) == 21 and _NUMBER.fullmatch(main[:20]):
        raise Misheard("one_more", "length")
    raise Misheard("length")


def _birth_date(digits: str, today: date) -> date:
    try:
        birth_date = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        raise Misheard("birth_date") from None
    if birth_date > today or years_between(birth_date, today) > _OLDEST:
        raise Misheard("birth_date")
    return birth_date
