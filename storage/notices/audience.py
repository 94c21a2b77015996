"""Whom a notice goes to: what staff chose, turned into a stream of people and of the contacts who read for them.

    chosen = Choice(place="郑州市", categories=("massage",), finished_days=90)
    for contact_id in contacts(session, chosen, now): ...     # flat in memory, however many they are

What can be asked of the database is asked in one statement. Where somebody lives, what support they need and
whether they work is sealed, so those are looked at one row after the other, and only when they are chosen by.
Who refused a topic, or cannot be reached, is judged by `recipients`, not here.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, false, or_, true
from sqlalchemy import select as columns
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from storage.catalogue.tables import Intake, Project
from storage.fairs.tables import FairSignup
from storage.notices import wanting
from storage.people import in_force
from storage.rules.eligibility import Applicant, years_old
from storage.rules.regions import lies_in
from storage.tables import (
    Account,
    Application,
    ApplicationState,
    Channel,
    Contact,
    ContactRole,
    Fate,
    Outbox,
    Person,
    Reading,
    Relation,
    Role,
    SignupState,
)

AT_ONCE = 500
"""Rows fetched at a time."""

NOBODY = "nobody"
"""The channel of those who have no place that a notice can be sent to: they are phoned."""

GOT = (Fate.SENT, Fate.PAGE, Fate.BY_HAND, Fate.UNSURE, Fate.WAITING)
"""What became of those who have a notice, may have it, or will get it."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What recipients have in common; what is empty does not matter.

    Args:
        place: a province, city or district where they live, such as 郑州市.
        categories: kinds of training (codes.csv, category) they applied for.
        project: a project they applied for.
        intake: a class they applied for.
        states: where that application stands.
        needs: supports (codes.csv, service) of which they need one.
        work: their work situations (codes.csv, employment_status).
        age_from: years they have at least; 0 for all. Who is of an unknown age is not meant when ages are chosen by.
        age_to: years they have at most; 0 for all.
        reading: plain, easy or en.
        channel: web, telegram, or NOBODY.
        finished_days: finished a class that ended within so many days; 0 for all.
        missed: the number of a notice that they have not got; 0 for all.
        fair: the number of a job fair they were asked to, and did not say no.
        wants: topics of which they asked for one, or showed that they want it (`storage.notices.wanting`).
        wish: a word in what they said they want to learn, such as 烘焙.

    """

    place: str = ""
    categories: tuple[str, ...] = ()
    project: str = ""
    intake: int = 0
    states: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    work: tuple[str, ...] = ()
    age_from: int = 0
    age_to: int = 0
    reading: str = ""
    channel: str = ""
    finished_days: int = 0
    missed: int = 0
    fair: str = ""
    wants: tuple[str, ...] = ()
    wish: str = ""

    def kept(self) -> dict[str, Any]:
        """Give what is chosen as a notice keeps it."""
        return {name: value for name, value in asdict(self).items() if value}


def choice_of(kept: Mapping[str, Any]) -> Choice:
    """Read what a notice kept."""
    known: dict[str, Any] = {
        each.name: tuple(kept[each.name]) if isinstance(kept[each.name], list) else kept[each.name]
        for each in fields(Choice)
        if each.name in kept
    }
    return Choice(**known)


@dataclass(frozen=True, slots=True)
class Own:
    """Whom a member of staff may choose at all: who lives in their region, or applied for a class of theirs.

    Args:
        region: such as 郑州市.
        intakes: the classes.

    """

    region: str
    intakes: frozenset[int]


@dataclass(frozen=True, slots=True)
class Found:
    """One person who was meant.

    Args:
        person_id: who.
        contact_id: who reads for them; None where nobody does, and they are phoned.

    """

    person_id: int
    contact_id: int | None


def contacts(session: Session, choice: Choice, now: datetime, own: Own | None = None) -> Iterator[int]:
    """Stream the contacts of everybody meant; one who reads for two people comes twice."""
    for each in people(session, choice, now, own):
        if each.contact_id is not None:
            yield each.contact_id


def people(
    session: Session,
    choice: Choice,
    now: datetime,
    own: Own | None = None,
    *,
    watch: Callable[[int], None] | None = None,
) -> Iterator[Found]:
    """Stream everybody meant, once for each contact, in the order they were written down.

    Args:
        session: kept open until the last is read.
        choice: who is meant.
        now: the moment.
        own: whom who chooses may choose at all; None for everybody.
        watch: told, now and then, how many were looked at, those not meant included.

    """
    of_age = bool(choice.age_from or choice.age_to)
    sealed = bool(own or choice.place or choice.needs or choice.work or of_age)
    wanted = _wanted(choice, now, own, sealed=sealed).where(
        *wanting.conditions(session, choice.wants, choice.wish)
    )
    wanted = wanted.execution_options(yield_per=AT_ONCE)
    with closing(session.execute(wanted)) as rows:  # whoever reads only the first few leaves no cursor open
        for looked, (person_id, contact_id, applied, *opened) in enumerate(rows):
            if watch is not None and looked % AT_ONCE == 0:
                watch(looked)
            if sealed and not _fits(choice, opened[0], own, applied=bool(applied)):
                continue
            if not of_age or _is_of_age(choice, opened[0], opened[1], now.date()):
                yield Found(person_id, contact_id)


def _wanted(choice: Choice, now: datetime, own: Own | None, *, sealed: bool) -> Select[Any]:
    """Everybody, with the contacts who are themselves, or where there is none, with those who help them."""
    self_, person = aliased(Relation), col(Person.id)
    still = or_(col(self_.ends_at).is_(None), col(self_.ends_at) > now)
    has_own = exists().where(
        col(self_.person_id) == person, col(self_.role) == Role.SELF, col(self_.revoked_at).is_(None), still
    )
    reads = and_(
        col(Relation.person_id) == person,
        *in_force(now),
        col(Relation.role) != Role.STAFF,
        or_(col(Relation.role) == Role.SELF, ~has_own),
    )
    applied: ColumnElement[bool] = false()
    if own is not None:
        mine = col(Application.intake_id).in_(own.intakes)
        applied = exists().where(col(Application.person_id) == person, mine)
    asked = (
        person,
        col(Contact.id),
        applied.label("applied"),
        *((col(Person.profile), col(Person.cert_no)) if sealed else ()),
    )
    joined = (
        columns(*asked)
        .select_from(Person)
        .outerjoin(Relation, reads)
        .outerjoin(
            Contact,
            and_(col(Contact.id) == col(Relation.contact_id), col(Contact.role) != ContactRole.STAFF),
        )
    )
    conditions = [col(Person.erased_at).is_(None), *_of_contacts(choice), *_of_applications(choice, now)]
    return joined.where(*conditions).order_by(person, col(Contact.id))


def _of_contacts(choice: Choice) -> Iterator[ColumnElement[bool]]:
    if choice.reading:
        yield col(Contact.reading) == Reading(choice.reading)
    if choice.channel:
        there = exists().where(col(Account.contact_id) == col(Contact.id), col(Account.reachable))
        can = (Channel.WEB, Channel.TELEGRAM)
        if choice.channel == NOBODY:
            yield ~there.where(col(Account.channel).in_(can))
        else:
            yield there.where(col(Account.channel) == Channel(choice.channel))
    if choice.missed:
        got = exists().where(
            col(Outbox.notice_id) == choice.missed,
            col(Outbox.contact_id) == col(Contact.id),
            col(Outbox.fate).in_(GOT),
        )
        yield ~got


def _of_applications(choice: Choice, now: datetime) -> Iterator[ColumnElement[bool]]:
    """One application has to be of the class, the course and the kind that were chosen, and stand where it should."""
    of_class = (
        col(Intake.id) == choice.intake if choice.intake else true(),
        col(Intake.project_id) == choice.project if choice.project else true(),
        col(Project.category).in_(choice.categories) if choice.categories else true(),
    )
    states = tuple(map(ApplicationState, choice.states)) or tuple(ApplicationState)
    filed = (
        columns(col(Application.id))
        .join(Intake, col(Intake.id) == col(Application.intake_id))
        .join(Project, col(Project.project_id) == col(Intake.project_id))
        .where(col(Application.person_id) == col(Person.id), *of_class)
        .correlate(Person)
    )
    if choice.intake or choice.project or choice.categories or choice.states:
        yield filed.where(col(Application.state).in_(states)).exists()
    if choice.finished_days:
        since = (now - timedelta(days=choice.finished_days)).date()
        over = filed.where(col(Application.state) == ApplicationState.FINISHED)
        yield over.where(col(Intake.end_date).between(since, now.date())).exists()
    if choice.fair:
        asked = exists().where(col(FairSignup.person_id) == col(Person.id))
        yield asked.where(
            col(FairSignup.fair_id) == choice.fair, col(FairSignup.state) != SignupState.NOT_COMING
        )


def _fits(choice: Choice, profile: Mapping[str, Any], own: Own | None, *, applied: bool) -> bool:
    """Judge what is sealed: where somebody lives, what they need, whether they work."""
    return (
        (own is None or applied or lives_in(profile, own.region))
        and (not choice.place or lives_in(profile, choice.place))
        and (not choice.needs or bool(needs_in(profile).intersection(choice.needs)))
        and (not choice.work or profile.get("employment_status") in choice.work)
    )


def _is_of_age(choice: Choice, profile: Mapping[str, Any], certificate: str | None, day: date) -> bool:
    """Judge the age: by the birth date in the certificate number, else by what was said."""
    birth = Applicant(certificate=certificate or "").birth
    said = profile.get("age")
    years = years_old(birth, day) if birth else said
    return isinstance(years, int) and choice.age_from <= years <= (choice.age_to or years)


def lives_in(profile: Mapping[str, Any], region: str) -> bool:
    """Say whether a home lies in a region: by its parts where they are known, else by the address as it was said."""
    if not region:
        return False
    parts = [str(profile.get(name) or "") for name in ("province", "city", "district")]
    return lies_in(parts, region) or region in address_in(profile)


def address_in(profile: Mapping[str, Any]) -> str:
    """Give where somebody lives, as they said it."""
    lives = profile.get("live_addr")
    return str((profile.get("hukou") if lives in (None, "", "same") else lives) or "")


def needs_in(profile: Mapping[str, Any]) -> set[str]:
    """Give the supports somebody asked for when they applied (codes.csv, service)."""
    said = (value for name, value in profile.items() if name.startswith("need_"))
    return {code for value in said for code in (value if isinstance(value, list) else [value])}
