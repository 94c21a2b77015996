"""Judges and gathers the rows of a project sheet: which are new, which change what, which cannot be true."""

from collections.abc import Sequence
from functools import cache

from sqlmodel import Session, col, select

from storage.batching import batches
from storage.catalogue import codes
from storage.catalogue.cells import said
from storage.catalogue.checks import project_doubts, project_problems
from storage.catalogue.columns import PROJECT_COLUMNS, Column
from storage.catalogue.judging import Changes, Outcome
from storage.catalogue.ledger import Row, Touch, row_of
from storage.catalogue.lines import Line, missing
from storage.catalogue.report import Note, Problem
from storage.catalogue.showing import differences
from storage.catalogue.standing import Given, called_off, seats_given, too_few_seats
from storage.catalogue.tables import CourseSession, Intake, Project

COLUMNS = {column.name: column for column in PROJECT_COLUMNS}
_OF_PROJECT = tuple(column for column in PROJECT_COLUMNS if column.table == "project")
_OF_INTAKE = tuple(column for column in PROJECT_COLUMNS if column.table == "intake")
_AUDIENCE_OF = {"family": "family", "employer": "employer", "service_staff": "service_staff"}


def blank(columns: Sequence[Column]) -> Row:
    """Return the values of a new row before anything is written on it."""
    once, lists = _blank(tuple(columns))
    return {**once, **{name: list(values) for name, values in lists}}


@cache
def _blank(columns: tuple[Column, ...]) -> tuple[Row, Sequence[tuple[str, tuple[object, ...]]]]:
    """The values that any number of rows may share, and those each needs of its own; worked out once for all rows."""
    empty = {column.name: column.empty for column in columns if not column.required}
    return empty, [(name, value) for name, value in empty.items() if isinstance(value, tuple)]


