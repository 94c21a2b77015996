"""What staff may take away as a table, and with which columns."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlmodel import Session, col, select
from starlette.requests import Request
from starlette.responses import Response

from bot.applications import deciding as acts
from bot.at_work import sight_of
from bot.console.applications import KINDS, MOST_WORDS
from bot.console.callback_table import callback_table
from bot.console.calls import to_call
from bot.console.courses import course_words, number_in
from bot.console.fair_people import people_table
from bot.console.fair_sight import fairs_run_by
from bot.console.inside import Inside, NotYours, Page
from bot.console.notice_calls import call_list
from bot.console.notice_each import each_table
from bot.console.permissions import Act
from bot.console.sheets import Cell, Table, send
from bot.console.words import RATINGS, STATES, ticket_state
from bot.runner import Runner
from storage.applications import listing, waiting
from storage.catalogue import codes
from storage.catalogue.columns import PROJECT_COLUMNS, SESSION_COLUMNS, Column
from storage.catalogue.showing import STORED, say
from storage.catalogue.tables import CourseSession, Intake, Project
from storage.classes import roster
from storage.classes.in_class import IN
from storage.classes.result_sheet import COLUMNS as RESULT_COLUMNS
from storage.classes.result_sheet import PASSED
from storage.classes.roster import masked
from storage.staff import staff
from storage.staff.sheet import COLUMNS as STAFF_COLUMNS
from storage.staff.sheet import ROLE_WORDS
from storage.tables import Application, ApplicationState, Person
from storage.tickets import listing as ticket_list

GONE = "（已删除）"


@dataclass(frozen=True, slots=True)
class Wish:
    """What is wanted of a list.

    Args:
        session: kept open until the last line is read.
        runner: the service.
        inside: who asks.
        whole: whether sealed fields are given whole.

    """

    session: Session
    runner: Runner
    inside: Inside
    whole: bool

    @property
    def intakes(self) -> frozenset[int] | None:
        """The classes it is about: the one the form names, where it is theirs, else all of theirs."""
        number = number_in(self.inside.form.one("intake"))
        if not number:
            return self.inside.reach.intakes
        if not self.inside.reach.holds(number):
            raise NotYours("intake")
        return frozenset({number})

    def course(self, intake_id: int) -> str:
        return course_words(self.runner.shelf.current, intake_id)

    def sealed(self, value: str | None) -> str:
        return (value or "") if self.whole else masked(value or "")


@dataclass(frozen=True, slots=True)
class Export:
    """One list there is to take.

    Args:
        words: how it is called.
        act: what a member has to be allowed.
        read: gives it.
        seals: whether it has sealed fields, which are masked unless somebody asks for them.
        listed: whether it stands among all lists; else it is taken on the page of what it is about.

    """

    words: str
    act: Act
    read: Callable[[Wish], Table]
    seals: bool = False
    listed: bool = True


def _applications(wish: Wish) -> Table:
    form = wish.inside.form
    words = form.one("words").strip()[:MOST_WORDS]
    kind = form.one("list") if form.one("list") in KINDS else "all"
    headings = ("报名号", "姓名", "报哪个班", "现在", "优先分数", "需要没答", "什么时候报的", "证号", "电话")

    def lines() -> Iterator[Sequence[Cell]]:
        for each in listing.every_application(
            wish.session,
            intakes=wish.intakes,
            states=() if words else KINDS[kind][1],
            needs_open=kind == "needs" and not words,
            words=words,
        ):
            yield (
                each.number,
                each.name or GONE,
                wish.course(each.intake_id),
                STATES[each.state.value],
                -each.rank,
                each.open_needs,
                _moment(wish, each.submitted_at),
                wish.sealed(each.certificate),
                wish.sealed(each.phone),
            )

    return Table("报名", headings, lines())


def _waiting(wish: Wish) -> Table:
    queued = select(Application.intake_id).where(Application.state == ApplicationState.WAITLISTED).distinct()
    if wish.intakes is not None:
        queued = queued.where(col(Application.intake_id).in_(wish.intakes))
    intakes = sorted(wish.session.exec(queued).all())

    def lines() -> Iterator[Sequence[Cell]]:
        for intake_id in intakes:
            queue = waiting.waiting_list(wish.session, intake_id)
            wanted = select(Person).where(col(Person.id).in_([each.person_id for each in queue]))
            people = {person.id: person for person in wish.session.exec(wanted)}
            for place, filed in enumerate(queue, start=1):
                person = people[filed.person_id]
                yield (
                    wish.course(intake_id),
                    place,
                    filed.number,
                    person.name or GONE,
                    -filed.rank,
                    _moment(wish, filed.submitted_at),
                    wish.sealed(person.phone),
                )

    headings = ("班", "第几位", "报名号", "姓名", "优先分数", "什么时候报的", "电话")
    return Table("排队", headings, lines())


def _calls(wish: Wish) -> Table:
    def lines() -> Iterator[Sequence[Cell]]:
        mine = fairs_run_by(wish.session, wish.inside)
        for call in acts.calls_due(wish.session, wish.inside.reach.intakes, wish.inside.now, mine):
            each = to_call(wish.session, wish.runner.shelf.current, call, wish.inside.now)
            number = each.path.rpartition("/")[2]
            yield (
                each.person.name or GONE,
                wish.sealed(each.person.phone),
                "是" if each.in_writing else "",
                each.why,
                each.about,
                _moment(wish, call.due_at),
                call.tries,
                number if call.application_id else f"招聘会 {number}",
            )

    headings = ("姓名", "电话", "要发文字", "为什么打", "班或招聘会", "几点前打", "打过几次", "报名号")
    return Table("打电话", headings, lines())


def _callbacks(wish: Wish) -> Table:
    return callback_table(wish.session, wish.runner, wish.inside, wish.sealed)


def _tickets(wish: Wish) -> Table:
    form, now = wish.inside.form, wish.inside.now
    kind = form.one("list") if form.one("list") in ticket_list.KINDS else "open"
    headings = ("工单号", "哪一类", "现在", "什么时候提的", "最晚回话", "谁在办", "办成什么样", "满不满意")
    words = ("说了什么", "怎么回的") if wish.whole else ()

    def lines() -> Iterator[Sequence[Cell]]:
        names = {each.id: each.name for each in staff.all_staff(wish.session)}
        page = 1
        while found := ticket_list.find_tickets(
            wish.session, sight_of(wish.inside.member, wish.inside.reach), kind, now, page
        ):
            page += 1
            for each in found:
                line = (
                    each.number,
                    codes.label("ticket_kind", each.kind),
                    ticket_state(each.state.value, each.staff_id),
                    _moment(wish, each.created_at),
                    _moment(wish, each.due_at),
                    names.get(each.staff_id or 0, ""),
                    codes.label("ticket_outcome", each.outcome) if each.outcome else "",
                    RATINGS.get(each.rating, ""),
                )
                yield (*line, each.words, each.answer or "") if wish.whole else line

    return Table("工单", (*headings, *words), lines())


def _staff(wish: Wish) -> Table:
    columns = {column.name: column for column in STAFF_COLUMNS}

    def lines() -> Iterator[Sequence[Cell]]:
        for each in staff.all_staff(wish.session):
            if each.revoked_at is None:
                projects = say(columns["projects"], each.projects)
                yield (each.name, ROLE_WORDS[each.role.value], each.region, projects)

    return Table("工作人员", [column.title for column in STAFF_COLUMNS], lines())


def _results(wish: Wish) -> Table:
    """As an import reads it: filled in, it goes back. A teacher's has no numbers of certificates."""
    numbers = wish.inside.may(Act.READ)
    columns = [column for column in RESULT_COLUMNS if numbers or column.name != "certificate"]

    taught = select(Application.intake_id).where(col(Application.state).in_(IN)).distinct()
    if wish.intakes is not None:
        taught = taught.where(col(Application.intake_id).in_(wish.intakes))
    intakes = sorted(wish.session.exec(taught).all())

    def lines() -> Iterator[Sequence[Cell]]:
        for intake_id in intakes:
            for each in roster.entries(wish.session, intake_id, numbers=numbers, whole=False):
                line = (each.number, each.name, "" if each.passed is None else PASSED[each.passed])
                yield (*line, each.certificate_no) if numbers else line

    return Table("结业结果", [column.title for column in columns], lines())


