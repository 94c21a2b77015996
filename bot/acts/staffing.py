"""What members of staff do in a chat: the console's own acts, allowed and held once more at the moment they are done."""

from collections.abc import Callable

from sqlmodel import Session

from bot import at_work
from bot.acts.keeping import application_about
from bot.applications import deciding
from bot.classes.offering import zone_of
from bot.console.permissions import Act
from bot.console.words import EVENTS, actor_words
from bot.naming import called
from bot.submitted import NOT_YOURS, Submitted
from bot.tickets import handling
from dialogs.model import Json
from dialogs.talk import About, Begin
from storage import people
from storage.applications import deciding as kept
from storage.applications.deciding import Meanwhile, NoSeat, NotPossible
from storage.catalogue import codes
from storage.staff import chats as staff_chats
from storage.staff import staff
from storage.tables import Application, Audit, Channel, Contact, ContactRole, NeedAnswer, Staff
from storage.tickets import handling as said
from storage.tickets.handling import SaidMeanwhile

LEFT_OPEN = frozenset({"", "none"})
"""Answers that say nothing: whoever gave one goes back and looks."""

ANEW: dict[str, dict[str, Json]] = {
    "staff_application": dict.fromkeys(("do", "sure", "reason", "words", "question"), ""),
    "staff_needs": dict.fromkeys(("which", "answer", "note"), ""),
    "staff_ticket": {"words": ""},
}
"""What a flow that is opened forgets: what was said about it another time must decide nothing now."""

BEGUN_WITH = frozenset({"accept", "wait", "ask"})
"""What the button of a message may begin."""

Doing = Callable[[Staff, Application, int], Begin]


def join(session: Session, submitted: Submitted) -> Begin | None:
    """Make this chat a member's by a word of one use."""
    word = submitted.text("word")
    if word in LEFT_OPEN:
        return None
    member = staff_chats.link_chat(session, word, submitted.contact_id, submitted.now)
    if member is None:
        return Begin("staff_not_joined")
    if session.get_one(Contact, submitted.contact_id).role is ContactRole.UNKNOWN:
        people.set_role(session, submitted.contact_id, ContactRole.STAFF)
    name = called(member.name) if submitted.channel == Channel.TELEGRAM else member.name
    return Begin("staff_joined", given={"name": name})


def console(session: Session, submitted: Submitted) -> Begin:
    """Make a one-time link into the console; who was at an application finds it open there."""
    member = staff.staff_of_contact(session, submitted.contact_id)
    if member is None:
        return refused(session, submitted, None)
    staff.note_access(session, member, "link_made", "staff", member.id, submitted.now, "chat")
    secret = staff.make_link(session, member, submitted.now)
    filed = application_about(session, submitted)
    at = f"?at={filed.number}" if filed else ""
    return Begin("staff_console_ready", given={"link": f"/console/enter/{secret}{at}"})


def alerts(session: Session, submitted: Submitted) -> Begin:
    """Remember whether a member wants to be told of what comes in."""
    member = staff.staff_of_contact(session, submitted.contact_id)
    if member is None:
        return refused(session, submitted, None)
    staff_chats.set_alerts(session, member, wanted=submitted.text("want") == "yes")
    return Begin("staff_alerts_kept", given={"want": submitted.text("want")})


def look(session: Session, submitted: Submitted) -> Begin:
    """Open an application or a ticket as it is now, and keep up to where it was seen."""
    member = staff.staff_of_contact(session, submitted.contact_id)
    catalogue = submitted.shelf.current
    ticket = at_work.ticket_of(session, member, submitted.number("ticket"), catalogue, Act.TICKETS)
    if ticket is not None:
        return _open("staff_ticket", (("ticket", ticket.id),), said.last_line(session, ticket.id))
    filed = at_work.application_of(session, member, submitted.number("application"), catalogue, Act.READ)
    if filed is None:
        return refused(session, submitted, member)
    opened = _application(session, filed)
    if submitted.text("do") in BEGUN_WITH:
        return Begin(opened.flow, opened.about, {**opened.given, "do": submitted.text("do"), "quick": "yes"})
    return opened


def decision(session: Session, submitted: Submitted) -> Begin:
    """Accept, put on the list, decline or ask; over what the member has seen, as on the console."""

    def act(member: Staff, filed: Application, seen: int) -> Begin:
        do = submitted.text("do")
        if do == "list":
            return Begin("staff_list")
        if do == "needs":
            return _open("staff_needs", _about(filed), seen)
        done = _decide(session, submitted, member, filed.id, seen)
        if not done:
            return _application(session, filed)
        return Begin("staff_done", _about(filed), {"what": done, "number": filed.id})

    return _doing(session, submitted, act)


