"""What members of staff see in a chat: whose business is theirs, what waits, one application, one ticket."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from bot.applications.advising import advice_on
from bot.asking import Asking
from bot.console.permissions import Act, Reach, may, reach_of
from dialogs.facts.staff import Case, Desk, Filed, Need, Waiting
from storage.applications import deciding, enrolment, listing, ordering, waiting
from storage.catalogue import codes
from storage.catalogue.snapshot import Snapshot
from storage.catalogue.tables import Intake
from storage.files import files_in
from storage.rules.eligibility import Verdict, summary
from storage.tables import Application, ApplicationState, Person, Staff, StaffRole
from storage.tickets import handling
from storage.tickets import listing as ticket_list
from storage.tickets.listing import WAITING, Sight
from storage.tickets.tables import Ticket

FIT = {Verdict.FITS: "fits", Verdict.ASK: "ask", Verdict.DIFFERS: "differs"}


def sight_of(member: Staff, reach: Reach) -> Sight:
    """Which tickets a member may know of: a sign of danger is for admins, and for whom it was given to."""
    return Sight(member.id, reach.intakes, dangers=member.role is StaffRole.ADMIN)


def application_of(
    session: Session, member: Staff | None, number: int | None, catalogue: Snapshot, act: Act
) -> Application | None:
    """Give an application, where the member may do this and it is their business; None looks the same for all else."""
    if member is None or number is None or not may(member, act):
        return None
    found = session.get(Application, number)
    return found if found is not None and reach_of(member, catalogue).holds(found.intake_id) else None


def ticket_of(
    session: Session, member: Staff | None, number: int | None, catalogue: Snapshot, act: Act
) -> Ticket | None:
    """Give a ticket, where the member may do this and may know of it."""
    if member is None or number is None or not may(member, act):
        return None
    found = session.get(Ticket, number)
    sight = sight_of(member, reach_of(member, catalogue))
    return None if found is None else ticket_list.find_ticket(session, sight, found.number)


def works_here(asking: Asking) -> bool:
    """Say whether whoever is talking is a member of staff."""
    return asking.kin.member is not None


def desk(asking: Asking) -> Desk:
    """Count what waits for the member who is talking."""
    session, member = asking.session, asking.kin.member
    if member is None:
        return Desk()
    reach = reach_of(member, asking.catalogue)
    decides, answers = may(member, Act.DECIDE), may(member, Act.ANSWER)
    counts = listing.count_states(session, reach.intakes) if decides else {}
    sight = sight_of(member, reach)
    return Desk(
        name=member.name,
        new=counts.get(ApplicationState.SUBMITTED, 0),
        needs=listing.count_needing(session, reach.intakes) if decides else 0,
        tickets=ticket_list.count_tickets(session, sight, asking.now)["mine"] if answers else 0,
        decides=decides,
        answers=answers,
        alerts=member.alerts,
        tells=may(member, Act.NOTICES),
    )


def list_of(asking: Asking) -> Waiting:
    """Give one page of the applications that wait for the member, in the console's order."""
    session, member = asking.session, asking.kin.member
    if member is None or not may(member, Act.LIST):
        return Waiting()
    within, page = reach_of(member, asking.catalogue).intakes, max(1, asking.number("page") or 1)
    new = ApplicationState.SUBMITTED
    found = listing.find_applications(session, intakes=within, states=(new,), page=page)
    total = listing.count_states(session, within).get(new, 0)
    lines = tuple(_line(asking.catalogue, each.application, each.person, asking.now) for each in found)
    return Waiting(lines, total, page, more=total > page * listing.A_PAGE)


def filed(asking: Asking) -> Filed:
    """Give the application a flow is about, to whose business it is."""
    session, catalogue = asking.session, asking.catalogue
    it = application_of(session, asking.kin.member, asking.number("application"), catalogue, Act.READ)
    run = None if it is None else catalogue.intake(it.intake_id)
    card = None if run is None else catalogue.project(run.project_id)
    if it is None:
        return Filed(0)
    advice = advice_on(card, run, it.answers) if card is not None and run is not None else ()
    offered = set(session.get_one(Intake, it.intake_id).services_available)
    return Filed(
        application_id=it.id,
        number=it.number,
        person=session.get_one(Person, it.person_id).name or "",
        title=card.title if card is not None else "",
        title_easy=card.title_easy if card is not None else "",
        state=it.state.value,
        days=_days(it, asking.now),
        reasons=_reasons(it),
        fit=FIT[summary(advice)] if advice else "",
        rules=tuple(each.quote for each in advice if each.verdict is not Verdict.FITS),
        needs=tuple(
            Need(need.id, need.code, need.answer.value, need.code in offered)
            for need in enrolment.needs_of(session, it.id)
        ),
        seats=enrolment.seats_left(session, [it.intake_id]).get(it.intake_id, 0),
        place=waiting.place_of(session, it),
        decidable=it.state in deciding.DECIDABLE,
        askable=it.state in deciding.OPEN,
    )


def cases(asking: Asking) -> Sequence[Case]:
    """Give the tickets the member sees to, what people wait for first."""
    member = asking.kin.member
    if member is None or not may(member, Act.TICKETS):
        return ()
    sight = sight_of(member, reach_of(member, asking.catalogue))
    found = ticket_list.find_tickets(asking.session, sight, "mine", asking.now)
    return tuple(_case(each, asking.now) for each in found)


def case(asking: Asking) -> Case:
    """Give the ticket a flow is about, with all that was said, to who may know of it."""
    session = asking.session
    found = ticket_of(session, asking.kin.member, asking.number("ticket"), asking.catalogue, Act.TICKETS)
    if found is None:
        return Case(0)
    said = [
        (False, found.words),
        *((bool(each.staff_id), each.words) for each in handling.lines_of(session, found.id)),
    ]
    return _case(
        found, asking.now, tuple((by_staff, None if files_in(words) else words) for by_staff, words in said)
    )


def _case(ticket: Ticket, now: datetime, said: tuple[tuple[bool, str | None], ...] = ()) -> Case:
    due = ticket.due_at.astimezone(now.tzinfo).date()
    return Case(ticket.id, ticket.number, ticket.kind, due, ticket.state in WAITING, said)


def _line(catalogue: Snapshot, it: Application, person: Person, now: datetime) -> Filed:
    run = catalogue.intake(it.intake_id)
    card = None if run is None else catalogue.project(run.project_id)
    return Filed(
        application_id=it.id,
        number=it.number,
        person=person.name or "",
        title=card.title if card is not None else "",
        title_easy=card.title_easy if card is not None else "",
        days=_days(it, now),
        reasons=_reasons(it),
    )


def _reasons(it: Application) -> tuple[str, ...]:
    return tuple(codes.label("priority", claim) for claim in ordering.claims_in(it.answers))


def _days(it: Application, now: datetime) -> int:
    return max(0, (now - (it.submitted_at or it.changed_at)).days)
