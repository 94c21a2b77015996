"""How many: whole numbers as people say them."""

import re

from dialogs.spoken import Misheard
from dialogs.spoken.tidy import chinese_number, clean, tidy

_BEFORE = re.compile(
    r"(?:我们?|家里|家|今年|现在|已经|大概|大约|差不多|可能|应该|一共|总共|约|共|有|是|要|就|干了|做了|上了)*"
)
_AFTER = re.compile(r"(?:左右|上下|吧|了|的|啊|谢谢)*$")
_MINUS = re.compile(r"(?:-|−|负|负数)\s*")


def read_number(said: str, low: int, high: int) -> int:
    """Read a whole number between `low` and `high`, both allowed: "5", "３", "五个", "大概十五年".

    Raises Misheard: not_a_number (also for ranges and fractions), too_small, too_big.
    """
    text = clean(said)
    text = _BEFORE.sub("", text, count=1).strip()
    minus = _MINUS.match(text)
    text = _AFTER.sub("", tidy(text[minus.end() :] if minus else text))
    number = chinese_number(text)
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
