"""Expressions of sheets: what XPath 1.0 and ODK say they are, and what is not let in."""

import math
import time

import pytest
import regex

from dialogs.model import Answers
from dialogs.talk import World
from dialogs.xform.expression import Around, compile_code
from dialogs.xform.form import Node, Scope
from dialogs.xform.held import Held
from dialogs.xform.trouble import BadExpression
from dialogs.xform.values import as_text
from tests.dialogs.xform.sheets import chat_of, form_of
from tests.talking import NOON

ROOT = Node("data", None, 0)
FIELDS = {
    "age": "42", "blank": "", "name": "王小明", "many": "a b c", "born": "1990-03-07", "half": "2.5", "yes": "yes",
}  # fmt: skip
for place, field in enumerate(FIELDS, 1):
    ROOT.children[field] = Node(field, ROOT, place, key=field)


class Known(Held):
    """Answers that are simply there."""

    def __init__(self) -> None:
        super().__init__(Answers(), World(NOON))

    def value(self, node: Node, rows: tuple[int, ...]) -> str:
        assert rows == ()
        return FIELDS[node.name]

    def count(self, repeat: Node, rows: tuple[int, ...]) -> int:
        raise AssertionError(repeat, rows)


def worked_out(text: str, own: str = "") -> object:
    code = compile_code(text, Around(ROOT, ROOT, {}))
    return code.run(Scope(Known(), own=own))


WORTH = {
    "/data/age = 42": True,
    "42 = /data/age": True,
    "/data/age = '42'": True,
    "/data/age != 41": True,
    "/data/blank > 1": False,
    "/data/blank = ''": True,
    "/data/blank = 0": False,
    "/data/age > 18 and /data/age < 60 or false()": True,
    "1 + 2 * 3 - 4 div 2": 5.0,
    "7 mod 3": 1.0,
    "-7 mod 3": -1.0,
    "--3": 3.0,
    "1 div 0": math.inf,
    "(1 + 2) * 3": 9.0,
    "if(/data/yes = 'yes', 'j', 'n')": "j",
    "coalesce(/data/blank, 'x')": "x",
    "concat(/data/name, '：', /data/age + 1)": "王小明：43",
    "selected(/data/many, 'b')": True,
    "selected(/data/many, 'B')": False,
    "count-selected(/data/many)": 3.0,
    "selected-at(/data/many, 2)": "c",
    "selected-at(/data/many, 9)": "",
    "not(selected(/data/many, 'd') and count-selected(/data/many) > 1)": True,
    "string-length(/data/name)": 3.0,
    "substr('12345', 1, 3)": "23",
    "substring('12345', 2, 3)": "234",
    "substring('12345', 1.5, 2.6)": "234",
    "substring-before('2026-11', '-')": "2026",
    "substring-after('2026-11', '-')": "11",
    "translate('139 0000-1234', ' -', '')": "13900001234",
    "translate('bar', 'abc', 'AB')": "BAr",
    "normalize-space('  a   b ')": "a b",
    "contains('abc', 'b') and starts-with('abc', 'a') and ends-with('abc', 'c')": True,
    "round(2.5)": 3.0,
    "round(-2.5)": -3.0,
    "round(3.14159, 2)": 3.14,
    "int(-2.7)": -2.0,
    "floor(-2.5)": -3.0,
    "min(3, 1, 2)": 1.0,
    "max(3, '')": 3.0,
    "pow(2, 10)": 1024.0,
    "pow(10, 400)": math.inf,
    "regex('15400001234', '^1[0-9]{10}$')": True,
    "regex('15400001234', '^1[0-9]{9}')": False,
    "regex('a-b.c', '[\\w-\\.]+')": True,
    "today()": "2026-11-21",
    "today() - /data/born > 365 * 18": True,
    "/data/born <= today()": True,
    "date(0)": "1970-01-01",
    "date(today() + 1)": "2026-11-22",
    "format-date(/data/born, '%Y年%n月%e日')": "1990年3月7日",
    "decimal-date-time('1970-01-02')": 1.0,
    "decimal-time('T06:00:00')": 0.25,
    "boolean-from-string('1')": True,
    "checklist(1, 2, true(), false(), true())": True,
    "weighted-checklist(5, -1, true(), 3, true(), 1)": False,
    "number('x') = number('x')": False,
    "string(0.5)": "0.5",
    "1 = true()": True,
    "'or' = 'or' or 'and' = ''": True,
    ". > 5": True,
    "number(.)": 7.0,
}


@pytest.mark.parametrize("text", WORTH)
def test_an_expression_is_worth_what_the_specification_says(text: str) -> None:
    found = worked_out(text, own="7")
    assert found == WORTH[text]
    assert type(found) is type(WORTH[text])


REFUSED = {
    "": "空",
    "1 +": "少",
    "(1": "少",
    "1 2": "放错",
    "/data/nobody": "没有叫“nobody”",
    "//age": "//",
    "/data/@id": "不能用",
    "$x": "不能用",
    "child::age": "没有叫",
    "area('1')": "area",
    "random()": "random",
    "uuid()": "uuid",
    "system('x')": "system",
    "regex('x', '(')": "写法",
    "regex('x', /data/name)": "写死",
    "substr()": "项",
    "/data/age[1]": "不是重复",
    "instance('nowhere')/root/item/name": "nowhere",
    "'a": "看不懂",
    "1;": "看不懂",
    "(" * 50 + "1" + ")" * 50: "太深",
    "if(1, " * 50 + "1" + ", 1)" * 50: "太深",
    "1+" * 260 + "1": "个词和符号",
    "regex('x', '(a|aa)+$')": "太慢",
    "regex('x', '([0-9]|[0-9a])*k?')": "太慢",
    "regex('x', 'a{1,99999}')": "太长",
    f"regex('x', '{'(' * 200}a{')+' * 200}')": "看不懂|太慢|太长",
    "1 + " * 700 + "1": "个字",
}


@pytest.mark.parametrize("text", REFUSED)
def test_what_cannot_be_worked_out_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(BadExpression) as problem:
        compile_code(text, Around(ROOT, ROOT, {}))
    assert any(part in problem.value.wrong for part in REFUSED[text].split("|")), problem.value.wrong
    assert problem.value.right


def test_a_pattern_that_would_take_for_ever_refuses_nobody_and_is_tried_once() -> None:
    pattern, held, tried = regex.compile("(x|xx)+$"), Known(), "x" * 90 + "!"
    assert held.matches(tried, pattern), "it took too long to tell"
    began = time.process_time()
    assert all(held.matches(tried, pattern) for _ in range(400))
    assert time.process_time() - began < 10, "400 patterns that wait would be 40 seconds"


def test_numbers_read_as_people_write_them() -> None:
    assert [as_text(each) for each in (3.0, 2.5, -0.0, math.nan, math.inf, True)] == [
        "3", "2.5", "0", "NaN", "Infinity", "true",
    ]  # fmt: skip


def test_a_text_that_doubles_itself_ends_as_nothing() -> None:
    doubles = "\n".join(
        f"| calculate | c{n} | | concat(${{c{n - 1}}}, ${{c{n - 1}}}) |" for n in range(1, 40)
    )
    form = form_of(
        "| type | name | label | calculation |\n| text | a | 叫什么 | |\n| calculate | c0 | | concat(${a}, '好') |\n"
        + doubles
        + "\n| note | n | 是${c2}，不是${c39}。 | |"
    )
    chat = chat_of(form).say("甲")
    assert chat.said[-1] == "是甲好甲好甲好甲好，不是。"
