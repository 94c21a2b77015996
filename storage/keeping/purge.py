"""Deletes at night what is kept no longer (`limits` says what that is), in portions that keep nobody waiting."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from functools import partial
from typing import Protocol

from sqlalchemy import inspect
from sqlalchemy import select as pick
from sqlmodel import Session, SQLModel, col, delete, select, update

from storage import people
from storage.applications import enrolment
from storage.applications.tables import ClaimCheck, ListedName, Offer, StaffQuestion
from storage.classes.tables import Arrangement, Attendance, Change, Confirmation, IntakeStep, Result
from storage.desk import Desk
from storage.fairs.tables import FairArrangement, FairSignup
from storage.keeping import limits
from storage.keeping.erase import KEPT_KIND, erase_person
from storage.keeping.limits import Condition, before
from storage.notices import report as notice_report
from storage.notices.tables import NoticeFile, NoticeText, NoticeTold
from storage.staff.upload_tables import Upload, UploadPage
from storage.tables import (
    Account,
    AnswerSet,
    Application,
    ApplicationEvent,
    ApplicationState,
    Assent,
    Audit,
    Consent,
    Contact,
    ContactRole,
    Conversation,
    GoToken,
    Inbox,
    Message,
    Need,
    Notice,
    Outbox,
    Person,
    Reading,
    Refusal,
    Relation,
    Reminder,
    Size,
    Staff,
    StaffLink,
    StaffVisit,
    StoredFile,
    TicketState,
    Wanted,
    Wish,
)
from storage.tickets.tables import Call, Callback, CallTry, Interest, Ticket, TicketLine

ACTION = "purge"
ACTOR = "system"
NIGHT = time(3, 30)
"""When it is done, in the service's zone."""

PORTION = 100
"""Rows in one transaction."""

FEW = 10
"""Of people, who have many rows, and of files, which may have 20 MB each."""


class Step(Protocol):
    """Takes one portion and gives its rows; 0 when nothing is left, or another machine has it."""

    def __call__(self, session: Session, now: datetime) -> int: ...


@dataclass(frozen=True, slots=True)
class Purged:
    """What a purge did, by step: how many rows, or the name of the error that ended it."""

    counts: dict[str, int] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)


def last_night(now: datetime) -> datetime:
    """Give the last 03:30 up to a moment of the service's zone."""
    tonight = datetime.combine(now.date(), NIGHT, now.tzinfo)
    return tonight if tonight <= now else tonight - timedelta(days=1)


def is_overdue(session: Session, now: datetime) -> bool:
    """Say whether no machine has ended a purge since the last 03:30."""
    ended = select(Audit.id).where(Audit.action == ACTION, Audit.at >= last_night(now))
    return session.exec(ended.limit(1)).first() is None


async def purge(desk: Desk, now: datetime) -> Purged:
    """Delete everything whose time is over, then leave one audit row with the counts.

    Two at once share the work: each row is one's, and who came when all was done leaves no audit row.
    """
    done = Purged()
    for name, step in STEPS.items():
        try:
            while rows := await desk.do(partial(step, now=now)):
                done.counts[name] = done.counts.get(name, 0) + rows
        except Exception as problem:  # noqa: BLE001 - one table must not keep the others
            done.failed[name] = type(problem).__name__
    await desk.do(partial(_write_down, counts=done.counts, now=now))
    return done


def _write_down(session: Session, counts: Mapping[str, int], now: datetime) -> None:
    if counts or is_overdue(session, now):
        detail = " ".join(f"{name}={rows}" for name, rows in counts.items())
        session.add(Audit(at=now, actor=ACTOR, action=ACTION, detail=detail))


def _take(session: Session, table: type[SQLModel], over: Condition, most: int) -> list[int]:
    """Choose rows, oldest first, and hold them for this transaction."""
    key = inspect(table).primary_key[0]
    chosen = pick(key).where(over).order_by(key).limit(most).with_for_update(skip_locked=True)
    return list(session.scalars(chosen).all())


