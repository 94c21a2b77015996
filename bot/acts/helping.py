"""Helpers: both are told before the time ends, and the person says whether it goes on (access.md F3)."""

from datetime import UTC, datetime
from functools import partial

from sqlmodel import Session

from bot.forgetting import change_conversation, without_people
from bot.submitted import NOT_YOURS, Submitted
from dialogs.model import Json
from dialogs.talk import Begin
from storage import helpers, outbox, people, reminders
from storage.tables import Person, Relation, Reminder, Role
from storage.tickets import tickets

NOT_ANY_MORE = "已经不帮了"
OVER = "帮忙的时间已经过了"

GUARDIAN_ENDED = "本人不让监护人帮他办事了。{basis}先单独和本人谈，不告诉监护人为什么。"
SEEN, NOT_SEEN = "监护的依据看过。", "监护的依据还没看过。"
"""What staff read when a person sends a guardian away."""


def watch(session: Session, row: Reminder, now: datetime) -> None:
    """Judge a helper's time: tell both when the end is near, look again when it moved, let go what is over."""
    relation = session.get(Relation, int(row.about["relation"]))
    person = session.get(Person, relation.person_id) if relation else None
    if relation is None or person is None or relation.revoked_at is not None or person.erased_at is not None:
        reminders.drop(session, row, NOT_ANY_MORE)
    elif relation.ends_at is None or relation.ends_at <= now:
        reminders.drop(session, row, OVER)
    elif (due := reminders.helper_warned_at(relation.ends_at, now.tzinfo)) > now:
        reminders.look_again(session, row, due)
    else:
        _tell_both(session, relation, person, relation.ends_at, now)
        reminders.look_again(session, row, relation.ends_at)


def _tell_both(
    session: Session, relation: Relation, person: Person, ends_at: datetime, now: datetime
) -> None:
    """Promise one letter to each, once for each end."""
    own = people.own_contacts(session, person.id, now)
    until = ends_at.astimezone(now.tzinfo).date().isoformat()
    payload: dict[str, Json] = {
        "person": person.id,
        "relation": relation.id,
        "ends": ends_at.astimezone(UTC).isoformat(),
        "until": until,
        "name": person.name or "",
        "helper": helpers.name_of(session, relation),
        "has_phone": bool(own),
    }
    for contact_id in dict.fromkeys((relation.contact_id, *own)):
        outbox.promise(
            session,
            contact_id,
            "helping_ends" if contact_id == relation.contact_id else "helper_ends",
            payload,
            now=now,
            key=f"helper:{relation.id}:{until}:{contact_id}",
            not_after=ends_at,
        )


def helper_keep(session: Session, submitted: Submitted) -> Begin | None:
    """Let a helper go on, or end it at once, by the person's own word; the helper is not told why."""
    which, keep = submitted.text("which"), submitted.text("keep")
    if which == "none":
        return None
    relation = session.get(Relation, int(which)) if which.isdigit() else None
    if relation is None or not _is_own(session, submitted, relation):
        return NOT_YOURS
    if keep == "no":
        people.revoke(session, relation, submitted.now)
        if relation.role is Role.GUARDIAN:
            _tell_staff(session, relation, submitted.now)
        left = {person.id for person, _ in people.people_of(session, relation.contact_id, submitted.now)}
        change_conversation(session, relation.contact_id, partial(without_people, known=left), submitted.now)
        return Begin("helper_told", given={"keep": "no", "until": ""})
    if keep == "yes":
        helpers.keep(session, relation, submitted.now)
    ends = relation.ends_at.astimezone(submitted.now.tzinfo).date().isoformat() if relation.ends_at else ""
    return Begin("helper_told", given={"keep": keep, "until": ends})


def _tell_staff(session: Session, relation: Relation, now: datetime) -> None:
    """Let staff look at a guardian who was sent away: whether there is a legal one is theirs to check (F2).

    No contact stands on it, so that whoever holds a phone does not find it among their tickets.
    """
    words = GUARDIAN_ENDED.format(basis=SEEN if relation.basis else NOT_SEEN)
    tickets.make_ticket(session, "help", words, now, person_id=relation.person_id)


def _is_own(session: Session, submitted: Submitted, relation: Relation) -> bool:
    """Whether it is the person who speaks, about somebody else whom they did not send away."""
    selves = {
        person.id
        for person, own in people.people_of(session, submitted.contact_id, submitted.now)
        if own.role is Role.SELF
    }
    return relation.person_id in selves and relation.role is not Role.SELF and relation.revoked_at is None
