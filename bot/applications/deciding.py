"""What staff decide, asked for on the console or in a chat: the act, its trace, and the person's letters, as one.

Each function runs in a writing session of the caller's. It holds the application, so that nobody decides over
what happened meanwhile: `seen` is the number of the last event the member has seen, None when that does not
matter. What storage raises goes through: `Meanwhile`, `NoSeat`, `NotPossible` of `storage.applications.deciding`.
"""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta, tzinfo

from sqlmodel import Session

from bot import reaching
from bot.classes import offering
from bot.reaching import DECIDED, QUESTION, phone, settle_calls, tell
from storage.applications import deciding, enrolment
from storage.applications.enrolment import log_event
from storage.applications.tables import Offer, StaffQuestion
from storage.classes import reminders as class_reminders
from storage.staff.staff import note_access
from storage.tables import Application, ApplicationState, Need, NeedAnswer, Staff
from storage.tickets.tables import Call

TOGETHER = timedelta(hours=1)
"""How long answered needs wait to be told: a decision that follows tells both at once."""

DONE = frozenset({ApplicationState.ACCEPTED, ApplicationState.WAITLISTED, ApplicationState.DECLINED})
"""States that are an answer to the person."""

Act = Callable[[Application], None]


def accept(
    session: Session,
    application_id: int,
    member: Staff,
    *,
    seen: int | None,
    now: datetime,
    zone: tzinfo,
    note: str = "",
) -> Application:
    """Give the person a seat, also one that is offered to them, and tell them.

    Raises:
        Meanwhile: when something happened since the member looked.
        NoSeat: when every seat is promised.
        NotPossible: when it was withdrawn, or waits for the person's own word.

    """

    def act(application: Application) -> None:
        deciding.accept(session, application, actor_of(member), now, note)

    return _decide(session, application_id, member, act, seen=seen, now=now, zone=zone)


def put_on_list(
    session: Session,
    application_id: int,
    member: Staff,
    *,
    seen: int | None,
    now: datetime,
    zone: tzinfo,
    note: str = "",
) -> Application:
    """Put the person on the waiting list and tell them; a seat they had goes to the next. Raises as `accept`."""

    def act(application: Application) -> None:
        deciding.put_on_list(session, application, actor_of(member), now, note)

    return _decide(session, application_id, member, act, seen=seen, now=now, zone=zone)


def decline(
    session: Session,
    application_id: int,
    member: Staff,
    *,
    seen: int | None,
    now: datetime,
    zone: tzinfo,
    reason: str,
) -> Application:
    """Decline and tell the person; a seat they had goes to the next. Raises as `accept`, ValueError without reason."""

    def act(application: Application) -> None:
        deciding.decline(session, application, actor_of(member), now, reason)

    return _decide(session, application_id, member, act, seen=seen, now=now, zone=zone)


def ask(
    session: Session, application_id: int, member: Staff, *, seen: int | None, now: datetime, words: str
) -> StaffQuestion:
    """Ask the person something; the answer comes back to the application.

    Asked once more in the same words while it is open, it is the same question.

    Raises:
        Meanwhile: when something happened since the member looked.
        NotPossible: when it is decided already, or withdrawn.
        ValueError: without words.

    """
    if not words.strip():
        raise ValueError("a question has words")
    application = deciding.hold(session, application_id, seen)
    for known in deciding.open_questions(session, application_id):
        if known.words == words:
            return known
    asked = deciding.ask(session, application, member, words, now)
    _audit(session, member, "asked", application_id, now, f"question {asked.id}")
    more = {"question": asked.id}
    if not tell(session, application, "staff_question", more, key=f"question:{asked.id}", now=now):
        phone(session, application, QUESTION, now, about=asked.id)
    return asked