def need(session: Session, submitted: Submitted) -> Begin:
    """Promise one support, decline it, or say that it is to be talked over."""

    def act(member: Staff, filed: Application, seen: int) -> Begin:
        which, answer, note = (submitted.text(name) for name in ("which", "answer", "note"))
        if which in LEFT_OPEN or answer not in NeedAnswer.__members__.values():
            return _application(session, filed)
        given = {int(which): (NeedAnswer(answer), "" if note in LEFT_OPEN else note)}
        try:
            deciding.answer_needs(session, filed.id, member, given, seen=seen, now=submitted.now)
        except LookupError:  # a need that was taken back, or is none of this application's
            return _application(session, filed)
        return _open("staff_needs", _about(filed), kept.last_event(session, filed.id))

    return _doing(session, submitted, act)


def ticket(session: Session, submitted: Submitted) -> Begin:
    """Answer whom a ticket is from; not over what they said meanwhile."""
    member = staff.staff_of_contact(session, submitted.contact_id)
    catalogue = submitted.shelf.current
    found = at_work.ticket_of(session, member, submitted.number("ticket"), catalogue, Act.ANSWER)
    if member is None or found is None:
        return refused(session, submitted, member)
    words = submitted.text("words")
    if words in LEFT_OPEN:
        return Begin("staff_tickets")
    try:
        is_told = handling.answer(session, found.id, member, words, seen=_seen(submitted), now=submitted.now)
    except SaidMeanwhile:
        what = "meanwhile"
    else:
        what = "replied" if is_told else "noted"
    return Begin("staff_ticket_answered", given={"what": what, "number": found.id})


def closed(session: Session, submitted: Submitted) -> None:
    """Keep that somebody who is no member of staff asked for what is theirs; they were told that it is shut."""
    _note_stranger(session, submitted)


def _doing(session: Session, submitted: Submitted, act: Doing) -> Begin:
    """Do something with an application that is this member's business, and say what came in between, or cannot be."""
    member = staff.staff_of_contact(session, submitted.contact_id)
    number, catalogue = submitted.number("application"), submitted.shelf.current
    filed = at_work.application_of(session, member, number, catalogue, Act.DECIDE)
    if member is None or filed is None:
        return refused(session, submitted, member)
    try:
        return act(member, filed, _seen(submitted))
    except Meanwhile as meanwhile:
        names = {f"staff:{each.id}": each.name for each in staff.all_staff(session)}
        events: list[Json] = [
            [actor_words(each.actor, names), EVENTS.get(each.kind, each.kind)] for each in meanwhile.events
        ]
        return Begin("staff_meanwhile", _about(filed), {"number": filed.id, "events": events})
    except NoSeat:
        what = "no_seat"
    except NotPossible:
        what = "not_possible"
    return Begin("staff_done", _about(filed), {"what": what, "number": filed.id})


def _decide(session: Session, submitted: Submitted, member: Staff, number: int, seen: int) -> str:
    """Give what was done; "" where nothing was to be done."""
    now, zone = submitted.now, zone_of(submitted.now)
    match submitted.text("do"), submitted.text("sure"):
        case "accept" | "wait", "no":
            return ""
        case "accept", _:
            deciding.accept(session, number, member, seen=seen, now=now, zone=zone)
            return "accepted"
        case "wait", _:
            deciding.put_on_list(session, number, member, seen=seen, now=now, zone=zone)
            return "waitlisted"
        case "decline", _ if reason := _reason(submitted):
            deciding.decline(session, number, member, seen=seen, now=now, zone=zone, reason=reason)
            return "declined"
        case "ask", _ if (words := submitted.text("question")) not in LEFT_OPEN:
            deciding.ask(session, number, member, seen=seen, now=now, words=words)
            return "asked"
    return ""


def _reason(submitted: Submitted) -> str:
    """Give the reason the person reads; "" without one."""
    reason, words = submitted.text("reason"), submitted.text("words")
    if reason in codes.words("decline_reason"):
        return codes.label("decline_reason", reason)
    return "" if words in LEFT_OPEN else words


def _application(session: Session, filed: Application) -> Begin:
    return _open("staff_application", _about(filed), kept.last_event(session, filed.id), quick="no")


def _open(flow: str, about: About, seen: int, **more: Json) -> Begin:
    return Begin(flow, about, {**ANEW[flow], "seen": seen, **more})


def _seen(submitted: Submitted) -> int:
    """Up to where the member has seen it; 0, where that is not known, so that they look first."""
    seen = submitted.answers.get("seen")
    return seen if isinstance(seen, int) else 0


def _about(filed: Application) -> About:
    return (("application", filed.id),)


def refused(session: Session, submitted: Submitted, member: Staff | None) -> Begin:
    """Say kindly that it is somebody else's, whether it exists or not, and keep who asked."""
    if member is None:
        _note_stranger(session, submitted)
        return NOT_YOURS
    number = submitted.number("application") or submitted.number("ticket")
    staff.note_access(session, member, "refused", "chat", number, submitted.now, submitted.flow)
    return Begin("staff_refused")


def _note_stranger(session: Session, submitted: Submitted) -> None:
    session.add(
        Audit(
            at=submitted.now,
            actor=submitted.actor,
            action="refused",
            subject_kind="chat",
            subject_id=submitted.number("application") or submitted.number("ticket"),
            detail=submitted.flow,
        )
    )
    session.flush()
