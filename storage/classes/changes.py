"""Classes that move to another day or place: one change, and the answer of everybody who has a seat in it."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlmodel import Session, col, select

from storage.afterwards import callback_plan
from storage.applications.enrolment import SEATED, log_event
from storage.batching import batches
from storage.catalogue.tables import CatalogueChange, Intake
from storage.classes import reminders as class_reminders
from storage.classes.tables import Change, Confirmation
from storage.staff import deadlines
from storage.tables import Application, Person

MOVED = ("start_date", "end_date", "class_start_time", "class_end_time", "address", "platform", "link")
"""Columns of an intake that people have to know of."""

MET = ("day", "start_time", "end_time", "venue", "cancelled")
"""The same of one session."""

SESSIONS = "sessions"
"""Under which a change keeps single sessions, by their number."""

Packed = dict[str, Any]


def note_moves(
    session: Session,
    number: int,
    now: datetime,
    *,
    staff_id: int | None = None,
    note: str = "",
    undone: bool = False,
) -> list[Change]:
    """Write down which classes and single sessions a version of the catalogue moved, where somebody has a seat.

    Nobody is told yet. All that one version moves of a class is one change.

    Args:
        session: the session of that version.
        number: the number of the version.
        now: the moment; a class that is over by then moves nobody.
        staff_id: who moved it; None for a file.
        note: why, in words for everybody affected.
        undone: whether the version was taken back, so that everything moves the other way.

    """
    wanted = select(CatalogueChange).where(
        CatalogueChange.number == number, col(CatalogueChange.kind).in_(("intake", "session"))
    )
    moved: dict[str, tuple[Packed, Packed]] = {}
    for row in session.exec(wanted.order_by(col(CatalogueChange.id))).all():
        if row.before is None:
            continue  # new, so nobody is in it
        columns, ends = (MOVED, "end_date") if row.kind == "intake" else (MET, "day")
        before, after = ({name: part.get(name) for name in columns} for part in (row.before, row.after))
        if undone:
            before, after = after, before
        last = max(str(before[ends]), str(after[ends])) if row.kind == "session" else str(after[ends])
        if before == after or date.fromisoformat(last) < now.date():
            continue
        project_id, intake_no, *session_no = row.key.split("/")
        was, now_is = moved.setdefault(f"{project_id}/{intake_no}", ({}, {}))
        if session_no:
            was.setdefault(SESSIONS, {})[session_no[0]] = before
            now_is.setdefault(SESSIONS, {})[session_no[0]] = after
        else:
            was.update(before)
            now_is.update(after)
    return [
        _note(session, intake_id, affected, *moved[key], now, staff_id, note)
        for key, intake_id, affected in _held(session, moved)
    ]


def untold(session: Session) -> list[Change]:
    """Give the changes nobody was told of yet, oldest first; held until the transaction ends."""
    wanted = select(Change).where(col(Change.told_at).is_(None)).order_by(col(Change.id))
    return list(session.exec(wanted.with_for_update(skip_locked=True)).all())


def latest(session: Session, intake_id: int) -> Change | None:
    """Give the last change of a class: the one people answer."""
    wanted = select(Change).where(Change.intake_id == intake_id).order_by(col(Change.id).desc())
    return session.exec(wanted.limit(1)).first()


def confirmation_of(session: Session, application: Application) -> tuple[Change, Confirmation] | None:
    """Give what somebody was asked by the last change of their class; None where nothing was."""
    change = latest(session, application.intake_id)
    if change is None or application.state not in SEATED:
        return None
    wanted = select(Confirmation).where(
        Confirmation.change_id == change.id, Confirmation.application_id == application.id
    )
    found = session.exec(wanted).one_or_none()
    return None if found is None else (change, found)


def unanswered(session: Session, application: Application) -> list[Change]:
    """Give every change of their class somebody has not answered, oldest first; else the last one alone."""
    known = confirmation_of(session, application)
    if known is None:
        return []
    wanted = (
        select(Change)
        .join(Confirmation, col(Confirmation.change_id) == col(Change.id))
        .where(Confirmation.application_id == application.id, col(Confirmation.comes).is_(None))
    )
    return list(session.exec(wanted.order_by(col(Change.id))).all()) or [known[0]]


def confirm(
    session: Session,
    application: Application,
    confirmation: Confirmation,
    *,
    comes: bool,
    actor: str,
    now: datetime,
) -> bool:
    """Keep whether somebody comes still; say whether that is new. Their seat stays theirs: staff decide.

    It is their word to every change before that they had not answered: they saw them together.
    """
    session.refresh(confirmation, with_for_update=True)
    if confirmation.comes is comes:
        return False
    confirmation.comes, confirmation.at = comes, now
    session.add(confirmation)
    earlier = select(Confirmation).where(
        Confirmation.application_id == application.id, col(Confirmation.comes).is_(None)
    )
    for each in session.exec(earlier).all():
        each.comes, each.at = comes, now
        session.add(each)
    session.flush()
    log_event(session, application.id, "confirmed" if comes else "cannot_come", actor, now)
    return True


def answers_to(session: Session, change_id: int) -> list[tuple[Application, Person, Confirmation]]:
    """Give who was asked by a change and has a seat still, with what they said."""
    wanted = (
        select(Application, Person, Confirmation)
        .join(Person, col(Person.id) == col(Application.person_id))
        .join(Confirmation, col(Confirmation.application_id) == col(Application.id))
        .where(Confirmation.change_id == change_id, col(Application.state).in_(SEATED))
    )
    return list(session.exec(wanted.order_by(col(Application.id))).all())


def people_seated(session: Session, intake_id: int) -> list[tuple[Application, Person]]:
    """Give who has a seat, or is asked to take one."""
    wanted = select(Application, Person).join(Person).where(Application.intake_id == intake_id)
    wanted = wanted.where(col(Application.state).in_(SEATED))
    return list(session.exec(wanted.order_by(col(Application.id))).all())


def _held(session: Session, keys: Collection[str]) -> Iterator[tuple[str, int, Sequence[int]]]:
    """Give the classes of some keys (P001/2) where somebody has a seat, with their applications.

    All are held: who is accepted from here on has seen the new date.
    """
    for some in batches(keys):
        projects = {key.split("/")[0] for key in some}
        wanted = select(Intake.id, Intake.project_id, Intake.intake_no).order_by(col(Intake.id))
        held = session.exec(wanted.where(col(Intake.project_id).in_(projects)).with_for_update())
        found = {number: key for number, *names in held if (key := "/".join(map(str, names))) in some}
        seated: defaultdict[int, list[int]] = defaultdict(list)
        in_them = select(Application.intake_id, Application.id).order_by(col(Application.id))
        in_them = in_them.where(col(Application.intake_id).in_(found), col(Application.state).in_(SEATED))
        for intake_id, application_id in session.exec(in_them):
            seated[intake_id].append(application_id)
        for intake_id, applications in seated.items():
            yield found[intake_id], intake_id, applications


def _note(
    session: Session,
    intake_id: int,
    affected: Iterable[int],
    before: Mapping[str, object],
    after: Mapping[str, object],
    now: datetime,
    staff_id: int | None,
    note: str,
) -> Change:
    change = Change(
        intake_id=intake_id, before=dict(before), after=dict(after), note=note, staff_id=staff_id, at=now
    )
    session.add(change)
    session.flush()
    actor = "system" if staff_id is None else f"staff:{staff_id}"
    for application_id in affected:
        session.add(Confirmation(change_id=change.id, application_id=application_id))
        log_event(session, application_id, "moved", actor, now, note or None)
        application = session.get_one(Application, application_id)
        class_reminders.move(session, application, now)
        callback_plan.plan(session, application, now)
    deadlines.watch_class(session, session.get_one(Intake, intake_id), now)
    session.flush()
    return change