def _deleting(table: type[SQLModel], over: Callable[[datetime], Condition], most: int = PORTION) -> Step:
    def step(session: Session, now: datetime) -> int:
        ids = _take(session, table, over(now), most)
        _delete(session, table, inspect(table).primary_key[0].name, ids)
        return len(ids)

    return step


def _delete(session: Session, table: type[SQLModel], link: str, ids: list[int]) -> None:
    session.execute(delete(table).where(inspect(table).columns[link].in_(ids)))


def _erase_people(session: Session, now: datetime) -> int:
    """Erase people as they could have themselves; the ledger keeps saying that they attended."""
    ids = _take(session, Person, limits.person_over(now), FEW)
    for person_id in ids:
        for application in enrolment.applications_of(session, [person_id]):
            if application.state is ApplicationState.ACCEPTED:  # an erasure would call it withdrawn
                application.state, application.changed_at = ApplicationState.FINISHED, now
                session.add(application)
                enrolment.log_event(session, application.id, "finished", ACTOR, now)
        erased = erase_person(session, session.get_one(Person, person_id), ACTOR, now)
        _delete(session, Conversation, "contact_id", list(erased.alone))
    return len(ids)


def _erase_begun(session: Session, now: datetime) -> int:
    """Erase people of whom staff only ever began to write something down."""
    ids = _take(session, Person, limits.entered_over(now), FEW)
    for person_id in ids:
        erased = erase_person(session, session.get_one(Person, person_id), ACTOR, now)
        _delete(session, Conversation, "contact_id", list(erased.alone))
    return len(ids)


def _empty_tickets(session: Session, now: datetime) -> int:
    """Forget the words of tickets about nobody we know; the others' go with the person."""
    old = select(Ticket).where(col(Ticket.person_id).is_(None), Ticket.kind != KEPT_KIND)
    found = session.exec(old.where(Ticket.created_at < before(now, limits.PERSON)).order_by(col(Ticket.id)))
    full = [ticket for ticket in found if ticket.words or ticket.answer][:PORTION]
    _delete(session, TicketLine, "ticket_id", [ticket.id for ticket in full])
    for ticket in full:
        ticket.words, ticket.answer, ticket.state = "", None, TicketState.CLOSED
        session.add(ticket)
    return len(full)


def _forget_contacts(session: Session, now: datetime) -> int:
    """Leave a number of a contact. What they may do for people ends: its proof begins to run out."""
    ids = _take(session, Contact, limits.contact_over(now), PORTION)
    for relation in session.exec(
        select(Relation).where(col(Relation.contact_id).in_(ids), limits.STANDS)
    ).all():
        people.revoke(session, relation, now)
    places = select(Account.id).where(col(Account.contact_id).in_(ids))
    owner = select(Account.contact_id).where(Account.id == Outbox.account_id).scalar_subquery()
    sent_there = update(Outbox).where(
        col(Outbox.account_id).in_(places)
    )  # staff may still see what became of it
    session.execute(sent_there.values(account_id=None, contact_id=owner))
    for table in (Account, Conversation, Message, GoToken, Refusal, Wanted):
        _delete(session, table, "contact_id", ids)
    bare = {"reading": Reading.PLAIN, "size": Size.STANDARD, "role": ContactRole.UNKNOWN}
    session.execute(update(Contact).where(col(Contact.id).in_(ids)).values(**bare, current_person_id=None))
    session.execute(update(Staff).where(col(Staff.contact_id).in_(ids)).values(contact_id=None))
    return len(ids)


def _close_ledger(session: Session, now: datetime) -> int:
    """Delete applications with what hangs on them; a ticket about one is then like any other."""
    ids = _take(session, Application, limits.application_over(now), PORTION)
    asked = select(Callback.id).where(col(Callback.application_id).in_(ids))
    _delete_callbacks(session, list(session.exec(asked).all()))
    for table in HANGING_ON_APPLICATION:
        _delete(session, table, "application_id", ids)
    about = col(Ticket.about_application_id)
    session.execute(update(Ticket).where(about.in_(ids)).values(about_application_id=None))
    _delete(session, Application, "id", ids)
    return len(ids)


