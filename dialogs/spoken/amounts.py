"""How much: numbers with a point, as people say them."""

import re

from dialogs.spoken.numbers import read_number
from dialogs.spoken.tidy import chinese_number, clean

MOST = 999_999_999

_POINT = re.compile(r"(?P<minus>-|−|负)?\s*(?P<whole>[0-9]{1,9})?[.．](?P<part>[0-9]{1,6})\D{0,6}")
_CHINESE_POINT = re.compile(
    r"(?P<minus>负)?(?P<whole>[零一二两三四五六七八九十百千万]+)点(?P<part>[零一二三四五六七八九]+)\D{0,6}"
)
_DIGITS = str.maketrans("零一二三四五六七八九", "0123456789")


def read_amount(said: str, *, whole: bool) -> int | float:
    """Read a number: "3", "三个", "-2.5", "二点五", "2.5块钱".

    Args:
        said: what was said.
        whole: whether only a whole number will do.

    Raises Misheard: not_a_number, too_small, too_big.

    """
    text = clean(said).replace(",", "")
    if not whole:
        if (found := _POINT.fullmatch(text)) is not None:
            return _signed(found, f"{found['whole'] or 0}.{found['part']}")
        if (found := _CHINESE_POINT.fullmatch(text)) is not None:
            before = chinese_number(found["whole"])
            if before is not None:
                return _signed(found, f"{before}.{found['part'].translate(_DIGITS)}")
    return read_number(text, -MOST, MOST)


def _signed(found: re.Match[str], number: str) -> float:
    return -float(number) if found["minus"] else float(number)
