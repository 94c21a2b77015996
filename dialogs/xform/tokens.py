"""Cuts an expression into its words and signs."""

import re

from dialogs.xform.trouble import BadExpression

BRACKETS = "检查括号、引号和空格，改成 ODK 的写法。"
LIKE_THIS = "写成这样：${名字} = 'yes'。"


_TOKEN = re.compile(
    r"""\s*(?:
        (?P<number>[0-9]+(?:\.[0-9]*)?|\.[0-9]+)
      | (?P<text>"[^"]*"|'[^']*')
      | (?P<name>[^\W\d][\w.\-]*(?::(?!:)[^\W\d][\w.\-]*)?)
      | (?P<mark>//|::|\.\.|!=|<=|>=|[./()\[\],=<>+\-*|@$])
    )""",
    re.VERBOSE,
)
_AFTER_OPERATOR = frozenset(
    {"", "(", "[", ",", "/", "=", "!=", "<", "<=", ">", ">=", "+", "-", "*", "and", "or", "div", "mod"}
)
WORDS = frozenset({"and", "or", "div", "mod"})


def tokens_of(text: str) -> list[tuple[str, str]]:
    """Give the kind (number, text, name, mark) and the spelling of each piece.

    Raises:
        BadExpression: where something is in it that no expression has.

    """
    found: list[tuple[str, str]] = []
    place, text = 0, text.rstrip()
    while place < len(text):
        match = _TOKEN.match(text, place)
        if match is None:
            raise BadExpression(f"看不懂“{text[place : place + 12].strip()}”。", BRACKETS)
        kind = str(match.lastgroup)
        word = match[kind]
        before = found[-1][1] if found else ""
        if (
            kind == "name"
            and word in WORDS
            and (before not in _AFTER_OPERATOR or (found and found[-1][0] == "text"))
        ):
            kind = "mark"
        found.append((kind, word))
        place = match.end()
    return found