def answer_needs(
    session: Session,
    application_id: int,
    member: Staff,
    answers: Mapping[int, tuple[NeedAnswer, str]],
    *,
    seen: int | None,
    now: datetime,
) -> int:
    """Promise supports, decline them, or say that they are to be talked over; give how many changed.

    The person is told an hour later, unless a decision tells them sooner.

    Args:
        session: a writing session.
        application_id: whose needs.
        member: who answers.
        answers: number of the need -> the answer, and the note the person reads.
        seen: the last event the member has seen.
        now: the moment, in the service's zone.

    Raises:
        Meanwhile: when something happened since the member looked.
        LookupError: for a need that is none of this application's; nothing changes.

    """
    application = deciding.hold(session, application_id, seen)
    needs: dict[int, Need] = {need.id: need for need in enrolment.needs_of(session, application_id)}
    if unknown := set(answers) - needs.keys():
        raise LookupError(f"application {application_id} has no needs {sorted(unknown)}")
    changed = 0
    for number, (answer, note) in answers.items():
        if deciding.answer_need(session, needs[number], answer, note.strip(), member, now):
            _audit(session, member, "need_answered", application_id, now, f"need {number} {answer.value}")
            changed += 1
    if changed:
        class_reminders.plan(session, application, now)  # the exam is reminded of for the support in it
        _tell_decided(session, application, now, due_at=now + TOGETHER)
    return changed


def offer_seats(
    session: Session, intake_id: int, by: Staff | None, *, now: datetime, zone: tzinfo
) -> list[Offer]:
    """Offer every free seat of an intake to who is next on its list, and tell them; None is the system."""
    actor = offering.ITSELF if by is None else actor_of(by)
    made = offering.offer_seats(session, intake_id, actor, now, zone)
    if by is not None:
        for offer in made:
            _audit(session, by, "offered", offer.application_id, now, f"offer {offer.id}")
    return made


def log_call(
    session: Session, call_id: int, member: Staff, *, reached: bool, words: str, now: datetime
) -> None:
    """Keep how a call went; somebody who was not reached stays on the list.

    A call that is off the list already stays as it is. What was agreed on the phone is decided as ever.
    """
    call = session.get_one(Call, call_id, with_for_update=True, populate_existing=True)
    if call.done_at is not None:
        return
    call.tries, call.tried_at, call.outcome = call.tries + 1, now, words.strip() or None
    if reached:
        call.done_at, call.done_by = now, actor_of(member)
    session.add(call)
    kind = "called" if reached else "not_reached"
    if call.application_id is None:
        note_access(session, member, kind, "fair_signup", call.signup_id, now, f"call {call_id}")
        return
    log_event(session, call.application_id, kind, actor_of(member), now, call.outcome)
    _audit(session, member, kind, call.application_id, now, f"call {call_id}")


def calls_due(
    session: Session, intake_ids: Collection[int] | None, now: datetime, fair_ids: Collection[str] = ()
) -> list[Call]:
    """Give who is to be phoned, the most urgent first; of these intakes and job fairs, or of all with None."""
    return list(reaching.calls_due(session, intake_ids, now, fair_ids))


def actor_of(member: Staff) -> str:
    """Give how events and the audit name a member of staff."""
    return f"staff:{member.id}"


def _decide(
    session: Session,
    application_id: int,
    member: Staff,
    act: Act,
    *,
    seen: int | None,
    now: datetime,
    zone: tzinfo,
) -> Application:
    application = deciding.hold(session, application_id, seen)
    had_seat, before = application.state in enrolment.SEATED, deciding.last_event(session, application_id)
    act(application)
    if deciding.last_event(session, application_id) == before:
        return application
    here = now.astimezone(zone)
    _audit(session, member, application.state.value, application_id, now)
    settle_calls(session, application, now, decided=True)
    _tell_decided(session, application, here)
    if had_seat and application.state not in enrolment.SEATED:
        offering.go_on(session, application.intake_id, now, zone, but=[application_id])
    return application


def _tell_decided(
    session: Session, application: Application, now: datetime, due_at: datetime | None = None
) -> None:
    event = deciding.last_event(session, application.id)
    key = f"decided:{event}"
    rings = tell(session, application, "decided", {"event": event}, key=key, now=now, due_at=due_at)
    if not rings and application.state in DONE:
        phone(session, application, DECIDED, now)


def _audit(
    session: Session, member: Staff, action: str, application_id: int, now: datetime, detail: str = ""
) -> None:
    note_access(session, member, action, "application", application_id, now, detail)
