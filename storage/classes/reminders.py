"""Reminders of a class, a row each: as far ahead as the person wants, moved with the class, dropped with the seat.

Reminded of are its beginning, each later block of a class held partly online (the first one is its beginning),
and the exam, of those who asked for support in it. Nobody gets more than four of one class (access.md R23). What
there is no room for gives way in this order, last first: the eve of the class; the exam; the blocks, the earliest
first; then its own morning, three days before, a week before. A block or an exam says something new, another
place or another support, where a second word about the same beginning does not. A class that moves is told anew.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo

from sqlmodel import Session, col, select

from storage import people
from storage.applications.enrolment import log_event
from storage.catalogue.tables import Intake
from storage.classes import parts as class_parts
from storage.classes.parts import EARLIEST, Part
from storage.finding import get, get_one
from storage.reminders import reminder_at
from storage.tables import Application, ApplicationState, Coming, Reminder, ReminderState, ReminderWish

CLASS, BLOCK, EXAM = "class", "class_block", "class_exam"
"""Kinds of reminders of a class: its beginning, another block of it, its exam."""

PREFIX: Mapping[str, str] = {CLASS: "class", BLOCK: "block", EXAM: "exam"}
"""How their keys begin."""

MOST = 4
"""Reminders of one class, at most (access.md R23)."""

MOST_BLOCKS = 12
"""Blocks of a class that can be reminded of; one that changes more often has a rhythm people know."""

BEFORE = (7, 1)
"""Days before the class on which who said nothing is reminded."""

DAYS = (7, 3, 1, 0)
"""Days before the class on which somebody can be reminded."""

NEAREST = (1, 0, 3, 7)
"""The same by what they are worth: the eve leaves time to prepare, and is not forgotten by the day."""

TEN = 10

HOURS = (EARLIEST, TEN, 15, 19)
"""Hours at which somebody can be reminded, outside the quiet ones."""

SAID: Mapping[Coming, str] = {
    Coming.YES: "comes",
    Coming.NO: "comes_not",
    Coming.OTHER: "wants_other_time",
}
"""What somebody says to a reminder, as the events of an application write it."""

NOT_WANTED = "本人不要提醒"
NOT_THEN = "本人不要这一天的提醒"
MOVED = "课改了时间，已经另外告诉"
NO_SEAT = "已经没有名额了"
NO_PART = "课改了，没有这一段了"
ENOUGH = "一门课最多提醒四次"


@dataclass(frozen=True, slots=True)
class Point:
    """One thing to be reminded of.

    Args:
        kind: which kind of reminder.
        number: days before the class, or which block, the first one being 0; 0 for the exam.
        due: when to remind.

    """

    kind: str
    number: int
    due: datetime

    def key(self, application_id: int) -> str:
        return _key(self.kind, application_id, self.number)


def wish_of(session: Session, person_id: int) -> ReminderWish:
    """Give how somebody wants to be reminded."""
    return get(session, ReminderWish, person_id) or ReminderWish(person_id=person_id, days=list(BEFORE))


def keep_wish(session: Session, wish: ReminderWish, now: datetime) -> None:
    """Keep how somebody wants to be reminded, and plan the reminders of their classes anew."""
    session.merge(wish)
    session.flush()
    wanted = select(Application).where(
        Application.person_id == wish.person_id, Application.state == ApplicationState.ACCEPTED
    )
    for application in session.exec(wanted.order_by(col(Application.id))).all():
        plan(session, application, now)


def plan(session: Session, application: Application, now: datetime) -> None:
    """Keep the reminders of an application true: of a seat, at the class's own date, as the person wants them.

    A reminder whose moment has passed already is not made up for: whoever takes a seat on the eve is told of the
    place then, and who is told that the class moved is told where to.

    Args:
        session: a writing session.
        application: accepted, or not any more.
        now: in the service's zone, in which the mornings are.

    """
    rows = {row.key: row for row in reminders_of(session, application.id)}
    if any(row.reason == NOT_WANTED for row in rows.values()):
        return
    points = {point.key(application.id): point for point in _points(session, application, now)}
    told = {key for key, row in rows.items() if row.state is ReminderState.SENT and not _moved(row, points)}
    ahead = [key for key, point in points.items() if point.due > now and key not in told]
    wanted = set(ahead[: max(0, MOST - len(told))])
    for key, row in rows.items():
        if key in wanted:
            _move(session, row, points[key].due)
        elif row.state is ReminderState.DUE:
            _end(session, row, _why_not(application, row, points.get(key), now))
    contact_id = _heard_by(session, application, now)
    for key in wanted - rows.keys():
        session.add(_row(application, contact_id, points[key], now))
    session.flush()


def move(session: Session, application: Application, now: datetime) -> None:
    """Let the reminders follow a class that moved; what was said of coming was said of another day."""
    application.coming = None
    session.add(application)
    plan(session, application, now)


def stop(session: Session, application: Application) -> None:
    """Remind nobody of this class any more: they do not want it."""
    for row in reminders_of(session, application.id):
        _end(session, row, NOT_WANTED)
    session.flush()


def reminders_of(session: Session, application_id: int) -> Sequence[Reminder]:
    """Give the reminders of one application's class, sent or not, the earliest first."""
    numbers = {CLASS: DAYS, BLOCK: range(1, MOST_BLOCKS + 1), EXAM: (0,)}
    keys = [_key(kind, application_id, each) for kind, known in numbers.items() for each in known]
    wanted = select(Reminder).where(col(Reminder.key).in_(keys)).order_by(col(Reminder.due_at))
    return session.exec(wanted).all()