def _notice_calls(wish: Wish) -> Table:
    return call_list(wish.session, wish.inside, wish.sealed)


def _notice_people(wish: Wish) -> Table:
    return each_table(wish.session, wish.inside, wish.sealed, wish.runner.settings.zone)


def _catalogue(wish: Wish) -> Table:
    """As an import reads it."""
    columns = [column for column in PROJECT_COLUMNS if column.table]

    def lines() -> Iterator[Sequence[Cell]]:
        wanted = select(Project, Intake).join(Intake, col(Intake.project_id) == col(Project.project_id))
        if wish.inside.reach.intakes is not None:
            wanted = wanted.where(col(Intake.id).in_(wish.inside.reach.intakes))
        order = (col(Project.project_id), col(Intake.intake_no))
        for project, intake in wish.session.exec(wanted.order_by(*order)).all():
            rows = {"project": project, "intake": intake}
            yield [_cell(column, getattr(rows[column.table], column.name)) for column in columns]

    return Table("目录", [column.title for column in columns], lines())


def _meetings(wish: Wish) -> Table:
    """As an import reads it."""
    columns = [column for column in SESSION_COLUMNS if column.table]
    fields = {column: name for name, column in STORED.items()}

    def lines() -> Iterator[Sequence[Cell]]:
        wanted = select(CourseSession, Intake).join(Intake, col(Intake.id) == col(CourseSession.intake_id))
        if wish.inside.reach.intakes is not None:
            wanted = wanted.where(col(Intake.id).in_(wish.inside.reach.intakes))
        order = (col(Intake.project_id), col(Intake.intake_no), col(CourseSession.session_no))
        for meeting, intake in wish.session.exec(wanted.order_by(*order)).all():
            of_intake = {"project_id": intake.project_id, "intake_no": intake.intake_no}
            yield [
                _cell(
                    column,
                    of_intake.get(column.name, getattr(meeting, fields.get(column.name, column.name), None)),
                )
                for column in columns
            ]

    return Table("课次", [column.title for column in columns], lines())


