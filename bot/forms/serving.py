"""Keeps the forms from sheets in the book: those that are live, and the application with a province's own questions.

A form is read when somebody is first asked it: that takes time which nobody should wait for their first page.
"""

from collections.abc import Iterator, Sequence
from functools import partial
from threading import Lock

from sqlmodel import Session

from bot.logs import Log
from dialogs.book import Book
from dialogs.model import Flow
from dialogs.sheet_names import EXTENDS, flow_name
from storage import forms
from storage.tables import SheetForm

log = Log("forms")

Mark = tuple[object, ...]

PICTURED = "jr://images"
"""Stands in a form that has pictures: they are in the file it came in."""


_in_turn = Lock()
"""Whoever read the forms last serves them last: else what one look found could replace what a later one found."""


def serve_forms(session: Session, book: Book, served: Mark | None = None) -> Mark:
    """Put every live form into the book where others are live than those served; give the mark of what is served.

    Args:
        session: a session to read with, that has not read yet: what is not committed is not served.
        book: where people's flows are found.
        served: what an earlier look gave, None where nothing is known.

    """
    with _in_turn:
        mark = forms.live_mark(session)
        if mark != served:
            live = forms.live_forms(session)
            rows = [(row, row.sheet if PICTURED in row.xform else b"") for row in live]
            book.serve_when_asked({flow_name(row.name) for row in live}, partial(_flows, rows, book))
        return mark


def _flows(served: Sequence[tuple[SheetForm, bytes]], book: Book) -> Iterator[Flow]:
    from bot.forms.pictures import keys_of
    from dialogs.xform import SheetRefused, flow_of, read_form
    from dialogs.xform.extending import extended

    for row, sheet in served:
        try:
            form, _ = read_form(row.xform)
        except SheetRefused as refused:
            # A newer release takes less than the one that took this sheet in: the others are asked all the same.
            log.warning("form_not_served", form=row.name, version=row.version, problem=str(refused)[:200])
            continue
        own = book.own(EXTENDS.get(form.name, ""))
        pictures = keys_of(row, form, sheet)
        yield flow_of(form, pictures) if own is None else extended(own, form, pictures)
