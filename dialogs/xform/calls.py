"""Calls in an expression: which function it is, and what it does with its arguments."""

import math
import re
from collections.abc import Callable, Sequence

import regex

from dialogs.xform.form import Scope
from dialogs.xform.functions import FUNCTIONS
from dialogs.xform.operators import Part
from dialogs.xform.tokens import LIKE_THIS
from dialogs.xform.trouble import BadExpression
from dialogs.xform.values import Value, as_number, as_text, as_truth

LONGEST_PATTERN = 500
MOST_TIMES = 1000

PROBE = 30
"""How often each sign of a pattern is repeated to see whether it takes for ever."""

SLOW = 0.05
"""Seconds: what takes as long for so short a text is no pattern for people's answers."""

_TIMES = re.compile(r"[0-9]{1,9}(?=,?[0-9]*\})")

REFUSED = {
    "random": "每次算都不一样，不能用。",
    "uuid": "编号由系统自己给，不用写。",
    "pulldata": "还不能从别的表里取。",
    "digest": "不能用。",
    "randomize": "不能用。",
}


def called(name: str, arguments: Sequence[Part], path: Callable[[str], Part]) -> Part:
    """Give what a function makes of its arguments; `path` reads a path that is written in quotes.

    Raises:
        BadExpression: when there is no such function, or not with these arguments.

    """
    if name in REFUSED:
        raise BadExpression(f"{name}() {REFUSED[name]}", "去掉它。")
    runs = [each.run for each in arguments]
    match name, len(arguments):
        case "if", 3:
            test, yes, no = runs
            return Part(lambda s: yes(s) if as_truth(test(s)) else no(s))
        case "today", 0:
            return Part(lambda s: s.held.today)
        case "now", 0:
            return Part(lambda s: s.held.now)
        case "position", 0:
            return Part(lambda s: float(s.rows[-1]) if s.rows else 1.0)
        case "position", 1 if (steps := arguments[0].steps) and steps.node.is_repeat:
            depth = len(steps.node.repeats)
            return Part(lambda s: float(s.rows[depth - 1]) if len(s.rows) >= depth else 1.0)
        case "indexed-repeat", 3 | 5 | 7:
            return _indexed(arguments)
        case "jr:choice-name", 2:
            return _choice_name(arguments, path)
        case "regex", 2:
            pattern, text = _pattern(arguments[1].literal), runs[0]
            return Part(lambda s: s.held.matches(as_text(text(s)), pattern))
    known = FUNCTIONS.get(name)
    if known is None:
        raise BadExpression(f"没有 {name}() 这个函数，或者还不能用。", "换一种写法。")
    least, most, function = known
    if not least <= len(runs) <= most:
        raise BadExpression(
            f"{name}() 里有 {len(runs)} 项。",
            f"要 {least} 到 {most} 项。" if least != most else f"要 {least} 项。",
        )
    if len(runs) == 1:
        only = runs[0]
        return Part(lambda s: function(only(s)))
    if len(runs) == 2:
        first, second = runs
        return Part(lambda s: function(first(s), second(s)))
    return Part(lambda s: function(*(run(s) for run in runs)))


def _indexed(arguments: Sequence[Part]) -> Part:
    steps = arguments[0].steps
    if steps is None:
        raise BadExpression("indexed-repeat() 的第一项要是一个题。", LIKE_THIS)
    node, rows = steps.node, [each.run for each in arguments[2::2]]

    def run(s: Scope) -> Value:
        wanted = [as_number(row(s)) for row in rows]
        if len(wanted) != len(node.repeats) or any(math.isnan(each) for each in wanted):
            return ""
        found: tuple[int, ...] = ()
        for repeat, row in zip(node.repeats, wanted, strict=True):
            if not 1 <= row <= s.held.count(repeat, found):
                return ""
            found = (*found, int(row))
        return s.held.value(node, found)

    return Part(run)


def _choice_name(arguments: Sequence[Part], read: Callable[[str], Part]) -> Part:
    """The label of a value, in the words of who reads."""
    path = arguments[1].literal
    if path is None:
        raise BadExpression(
            "jr:choice-name() 的第二项要写在引号里。", "写成这样：jr:choice-name(${x}, '${x}')。"
        )
    steps = read(path).steps
    control = steps.node.control if steps else None
    if control is None:
        raise BadExpression(f"“{path}”不是选择题。", "写选择题的名字。")
    labels = {item.value: item.label for item in control.items}
    chosen = arguments[0].run

    def run(s: Scope) -> Value:
        found = labels.get(as_text(chosen(s)))
        if found is None:
            return ""
        own = found.said()
        return {"plain": own.plain, "easy": own.easy, "en": own.en}[s.reading] or own.plain

    return Part(run)


def _pattern(text: str | None) -> regex.Pattern[str]:
    if text is None:
        raise BadExpression("regex() 的第二项要写死。", "把它写在引号里。")
    if len(text) > LONGEST_PATTERN or any(int(times) > MOST_TIMES for times in _TIMES.findall(text)):
        raise BadExpression(
            "regex() 里的写法太长了。", f"最多 {LONGEST_PATTERN} 个字，重复最多 {MOST_TIMES} 次。"
        )
    try:
        found: regex.Pattern[str] = regex.compile(text)
    except (regex.error, RecursionError, OverflowError):
        raise BadExpression("regex() 里的写法看不懂。", "看一看括号和斜线。") from None
    try:
        for sign in dict.fromkeys((*text, *"a1一 ")):
            found.fullmatch(sign * PROBE + "\x00", timeout=SLOW)
    except TimeoutError:
        raise BadExpression(
            "regex() 里的写法太慢，会卡住。", "括号后面的 + 或 * 去掉，比如 (a|aa)+ 写成 a+。"
        ) from None
    return found