def _fair_people(wish: Wish) -> Table:
    return people_table(wish.session, wish.inside, wish.sealed)


EXPORTS: Mapping[str, Export] = {
    "applications": Export("报名", Act.LIST, _applications, seals=True),
    "waiting": Export("排队的人", Act.LIST, _waiting, seals=True),
    "calls": Export("要打电话的人", Act.CALLS, _calls, seals=True),
    "callbacks": Export("要回访的人", Act.CALLS, _callbacks, seals=True),
    "tickets": Export("工单", Act.TICKETS, _tickets, seals=True),
    "results": Export("结业结果", Act.SHEETS, _results),
    "staff": Export("工作人员", Act.STAFF, _staff),
    "notice-calls": Export("没收到通知的人", Act.NOTICES, _notice_calls, seals=True, listed=False),
    "notice-people": Export("收通知的人", Act.NOTICES, _notice_people, seals=True, listed=False),
    "fair-people": Export("招聘会的人", Act.FAIRS, _fair_people, seals=True, listed=False),
    "catalogue": Export("目录", Act.LIST, _catalogue),
    "sessions": Export("课次", Act.LIST, _meetings),
}
"""Every list there is to take, by the name of its file."""


def exports_for(inside: Inside) -> Sequence[tuple[str, str, bool]]:
    """Give what a member may take: name, words, and whether it can be had with whole numbers."""
    return [
        (name, export.words, export.seals and inside.may(Act.SECRET))
        for name, export in EXPORTS.items()
        if export.listed and inside.may(export.act)
    ]


def export_pages(runner: Runner) -> Sequence[Page]:
    """Every list, masked; and whole, where something in it is sealed."""
    pages = [
        Page(f"/exports/{name}", export.act, partial(_send, runner, name, False), "POST")
        for name, export in EXPORTS.items()
    ]
    return pages + [
        Page(f"/exports/{name}/whole", Act.SECRET, partial(_send, runner, name, True), "POST")
        for name, export in EXPORTS.items()
        if export.seals
    ]


async def _send(runner: Runner, name: str, whole: bool, _: Request, inside: Inside) -> Response:
    intake, kind = number_in(inside.form.one("intake")), inside.form.one("list")
    part = [f"list={kind}"] if kind in {*KINDS, *ticket_list.KINDS} else []
    part += [f"intake={intake}"] if intake else []
    part += [f"notice={notice}"] if (notice := number_in(inside.form.one("notice"))) else []
    part += [f"fair={fair[:32]}"] if (fair := inside.form.one("fair")) else []
    part += ["found"] if inside.form.one("words").strip() else []
    return await send(
        runner,
        inside,
        name,
        lambda session: EXPORTS[name].read(Wish(session, runner, inside, whole)),
        whole=whole,
        detail=" ".join(part),
    )


def _cell(column: Column, value: object) -> Cell:
    """A number stays one, to be counted with; everything else is words."""
    return value if isinstance(value, int) and not isinstance(value, bool) else say(column, value)


def _moment(wish: Wish, at: datetime | None) -> str:
    return "" if at is None else f"{at.astimezone(wish.runner.settings.zone):%Y-%m-%d %H:%M}"
