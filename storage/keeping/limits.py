"""When the time of a row is over: what `tables.Keep` promises people, as conditions on the tables.

Where a promise meets a rule of the tables, this is what is done:

- CONTACT and PERSON rows that rows of PROOF or LEDGER must point to stay as a number with its dates until the
  last of those is gone. An erasure takes consents back, so their PROOF begins to run out with it.
- An assent is never taken back: it goes with its application. A no to a consent goes three years after the person.
- A reminder does not say when it was handled: its 90 days begin when it was due.
- Danger signs keep their words as long as their row (`erase.KEPT_KIND`). Audit rows stay: they name nobody.
- People wait with what was begun and still waits: a draft about them, a ticket of the last three years. Messages
  on their way are dropped with a reason, as by their own erasure.
"""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, String, cast, exists, inspect
from sqlmodel import SQLModel, and_, col, func, not_, or_, select

from storage import draft_reminders, outbox, people
from storage.applications.tables import ListedName
from storage.catalogue.tables import Fair, Intake
from storage.fairs.tables import FairSignup
from storage.keeping.every_table import metadata
from storage.notices.tables import NoticeFile, NoticeText, NoticeTold
from storage.staff import staff
from storage.staff.upload_tables import Upload, UploadPage
from storage.tables import (
    OVER,
    Account,
    AnswerSet,
    Application,
    Consent,
    Contact,
    Conversation,
    Notice,
    Outbox,
    Person,
    Relation,
    Reminder,
    ReminderState,
    Role,
    SignupState,
    Staff,
    StaffVisit,
    StoredFile,
    TicketState,
    Wish,
)
from storage.tickets.tables import Call, Callback, Interest, Ticket, TicketLine

SEEN = timedelta(days=7)
LINK = timedelta(days=1)
LISTED = timedelta(days=30)
SENT = timedelta(days=90)
COUNTED = timedelta(days=60)
DRAFT = timedelta(days=183)
CONTACT, PERSON, PROOF, LEDGER = 2, 3, 3, 5
"""Years."""

Condition = ColumnElement[bool]

STANDS: Condition = col(Relation.revoked_at).is_(None)
DUE: Condition = col(Reminder.state) == ReminderState.DUE
DRAFTED: Condition = and_(
    DUE, col(Reminder.kind).in_((draft_reminders.DRAFT_WARNING, draft_reminders.DRAFT_EXPIRY))
)


def before(now: datetime, years: int) -> datetime:
    """Go back by whole years; from a 29 February to a 28th."""
    day = 28 if (now.month, now.day) == (2, 29) else now.day
    return now.replace(year=now.year - years, day=day)


def outbox_over(now: datetime) -> Condition:
    """Ninety days after it was sent or dropped; what still waits is neither."""
    return or_(col(Outbox.sent_at) < now - SENT, col(Outbox.dropped_at) < now - SENT)


def reminder_over(now: datetime) -> Condition:
    """Ninety days after it was due, when it was handled."""
    return and_(not_(DUE), col(Reminder.due_at) < now - SENT)


def conversation_over(now: datetime) -> Condition:
    """Half a year without a word; a draft in it is first let go by its own reminder.

    Letting it go touches the conversation, so half a year without a visit counts as well.
    """
    limit, mine = now - DRAFT, col(Conversation.contact_id)
    away = exists().where(col(Contact.id) == mine, col(Contact.seen_at) < limit - people.SEEN_AGAIN)
    draft = exists().where(col(Reminder.contact_id) == mine, DRAFTED)
    return and_(or_(col(Conversation.touched_at) < limit, away), not_(draft))


def person_over(now: datetime) -> Condition:
    """Three years after the last course applied for, or after coming when there was none."""
    limit = before(now, PERSON)
    courses = select(func.max(Intake.end_date)).join(Application, col(Application.intake_id) == Intake.id)
    ended = courses.where(Application.person_id == Person.id).scalar_subquery()
    over = or_(ended < limit.date(), and_(ended.is_(None), col(Person.created_at) < limit))
    about = col(Reminder.about)[("about", "person")].as_string()
    # Two selects deep the outer row has to be named: it would be another table of its own otherwise.
    speaking = select(Relation.contact_id).where(Relation.person_id == Person.id, STANDS).correlate(Person)
    begun = and_(about.is_(None), col(Reminder.contact_id).in_(speaking))
    draft = exists().where(DRAFTED, or_(about == cast(col(Person.id), String), begun))
    ticket = exists().where(
        col(Ticket.state).in_((TicketState.OPEN, TicketState.TAKEN)),
        col(Ticket.created_at) >= limit,
        or_(col(Ticket.person_id) == Person.id, col(Ticket.contact_id).in_(speaking)),
    )
    fair = exists().where(
        col(FairSignup.person_id) == col(Person.id),
        col(FairSignup.state) == SignupState.COMING,
        col(FairSignup.fair_id).in_(select(Fair.fair_id).where(Fair.end_date >= now.date())),
    )
    return and_(col(Person.erased_at).is_(None), over, not_(draft), not_(ticket), not_(fair))


