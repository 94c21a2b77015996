"""Job fairs and positions: coming or not, saying so on the eve, wanting a position, what the employer may know."""

from collections.abc import Mapping
from datetime import datetime

from sqlmodel import Session

from bot.acts.keeping import CONSENTS, keep_consents
from bot.acts.telling import tell_person
from bot.applications.advising import LEFT_OPEN
from bot.submitted import NOT_YOURS, Acting, Submitted, acting
from dialogs.model import Json
from dialogs.talk import About, Begin
from storage import consents, people
from storage.afterwards import callbacks
from storage.catalogue.fair_cards import PositionCard
from storage.catalogue.tables import Fair
from storage.fairs import fairs, interests
from storage.fairs import reminders as fair_reminders
from storage.fairs.tables import FairSignup
from storage.tables import Basis, Person, Purpose, SignupState
from storage.tickets import handling, owners, tickets
from storage.tickets.tables import Interest, Ticket

REFERRAL, JOB = "referral", "job"
"""The kind of ticket, and the service it asks for (codes.csv, follow_need)."""

WANTS = "想去{employer}的岗位：{title}（{number}）。"
MAY_TELL = "可以把名字和电话给这个单位。"
MAY_NOT_TELL = "没有同意把名字和电话给单位，先不要给。"
TAKEN_BACK = "不同意把名字和电话给单位了。不要再给。"
WANTS_NO_MORE = "不想去这个岗位了。"
"""What staff read."""


def fair_signup(session: Session, submitted: Submitted) -> Begin | None:
    """Keep whether somebody goes to a fair, what they need there and what they want to look at."""
    who = acting(session, submitted, "fill")
    fair_id = _fair_of(submitted)
    if who is None or session.get(Fair, fair_id) is None:
        return NOT_YOURS
    come = submitted.text("come")
    if come not in ("yes", "no"):
        return None  # it is over: nothing was asked
    about = _about(who, ("fair", fair_id))
    may_keep = any(submitted.text(name) for name in CONSENTS) and keep_consents(
        session, submitted, who.person
    )
    try:
        signup = fairs.sign_up(
            session,
            fair_id,
            who.person.id,
            submitted.contact_id,
            state=SignupState.COMING if come == "yes" else SignupState.NOT_COMING,
            needs=_needs(submitted) if may_keep else {},
            positions=_chosen(submitted),
            now=submitted.now,
        )
    except fairs.NotTaken:
        return Begin("fair_signup", about)  # it closed meanwhile, and says so
    _plan(session, signup, submitted.now)
    if not who.is_self:
        tell_person(session, submitted, who.person, "fair", signup.id)
    return Begin("fair_receipt" if come == "yes" else "fair_not_going", about)


def fair_answer(session: Session, submitted: Submitted) -> Begin | None:
    """Keep what somebody says to the reminder of a fair."""
    who = acting(session, submitted, "fill")
    fair_id = _fair_of(submitted)
    signup = None if who is None else fairs.signup_of(session, fair_id, who.person.id)
    if who is None or signup is None:
        return NOT_YOURS
    come = submitted.text("come")
    if come == "no":
        signup = fairs.sign_up(
            session,
            fair_id,
            who.person.id,
            submitted.contact_id,
            state=SignupState.NOT_COMING,
            needs={},
            positions=[],
            now=submitted.now,
        )
        _plan(session, signup, submitted.now)
        if not who.is_self:
            tell_person(session, submitted, who.person, "fair", signup.id)
    elif come == "stop":
        fair_reminders.stop(session, signup)
    elif come != "yes":
        return None
    return Begin("fair_soon_answered", _about(who, ("fair", fair_id)), {"come": come})


def want_position(session: Session, submitted: Submitted) -> Begin | None:
    """Open a ticket for a position somebody would like; its employer is told nothing without a yes to just that."""
    who = acting(session, submitted, "fill")
    card = fairs.find_position(session, str(submitted.about.get("position", "")))
    if who is None or card is None:
        return NOT_YOURS
    said = submitted.text("consent_employer")
    about = _about(who, ("position", card.position_id))
    known = _wanted(session, who.person.id, card.position_id)
    if not said or (known is None and not card.is_open(submitted.now.date())):
        return None if not said else Begin("position", about)
    phone = submitted.text("phone")
    if phone and phone not in LEFT_OPEN:
        people.update_person(session, who.person, phone=phone)
    agreed = said == "yes" and submitted.text("understood") == "calls"
    if known is None:
        made = _refer(session, submitted, who, card, agreed=agreed)
        known = interests.keep_interest(session, who.person.id, card.position_id, made.id, submitted.now)
    elif agreed != (known.to_employer_at is not None):
        _say(session, known, MAY_TELL if agreed else TAKEN_BACK, submitted.now)
    _keep_word(session, submitted, who.person, known, card, agreed=agreed)
    if not who.is_self:
        tell_person(session, submitted, who.person, "position", known.id)
    ticket = session.get(Ticket, known.ticket_id)
    if ticket is None:
        return Begin("position", about)
    due = ticket.due_at.astimezone(submitted.now.tzinfo).date()
    given: Mapping[str, Json] = {"number": ticket.number, "due": due.isoformat()}
    return Begin("position_wanted", about, given)


