"""Telephone numbers of mainland China: read, show, speak, mask.

A read number is its digits with the area code, and for an extension "-" and its digits after it:
"15400000001", "02800001101", "02800001101-123".
"""

import re

from dialogs.spoken import Misheard
from dialogs.spoken.tidy import clean

_SAID_DIGITS = str.maketrans("零〇○一幺二三四五六七八九", "0001123456789")
_BEFORE = re.compile(
    r"(?:我们?|他|她|家里?|妈妈?|爸爸?|的|联系|手机|电话|座机|固话|号码|号|方式|是|打|tel|phone|mobile|[:,\s])*"
)
_AFTER = re.compile(r"(?:\s|[,.。!]|谢谢|吧|啊|这个)*$")
_ABROAD = re.compile(r"(?:\+|00)(?!86)[1-9]")
_OF_CHINA = re.compile(r"(?:\+\s*86|0086|86(?=1[0-9]{10}$)|86(?=0[0-9]{9,11}$))")
_EXTENSION = re.compile(r"(?P<number>.+?)(?:转|分机号?|ext\.?|x|#)+[:\s]*(?P<extension>[0-9]{1,6})")
_DASHED = re.compile(r"(?P<number>.+)-(?P<extension>[0-9]{1,6})")
_BETWEEN = re.compile(r"[\s\-()._—–]")
_MOBILE = re.compile(r"1[0-9]{10}")
_AREA = re.compile(r"(?P<area>010|02[0-9]|0[3-9][0-9]{2})(?P<local>[0-9]*)")


def read_phone(said: str) -> str:
    """Read a mobile number or a landline number with its area code.

    Raises Misheard: not_a_phone, too_short, too_long, no_area_code.
    """
    text = _AFTER.sub("", clean(said).translate(_SAID_DIGITS))
    text = _BEFORE.sub("", text, count=1)
    if _ABROAD.match(text):
        raise Misheard("not_a_phone")
    found = _EXTENSION.fullmatch(text)
    if found:
        number = _digits(found["number"])
        if number.startswith("1"):
            raise Misheard("not_a_phone")
        return f"{_checked(number)}-{found['extension']}"
    dashed = _DASHED.fullmatch(text)
    if dashed and _is_landline(_digits(dashed["number"])):
        return f"{_digits(dashed['number'])}-{dashed['extension']}"
    return _checked(_digits(text))


def show_phone(phone: str) -> str:
    """Write a read number for eyes: "154 0000 0001", "028-00001101 转 123"."""
    head, middle, tail, extension = _split(phone)
    written = f"{head} {middle} {tail}" if middle else f"{head}-{tail}"
    return f"{written} 转 {extension}" if extension else written


def speak_phone(phone: str) -> str:
    """Write a read number for ears, digit by digit with pauses: "1 5 4，0 0 0 0，0 0 0 1"."""
    *groups, extension = _split(phone)
    spoken = "，".join(" ".join(group) for group in groups if group)
    return f"{spoken}，转 {' '.join(extension)}" if extension else spoken


def mask_phone(phone: str) -> str:
    """Hide the middle of a read number: "154****0001", "028****1101"; the extension is left out."""
    head, _, tail, _ = _split(phone)
    return f"{head}****{tail[-4:]}"


def _split(phone: str) -> tuple[str, str, str, str]:
    number, _, extension = phone.partition("-")
    landline = _AREA.fullmatch(number)
    if landline:
        return landline["area"], "", landline["local"], extension
    return number[:3], number[3:7], number[7:], extension


def _digits(text: str) -> str:
    """Take blanks, dashes, brackets and the code of China away; raises Misheard for anything else."""
    text = _BETWEEN.sub("", text.replace("(0)", "0"))
    number = _OF_CHINA.sub("", text, count=1) if _OF_CHINA.match(text) else text
    if not number.isascii() or not number.isdigit():
        raise Misheard("not_a_phone")
    if number != text and number[0] in "23456789":
        number = f"0{number}"  # +86 28 … stands for 028 …
    if re.match("01[3-9]", number):
        number = number[1:]  # 0 before a mobile number: an old habit of long-distance calls
    return number


def _is_landline(number: str) -> bool:
    found = _AREA.fullmatch(number)
    return found is not None and len(found["local"]) in {7, 8}


def _checked(number: str) -> str:
    if _MOBILE.fullmatch(number) or _is_landline(number):
        return number
    area = _AREA.fullmatch(number)
    if area:
        raise Misheard("too_short" if len(area["local"]) < 7 else "too_long")
    if number.startswith("1"):
        raise Misheard("too_short" if len(number) < 11 else "too_long")
    if len(number) < 7:
        raise Misheard("too_short")
    if len(number) > 12:
        raise Misheard("too_long")
    raise Misheard("no_area_code" if len(number) in {7, 8} or number[0] != "0" else "not_a_phone")
