"""Reads one cell as text of some shape; or says what is wrong with it and what would be right."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import datetime, time
from urllib.parse import urlsplit

from storage.catalogue.grid import Value

Reader = Callable[[Value], object]
"""Takes a cell that is not empty and returns its value. Raises Unfit."""

_EMPTY = frozenset({"", "-", "--", "—", "——", "/", "\\"})
_MANGLED = re.compile(r"\d(?:\.\d+)?E\+?\d+", re.IGNORECASE)
_PHONE = re.compile(
    r"(?:0\d{2,3}-?\d{7,8}(?:[-转]\d{1,6})?|(?:86-?)?1\d{10}|[48]00-?\d{3}-?\d{4}|1\d{2,4}|95\d{3,6}|106\d{5,17})"
)


class Unfit(ValueError):
    """A cell that cannot be taken: what is wrong with it, and what would be right."""

    def __init__(self, wrong: str, right: str) -> None:
        super().__init__(wrong)
        self.wrong = wrong
        self.right = right


def is_empty(value: Value) -> bool:
    """Whether a cell says nothing: blank, or one of the strokes clerks draw for nothing."""
    return value is None or (isinstance(value, str) and value.strip() in _EMPTY)


def said(value: Value) -> str:
    """Return a cell as the text it shows, without the marks that no one sees."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float | int):
        return str(int(value)) if float(value).is_integer() else str(value)
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, time):
        return f"{value:%H:%M}"
    text = "" if value is None else str(value)
    if text.isprintable():
        return text.strip()
    kept = "".join(c for c in text if c == "\n" or unicodedata.category(c) not in {"Cc", "Cf"})
    return kept.replace("\u3000", " ").strip()


def half_width(value: Value) -> str:
    """Return the text with full-width letters, digits and signs made half width."""
    return unicodedata.normalize("NFKC", said(value)).strip()


def text(longest: int) -> Reader:
    def read(value: Value) -> str:
        words = said(value)
        if words.startswith("="):
            raise Unfit("这一格是公式", "写成普通文字，前面不要“=”")
        if len(words) > longest:
            raise Unfit(f"有{len(words)}个字，太长", f"最多写{longest}个字")
        return words

    return read


def texts(value: Value) -> list[str]:
    """Several texts, between | or ； or new lines; or between 、 outside brackets."""
    words = str(text(2000)(value))
    parts = re.split(r"[|；;\n]", words)
    if len(parts) == 1:
        parts = re.split(r"、(?![^（(]*[）)])", words)
    return list(dict.fromkeys(part.strip() for part in parts if part.strip()))


def ident(value: Value) -> str:
    """A number kept as text. A numeric cell has already lost its leading zeros and long digits."""
    if isinstance(value, float | int):
        raise Unfit(f"编号成了数字{said(value)}，会丢掉前面的0", "把这一格设成文本，写成 P001 这样")
    words = half_width(value)
    if not re.fullmatch(r"\w[\w.-]{0,31}", words):
        raise Unfit(f"“{said(value)}”不能当编号", "用字母、数字和短横线写，比如 P001，最多32位")
    return words


def phone(value: Value) -> str:
    if isinstance(value, float | int):
        raise Unfit(f"电话成了数字{said(value)}，可能少了位数", "把这一格设成文本，再写一遍电话")
    words = half_width(value)
    if _MANGLED.fullmatch(words):
        raise Unfit(f"“{words}”是被表格改坏的电话", "把这一格设成文本，再写一遍电话，比如 028-00001234")
    plain = re.sub(r"[\s()]", "", words).replace("—", "-").removeprefix("+")
    if not all(_PHONE.fullmatch(number) for number in re.split(r"[/、,;]", plain)):
        raise Unfit(f"“{said(value)}”不像电话号码", "写区号和号码，比如 028-00001234，或者11位手机号")
    return plain


_YES = ("1", "是", "有", "可", "可以", "能", "提供", "包", "true", "yes", "y", "√", "✓")
_NO = ("0", "否", "无", "没有", "不可", "不能", "不", "不提供", "false", "no", "n", "×")
_TRUTHS = dict.fromkeys(_YES, True) | dict.fromkeys(_NO, False)


def truth(value: Value) -> bool:
    found = _TRUTHS.get(half_width(value).casefold())
    if found is None:
        raise Unfit(f"“{said(value)}”看不懂", "写“是”或“否”")
    return found


def choice(options: Mapping[str, str]) -> Reader:
    """One of a few fixed words, each with the value it means."""

    def read(value: Value) -> str:
        found = options.get(half_width(value))
        if found is None:
            raise Unfit(f"“{said(value)}”看不懂", "写" + "、".join(f"“{word}”" for word in options))
        return found

    return read


def link(value: Value) -> str:
    words = said(value)
    try:
        parts = urlsplit(words)
        sound = bool(parts.hostname) and not parts.username and not re.search(r"\s", words)
    except ValueError:
        sound = False
    if not sound or parts.scheme != "https":
        raise Unfit("网址不是 https 开头", "写 https:// 开头的完整网址")
    return str(text(500)(words))
