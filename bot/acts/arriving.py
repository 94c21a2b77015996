"""How we talk, who somebody is, and for whom they speak."""

from sqlmodel import Session

from bot.submitted import NOT_YOURS, Submitted, acting
from dialogs.talk import Begin
from storage import people
from storage.tables import Contact, ContactRole, Reading, Role, Size

WARD_ROLES = {"family": Role.FAMILY, "guardian": Role.GUARDIAN, "helper": Role.HELPER}
"""A guardian is one by their own word; the basis stays empty until staff have seen it (access.md F2)."""


def reading(session: Session, submitted: Submitted) -> None:
    """Remember how a contact reads; 大字 is plain wording in large letters."""
    contact = session.get_one(Contact, submitted.contact_id)
    chosen = submitted.text("reading")
    if chosen in ("plain", "large"):
        contact.size = Size.LARGE if chosen == "large" else Size.STANDARD
    contact.reading = Reading.PLAIN if chosen == "large" else Reading(chosen)
    session.add(contact)


def newcomer(session: Session, submitted: Submitted) -> None:
    """Remember for whom somebody came: themselves, a relative, or as staff."""
    role = ContactRole(submitted.text("role"))
    people.set_role(session, submitted.contact_id, role)
    if role is ContactRole.SELF:
        people.add_person(session, submitted.contact_id, Role.SELF, "", submitted.now)
    elif role is ContactRole.FAMILY:
        name = submitted.text("relative")
        people.add_person(session, submitted.contact_id, Role.FAMILY, name, submitted.now)


def ward(session: Session, submitted: Submitted) -> None:
    """Let a contact speak for one more person."""
    role = WARD_ROLES[submitted.text("relation")]
    people.add_person(session, submitted.contact_id, role, submitted.text("name"), submitted.now)


def whose(session: Session, submitted: Submitted) -> Begin | None:
    """Remember for whom the contact talks from now on: somebody known, themselves, or somebody new."""
    chosen = submitted.text("person")
    if chosen == "new":
        ward(session, submitted)
        return None
    if chosen == "self":
        people.add_person(session, submitted.contact_id, Role.SELF, "", submitted.now)
        return None
    who = acting(session, submitted, None, int(chosen)) if chosen.isdigit() else None
    if who is None:
        return NOT_YOURS
    people.set_current(session, submitted.contact_id, who.person.id)
    return None
