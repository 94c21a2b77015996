"""Forms for tests, written as Markdown tables the way the sheets are."""

from collections.abc import Mapping

from dialogs.kinds import Note
from dialogs.model import Flow
from dialogs.talk import Reading
from dialogs.xform import Form, flow_of, read_form
from tests.talking import Chat, book_of

HOME = Flow("home", Note("hello", "您好。"))


def xml_of(survey: str, choices: str = "", settings: str = "") -> str:
    """Give the XForm of a sheet; `survey` and `choices` are tables with a line of headings."""
    from pyxform.xls2xform import convert

    text = "\n".join(
        (
            "| survey |",
            *_indented(survey),
            *(("| choices |", *_indented(choices)) if choices else ()),
            "| settings |",
            *_indented(settings or "| form_id | version |\n| trial | 1 |"),
            "",
        )
    )
    return str(convert(text.encode(), file_type=".md", form_name="xq_form", warnings=[]).xform)


def _indented(table: str) -> list[str]:
    return [f"| {line.strip()}" for line in table.strip().splitlines()]


def form_of(survey: str, choices: str = "", settings: str = "") -> Form:
    form, _ = read_form(xml_of(survey, choices, settings))
    return form


def chat_of(form: Form, record: Mapping[str, object] | None = None, reading: Reading = "plain") -> Chat:
    """Begin a form."""
    flow, book = flow_of(form), book_of(HOME)
    book.serve([flow])
    return Chat(book, facts={"record": record or {}}, reading=reading).begin(flow.name)
