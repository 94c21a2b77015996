"""Applications for tests of what staff decide."""

from datetime import UTC, datetime, timedelta

from storage import people
from storage.applications import enrolment
from storage.applications.enrolment import Filing
from storage.base import Store
from storage.staff import staff
from storage.tables import Application, Role, StaffRole

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


def file_many(store: Store, intake_id: int, many: int, claims: tuple[str, ...] = ()) -> list[int]:
    """Let so many people apply, a minute after each other; give the numbers of their applications."""
    filed = []
    with store.writing() as session:
        for number in range(many):
            at = NOW + timedelta(minutes=number)
            contact = people.meet(session, "web", f"applicant-{intake_id}-{number}", at)
            person = people.add_person(session, contact.id, Role.SELF, f"学员{number}", at)
            filing = Filing(
                person_id=person.id,
                contact_id=contact.id,
                intake_id=intake_id,
                role=Role.SELF,
                by_person=True,
                answers={"name": f"学员{number}", "priority_claim": list(claims)},
                needs={"cart": ""},
                revision="apply",
                channel="web",
            )
            filed.append(enrolment.file_application(session, filing, at).id)
    return filed


def clerk(store: Store, role: StaffRole = StaffRole.CLERK, region: str = "") -> int:
    """Add a member of staff and give their number."""
    with store.writing() as session:
        return staff.add_staff(session, "王芳", role, NOW, region=region, actor="operator").id


def state_of(store: Store, application_id: int) -> str:
    with store.reading() as session:
        return session.get_one(Application, application_id).state.value
