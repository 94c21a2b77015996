"""How people finished, as a sheet: the number of the application, passed or not, the number of the certificate."""

from collections.abc import Sequence

from sqlmodel import Session, col, select

from storage.batching import batches
from storage.catalogue.cells import choice, half_width, said, text
from storage.catalogue.columns import Column
from storage.catalogue.judging import Changes, Kind, Outcome
from storage.catalogue.ledger import Row
from storage.catalogue.lines import Line
from storage.catalogue.report import Note, Problem
from storage.classes.in_class import IN
from storage.classes.results import write_results
from storage.classes.tables import Result
from storage.staff.uploader import Uploader
from storage.tables import Application, Person

PASSED = {True: "通过", False: "没有通过"}

MOST_NUMBER = 60
"""Characters of a certificate's number."""

_WORDS = {"通过": "yes", "没有通过": "no"} | dict.fromkeys(("合格", "结业", "是"), "yes")
_WORDS |= dict.fromkeys(("未通过", "不通过", "不合格", "没有结业", "未结业", "否"), "no")
_READ = choice(_WORDS)


COLUMNS = (
    Column("number", ("报名号", "报名编号"), half_width, "result", None, required=True, needed=True),
    Column("name", ("姓名", "名字"), text(100), "", ""),
    Column("passed", ("结果", "考核", "考核结果", "结业"), _READ, "result", "", needed=True),
    Column("certificate", ("证书编号", "证书号", "结业证书编号"), text(MOST_NUMBER), "result", ""),
)
"""What a sheet of results may have; an empty cell changes nothing."""

RESULTS = Kind("results", COLUMNS, ("number", "name"))

_BY_NAME = {column.name: column for column in COLUMNS}


class Results:
    """The results a sheet speaks of, of people in classes that are the uploader's business.

    Args:
        session: a session to read with; a writing one where they are to be written.
        lines: the rows of the sheet.
        uploader: who brings it; whoever is in another's class does not exist.

    """

    def __init__(self, session: Session, lines: Sequence[Line], uploader: Uploader) -> None:
        self._session = session
        self._uploader = uploader
        self._filed: dict[str, tuple[Application, Person, Result | None]] = {}
        for batch in batches(half_width(line.cells.get("number")) for line in lines):
            wanted = (
                select(Application, Person, Result)
                .join(Person, col(Person.id) == col(Application.person_id))
                .outerjoin(Result, col(Result.application_id) == col(Application.id))
                .where(col(Application.number).in_(batch))
            )
            for application, person, result in session.exec(wanted):
                if uploader.holds(application.intake_id):
                    self._filed[application.number] = (application, person, result)
        self._seen: dict[str, int] = {}
        self._given: dict[int, tuple[bool, str]] = {}

    def judge(self, line: Line, values: Row) -> list[Problem]:
        """Find numbers that are nobody's, other people's names, and certificates without a result."""
        number = str(values.get("number") or "")
        if not number:
            return []
        found = self._filed.get(number)
        if found is None:
            wrong = f"您的班里没有报名号{number}"
            return [line.problem(_BY_NAME["number"], wrong, "写像 2026-0031 这样的报名号")]
        application, person, result = found
        problems = []
        first = self._seen.setdefault(number, line.row)
        if first != line.row:
            problems.append(line.problem(_BY_NAME["number"], f"和第{first}行是同一个人", "留一行"))
        name = said(str(values.get("name") or ""))
        if name and person.name and name != person.name:
            wrong = f"报名号{number}不是{name}"
            problems.append(line.problem(_BY_NAME["name"], wrong, "看看是不是串了行"))
        if application.state not in IN:
            problems.append(line.problem(_BY_NAME["number"], "还没有录取", "先录取，再写结果"))
        if values.get("certificate") and not values.get("passed") and result is None:
            problems.append(line.problem(_BY_NAME["passed"], "有证书编号，没有结果", "写“通过”或“没有通过”"))
        return problems

    def accept(self, line: Line, values: Row) -> tuple[Outcome, Changes]:  # noqa: ARG002 - as every gatherer
        """Take a good row in; say whether it is new, and what it changes."""
        application, _, result = self._filed[str(values["number"])]
        former = None if result is None else result.passed
        was = "" if result is None else result.certificate_no or ""
        read = str(values.get("passed") or "")
        passed = read == "yes" if read else former
        certificate = str(values.get("certificate") or was)
        if passed is None or (passed, certificate) == (former, was):
            return Outcome.UNCHANGED, ()
        self._given[application.id] = (passed, certificate)
        pairs = (
            ("passed", "" if former is None else PASSED[former], PASSED[passed]),
            ("certificate", was, certificate),
        )
        changes = tuple(
            (_BY_NAME[name].title, before, after) for name, before, after in pairs if before != after
        )
        return (Outcome.ADDED if result is None else Outcome.CHANGED), changes

    def doubts(self, line: Line, values: Row) -> list[Note]:  # noqa: ARG002 - as every gatherer
        """Nothing about one result looks odd by itself."""
        return []

    def afterwards(self) -> list[str]:
        """Who is not in the sheet keeps the result they have, or none."""
        return []

    def keep(self) -> None:
        """Write them, each in the history of the application."""
        write_results(self._session, self._given, self._uploader.member, self._uploader.now)
