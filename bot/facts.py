"""What flows may know of the world: the name of a fact -> the function that reads it; more in bot/further_facts.py."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from sqlmodel import Session

from bot.asking import Asking, Kin, Reader
from dialogs.book import Book
from dialogs.facts.applications import Applied, Clash
from dialogs.facts.people import Draft, Helper, Me, Office, Person, Ward
from dialogs.state import Frame, State
from storage import draft_reminders, helpers, reminders, wishes
from storage.applications import assents, enrolment
from storage.catalogue import codes
from storage.catalogue.cards import IntakeCard, ProjectCard
from storage.catalogue.shelf import Shelf
from storage.catalogue.timetable import Timetable, timetables
from storage.finding import get
from storage.notices import refusals
from storage.tables import Contact, ContactRole, Purpose, Relation, Role, Wish

MYSELF = "您自己"
"""How somebody is named who has not told us their name yet, on a phone that several people use."""


def read_facts(
    session: Session,
    names: Iterable[str],
    *,
    contact_id: int | None,
    about: Mapping[str, int | str],
    shelf: Shelf,
    office: Office,
    now: datetime,
    state: State,
    book: Book,
    kin: Kin | None = None,
) -> dict[str, object]:
    """Read the facts a flow asked for, and those every flow gets.

    What a contact may not see reads as if it did not exist, so that a button kept from better days shows
    nothing; whether an act is allowed is decided once more when it is done. `kin` is what was read of the contact
    already.

    Raises:
        ValueError: for a fact that does not exist.
        LookupError: for a project or an intake that does not exist.

    """
    readers = _readers({*ALWAYS, *names})
    if kin is None:
        kin = Kin(session, get(session, Contact, contact_id), now)
    asking = Asking(session, kin, about, shelf, office, now, state, book)
    return {name: reader(asking) for name, reader in readers.items()}


def _readers(names: Collection[str]) -> Mapping[str, Reader]:
    """Give who reads these facts; of what no first page asks for, they are imported with the first of them."""
    found = {name: FIRST[name] for name in names if name in FIRST}
    if len(found) < len(names):
        from bot.further_facts import FURTHER

        if unknown := set(names) - FIRST.keys() - FURTHER.keys():
            raise ValueError(f"nobody can tell {', '.join(sorted(unknown))}")
        found |= {name: FURTHER[name] for name in names if name in FURTHER}
    return found


def _me(asking: Asking) -> Me:
    contact = asking.contact
    if contact is None:
        return Me()
    current = contact.current_person_id
    return Me(
        contact_id=contact.id,
        new=contact.role is ContactRole.UNKNOWN,
        size=contact.size.value,
        role=contact.role.value,
        people=tuple(
            Ward(person.id, person.name or "", relation.role.value)
            for person, relation in asking.people.values()
        ),
        current=current if current in asking.people else None,
    )


def _no_longer_helped(asking: Asking) -> tuple[str, ...]:
    """Give the names of people this contact helped until a short while ago."""
    contact = asking.contact
    return () if contact is None else tuple(helpers.ended_for(asking.session, contact.id, asking.now))


def _for_whom(asking: Asking) -> str:
    """Give for whom we are talking, where that is somebody else or one of several."""
    if asking.whom is None:
        return ""
    person, relation = asking.whom
    if relation.role is Role.SELF:
        return (person.name or MYSELF) if len(asking.people) > 1 else ""
    return person.name or ""


def _helping(asking: Asking) -> bool:
    """Say whether whoever is talking answers for somebody else: family, a helper, or staff."""
    return asking.whom is not None and asking.whom[1].role is not Role.SELF


def _turned(asking: Asking) -> bool:
    """Say from which end scales are shown: the same for everybody who answers about one person."""
    from dialogs.xform.scales import is_turned

    number = asking.whom[0].id if asking.whom is not None else asking.contact_id
    return number is not None and is_turned(number)


def _person(asking: Asking) -> Person:
    if asking.whom is None:
        return Person(0)
    person, relation = asking.whom
    standing = asking.kin.standing(person.id)
    return Person(
        person_id=person.id,
        name=person.name or "",
        phone=person.phone or "",
        certificate=person.cert_no or "",
        role=relation.role.value,
        profile=person.profile,
        consents={purpose.value: given for purpose, given in standing.items()},
    )


def _intake(asking: Asking) -> IntakeCard:
    if asking.run is None:
        raise LookupError(f"there is no intake {asking.about.get('intake')!r}")
    return asking.run


def _project(asking: Asking) -> ProjectCard:
    named = asking.run.project_id if asking.run else str(asking.about.get("project", ""))
    found = asking.catalogue.project(named)
    if found is None:
        raise LookupError(f"there is no project {named!r}")
    return found


def _seats(asking: Asking) -> Mapping[int, int]:
    """Give the seats left, by intake of the project, as of this moment and not of the snapshot."""
    return enrolment.seats_left(asking.session, [run.id for run in _project(asking).intakes])


def _timetables(asking: Asking) -> Mapping[int, Timetable]:
    """Give when the intakes of the project meet, as far as their sessions are known."""
    return timetables(asking.session, [run.id for run in _project(asking).intakes])


def _applications(asking: Asking) -> tuple[Applied, ...]:
    filed = enrolment.applications_of(asking.session, asking.people)
    return tuple(asking.told(each) for each in filed if asking.may_see(each))


def _application(asking: Asking) -> Applied:
    from bot.applications.applied import blank

    return blank(asking.now.date()) if asking.filed is None else asking.told(asking.filed)


def _drafts(asking: Asking) -> tuple[Draft, ...]:
    frames = (*asking.state.frames, *asking.state.waiting)
    return tuple(
        Draft(frame.flow, frame.about, title, frame.touched, _reminder_of(asking, frame))
        for frame in frames
        if frame.answers and (title := _draft_title(asking, frame))
    )


def _reminder_of(asking: Asking, frame: Frame) -> int:
    row = (
        draft_reminders.find_draft(asking.session, asking.contact_id, frame.flow, dict(frame.about))
        if asking.contact_id is not None
        else None
    )
    return row.id if row is not None else 0


def _draft_title(asking: Asking, frame: Frame) -> str:
    """Name a draft: what it is, and which course it is about; "" for what is no draft."""
    flow = asking.book.find(frame.flow)
    if flow is None or not flow.draft:
        return ""
    voice = asking.book.voice(asking.reading)
    title = voice.own(flow.title)
    intake = asking.catalogue.intake(int(number)) if (number := dict(frame.about).get("intake")) else None
    course = asking.catalogue.project(intake.project_id) if intake else None
    if course is None:
        return title
    colon = ": " if asking.reading == "en" else "："
    return f"{title}{colon}{voice.called(course)}"


def _clash(asking: Asking) -> tuple[Clash, ...]:
    if asking.whom is None:
        return ()
    found = enrolment.clashing(asking.session, asking.whom[0].id, _intake(asking).id)
    return tuple(Clash(course.title, run.start_date, run.end_date) for _, run, course in found)


def _suggested(asking: Asking) -> tuple[str, ...]:
    """Give the support that people of this category often want: only of what is already known and agreed to."""
    known = _person(asking)
    if not known.category or not known.consents.get(Purpose.SENSITIVE):
        return ()
    return tuple(code.code for code in codes.services() if known.category in code.default_for)


def _services(_: Asking) -> tuple[tuple[str, str], ...]:
    return tuple((code.code, code.function) for code in codes.services())


def _wishes(asking: Asking) -> tuple[Wish, ...]:
    return () if asking.whom is None else tuple(wishes.wishes_of(asking.session, asking.whom[0].id))


def _selves(asking: Asking) -> list[int]:
    """Give who of the people a contact speaks for is that contact."""
    return [number for number, (_, relation) in asking.people.items() if relation.role is Role.SELF]


def _helpers(asking: Asking) -> tuple[Helper, ...]:
    """Give who may act for whoever is talking."""
    everyone = helpers.helpers_of(asking.session, _selves(asking), asking.now)
    return tuple(_helper(asking, relation) for relation in everyone)


def _helper(asking: Asking, relation: Relation) -> Helper:
    zone = asking.now.tzinfo
    is_door = helpers.is_parents_door(relation)
    opened = "opened" if is_door and helpers.is_opened(asking.session, relation) else "made"
    return Helper(
        relation.id,
        helpers.name_of(asking.session, relation),
        relation.role.value,
        relation.ends_at.astimezone(zone).date() if relation.ends_at else None,
        soon=relation.ends_at is not None
        and reminders.helper_warned_at(relation.ends_at, zone) <= asking.now,
        link=opened if is_door else "",
        since=relation.started_at.astimezone(zone).date() if is_door else None,
    )


def _refused(asking: Asking) -> tuple[str, ...]:
    """Give the kinds of notices a contact does not want."""
    contact_id = asking.contact_id
    return () if contact_id is None else tuple(sorted(refusals.refused(asking.session, contact_id)))


def _wanted(asking: Asking) -> tuple[str, ...]:
    """Give the kinds of notices a contact said they want."""
    contact_id = asking.contact_id
    return () if contact_id is None else tuple(sorted(refusals.wanted(asking.session, contact_id)))


def _asked_to_assent(asking: Asking) -> tuple[Applied, ...]:
    """Give the applications that wait for the word of whoever this contact is."""
    selves = _selves(asking)
    return tuple(asking.told(each) for each in assents.awaiting(asking.session, selves, asking.now))


ALWAYS = ("office", "me", "for_whom")
"""Facts every flow gets."""

FIRST: Mapping[str, Reader] = {
    "office": lambda asking: asking.office,
    "me": _me,
    "for_whom": _for_whom,
    "person": _person,
    "catalogue": lambda asking: asking.catalogue,
    "intake": _intake,
    "project": _project,
    "seats": _seats,
    "timetables": _timetables,
    "applications": _applications,
    "application": _application,
    "drafts": _drafts,
    "clash": _clash,
    "suggested": _suggested,
    "no_longer_helped": _no_longer_helped,
    "services": _services,
    "wishes": _wishes,
    "helpers": _helpers,
    "refused": _refused,
    "wanted": _wanted,
    "asked_to_assent": _asked_to_assent,
    "helping": _helping,
    "turned": _turned,
}
"""Fact -> who reads it: what courses are, who is talking and for whom."""
