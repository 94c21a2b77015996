"""Keeps the forms from sheets in the book: those that are live, and the application with a province's own questions."""

import structlog
from sqlmodel import Session

from dialogs.book import Book
from dialogs.model import Flow
from dialogs.xform import SheetRefused, flow_of, read_form
from dialogs.xform.extending import EXTENDS, extended
from storage import forms
from storage.tables import SheetForm

log = structlog.get_logger("forms")

Mark = tuple[object, ...]


def serve_forms(session: Session, book: Book) -> Mark:
    """Put every live form into the book, and give the mark of what is served now."""
    mark = forms.live_mark(session)
    served: list[Flow] = []
    for row in forms.live_forms(session):
        flow = _flow(row, book)
        if flow is not None:
            served.append(flow)
    book.serve(served)
    return mark


def serve_newer(session: Session, book: Book, served: Mark | None) -> Mark:
    """The same where other versions are live than those served."""
    mark = forms.live_mark(session)
    return mark if mark == served else serve_forms(session, book)


def _flow(row: SheetForm, book: Book) -> Flow | None:
    try:
        form, _ = read_form(row.xform)
    except SheetRefused as refused:
        # A newer release takes less than the one that took this sheet in: the others are asked all the same.
        log.warning("form_not_served", form=row.name, version=row.version, problem=str(refused)[:200])
        return None
    own = book.own(EXTENDS.get(form.name, ""))
    return flow_of(form) if own is None else extended(own, form)
