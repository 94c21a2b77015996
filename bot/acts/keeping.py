"""What answers leave on the person's own record, so that nothing is asked twice."""

from datetime import datetime

from sqlmodel import Session, select

from bot.applications.advising import LEFT_OPEN
from bot.submitted import Submitted
from dialogs.model import Json
from dialogs.talk import Begin
from storage import consents, people
from storage.applications import enrolment
from storage.catalogue import codes
from storage.fairs.tables import FairSignup
from storage.rules.eligibility import Applicant, years_old
from storage.tables import Application, Basis, Person, Purpose
from storage.tickets.tables import Ticket

CONSENTS = {
    "consent_sensitive": Purpose.SENSITIVE,
    "consent_school": Purpose.SCHOOL,
    "consent_subsidy": Purpose.AUTHORITY,
}
"""Questions of the application whose answer is a consent -> what it is for."""

NEED_QUESTIONS = (
    "need_see",
    "need_hear",
    "need_speak",
    "need_move",
    "need_learn",
    "need_mind",
    "need_life",
    "need_exam",
)

SENSITIVE = frozenset(
    {*NEED_QUESTIONS, "needs_area", "access_other", "companion", "companion_name", "companion_phone"}
    | {"cert_no", "priority_claim"}
)
"""What may only be kept with consent to keeping sensitive data, and goes when it is withdrawn."""

READ = frozenset({"start", "refused", "unwilling", "clash_note", "too_young", "parent_refused", "check"})
"""Notes that were read: no answers."""

DERIVED = frozenset({"today", "starts", "has_subsidy", "has_lodging", "has_exam", "extra", "clash"})
"""What the flow was told by us: true on that day, and never kept as if somebody had said it."""

TOLD = frozenset({"course", "has_living", "has_cert", "promised", "was_employed"})
"""What a sheet that adds questions is told by us besides: of this course, and nothing the person said."""

OF_THIS_ONE = frozenset(
    {
        *CONSENTS,
        *READ,
        *DERIVED,
        *TOLD,
        "applicant_role",
        "self_agreed",
        "parent_how",
        "parent_agreed",
        "words",
    }
)
"""Answers that belong to one application: they are not remembered for the next one."""

COLUMNS = frozenset({"name", "phone", "cert_no"})
"""Answers that have a column of their own."""

COMPANIONS = {"own": "家里人来陪", "find": "想请我们找人陪"}

YOUNGEST = 14
"""Under this age nothing is stored (个人信息保护法 31); the family is called back instead."""


def keep_consents(session: Session, submitted: Submitted, person: Person) -> bool:
    """Keep every consent that was asked; say whether sensitive data may be kept now."""
    for name, purpose in CONSENTS.items():
        if submitted.text(name) in ("yes", "no"):
            keep_consent(session, submitted, person, purpose, name)
    return consents.agreed(session, person.id, Purpose.SENSITIVE)


def keep_consent(session: Session, submitted: Submitted, person: Person, purpose: Purpose, name: str) -> None:
    """Keep the yes or no to one consent question, with the words that were shown.

    A yes that stands is not asked for again, so it has no new words to keep.
    """
    if submitted.text(name) == "yes" and consents.agreed(session, person.id, purpose):
        return
    consents.record_consent(
        session,
        person_id=person.id,
        contact_id=submitted.contact_id,
        purpose=purpose,
        given=submitted.text(name) == "yes",
        wording=submitted.wordings(name),
        channel=submitted.channel,
        now=submitted.now,
        basis=Basis.OWN if submitted.staff_id is None else Basis.ENTERED,
    )


def drop_said_before(session: Session, person: Person) -> None:
    """Drop what was said while looking for a course by who then would have nothing kept.

    Who applied before or comes to a job fair has agreed to what is kept for that.
    """
    comes = select(FairSignup.id).where(FairSignup.person_id == person.id).limit(1)
    if not enrolment.applications_of(session, [person.id]) and session.exec(comes).first() is None:
        person.profile = {}
        session.add(person)


def remember(session: Session, submitted: Submitted, person: Person) -> None:
    """Keep what was said with the person; what was left open is kept too, or it would be asked again."""
    known: dict[str, Json] = {}
    for name, value in submitted.answers.items():
        if name in COLUMNS:
            if isinstance(value, str) and value not in LEFT_OPEN:
                people.update_person(session, person, **{name: value})
        elif name not in OF_THIS_ONE:
            known[name] = value
    people.add_to_profile(session, person, known)
    session.flush()


def needs_in(submitted: Submitted) -> dict[str, str]:
    """Read the support asked for: code -> how it is done best, "" when nothing was said."""
    known = codes.words("service")
    found = {code: "" for name in NEED_QUESTIONS for code in submitted.many(name) if code in known}
    other = submitted.text("access_other")
    if other not in LEFT_OPEN:
        found["other"] = other
    companion = submitted.text("companion")
    if companion not in LEFT_OPEN:
        found["companion"] = COMPANIONS.get(companion, "")
    return found


def title_of(session: Session, submitted: Submitted, intake_id: int) -> str:
    """Give the title of an intake's course, the easy one for who reads so."""
    _, project = enrolment.course_of(session, intake_id)
    return project.title_easy or project.title if submitted.reading == "easy" else project.title


def application_about(session: Session, submitted: Submitted) -> Application | None:
    """Give the application the flow was about."""
    number = submitted.number("application")
    return None if number is None else session.get(Application, number)


def too_young(submitted: Submitted) -> bool:
    """Whether the one who would learn is under 14, by the certificate or by what was said."""
    birth = Applicant(certificate=submitted.text("cert_no")).birth
    if birth is not None:
        return years_old(birth, submitted.now.date()) < YOUNGEST
    age = submitted.answers.get("age")
    return isinstance(age, int) and age < YOUNGEST


def ticket_made(ticket: Ticket, now: datetime) -> Begin:
    """Say that a ticket is kept, its number, and by which day somebody answers (ISO 8601)."""
    due = ticket.due_at.astimezone(now.tzinfo).date()
    return Begin("ticket_made", given={"number": ticket.number, "due": due.isoformat()})