def entered_over(now: datetime) -> Condition:
    """When staff began an application for somebody new who never applied, and the time to finish it is over."""
    known = exists().where(col(Relation.person_id) == Person.id)
    by_staff = col(Relation.role) == Role.STAFF
    goes_on = or_(not_(by_staff), and_(STANDS, col(Relation.ends_at) > now))
    applied = exists().where(col(Application.person_id) == Person.id)
    begun = and_(known.where(by_staff), not_(known.where(goes_on)))
    return and_(col(Person.erased_at).is_(None), begun, not_(applied))


def contact_over(now: datetime) -> Condition:
    """Two years after the last visit, with nothing on its way to them, speaking for nobody who applies.

    A contact that was forgotten already has no account and no relation that stands.
    """
    me = col(Contact.id)
    account = select(Account.id).where(Account.contact_id == me)
    relation = select(Relation.id).where(Relation.contact_id == me, STANDS)
    in_force = relation.where(or_(col(Relation.ends_at).is_(None), col(Relation.ends_at) > now))
    applying = in_force.join(Application, col(Application.person_id) == Relation.person_id)
    mine = or_(col(Outbox.contact_id) == me, col(Outbox.account_id).in_(account.correlate(Contact)))
    return and_(
        col(Contact.seen_at) < before(now, CONTACT),
        or_(account.exists(), relation.exists()),
        not_(applying.where(col(Application.state).not_in(OVER)).exists()),
        not_(exists().where(mine, *outbox.WAITING)),
        not_(exists().where(col(Reminder.contact_id) == me, DUE)),
    )


def listed_over(now: datetime) -> Condition:
    """Thirty days after somebody brought the name, when its owner said nothing."""
    return col(ListedName.created_at) < now - LISTED


def wish_over(now: datetime) -> Condition:
    """Three years after it was said, when it is nobody's we know; the others go with the person."""
    return and_(col(Wish.person_id).is_(None), col(Wish.created_at) < before(now, PERSON))


def answers_over(now: datetime) -> Condition:
    """Three years after they were given, when they are about nobody we know; the others go with the person."""
    return and_(col(AnswerSet.person_id).is_(None), col(AnswerSet.at) < before(now, PERSON))


def file_over(now: datetime) -> Condition:
    """Three years after it came, when its sender spoke for nobody whose data we still have."""
    known = select(Relation.id).join(Person, col(Person.id) == Relation.person_id)
    known = known.where(Relation.contact_id == StoredFile.contact_id, col(Person.erased_at).is_(None))
    return and_(col(StoredFile.created_at) < before(now, PERSON), not_(known.exists()))


def relation_over(now: datetime) -> Condition:
    """Three years after it was taken back or ran out."""
    limit = before(now, PROOF)
    return or_(col(Relation.revoked_at) < limit, col(Relation.ends_at) < limit)


def consent_over(now: datetime) -> Condition:
    """Three years after it was taken back; a no, after the person was erased."""
    limit = before(now, PROOF)
    gone = exists().where(col(Person.id) == Consent.person_id, col(Person.erased_at) < limit)
    return or_(col(Consent.withdrawn_at) < limit, and_(not_(col(Consent.given)), gone))


def application_over(now: datetime) -> Condition:
    """Five years after the course."""
    over = select(Intake.id).where(Intake.end_date < before(now, LEDGER).date())
    return col(Application.intake_id).in_(over)


def callback_over(now: datetime) -> Condition:
    """Five years after it was planned, when it is about no class; the others go with the application."""
    return and_(col(Callback.application_id).is_(None), col(Callback.created_at) < before(now, LEDGER))


