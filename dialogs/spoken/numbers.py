"""How many: whole numbers as people say them."""

import re

from dialogs.spoken import Misheard
from dialogs.spoken.tidy import chinese_number, clean, tidy

_BEFORE = re.compile(
    r"(?:我们?|家里|家|今年|现在|已经|大概|大约|差不多|可能|应该|一共|总共|约|共|有|是|要|就|干了|做了|上了)*"
)
_AFTER = re.compile(r"(?:左右|上下|吧|了|的|啊|谢谢)*$")
_NUMERAL = "[0-9零〇一二两三四五六七八九十百]+"
_AGES = re.compile(
    rf"(?<![0-9零〇一二两三四五六七八九十百多几])(?P<rough>快|近|不到|没到|超过|大概|大约|差不多)?(?:有|满|到)?\s*"
    rf"(?P<age>{_NUMERAL})\s*(?:周岁|虚岁|岁|years? old)(?P<and_half>半|多)?"
)
"""An age inside a sentence: 我儿子今年二十三岁."""
_THIS_YEAR = re.compile(
    rf".{{0,12}}?(?:今年|年龄|岁数|周岁|虚岁|\b(?:i'm|i am|he is|she is))\s*(?:是|有|满)?\s*({_NUMERAL})"
)
_MINUS = re.compile(r"(?:-|−|负|负数)\s*")


def read_number(said: str, low: int, high: int) -> int:
    """Read a whole number between `low` and `high`, both allowed: "5", "３", "五个", "大概十五年", "我儿子今年三十五岁".

    Raises Misheard: not_a_number (also for ranges and fractions), too_small, too_big.
    """
    text = clean(said)
    text = _BEFORE.sub("", text, count=1).strip()
    minus = _MINUS.match(text)
    text = _AFTER.sub("", tidy(text[minus.end() :] if minus else text))
    number = chinese_number(text)
    if number is None:
        number = _age_in(clean(said))
    if number is None and text.isascii() and text.isdigit():
        raise Misheard("too_small" if minus else "too_big")  # a row of digits no amount has
    if number is None:
        raise Misheard("not_a_number")
    number = -number if minus else number
    if number < low:
        raise Misheard("too_small")
    if number > high:
        raise Misheard("too_big")
    return number


def _age_in(text: str) -> int | None:
    """Read the one age a sentence tells; None where it tells several, or only about how old."""
    told = list(_AGES.finditer(text))
    if told:
        exact = len(told) == 1 and not told[0]["rough"] and not told[0]["and_half"]
        return chinese_number(told[0]["age"]) if exact else None
    this_year = _THIS_YEAR.fullmatch(_AFTER.sub("", tidy(text)))
    return chinese_number(this_year[1]) if this_year else None
