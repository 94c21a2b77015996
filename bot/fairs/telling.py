"""Reminds who comes to a job fair of it on the eve, and tells them that it moved or is called off; neutral to look at."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlmodel import Session

from bot.classes.offering import zone_of
from bot.reaching import CLOSING_TIME, reminded_too
from dialogs.model import Json
from storage import helpers, outbox, people, reminders
from storage.afterwards import calls
from storage.catalogue.tables import Fair
from storage.classes import reminders as class_reminders
from storage.fairs import reminders as fair_reminders
from storage.fairs.tables import FairSignup
from storage.finding import get, get_one
from storage.rules.calendar import WorkDays, next_allowed
from storage.tables import Channel, Lane, Person, Reminder, SignupState

REMINDER, OF_OTHER, CHANGED = "fair_reminder", "fair_of_other", "fair_changed"
"""Kinds of letter; one is for who helps the person."""

PHONED = {REMINDER: "fair", CHANGED: "fair_changed"}
"""A letter -> why somebody whom it does not reach is phoned."""

GONE = "报名已经没有了"


def ring(session: Session, row: Reminder, now: datetime) -> None:
    """Remind somebody of the fair they come to, unless that lost its point; an overdue one waits for the morning."""
    signup, fair = _coming(session, row)
    if signup is None or fair is None:
        reminders.drop(session, row, GONE)
        return
    if fair.called_off or signup.state is not SignupState.COMING:
        reminders.drop(
            session, row, fair_reminders.CALLED_OFF if fair.called_off else fair_reminders.NOT_COMING
        )
        return
    due = fair_reminders.due_at(session, fair, signup, now)
    begins = datetime.combine(fair.start_date, fair.start_time, now.tzinfo)
    if now >= begins:
        reminders.drop(session, row, fair_reminders.BEGUN)
    elif due > now:
        reminders.look_again(session, row, due)  # it was put off meanwhile
    else:
        more: dict[str, Json] = {"starts": fair.start_date.isoformat(), "version": row.version_of}
        readers = readers_of(session, signup.person_id, now, signup.contact_id)
        wish, key = class_reminders.wish_of(session, signup.person_id), f"{row.key}:{row.version_of}"
        _promise(
            session,
            readers,
            signup,
            row,
            REMINDER,
            now,
            key=key,
            more=more,
            not_after=begins,
            by=begins,
            where=wish.channel,
        )
        if wish.helpers_too:
            too = [each.contact_id for each in reminded_too(session, signup.person_id, readers, now)]
            _write(session, too, signup, OF_OTHER, now, key=key, more=more, not_after=begins)


def ring_change(session: Session, row: Reminder, now: datetime) -> None:
    """Tell somebody who comes that the fair moved or is called off; only of how it stands now."""
    signup, fair = _coming(session, row)
    if signup is None or fair is None or signup.state is not SignupState.COMING:
        reminders.drop(session, row, GONE)
        return
    if row.about.get("as_of") != fair_reminders.as_of(fair):
        reminders.drop(session, row, "后来又改了，另有一条消息")
        return
    readers = readers_of(session, signup.person_id, now, signup.contact_id)
    more: dict[str, Json] = {"off": fair.called_off}
    _promise(session, readers, signup, row, CHANGED, now, key=row.key, more=more, by=_before(fair, now))


def readers_of(
    session: Session, person_id: int, now: datetime, contact_id: int | None = None
) -> Sequence[int]:
    """Give who is told: the person, on each phone of their own; without one, who said it, else who helps them."""
    own = people.own_contacts(session, person_id, now)
    if own:
        return own
    helping = [
        relation.contact_id
        for relation in helpers.helpers_of(session, [person_id], now)
        if people.accounts_of(session, relation.contact_id) and not helpers.is_parents_door(relation)
    ]
    return [contact_id] if contact_id in helping and contact_id is not None else helping


def _coming(session: Session, row: Reminder) -> tuple[FairSignup | None, Fair | None]:
    signup = get(session, FairSignup, int(row.about["signup"]))
    person = None if signup is None else get(session, Person, signup.person_id)
    if signup is None or person is None or person.erased_at is not None:
        return None, None
    return signup, session.get(Fair, signup.fair_id)


def _promise(
    session: Session,
    contact_ids: Collection[int],
    signup: FairSignup,
    row: Reminder,
    kind: str,
    now: datetime,
    *,
    key: str,
    by: datetime,
    more: dict[str, Json] | None = None,
    not_after: datetime | None = None,
    where: Channel | None = None,
) -> None:
    """Promise the letter to each; whom no chat that rings reaches is phoned before a moment.

    A page alone says nothing until somebody looks.
    """
    rings = _write(
        session, contact_ids, signup, kind, now, key=key, more=more, not_after=not_after, where=where
    )
    if not rings:
        calls.ask_for_fair(session, signup.id, PHONED[kind], row.id, by, now)


def _write(
    session: Session,
    contact_ids: Collection[int],
    signup: FairSignup,
    kind: str,
    now: datetime,
    *,
    key: str,
    more: dict[str, Json] | None = None,
    not_after: datetime | None = None,
    where: Channel | None = None,
) -> bool:
    """Promise the letter to each, on the channel they want it on; who has no place there gets it wherever they are.

    Say whether one of them has a chat that rings.
    """
    person = get_one(session, Person, signup.person_id)
    payload = {
        "name": person.name or "",
        "person": person.id,
        "signup": signup.id,
        "fair": signup.fair_id,
        **(more or {}),
    }
    rings = False
    for contact_id in contact_ids:
        known = people.accounts_of(session, contact_id)
        rings |= any(each.channel is Channel.TELEGRAM for each in known)
        there: list[int | None] = [each.id for each in known if each.channel is where]
        for account_id in there or [None]:
            outbox.promise(
                session,
                contact_id,
                kind,
                payload,
                now=now,
                key=f"{key}:{contact_id}" if account_id is None else f"{key}:{contact_id}:{account_id}",
                due_at=next_allowed(now, zone_of(now)),
                not_after=not_after,
                lane=Lane.BULK,
                account_id=account_id,
            )
    return rings


def _before(fair: Fair, now: datetime) -> datetime:
    """Until when somebody is to be phoned: the end of the next working day, or before the fair begins."""
    begins = datetime.combine(fair.start_date, fair.start_time, now.tzinfo)
    return min(begins, datetime.combine(WorkDays().after(now.date(), 1), CLOSING_TIME, now.tzinfo))
