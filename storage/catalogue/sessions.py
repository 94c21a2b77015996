"""Judges and gathers the rows of a sheet of dated sessions, each inside an intake that is stored."""

from collections.abc import Sequence
from datetime import date

from sqlmodel import Session, col, select

from storage.batching import batches
from storage.catalogue.cells import said
from storage.catalogue.checks import pick, session_problems
from storage.catalogue.columns import SESSION_COLUMNS
from storage.catalogue.judging import Changes, Outcome
from storage.catalogue.ledger import Row, Touch, row_of
from storage.catalogue.lines import Line, missing
from storage.catalogue.projects import blank
from storage.catalogue.report import Note, Problem
from storage.catalogue.showing import differences
from storage.catalogue.tables import CourseSession, Intake

COLUMNS = {column.name: column for column in SESSION_COLUMNS}
_STORED = tuple(column for column in SESSION_COLUMNS if column.table == "session")


class Sessions:
    """The sessions a sheet speaks of: as stored, and as its good rows make them. Made as `Projects`."""

    def __init__(self, session: Session, lines: Sequence[Line], *, hold: bool = True) -> None:
        self._intakes: dict[tuple[str, int], Intake] = {}
        self._names: dict[int, str] = {}
        self._sessions: dict[tuple[int, int], CourseSession] = {}
        for batch in batches(said(line.cells.get("project_id")) for line in lines):
            intakes = select(Intake).where(col(Intake.project_id).in_(batch))
            intakes = intakes.with_for_update() if hold else intakes
            for intake in session.exec(intakes):
                self._intakes[intake.project_id, intake.intake_no] = intake
                self._names[intake.id or 0] = f"{intake.project_id}/{intake.intake_no}"
        for batch in batches(map(str, self._names)):
            meetings = select(CourseSession).where(col(CourseSession.intake_id).in_(map(int, batch)))
            self._sessions |= {(one.intake_id, one.session_no): one for one in session.exec(meetings)}
        self._rows = {key: row_of(one) for key, one in self._sessions.items()}
        self._seen: dict[tuple[int, int], int] = {}

    def judge(self, line: Line, values: Row) -> list[Problem]:
        """Find what cannot be true of a session, and of it within its intake."""
        if "intake_no" not in line.cells:
            values["intake_no"] = 1
        unread = line.cells.keys() - values.keys()
        problems = missing(line, SESSION_COLUMNS, values.keys() | unread)
        problems += [
            line.problem(COLUMNS[name], wrong, right) for name, wrong, right in session_problems(values)
        ]
        project, number = pick(values, "project_id", str), pick(values, "intake_no", int)
        if project and number:
            problems += self._judge_inside(line, values, project, number)
        return problems

    def _judge_inside(self, line: Line, values: Row, project: str, number: int) -> list[Problem]:
        intake = self._intakes.get((project, number))
        if intake is None:
            wrong = f"目录里没有 {project} 第{number}班"
            return [line.problem(COLUMNS["project_id"], wrong, "先导入这个班，或者改编号和班次")]
        problems: list[Problem] = []
        day = pick(values, "date", date)
        if day and not intake.start_date <= day <= intake.end_date:
            right = f"写{intake.start_date}到{intake.end_date}里的日期"
            problems.append(line.problem(COLUMNS["date"], f"{day}不在这个班的日期里", right))
        elif day and any(_covers(span, day) for span in intake.closed_dates):
            problems.append(line.problem(COLUMNS["date"], f"{day}这一天停课", "换一天，或者改停课日期"))
        lesson = pick(values, "session_no", int)
        key = (intake.id or 0, lesson or 0)
        if lesson and key in self._seen:
            wrong = f"和第{self._seen[key]}行是同一次课"
            problems.append(line.problem(COLUMNS["session_no"], wrong, "留一行，或者改课次"))
        elif lesson:
            self._seen[key] = line.row
        return problems

    def accept(self, line: Line, values: Row) -> tuple[Outcome, Changes]:  # noqa: ARG002 (the same call as for a project sheet)
        """Take a good row in; say whether it is new, and what it changes."""
        intake = self._intakes[str(values["project_id"]), int(str(values["intake_no"]))]
        key = (intake.id or 0, int(str(values["session_no"])))
        before = self._rows.get(key)
        given = {name: value for name, value in values.items() if name in COLUMNS and COLUMNS[name].table}
        given["day"] = given.pop("date")
        row = {**(before or blank(_STORED)), **given, "intake_id": key[0]}
        del row["project_id"], row["intake_no"]
        row["mode"] = row["mode"] or ("" if intake.mode == "hybrid" else intake.mode)
        row["venue"] = row["venue"] or (intake.address if row["mode"] == "offline" else "")
        self._rows[key] = row
        changes = tuple(differences("session", before or row, row))
        return (
            Outcome.ADDED if before is None else Outcome.CHANGED if changes else Outcome.UNCHANGED
        ), changes

    def doubts(self, line: Line, values: Row) -> list[Note]:  # noqa: ARG002 (the same call as for a project sheet)
        """Nothing about one session looks odd by itself."""
        return []

    def afterwards(self) -> list[str]:
        """Say which stored sessions of the intakes in this sheet the sheet does not speak of."""
        spoken = {intake for intake, _ in self._seen}
        left: dict[int, int] = {}
        for intake, number in self._sessions:
            if intake in spoken and (intake, number) not in self._seen:
                left[intake] = left.get(intake, 0) + 1
        return [
            f"{self._names[intake]} 还有{count}次课不在这张表里，没有动" for intake, count in left.items()
        ]

    def touches(self) -> list[Touch]:
        """Return every row that is new or differs from what is stored."""
        touches = [
            Touch("session", f"{self._names[key[0]]}/{key[1]}", self._sessions.get(key), row)
            for key, row in self._rows.items()
        ]
        return [t for t in touches if t.stored is None or row_of(t.stored) != t.after]


def _covers(span: str, day: date) -> bool:
    first, last = span.split("/")
    return first <= day.isoformat() <= last
