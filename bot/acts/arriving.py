"""How we talk, who somebody is, and for whom they speak."""

from sqlmodel import Session

from bot.submitted import NOT_YOURS, Submitted, acting
from dialogs.talk import Begin
from storage import helpers, people
from storage.tables import Contact, ContactRole, Person, Reading, Role, Size

WARD_ROLES = {"family": Role.FAMILY, "guardian": Role.GUARDIAN, "helper": Role.HELPER}
"""A guardian is one by their own word; the basis stays empty until staff have seen it (access.md F2)."""

ASKED_FOR = {"fair": "fair_signup", "position": "want_position"}
"""What somebody asked for before we knew for whom -> the flow that goes on with it."""


def reading(session: Session, submitted: Submitted) -> None:
    """Remember how a contact reads; 大字 is plain wording in large letters."""
    contact = session.get_one(Contact, submitted.contact_id)
    chosen = submitted.text("reading")
    if chosen in ("plain", "large"):
        contact.size = Size.LARGE if chosen == "large" else Size.STANDARD
    contact.reading = Reading.PLAIN if chosen == "large" else Reading(chosen)
    session.add(contact)


def newcomer(session: Session, submitted: Submitted) -> Begin | None:
    """Remember for whom somebody came: themselves, a relative, or as staff."""
    role = ContactRole(submitted.text("role"))
    people.set_role(session, submitted.contact_id, role)
    if role is ContactRole.SELF:
        return _go_on(submitted, _add(session, submitted, Role.SELF, ""))
    if role is ContactRole.FAMILY:
        return _go_on(submitted, _add(session, submitted, Role.FAMILY, submitted.text("relative")))
    return None


def ward(session: Session, submitted: Submitted) -> Begin | None:
    """Let a contact speak for one more person."""
    role = WARD_ROLES[submitted.text("relation")]
    return _go_on(submitted, _add(session, submitted, role, submitted.text("name")))


def whose(session: Session, submitted: Submitted) -> Begin | None:
    """Remember for whom the contact talks from now on: somebody known, themselves, or somebody new."""
    chosen = submitted.text("person")
    if chosen == "new":
        return ward(session, submitted)
    if chosen == "self":
        return _go_on(submitted, _add(session, submitted, Role.SELF, ""))
    who = acting(session, submitted, None, int(chosen)) if chosen.isdigit() else None
    if who is None:
        return NOT_YOURS
    people.set_current(session, submitted.contact_id, who.person.id)
    if not people.own_contacts(session, who.person.id, submitted.now):
        # Nobody else could say that the help goes on: coming back for the person says it (access.md F3).
        helpers.keep(session, who.relation, submitted.now)
    return _go_on(submitted, who.person)


def _add(session: Session, submitted: Submitted, role: Role, name: str) -> Person:
    return people.add_person(session, submitted.contact_id, role, name, submitted.now)


def _go_on(submitted: Submitted, person: Person) -> Begin | None:
    """Go on to what somebody asked for, where we only had to know for whom."""
    if submitted.about.get("next") == "abroad":
        return Begin("abroad", (("person", person.id),))
    for name, flow in ASKED_FOR.items():
        if name in submitted.about:
            return Begin(flow, (("person", person.id), (name, submitted.about[name])))
    intake = submitted.number("intake")
    return None if intake is None else Begin("apply", (("person", person.id), ("intake", intake)))
