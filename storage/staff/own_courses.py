"""Bounds what a clerk brings of courses to those that offices of the own region ordered."""

from collections import defaultdict
from collections.abc import Iterable

from sqlmodel import Session, col, select

from storage.batching import batches
from storage.catalogue.cells import said
from storage.catalogue.columns import PROJECT_COLUMNS
from storage.catalogue.judging import Changes, Outcome
from storage.catalogue.ledger import Row
from storage.catalogue.lines import Line
from storage.catalogue.projects import Projects
from storage.catalogue.report import Note, Problem
from storage.catalogue.sessions import Sessions
from storage.catalogue.tables import Intake, Project
from storage.rules.regions import lies_in, office_area

_WHOSE = next(column for column in PROJECT_COLUMNS if column.name == "commissioned_by")


class OwnCourses:
    """Judges rows as those who gather them do, and refuses each that is another region's, before or after.

    A project is one region's when all of its intakes are: what a row says of the project holds for all of them.

    Args:
        rows: who gathers the rows.
        session: a session to read with.
        lines: the rows of the sheet.
        region: whose courses may be brought.

    """

    def __init__(
        self, rows: Projects | Sessions, session: Session, lines: Iterable[Line], region: str
    ) -> None:
        self._rows = rows
        self._region = region
        self._offices: defaultdict[str, dict[str, bool]] = defaultdict(dict)
        for batch in batches(said(line.cells.get("project_id")) for line in lines):
            wanted = select(Project, Intake).join(Intake).where(col(Project.project_id).in_(batch))
            for project, intake in session.exec(wanted):
                place = (intake.province, intake.city, intake.district)
                ours = self._is_ours(project.commissioned_by, place)
                known = self._offices[project.project_id]
                known[project.commissioned_by] = known.get(project.commissioned_by, True) and ours

    def judge(self, line: Line, values: Row) -> list[Problem]:
        """Find what is wrong with a row, and else whether it is somebody else's."""
        problems = self._rows.judge(line, values)
        if problems:
            return problems
        offices = dict(self._offices.get(str(values.get("project_id")), {}))
        if isinstance(self._rows, Projects):
            whole = self._rows.whole(values)
            office = str(whole["commissioned_by"] or "")
            place = [str(whole[part] or "") for part in ("province", "city", "district")]
            offices[office] = offices.get(office, True) and self._is_ours(office, place)
        others = next((office for office, ours in offices.items() if not ours), None)
        if others is None:
            return []
        whose = f"这个班是{others}定的" if others else "这个班没有写哪个单位定的"
        region = self._region or "您还没有地区"
        return [
            line.problem(_WHOSE, f"{whose}，不在您的地区（{region}）", "交给管理员导入，或者改单位和地方")
        ]

    def accept(self, line: Line, values: Row) -> tuple[Outcome, Changes]:
        return self._rows.accept(line, values)

    def doubts(self, line: Line, values: Row) -> list[Note]:
        return self._rows.doubts(line, values)

    def afterwards(self) -> list[str]:
        return self._rows.afterwards()

    def _is_ours(self, office: str, place: Iterable[str]) -> bool:
        return lies_in(office_area(office, tuple(place)), self._region)
