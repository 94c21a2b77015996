"""A form of 300 questions from a sheet, answered to its end: what one step costs; `python -m tests.bench surveys`."""

import statistics
import time
from collections.abc import Mapping

from bot.commands.telling import say
from dialogs.kinds import Note
from dialogs.model import Flow
from dialogs.xform import SheetFlow, flow_of, read_form
from tests.talking import Chat, book_of

QUESTIONS = (30, 300)
MOST_MS = 2.0


def main() -> None:
    """Read forms of two sizes, answer every question, and say what a step costs."""
    from pyxform.xls2xform import convert

    steps: dict[int, float] = {}
    for many in QUESTIONS:
        began = time.perf_counter()
        xml = convert(sheet(many).encode(), file_type=".md", validate=False, form_name="xq_form").xform
        converted = time.perf_counter()
        form, _ = read_form(xml)
        read = time.perf_counter()
        took = answer_all(flow_of(form))
        steps[many] = statistics.median(took)
        say(
            f"{many} questions: convert {(converted - began) * 1000:.0f} ms, read {(read - converted) * 1000:.1f} ms;"
            f" a step {steps[many]:.2f} ms median, {max(took):.2f} ms at most"
        )
    few, many = QUESTIONS
    say(f"ten times the questions: a step costs {steps[many] / steps[few]:.1f} times as much")
    say(f"{MOST_MS / steps[many]:.1f} steps of the longer form fit into {MOST_MS} ms (at least 1)")


def sheet(many: int) -> str:
    """Give a form of so many questions as a Markdown table: choices, numbers, words, conditions and sums."""
    rows = [
        "| survey | | | | | | | |",
        "| | type | name | label | relevant | calculation | constraint | required |",
    ]
    for number in range(many):
        kind = ("select_one yn", "integer", "text", "select_multiple yn")[number % 4]
        relevant = f"${{q{number - 4}}} = 'yes'" if number % 4 == 0 and number else ""
        constraint = ". < 500" if kind == "integer" else ""
        rows.append(f"| | {kind} | q{number} | 第{number}题好吗 | {relevant} | | {constraint} | yes |")
        if number % 10 == 9:
            rows.append(f"| | calculate | c{number} | | | ${{q{number - 4}}} + {number} | | |")
    rows += [
        "| choices | | |",
        "| | list_name | name | label |",
        "| | yn | yes | 是 |",
        "| | yn | no | 不是 |",
    ]
    return "\n".join((*rows, "| settings | |", "| | form_id | version |", f"| | bench_{many} | 1 |", ""))


SAID: Mapping[str, str] = {"choice": "是", "many": "是", "number": "7", "text": "做面包"}


def answer_all(flow: SheetFlow) -> list[float]:
    """Answer every question once; give the milliseconds of processor of each step, engine and state together."""
    home = Flow("home", Note("hello", "您好。"))
    book = book_of(home)
    book.serve([flow])
    chat = Chat(book).begin(flow.name)
    took: list[float] = []
    while not chat.submitted:
        words = SAID[chat.screen.form]
        began = time.process_time()
        chat.say(words)
        took.append((time.process_time() - began) * 1000)
    return took


if __name__ == "__main__":
    main()
