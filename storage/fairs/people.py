"""Who is asked to a job fair as staff see them: lists, who is at the desk, what is to be arranged for whom."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, true
from sqlmodel import Session, col, select

from storage import people
from storage.catalogue import codes
from storage.catalogue.tables import Fair
from storage.fairs.fairs import Counts
from storage.fairs.tables import FairArrangement, FairSignup
from storage.tables import NeedAnswer, Person, SignupState, Staff

TRANSPORT, COMPANION = "transport", "companion"
"""What may be needed at a fair beside the supports: codes of arrangement and of service."""

SHUTTLE = "shuttle"
"""The support by which a fair says that it has transport."""

AT_ONCE = 500
"""People read at once."""

AT_THE_DESK = 20
"""People of one name that are shown at the desk."""

CAME: ColumnElement[bool] = col(FairSignup.came_at).is_not(None)

LISTS: Mapping[str, ColumnElement[bool]] = {
    "coming": col(FairSignup.state) == SignupState.COMING,
    "invited": col(FairSignup.state) == SignupState.INVITED,
    "not_coming": col(FairSignup.state) == SignupState.NOT_COMING,
    "came": CAME,
    "missed": (col(FairSignup.state) == SignupState.COMING) & ~CAME,
    "all": true(),
}
"""Part of those who were asked -> who belongs to it."""


@dataclass(frozen=True, slots=True)
class ToArrange:
    """One thing to be arranged.

    Args:
        code: what, a code of service, or TRANSPORT.
        people: how many of those who come need it.
        offered: whether the fair says by itself that it has it.
        answer: whether it is arranged.
        note: how.

    """

    code: str
    people: int
    offered: bool
    answer: NeedAnswer
    note: str

    @property
    def is_open(self) -> bool:
        return self.people > 0 and self.answer is NeedAnswer.OPEN


def needed(needs: Mapping[str, Any]) -> list[str]:
    """Give what somebody needs at a fair as codes: the supports they named, a companion, transport."""
    found = [str(each) for each in needs.get("supports") or ()]
    found += [code for code in (COMPANION, TRANSPORT) if needs.get(code)]
    return list(dict.fromkeys(found))


def count_in(counts: Counts, kind: str) -> int:
    """Give how many people a list has."""
    invited = counts.invited - counts.coming - counts.not_coming
    return {
        "coming": counts.coming,
        "invited": invited,
        "not_coming": counts.not_coming,
        "came": counts.came,
        "missed": counts.missed,
        "all": counts.invited,
    }[kind]


def people_of(
    session: Session, fair_id: str, kind: str, page: int, most: int
) -> Sequence[tuple[FairSignup, Person]]:
    """Give one page of a list (one of LISTS) of a fair, in the order of their numbers."""
    wanted = select(FairSignup, Person).join(Person, col(Person.id) == col(FairSignup.person_id))
    wanted = wanted.where(FairSignup.fair_id == fair_id, LISTS[kind]).order_by(col(FairSignup.number))
    return session.exec(wanted.offset((page - 1) * most).limit(most)).all()


def every_one(session: Session, fair_id: str, kind: str) -> Iterator[tuple[FairSignup, Person]]:
    """Give a whole list of a fair, a batch at a time; the session is kept open until the last one."""
    page = 1
    while batch := people_of(session, fair_id, kind, page, AT_ONCE):
        yield from batch
        page += 1


def at_the_desk(session: Session, fair_id: str, said: str) -> list[tuple[FairSignup, Person]]:
    """Give who has this number, or whose name has these words in it; at most 20.

    Names are sealed, so they are looked at one after the other.
    """
    if said.isascii() and said.isdigit():
        wanted = select(FairSignup, Person).join(Person, col(Person.id) == col(FairSignup.person_id))
        number = int(said[:9])
        return list(
            session.exec(wanted.where(FairSignup.fair_id == fair_id, FairSignup.number == number)).all()
        )
    found = []
    for signup, person in every_one(session, fair_id, "all"):
        if said and said in (person.name or ""):
            found.append((signup, person))
            if len(found) == AT_THE_DESK:
                break
    return found


def to_arrange(session: Session, fair: Fair) -> list[ToArrange]:
    """Give what those who come need, most people first, and what was answered before and nobody needs now."""
    wanted = select(FairSignup.needs).where(FairSignup.fair_id == fair.fair_id, LISTS["coming"])
    people: dict[str, int] = {}
    for needs in session.exec(wanted).all():
        for code in needed(needs):
            people[code] = people.get(code, 0) + 1
    rows = select(FairArrangement).where(FairArrangement.fair_id == fair.fair_id)
    known = {each.code: each for each in session.exec(rows).all()}
    lines = [
        ToArrange(
            code,
            people.get(code, 0),
            (SHUTTLE if code == TRANSPORT else code) in fair.services_available,
            known[code].answer if code in known else NeedAnswer.OPEN,
            known[code].note if code in known else "",
        )
        for code in {**people, **known}
    ]
    return sorted(lines, key=lambda each: (-each.people, each.code))


def arrange(
    session: Session,
    fair_id: str,
    answers: Mapping[str, tuple[NeedAnswer, str]],
    member: Staff,
    now: datetime,
) -> int:
    """Keep what is arranged, by code; give how many lines changed. Raises LookupError for an unknown line."""
    fair = session.exec(select(Fair).where(Fair.fair_id == fair_id).with_for_update()).one()
    lines = {each.code: each for each in to_arrange(session, fair)}
    if unknown := answers.keys() - lines.keys():
        raise LookupError(f"nobody needs {sorted(unknown)} at {fair_id}")
    rows = select(FairArrangement).where(FairArrangement.fair_id == fair_id)
    known = {each.code: each for each in session.exec(rows).all()}
    changed = 0
    for code, (answer, note) in answers.items():
        if (lines[code].answer, lines[code].note) == (answer, note):
            continue
        row = known.get(code) or FairArrangement(fair_id=fair_id, code=code, staff_id=member.id, at=now)
        row.answer, row.note, row.staff_id, row.at = answer, note, member.id, now
        session.add(row)
        changed += 1
    session.flush()
    return changed


def label_of(code: str) -> str:
    """Say what is to be arranged."""
    return codes.label("arrangement" if code == TRANSPORT else "service", code)


def without_chat(session: Session, fair_id: str, now: datetime) -> list[tuple[FairSignup, Person]]:
    """Give who comes and no message reaches: they are phoned when something changes."""
    coming = every_one(session, fair_id, "coming")
    return [(signup, person) for signup, person in coming if not _is_reached(session, signup, now)]


def asked_already(session: Session, fair_id: str, person_ids: Collection[int]) -> set[int]:
    """Give which of these people were asked to a fair, or said something to it."""
    wanted = select(FairSignup.person_id).where(FairSignup.fair_id == fair_id)
    return set(session.exec(wanted).all()) & set(person_ids)


def count_unarranged(session: Session, fair_ids: Collection[str]) -> dict[str, int]:
    """Give how many things are not arranged yet, by fair."""
    rows = session.exec(select(Fair).where(col(Fair.fair_id).in_(fair_ids))).all()
    return {each.fair_id: sum(line.is_open for line in to_arrange(session, each)) for each in rows}


def _is_reached(session: Session, signup: FairSignup, now: datetime) -> bool:
    if people.own_contacts(session, signup.person_id, now):
        return True
    teller = signup.contact_id
    return teller is not None and any(each.reachable for each in people.accounts_of(session, teller))
