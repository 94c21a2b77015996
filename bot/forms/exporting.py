"""Answers to a form as other tools read them: KoboToolbox's tables, ODK Central's, and XForm submissions."""

import io
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from sqlmodel import Session

from bot.forms.answer_tables import CENTRAL, KOBO, Layout, Table, tables
from bot.forms.answer_xml import submission
from bot.forms.filed import as_asked, filed_to
from bot.forms.sealed_answers import sealed, sealed_in
from dialogs.sheet_names import EXTENDS
from dialogs.xform import Form, read_form
from storage import forms
from storage.tables import AnswerSet, SheetForm

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ZIP = "application/zip"


@dataclass(frozen=True, slots=True)
class Style:
    """One way to take answers.

    Args:
        name: as commands and forms call it.
        label: what its button says.
        suffix: of the file.
        mime: of the file.
        write: makes the file of the form's versions and all its answers.

    """

    name: str
    label: str
    suffix: str
    mime: str
    write: Callable[[str, Mapping[str, Form], Sequence[AnswerSet]], bytes]

    def file(self, form: str) -> str:
        """Give the name of the file."""
        return f"{form}-{self.name}{self.suffix}"


def export(session: Session, row: SheetForm, style: Style, *, whole: bool) -> bytes:
    """Give all answers to a form, of whatever version, in one style; also applications filed while it was asked.

    Args:
        session: a session to read with.
        row: any version of the form.
        style: how it is laid out.
        whole: whether names of people, phones and certificate numbers are given; masked otherwise.

    """
    given = [*forms.answers_to(session, row.name), *filed_to(session, row.name)]
    versions = {row.version: row.xform}
    for version in dict.fromkeys(each.version for each in given):
        kept = forms.find_version(session, row.name, version)
        if kept is not None:
            versions[version] = kept.xform
    read = {version: read_form(xform)[0] for version, xform in versions.items()}
    hidden = {id(form): frozenset() if whole else sealed_in(form) for form in read.values()}
    shown = [_shown(each, form, hidden[id(form)]) for each, form in _with_forms(read, given)]
    return style.write(row.name, read, shown)


def _shown(given: AnswerSet, form: Form, hidden: frozenset[str]) -> AnswerSet:
    """Give a set of answers as the form would have them, what is sealed masked; what is kept stays as it is."""
    answers = as_asked(form, given.answers) if given.form in EXTENDS else given.answers
    answers = sealed(hidden, answers) if hidden else answers
    return given if answers is given.answers else AnswerSet(**{**given.model_dump(), "answers": answers})


def _csv(layout: Layout, name: str, versions: Mapping[str, Form], given: Sequence[AnswerSet]) -> bytes:
    """Give one CSV file for each table, together in a zip."""
    found = tables(name, versions, given, layout)
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as packed:
        for table in found:
            packed.writestr(_entry(f"{table.name}.csv"), table.as_csv())
    return kept.getvalue()


def _xlsx(layout: Layout, name: str, versions: Mapping[str, Form], given: Sequence[AnswerSet]) -> bytes:
    """Give one workbook with a sheet for each table; every cell is text or a number, never a formula."""
    import xlsxwriter

    kept = io.BytesIO()
    with xlsxwriter.Workbook(
        kept, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        for number, table in enumerate(tables(name, versions, given, layout)):
            _page(book.add_worksheet(_title(table, number)), table)
    return kept.getvalue()


def _page(page: object, table: Table) -> None:
    write: Callable[..., object] = page.write_row  # type: ignore[attr-defined]  # xlsxwriter ships no types
    write(0, 0, table.heads)
    for number, row in enumerate(table.rows, 1):
        write(number, 0, row)


def _title(table: Table, number: int) -> str:
    """The name of a sheet: at most 31 characters, none of them forbidden."""
    name = "".join("_" if each in "[]:*?/\\'" else each for each in table.name)
    return name if len(name) <= 31 else f"{name[:28]}_{number}"


def _xml(_: str, versions: Mapping[str, Form], given: Sequence[AnswerSet]) -> bytes:
    """Give one XForm submission for each set of answers, together in a zip."""
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as packed:
        for each, form in _with_forms(versions, given):
            packed.writestr(_entry(f"{each.key.removeprefix('uuid:')}.xml"), submission(form, each))
    return kept.getvalue()


def _with_forms(versions: Mapping[str, Form], given: Sequence[AnswerSet]) -> Iterator[tuple[AnswerSet, Form]]:
    newest = next(iter(versions.values()))
    for each in given:
        yield each, versions.get(each.version, newest)


def _entry(name: str) -> zipfile.ZipInfo:
    """A file in a zip that says nothing of when it was made."""
    info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    info.compress_type = zipfile.ZIP_DEFLATED
    return info


STYLES: Mapping[str, Style] = {
    style.name: style
    for style in (
        Style("kobo", "KoboToolbox 的 CSV", ".zip", ZIP, partial(_csv, KOBO)),
        Style("kobo-xlsx", "KoboToolbox 的 Excel", ".xlsx", XLSX, partial(_xlsx, KOBO)),
        Style("central", "ODK Central 的 CSV", ".zip", ZIP, partial(_csv, CENTRAL)),
        Style("central-xlsx", "ODK Central 的 Excel", ".xlsx", XLSX, partial(_xlsx, CENTRAL)),
        Style("xml", "XForm 的 XML", ".zip", ZIP, _xml),
    )
}
