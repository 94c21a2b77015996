"""Judges and gathers the rows of a sheet of job fairs, and of a sheet of positions at them or without one."""

from collections.abc import Iterable, Sequence
from datetime import date

from sqlmodel import Session, SQLModel, col, select

from storage.batching import batches
from storage.catalogue.cells import said
from storage.catalogue.checks import Finding, pick
from storage.catalogue.columns import Column
from storage.catalogue.fair_columns import FAIR_COLUMNS, POSITION_COLUMNS, fair_problems
from storage.catalogue.judging import Changes, Outcome
from storage.catalogue.ledger import MODELS, Row, Touch, row_of
from storage.catalogue.lines import Line, missing
from storage.catalogue.projects import blank
from storage.catalogue.report import Note, Problem
from storage.catalogue.showing import differences
from storage.catalogue.tables import Fair


class Fairs:
    """The fairs a sheet speaks of: as stored, and as its good rows make them. Made as `Projects`.

    A sheet of positions is gathered alike; what differs stands in `_more_problems` and `_complete`.
    """

    kind = "fair"
    columns: Sequence[Column] = FAIR_COLUMNS

    def __init__(self, session: Session, lines: Sequence[Line], *, hold: bool = True) -> None:
        self._session = session
        self._by_name = {column.name: column for column in self.columns}
        self._key = self.columns[0]
        self._stored: dict[str, SQLModel] = {}
        model = MODELS[self.kind]
        for batch in batches(said(line.cells.get(self._key.name)) for line in lines):
            wanted = select(model).where(col(getattr(model, self._key.name)).in_(batch))
            wanted = wanted.with_for_update() if hold else wanted
            self._stored |= {getattr(row, self._key.name): row for row in session.exec(wanted)}
        self._rows = {key: row_of(row) for key, row in self._stored.items()}
        self._seen: dict[str, int] = {}

    def judge(self, line: Line, values: Row) -> list[Problem]:
        """Complete what the cells say from what is stored, and find what cannot be true."""
        unread = line.cells.keys() - values.keys()
        row = {name: value for name, value in self._whole(values).items() if name not in unread}
        problems = missing(line, tuple(self.columns), row.keys() | unread)
        problems += [
            line.problem(self._by_name[name], wrong, right) for name, wrong, right in self._find(row)
        ]
        key = pick(values, self._key.name, str)
        if key and key in self._seen:
            wrong = f"和第{self._seen[key]}行是同一个{self._key.title}"
            problems.append(line.problem(self._key, wrong, "留一行，或者改编号"))
        elif key:
            self._seen[key] = line.row
        return problems

    def accept(self, line: Line, values: Row) -> tuple[Outcome, Changes]:  # noqa: ARG002 (the same call as for a project sheet)
        """Take a good row in; say whether it is new, and what it changes."""
        row = self._whole(values)
        key = str(row[self._key.name])
        before = self._rows.get(key)
        self._rows[key] = row
        changes = tuple(differences(self.kind, before or row, row))
        return (
            Outcome.ADDED if before is None else Outcome.CHANGED if changes else Outcome.UNCHANGED
        ), changes

    def doubts(self, line: Line, values: Row) -> list[Note]:
        """Say that a fair was called off, and that no sheet makes it stand again."""
        if self._whole(values).get("called_off"):
            return [line.note(self._key, "这个招聘会已经取消，报名的人都告诉了。要再办，用新的编号")]
        return []

    def afterwards(self) -> list[str]:
        """Nothing is left to say when every row is judged."""
        return []

    def touches(self) -> list[Touch]:
        """Return every row that is new or differs from what is stored."""
        touches = [Touch(self.kind, key, self._stored.get(key), row) for key, row in self._rows.items()]
        return [t for t in touches if t.stored is None or row_of(t.stored) != t.after]

    def _whole(self, values: Row) -> Row:
        """What the row says over what is stored, over blanks when it is new; with what follows from it."""
        stored = self._rows.get(str(values.get(self._key.name)))
        row = {**(stored or blank(self.columns)), **values}
        self._complete(row)
        return row

    def _complete(self, row: Row) -> None:
        """A fair of one day ends on it; none is called off by a sheet."""
        row.setdefault("called_off", False)
        if row.get("end_date") is None:
            row["end_date"] = pick(row, "start_date", date)

    def _find(self, row: Row) -> Iterable[Finding]:
        return fair_problems(row)


class Positions(Fairs):
    """The positions a sheet speaks of, each at a fair that is stored, or without one."""

    kind = "position"
    columns: Sequence[Column] = POSITION_COLUMNS

    def __init__(self, session: Session, lines: Sequence[Line], *, hold: bool = True) -> None:
        super().__init__(session, lines, hold=hold)
        self._fairs = {str(row["fair_id"]) for row in self._rows.values()}
        for batch in batches(said(line.cells.get("fair_id")) for line in lines):
            self._fairs.update(session.exec(select(Fair.fair_id).where(col(Fair.fair_id).in_(batch))))

    def doubts(self, line: Line, values: Row) -> list[Note]:  # noqa: ARG002 (the same call as for a fair)
        """Nothing about one position looks odd by itself."""
        return []

    def _complete(self, row: Row) -> None:
        """Nothing follows from what a position's row says."""

    def _find(self, row: Row) -> Iterable[Finding]:
        fair_id = row.get("fair_id")
        if fair_id is not None and fair_id not in self._fairs:
            yield "fair_id", f"没有招聘会 {fair_id}", "先导入这个招聘会，或者空着不写"
