"""Puts the sample's people into the database: who they are, what they told us, where they are reached."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from sqlmodel import Session

from bot.demo.shifting import Row, parts
from dialogs.parts.consent import CONSENTS
from dialogs.supports import BY_AREA
from storage import consents, people
from storage.tables import Channel, Contact, ContactRole, Person, Purpose, Reading, Role, Size

CHANNELS: Mapping[str, Channel] = {"web": Channel.WEB, "telegram": Channel.TELEGRAM}
"""Channels that reach somebody by themselves; the others are telephoned."""

AREA_OF = {option.value: area for area, options in BY_AREA.items() for option in options}

Profile: TypeAlias = dict[str, str | list[str]]


@dataclass(frozen=True, slots=True)
class Learner:
    """One person of the sample as stored.

    Args:
        person_id: the number of the person.
        contact_id: who talks for them, or None where nobody does by himself.
        helped: whether that is a relative.
        row: the line of the sample.
        profile: what is known, by question name.

    """

    person_id: int
    contact_id: int | None
    helped: bool
    row: Row
    profile: Profile


def add_clerk(session: Session, now: datetime) -> int:
    """The clerk who fills in for those who come to the office; gives the number of the contact."""
    clerk = Contact(role=ContactRole.STAFF, created_at=now, seen_at=now)
    session.add(clerk)
    session.flush()
    return clerk.id


def add_learner(session: Session, row: Row, now: datetime, *, helped: bool) -> Learner:
    """Store one person; `helped` when a relative talks to us for them."""
    channel = CHANNELS.get(row["channel"])
    contact_id = None
    if channel is None:
        person = Person(name=row["name"], created_at=now)
        session.add(person)
        session.flush()
    else:
        contact = _meet(session, channel, row, now, helped=helped)
        role = Role.FAMILY if helped else Role.SELF
        person = people.add_person(session, contact.id, role, row["name"], now)
        contact_id = contact.id
    people.update_person(
        session, person, name=row["name"], phone=row["phone"] or None, cert_no=row["cert_no"] or None
    )
    profile = _profile(row)
    people.add_to_profile(session, person, profile)
    session.flush()
    return Learner(person.id, contact_id, helped, row, profile)


def agree(session: Session, learner: Learner, contact_id: int, channel: Channel, now: datetime) -> None:
    """Keep that an applicant agreed to what an application needs."""
    for name, purpose in (("consent_sensitive", Purpose.SENSITIVE), ("consent_school", Purpose.SCHOOL)):
        consents.record_consent(
            session,
            person_id=learner.person_id,
            contact_id=contact_id,
            purpose=purpose,
            given=True,
            wording=_wording(name),
            channel=channel.value,
            now=now,
        )


def needs_by_area(codes: Collection[str]) -> dict[str, list[str]]:
    """Support codes as the questions of the application ask for them."""
    areas: dict[str, list[str]] = {}
    for code in codes:
        if code in AREA_OF:
            areas.setdefault(AREA_OF[code], []).append(code)
    return areas


def _meet(session: Session, channel: Channel, row: Row, now: datetime, *, helped: bool) -> Contact:
    """Somebody reached at an address nobody has: nothing is ever sent there."""
    contact = people.meet(session, channel.value, f"demo-{row['person_id']}", now)
    contact.role = ContactRole.FAMILY if helped else ContactRole.SELF
    contact.reading = Reading.EASY if row["text_pref"] == "easy" else Reading.PLAIN
    contact.size = Size.LARGE if row["text_pref"] == "large" else Size.STANDARD
    session.add(contact)
    return contact


def _profile(row: Row) -> Profile:
    place = row["province"] + row["city"] + row["district"] + row["town"]
    areas = needs_by_area(parts(row["access_needs"]))
    known: Profile = {
        "province": row["province"],
        "city": row["city"],
        "district": row["district"],
        "hukou": place,
        "live_addr": "same",
        "education": row["education"],
        "employment_status": row["employment_status"],
        "contact_pref": row["contact_pref"],
        "cert_have": "yes" if row["cert_no"] else "none",
        "priority_claim": parts(row["priority_claims"]) or "none",
        "needs_area": list(areas) or "none",
        **{f"need_{area}": codes for area, codes in areas.items()},
    }
    if row["contact_name"]:
        known |= {
            "helper_name": row["contact_name"],
            "helper_relation": row["contact_relation"],
            "emergency_name": row["contact_name"],
            "emergency_phone": row["contact_phone"],
        }
    return known


def _wording(name: str) -> str:
    return next(str(question.text) for question in CONSENTS if question.name == name)