class Projects:
    """The projects and intakes a sheet speaks of: as stored, and as its good rows make them.

    Args:
        session: a session to read with; a writing one where they are to be written.
        lines: the rows of the sheet.
        hold: whether nobody else may change what is stored until the transaction ends.

    """

    def __init__(self, session: Session, lines: Sequence[Line], *, hold: bool = True) -> None:
        self._session = session
        self._projects: dict[str, Project] = {}
        self._intakes: dict[tuple[str, int], Intake] = {}
        for batch in batches(said(line.cells.get("project_id")) for line in lines):
            projects = select(Project).where(col(Project.project_id).in_(batch))
            projects = projects.with_for_update() if hold else projects
            self._projects |= {project.project_id: project for project in session.exec(projects)}
            intakes = select(Intake).where(col(Intake.project_id).in_(batch))
            intakes = intakes.with_for_update() if hold else intakes
            self._intakes |= {
                (intake.project_id, intake.intake_no): intake for intake in session.exec(intakes)
            }
        numbers = [each.id or 0 for each in self._intakes.values()]
        self._called_off, self._given = called_off(session, numbers), seats_given(session, numbers)
        self._project_rows = {key: row_of(project) for key, project in self._projects.items()}
        self._intake_rows = {key: row_of(intake) for key, intake in self._intakes.items()}
        self._seen: dict[tuple[str, int], int] = {}
        self._written: dict[str, tuple[int, Row]] = {}

    def judge(self, line: Line, values: Row) -> list[Problem]:
        """Complete what the cells say from what is stored, and find what cannot be true."""
        problems = _settle_category(line, values)
        if "intake_no" not in line.cells:
            values["intake_no"] = 1
        unread = line.cells.keys() - values.keys()
        row = {name: value for name, value in self.whole(values).items() if name not in unread}
        problems += missing(line, PROJECT_COLUMNS, row.keys() | unread)
        problems += [
            line.problem(COLUMNS[name], wrong, right) for name, wrong, right in project_problems(row)
        ]
        problems += self._stands(line, row)
        key = _key(values)
        if key and key in self._seen:
            wrong = f"和第{self._seen[key]}行是同一个班次"
            problems.append(line.problem(COLUMNS["intake_no"], wrong, "留一行，或者改班次"))
        elif key:
            self._seen[key] = line.row
        return problems

    def _stands(self, line: Line, row: Row) -> list[Problem]:
        """Find what would take back seats that were given, or a decision that the class is called off."""
        key = _key(row)
        intake = self._intakes.get(key) if key else None
        if intake is None:
            return []
        problems = []
        if given := too_few_seats(intake, row.get("capacity"), self._given.get(intake.id or 0, Given())):
            problems.append(line.problem(COLUMNS["capacity"], given, "写这么多，或者更大的数"))
        if intake.id in self._called_off and row.get("status") != "withdrawn":
            wrong = "这个班已经取消，报名的人都告诉了"
            problems.append(line.problem(COLUMNS["status"], wrong, "写“撤销”，或者开一个新的班次"))
        return problems

    def accept(self, line: Line, values: Row) -> tuple[Outcome, Changes]:
        """Take a good row in; say whether it is new, and what it changes."""
        whole = self.whole(values)
        key = (str(whole["project_id"]), int(str(whole["intake_no"])))
        project = {column.name: whole[column.name] for column in _OF_PROJECT}
        intake = {column.name: whole[column.name] for column in _OF_INTAKE} | {"project_id": key[0]}
        former, was = self._project_rows.get(key[0]), self._intake_rows.get(key)
        self._project_rows[key[0]], self._intake_rows[key] = project, intake
        self._written.setdefault(key[0], (line.row, project))
        changes = (
            *differences("project", former or project, project),
            *differences("intake", was or intake, intake),
        )
        return (Outcome.ADDED if was is None else Outcome.CHANGED if changes else Outcome.UNCHANGED), changes

    def doubts(self, line: Line, values: Row) -> list[Note]:
        """Say what looks odd about a row that was taken in."""
        whole = self.whole(values)
        notes = [line.note(COLUMNS[name], text) for name, text in project_doubts(whole)]
        first, project = self._written[str(whole["project_id"])]
        if first != line.row:
            notes += [
                line.note(column, f"和第{first}行写的不一样，用了这一行的")
                for column in _OF_PROJECT
                if project[column.name] != whole[column.name]
            ]
        return notes

    def afterwards(self) -> list[str]:
        """Say which stored sessions now lie outside their moved intakes."""
        moved = {
            intake.id: intake
            for key, intake in self._intakes.items()
            if self._intake_rows[key] != row_of(intake)
        }
        outside: dict[str, int] = {}
        for batch in batches(number or 0 for number in moved):
            wanted = select(CourseSession).where(col(CourseSession.intake_id).in_(batch))
            for meeting in self._session.exec(wanted):
                intake = moved[meeting.intake_id]
                row = self._intake_rows[intake.project_id, intake.intake_no]
                if not str(row["start_date"]) <= str(meeting.day) <= str(row["end_date"]):
                    name = f"{intake.project_id} 第{intake.intake_no}班"
                    outside[name] = outside.get(name, 0) + 1
        return [f"{name}改了日期，有{count}次课不在里面。再传一次课次表" for name, count in outside.items()]

    def touches(self) -> list[Touch]:
        """Return every row that is new or differs from what is stored."""
        projects = [
            Touch("project", key, self._projects.get(key), row) for key, row in self._project_rows.items()
        ]
        intakes = [
            Touch("intake", f"{key[0]}/{key[1]}", self._intakes.get(key), row)
            for key, row in self._intake_rows.items()
        ]
        return [t for t in projects + intakes if t.stored is None or row_of(t.stored) != t.after]

    def whole(self, values: Row) -> Row:
        """What the row says over what is stored; over blanks when it is new; with what follows from it."""
        key = _key(values)
        project = self._project_rows.get(str(values.get("project_id")))
        intake = self._intake_rows.get(key) if key else None
        row = {**(project or blank(_OF_PROJECT)), **(intake or blank(_OF_INTAKE)), **values}
        if not row["audience"]:
            row["audience"] = [_AUDIENCE_OF.get(str(row.get("category")), "disabled")]
        if not row["certificate_type"] and row["certificate_name"]:
            row["certificate_type"] = _certificate_type(str(row["certificate_name"]))
        return row


def _key(values: Row) -> tuple[str, int] | None:
    project, number = values.get("project_id"), values.get("intake_no")
    return (project, number) if isinstance(project, str) and isinstance(number, int) else None


def _settle_category(line: Line, values: Row) -> list[Problem]:
    """A sheet may give the category as a code, a word, or both; both have to agree."""
    code, word = values.pop("category_code", ""), values.get("category")
    if code and word and code != word:
        label = codes.label("category", str(code))
        return [line.problem(COLUMNS["category"], f"和类别代码“{code}”不一样", f"写“{label}”，或者改代码")]
    if code:
        values["category"] = code
    return []


def _certificate_type(name: str) -> str:
    """A clerk writes the certificate's name only; it holds the name of its kind."""
    kinds = codes.words("certificate_type").values()
    return next((kind.code for kind in kinds if kind.label in name), "")
