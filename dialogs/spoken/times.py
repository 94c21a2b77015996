"""Times of day as people say them."""

import re
from datetime import time

from dialogs.spoken import Misheard
from dialogs.spoken.dates import arabic_numerals
from dialogs.spoken.tidy import tidy

_MORNING = frozenset({"凌晨", "清晨", "早晨", "早上", "早", "上午", "am", "a.m"})
_AFTERNOON = frozenset({"下午", "午后", "傍晚", "pm", "p.m"})
_NOON = frozenset({"中午", "正午"})
_HALVES = "凌晨|清晨|早晨|早上|早|上午|中午|正午|下午|午后|傍晚|晚上|夜里|半夜|晚"
_TIME = re.compile(
    rf"(?P<half>{_HALVES})?(?P<hour>[0-9]{{1,2}})"
    r"(?:[:.点时](?:(?P<minute>[0-9]{1,2})分?|(?P<part>半|1刻|3刻)|钟|整)?)?"
    r"(?P<english>[ap]\.?m)?"
)
_RUN = re.compile(r"(?P<hour>[0-9]{2})(?P<minute>[0-9]{2})")
_PARTS = {"半": 30, "1刻": 15, "3刻": 45}
_WRAPPED = re.compile(r"(?:就|在|是|大概|大约)*(?P<time>.*?)(?:左右|吧|的|谢谢)*")


def read_time(said: str) -> time:
    """Read one time: "上午九点半", "9:30", "下午3点", "0930", "三点三刻", "3pm".

    Raises Misheard: not_a_time; no_such_time (25点, 上午15点); am_or_pm ("3点" can be either: hours 1 to 6
    without 上午 or 下午, unless written as 03:00).
    """
    text = "".join(arabic_numerals(tidy(said)).split())
    wrapped = _WRAPPED.fullmatch(text)
    text = wrapped["time"] if wrapped else text
    if text in _NOON:
        return time(12)
    found = _RUN.fullmatch(text) or _TIME.fullmatch(text)
    if found is None:
        raise Misheard("not_a_time")
    parts = found.groupdict()
    minute = _PARTS[parts["part"]] if parts.get("part") else int(parts["minute"] or 0)
    half = parts.get("half") or parts.get("english") or ""
    hour = int(parts["hour"])
    if not half and 1 <= hour <= 6 and not parts["hour"].startswith("0"):
        raise Misheard("am_or_pm")
    if hour == 24 and minute:
        raise Misheard("no_such_time")
    try:
        return time(_hour(hour, half), minute)
    except ValueError:
        raise Misheard("no_such_time") from None


def _hour(hour: int, half: str) -> int:
    """Bring the hour onto the clock of 24; -1 for an hour that half of the day has not."""
    if not half:
        return 0 if hour == 24 else hour
    if half in _MORNING:
        return -1 if hour > 12 else (0 if hour == 12 and half != "上午" else hour)
    if half in _NOON:
        return hour + 12 if hour in {1, 2} else (hour if hour in {11, 12, 13, 14} else -1)
    if half in _AFTERNOON:
        return hour + 12 if 1 <= hour < 12 else (hour if 12 <= hour < 20 else -1)
    if hour in {12, 24}:
        return 0
    return hour + 12 if 5 <= hour < 12 else hour