def _forget_callbacks(session: Session, now: datetime) -> int:
    """Delete call-backs about no class, with the tries to reach somebody."""
    ids = _take(session, Callback, limits.callback_over(now), PORTION)
    _delete_callbacks(session, ids)
    return len(ids)


def _delete_callbacks(session: Session, ids: list[int]) -> None:
    _delete(session, CallTry, "callback_id", ids)
    session.execute(update(Ticket).where(col(Ticket.callback_id).in_(ids)).values(callback_id=None))
    _delete(session, Callback, "id", ids)


def _count_notices(session: Session, now: datetime) -> int:
    """Keep the counts of notices with them, before the rows of their recipients go."""
    ids = _take(session, Notice, limits.notice_uncounted(now), FEW)
    for notice_id in ids:
        notice_report.remember(session, session.get_one(Notice, notice_id), now)
    return len(ids)


HANGING_ON_APPLICATION: tuple[type[SQLModel], ...] = (
    *(
        Need,
        ClaimCheck,
        Assent,
        ApplicationEvent,
        StaffQuestion,
        Offer,
        Call,
        Attendance,
        Result,
        Confirmation,
    ),
)
"""Tables whose rows go with their application."""

STEPS: Mapping[str, Step] = {
    "inbox": _deleting(Inbox, lambda now: col(Inbox.at) < now - limits.SEEN),
    "go_token": _deleting(GoToken, lambda now: col(GoToken.expires_at) < now - limits.LINK),
    "notice_counted": _count_notices,
    "outbox": _deleting(Outbox, limits.outbox_over),
    "reminder": _deleting(Reminder, limits.reminder_over),
    "message": _deleting(Message, lambda now: col(Message.at) < now - limits.DRAFT),
    "conversation": _deleting(Conversation, limits.conversation_over),
    "listed_name": _deleting(ListedName, limits.listed_over),
    "entries_erased": _erase_begun,
    "people_erased": _erase_people,
    "tickets_emptied": _empty_tickets,
    "wish": _deleting(Wish, limits.wish_over),
    "answer_set": _deleting(AnswerSet, limits.answers_over),
    "stored_file": _deleting(StoredFile, limits.file_over, FEW),
    "contacts_forgotten": _forget_contacts,
    "relation": _deleting(Relation, limits.relation_over),
    "consent": _deleting(Consent, limits.consent_over),
    "staff_link": _deleting(StaffLink, lambda now: col(StaffLink.expires_at) < now - limits.LINK),
    "staff_visit": _deleting(StaffVisit, limits.staff_visit_over),
    "application": _close_ledger,
    "callback": _forget_callbacks,
    "fair_call": _deleting(Call, limits.fair_call_over),
    "fair_signup": _deleting(FairSignup, limits.signup_over),
    "fair_arrangement": _deleting(FairArrangement, partial(limits.of_old_fair, FairArrangement)),
    "interest": _deleting(Interest, limits.interest_over),
    "arrangement": _deleting(Arrangement, partial(limits.of_old_class, Arrangement)),
    "intake_step": _deleting(IntakeStep, partial(limits.of_old_class, IntakeStep)),
    "change": _deleting(Change, partial(limits.of_old_class, Change)),
    "notice_told": _deleting(NoticeTold, limits.notice_told_over),
    "notice_text": _deleting(NoticeText, limits.notice_text_over),
    "notice": _deleting(Notice, limits.notice_over),
    "notice_file": _deleting(NoticeFile, limits.notice_file_over, FEW),
    "ticket_line": _deleting(TicketLine, limits.ticket_line_over),
    "ticket": _deleting(Ticket, limits.ticket_over),
    "person": _deleting(Person, limits.person_row_over),
    "upload_page": _deleting(UploadPage, limits.upload_page_over),
    "upload": _deleting(Upload, limits.upload_over, FEW),
    "staff": _deleting(Staff, limits.staff_over),
    "contact": _deleting(Contact, limits.contact_row_over),
}
"""In this order: what points comes before what it points to, so that one night is enough."""