def ticket_over(now: datetime) -> Condition:
    """Five years after it was made; one about an application, or a position somebody would like, waits for it."""
    wanted = exists().where(col(Interest.ticket_id) == col(Ticket.id))
    old = col(Ticket.created_at) < before(now, LEDGER)
    return and_(col(Ticket.about_application_id).is_(None), old, not_(wanted))


def signup_over(now: datetime) -> Condition:
    """Five years after the job fair; the question after it goes first."""
    asked = exists().where(col(Callback.signup_id) == col(FairSignup.id))
    return and_(of_old_fair(FairSignup, now), not_(asked))


def fair_call_over(now: datetime) -> Condition:
    """Five years after the job fair somebody was phoned about."""
    old = select(FairSignup.id).where(of_old_fair(FairSignup, now))
    return col(Call.signup_id).in_(old)


def interest_over(now: datetime) -> Condition:
    """Five years after it was said."""
    return col(Interest.at) < before(now, LEDGER)


def of_old_fair(table: type[SQLModel], now: datetime) -> Condition:
    """Five years after the job fair, for what is kept about the fair itself."""
    over = select(Fair.fair_id).where(Fair.end_date < before(now, LEDGER).date())
    return and_(inspect(table).columns["fair_id"].in_(over))


def ticket_line_over(now: datetime) -> Condition:
    """With its ticket."""
    return col(TicketLine.ticket_id).in_(select(Ticket.id).where(ticket_over(now)))


def of_old_class(table: type[SQLModel], now: datetime) -> Condition:
    """Five years after the course, for what is kept about the intake itself."""
    over = select(Intake.id).where(Intake.end_date < before(now, LEDGER).date())
    return and_(inspect(table).columns["intake_id"].in_(over))


def notice_uncounted(now: datetime) -> Condition:
    """Two months after its end, its counts not yet kept: later read or replied to is counted no more."""
    return and_(col(Notice.ended_at) < now - COUNTED, cast(col(Notice.counts), String) == "{}")


def notice_over(now: datetime) -> Condition:
    """Five years after it was written, when nobody waits for it any more."""
    return and_(col(Notice.created_at) < before(now, LEDGER), not_(_has_recipients()))


def notice_text_over(now: datetime) -> Condition:
    """With its notice."""
    return col(NoticeText.notice_id).in_(select(Notice.id).where(notice_over(now)))


def notice_told_over(now: datetime) -> Condition:
    """With its notice."""
    return col(NoticeTold.notice_id).in_(select(Notice.id).where(notice_over(now)))


def notice_file_over(now: datetime) -> Condition:
    """A day after it was brought, when no notice was kept with it, or none is any more."""
    used = exists().where(col(NoticeText.file_id) == col(NoticeFile.id)).correlate(NoticeFile)
    return and_(col(NoticeFile.at) < now - LINK, not_(used))


def _has_recipients() -> Condition:
    return exists().where(col(Outbox.notice_id) == col(Notice.id)).correlate(Notice)


def upload_over(now: datetime) -> Condition:
    """Seven days after it was brought."""
    return col(Upload.created_at) < now - SEEN


def upload_page_over(now: datetime) -> Condition:
    """With its table."""
    return col(UploadPage.upload_id).in_(select(Upload.id).where(upload_over(now)))


def staff_visit_over(now: datetime) -> Condition:
    """A day after nobody could go on with it."""
    return col(StaffVisit.seen_at) < now - staff.IDLE - LINK


def staff_over(now: datetime) -> Condition:
    """Three years after leaving, when nothing kept longer names them."""
    return and_(col(Staff.revoked_at) < before(now, PERSON), _unreferenced(Staff))


def person_row_over(now: datetime) -> Condition:
    """Five years after coming, when the person was erased and nothing kept longer is theirs."""
    over = and_(col(Person.erased_at).is_not(None), col(Person.created_at) < before(now, LEDGER))
    return and_(over, _unreferenced(Person))


def contact_row_over(now: datetime) -> Condition:
    """Two years after the last visit, when nothing kept longer is theirs."""
    return and_(col(Contact.seen_at) < before(now, CONTACT), _unreferenced(Contact))


def _unreferenced(table: type[SQLModel]) -> Condition:
    """No row of any table points to it any more."""
    mine = inspect(table).local_table
    links = (link for other in metadata.tables.values() for link in other.foreign_keys)
    pointing = [link.parent for link in links if link.column.table is mine]
    return and_(*(not_(exists().where(link == mine.c["id"])) for link in pointing))