def leave_position(session: Session, submitted: Submitted) -> Begin | None:
    """Want a position no more: staff read it on the ticket, and the employer may be told nothing."""
    who = acting(session, submitted, "fill")
    if who is None:
        return NOT_YOURS
    known = _wanted(session, who.person.id, str(submitted.about.get("position", "")))
    if submitted.text("sure") != "yes" or known is None:
        return None
    _say(session, known, WANTS_NO_MORE, submitted.now)
    session.delete(known)
    session.flush()
    if not who.is_self:
        tell_person(session, submitted, who.person, "position", known.id)
    return Begin("position_left")


def take_back(session: Session, person: Person, now: datetime) -> None:
    """Let no employer be told any more who wants a position: the consent was taken back."""
    for each in interests.interests_of(session, [person.id]):
        if each.to_employer_at is not None:
            interests.agree_to_employer(session, each, now, agreed=False)
            _say(session, each, TAKEN_BACK, now)


def _needs(submitted: Submitted) -> dict[str, object]:
    """What is needed at the fair, as a sign-up keeps it."""
    asked = [code for code in submitted.many("supports") if code not in LEFT_OPEN]
    words = submitted.text("words")
    return {
        "supports": [code for code in asked if code not in ("shuttle", "companion")],
        "transport": "shuttle" in asked,
        "companion": "companion" in asked,
        "words": "" if words in LEFT_OPEN else words,
    }


def _chosen(submitted: Submitted) -> list[str]:
    return [each for each in submitted.many("positions") if each not in LEFT_OPEN]


def _plan(session: Session, signup: FairSignup, now: datetime) -> None:
    """Keep what follows a sign-up true: the reminder of the eve, the question afterwards."""
    fair_reminders.plan(session, signup, now)
    callbacks.plan_fair(session, signup, now)


def _refer(
    session: Session, submitted: Submitted, who: Acting, card: PositionCard, *, agreed: bool
) -> Ticket:
    wants = WANTS.format(employer=card.employer, title=card.position, number=card.position_id)
    words = wants + (MAY_TELL if agreed else MAY_NOT_TELL)
    fair = None if card.fair_id is None else session.get(Fair, card.fair_id)
    held_in = () if fair is None else (fair.province, fair.city, fair.district)
    return _open(session, words, submitted.now, submitted.contact_id, who.person, held_in)


def _open(
    session: Session,
    words: str,
    now: datetime,
    contact_id: int | None,
    person: Person,
    held_in: tuple[str, ...],
) -> Ticket:
    """Open a ticket of somebody who looks for work, with whose business it is: where they live, else the fair is."""
    ticket = tickets.make_ticket(session, REFERRAL, words, now, contact_id=contact_id, person_id=person.id)
    ticket.service = JOB
    if ticket.staff_id is None:
        home = tuple(str(person.profile.get(part) or "") for part in ("province", "city", "district"))
        keeper = owners.keeper_of_tickets(session, home if any(home) else held_in)
        ticket.staff_id = None if keeper is None else keeper.id
    session.add(ticket)
    session.flush()
    return ticket


def _keep_word(
    session: Session,
    submitted: Submitted,
    person: Person,
    interest: Interest,
    card: PositionCard,
    *,
    agreed: bool,
) -> None:
    """Keep the yes or no with the words that were shown, and to whom. A no to one employer takes back no yes to another."""
    interests.agree_to_employer(session, interest, submitted.now, agreed=agreed)
    others = [
        each for each in interests.interests_of(session, [person.id]) if each.to_employer_at is not None
    ]
    if agreed or not others:
        consents.record_consent(
            session,
            person_id=person.id,
            contact_id=submitted.contact_id,
            purpose=Purpose.EMPLOYER,
            given=agreed,
            wording=f"{submitted.wordings('consent_employer')}（{card.employer}，{card.position}）",
            channel=submitted.channel,
            now=submitted.now,
            basis=Basis.OWN if submitted.staff_id is None else Basis.ENTERED,
        )


def _wanted(session: Session, person_id: int, position_id: str) -> Interest | None:
    theirs = interests.interests_of(session, [person_id])
    return next((each for each in theirs if each.position_id == position_id), None)


def _say(session: Session, interest: Interest, words: str, now: datetime) -> None:
    ticket = session.get(Ticket, interest.ticket_id)
    if ticket is not None and not tickets.is_emptied(ticket):
        handling.say_more(session, ticket, words, now)


def _fair_of(submitted: Submitted) -> str:
    return str(submitted.about.get("fair", ""))


def _about(who: Acting, at: tuple[str, str]) -> About:
    return (("person", who.person.id), at)
