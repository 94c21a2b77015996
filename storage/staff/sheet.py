"""A list of staff as a sheet: who is new, whose role or place changes."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select

from storage.batching import batches
from storage.catalogue.cells import choice, text, texts
from storage.catalogue.columns import Column
from storage.catalogue.judging import Changes, Kind, Outcome
from storage.catalogue.ledger import Row
from storage.catalogue.lines import Line
from storage.catalogue.report import Note, Problem
from storage.catalogue.showing import say
from storage.catalogue.tables import Intake, Project
from storage.rules.regions import lies_in, office_area
from storage.staff import staff
from storage.staff.uploader import Uploader
from storage.tables import Staff, StaffRole

ROLE_WORDS = {"clerk": "经办", "teacher": "老师", "evaluator": "评估", "admin": "管理员"}
"""Role -> how it is called."""

MOST_NAME = 40

_ROLES = {word: code for code, word in ROLE_WORDS.items()} | {code: code for code in ROLE_WORDS}

COLUMNS = (
    Column("name", ("姓名", "名字"), text(MOST_NAME), "staff", None, required=True, needed=True),
    Column("role", ("角色", "做什么", "岗位"), choice(_ROLES), "staff", None, required=True, needed=True),
    Column("region", ("地区", "管哪里", "管理地区", "负责地区"), text(MOST_NAME), "staff", ""),
    Column("projects", ("项目", "教哪些项目", "项目编号"), texts, "staff", ()),
)
"""What a list of staff may have."""

STAFF = Kind("staff", COLUMNS, ("name", "role"))

_BY_NAME = {column.name: column for column in COLUMNS}


@dataclass(frozen=True, slots=True)
class _Hired:
    """What one row says of somebody."""

    member: Staff | None
    name: str
    role: StaffRole
    region: str
    projects: list[str]


class StaffList:
    """The members of staff a sheet speaks of.

    Args:
        session: a session to read with; a writing one where they are to be written.
        lines: the rows of the sheet.
        uploader: who brings it; nobody changes their own role.

    """

    def __init__(self, session: Session, lines: Sequence[Line], uploader: Uploader) -> None:
        self._session = session
        self._uploader = uploader
        self._known: dict[str, list[Staff]] = {}
        for member in staff.all_staff(session):
            if member.revoked_at is None:
                self._known.setdefault(member.name, []).append(member)
        asked = (part for line in lines for part in _projects(line))
        self._projects: set[str] = set()
        for batch in batches(asked):
            wanted = select(Project.project_id).where(col(Project.project_id).in_(batch))
            self._projects.update(session.exec(wanted))
        self._seen: dict[str, int] = {}
        self._hired: list[_Hired] = []
        self._ordered: Collection[tuple[str, ...]] | None = None

    def judge(self, line: Line, values: Row) -> list[Problem]:
        """Find who is told twice, who has no place to be responsible for, and projects there are not."""
        name, role = values.get("name"), values.get("role")
        if not isinstance(name, str) or not isinstance(role, str):
            return []
        problems = []
        first = self._seen.setdefault(name, line.row)
        if first != line.row:
            problems.append(line.problem(_BY_NAME["name"], f"和第{first}行是同一个人", "留一行"))
        known = self._known.get(name, [])
        if len(known) > 1:
            wrong = f"叫{name}的有{len(known)}位"
            problems.append(line.problem(_BY_NAME["name"], wrong, "在“人员”里一位一位改"))
        hired = self._whole(values)
        mine = hired.member is not None and hired.member.id == self._uploader.member.id
        if mine and hired.role is not self._uploader.member.role:
            problems.append(line.problem(_BY_NAME["role"], "这是您自己的角色", "让别的管理员来改"))
        if hired.role in (StaffRole.CLERK, StaffRole.EVALUATOR) and not hired.region:
            wrong = f"{ROLE_WORDS[hired.role]}没有写管哪里"
            problems.append(line.problem(_BY_NAME["region"], wrong, "写一个地方，比如 郑州市"))
        if hired.role is StaffRole.TEACHER and not hired.projects:
            problems.append(
                line.problem(_BY_NAME["projects"], "老师没有写教哪些项目", "写项目编号，比如 P025")
            )
        if unknown := [each for each in hired.projects if each not in self._projects]:
            wrong = f"目录里没有 {'、'.join(unknown)}"
            problems.append(line.problem(_BY_NAME["projects"], wrong, "写目录里的项目编号，比如 P025"))
        return problems

    def accept(self, line: Line, values: Row) -> tuple[Outcome, Changes]:  # noqa: ARG002 - as every gatherer
        """Take a good row in; say whether they are new, and what changes."""
        hired = self._whole(values)
        self._hired.append(hired)
        if hired.member is None:
            return Outcome.ADDED, ()
        changes = tuple(
            (
                _BY_NAME[name].title,
                _said(name, getattr(hired.member, name)),
                _said(name, getattr(hired, name)),
            )
            for name in ("role", "region", "projects")
            if getattr(hired.member, name) != getattr(hired, name)
        )
        return (Outcome.CHANGED if changes else Outcome.UNCHANGED), changes

    def doubts(self, line: Line, values: Row) -> list[Note]:
        """Say when no course is of the place somebody is responsible for: it may be written wrong."""
        hired = self._whole(values)
        placed = hired.role in (StaffRole.CLERK, StaffRole.EVALUATOR)
        if not placed or any(lies_in(area, hired.region) for area in self._areas()):
            return []
        return [line.note(_BY_NAME["region"], f"目录里现在没有归“{hired.region}”管的课。看一看写得对不对")]

    def _areas(self) -> Collection[tuple[str, ...]]:
        """Every area an office that ordered a course is responsible for."""
        if self._ordered is None:
            wanted = select(Project.commissioned_by, Intake.province, Intake.city, Intake.district)
            found = self._session.exec(wanted.join(Intake).distinct())
            self._ordered = {office_area(office, place) for office, *place in found}
        return self._ordered

    def afterwards(self) -> list[str]:
        """Who is not on the list stays staff: only a person lets somebody go."""
        left = sum(name not in self._seen for name in self._known)
        return [f"还有{left}位不在这张表里，没有动。要停用，在“人员”里办"] if left else []

    def keep(self) -> None:
        """Add and change them, audited one by one."""
        now, actor = self._uploader.now, self._uploader.actor
        for each in self._hired:
            if each.member is None:
                staff.add_staff(
                    self._session,
                    each.name,
                    each.role,
                    now,
                    region=each.region,
                    projects=each.projects,
                    actor=actor,
                )
            elif (each.member.role, each.member.region, each.member.projects) != (
                each.role,
                each.region,
                each.projects,
            ):
                staff.change_staff(
                    self._session,
                    each.member,
                    now,
                    role=each.role,
                    region=each.region,
                    projects=each.projects,
                    actor=actor,
                )

    def _whole(self, values: Row) -> _Hired:
        """What the row says, over what is stored: columns a sheet does not have keep their values."""
        name = str(values["name"])
        known = self._known.get(name, [])
        member = known[0] if len(known) == 1 else None
        region = values.get("region", member.region if member else "")
        projects = values.get("projects", member.projects if member else [])
        return _Hired(
            member,
            name,
            StaffRole(str(values["role"])),
            str(region),
            [str(each) for each in projects] if isinstance(projects, list | tuple) else [],
        )


def _projects(line: Line) -> list[str]:
    value = line.cells.get("projects")
    try:
        return texts(value) if value is not None else []
    except ValueError:
        return []


def _said(name: str, value: object) -> str:
    return ROLE_WORDS[StaffRole(str(value)).value] if name == "role" else say(_BY_NAME[name], value)