def keep_answer(
    session: Session, application: Application, coming: Coming, actor: str, now: datetime
) -> bool:
    """Keep whether somebody says they come; say whether that is new. Their seat stays theirs: staff decide."""
    if application.coming is coming:
        return False
    application.coming = coming
    session.add(application)
    log_event(session, application.id, SAID[coming], actor, now)
    return True


def part_of(session: Session, row: Reminder, application: Application) -> Part | None:
    """Give what a reminder is about, as it stands now; None when there is no such part any more."""
    intake = get_one(session, Intake, application.intake_id)
    if row.kind == EXAM:
        return class_parts.exam(session, intake) if class_parts.exam_needs(session, application) else None
    if row.kind == BLOCK:
        number = int(row.about["block"])
        found = class_parts.blocks(session, intake)
        return found[number] if number < len(found) else None
    return class_parts.whole(intake)


def is_overtaken(session: Session, row: Reminder, now: datetime) -> bool:
    """Whether a nearer reminder of the same beginning is due as well, as after an outage."""
    if row.kind != CLASS:
        return False
    nearer = [_key(CLASS, row.about["application"], each) for each in DAYS if each < row.about["days"]]
    found = [other for key in nearer if (other := reminder_at(session, key)) is not None]
    return any(each.due_at <= now for each in found)


def _points(session: Session, application: Application, now: datetime) -> list[Point]:
    """Give what somebody with a seat wants to be reminded of, the most needed first."""
    if application.state is not ApplicationState.ACCEPTED:
        return []
    intake = session.get_one(Intake, application.intake_id)
    wish = wish_of(session, application.person_id)
    days = _days_of(wish.days)
    if not days:
        return []
    at = time(wish.hour if wish.hour in HOURS else TEN)

    def point(kind: str, number: int, part: Part, ahead: int) -> Point:
        return Point(kind, number, _at(part, ahead, at, now.tzinfo))

    begins = [point(CLASS, each, class_parts.whole(intake), each) for each in days]
    later = class_parts.blocks(session, intake)[1 : MOST_BLOCKS + 1]
    parts = [point(BLOCK, number, each, days[0]) for number, each in enumerate(later, 1)]
    if class_parts.exam_needs(session, application):
        parts.insert(0, point(EXAM, 0, class_parts.exam(session, intake), days[0]))
    return [*begins[:1], *parts, *begins[1:]]


def _days_of(days: Collection[int]) -> list[int]:
    return [each for each in NEAREST if each in days]


def _at(part: Part, days: int, at: time, zone: tzinfo | None) -> datetime:
    """Give when it is due; on the day itself it is the earliest hour, whatever hour was wished."""
    day = part.starts - timedelta(days=days)
    return datetime.combine(day, at if days else time(EARLIEST), zone)


def _heard_by(session: Session, application: Application, now: datetime) -> int | None:
    """Give on whose account the row stands; whom to tell is decided when it is due."""
    own = people.own_contacts(session, application.person_id, now)
    return own[0] if own else application.contact_id


def _row(application: Application, contact_id: int | None, point: Point, now: datetime) -> Reminder:
    about = {"application": application.id}
    if point.kind != EXAM:
        about["days" if point.kind == CLASS else "block"] = point.number
    return Reminder(
        kind=point.kind,
        contact_id=contact_id,
        about=about,
        due_at=point.due,
        key=point.key(application.id),
        created_at=now,
    )


def _moved(row: Reminder, points: Mapping[str, Point]) -> bool:
    """Whether what somebody was reminded of has another time since; a clock set back is none."""
    return row.key in points and points[row.key].due != row.due_at


def _move(session: Session, row: Reminder, due: datetime) -> None:
    if row.due_at != due or row.state is not ReminderState.DUE:
        row.due_at, row.state, row.reason = due, ReminderState.DUE, ""
        row.version_of += 1
        session.add(row)


def _why_not(application: Application, row: Reminder, point: Point | None, now: datetime) -> str:
    if application.state is not ApplicationState.ACCEPTED:
        return NO_SEAT
    if point is not None:
        return MOVED if point.due <= now else ENOUGH
    return NOT_THEN if row.kind == CLASS else NO_PART


def _end(session: Session, row: Reminder, reason: str) -> None:
    row.reason = reason
    if row.state is ReminderState.DUE:
        row.state = ReminderState.DROPPED
    session.add(row)


def _key(kind: str, application_id: int, number: int) -> str:
    return f"{PREFIX[kind]}:{application_id}:{number}"
