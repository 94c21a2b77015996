"""Everything one page shows of an application, read in one go."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from bot.applications.advising import advice_on
from bot.console.answers import Said, said_in
from bot.console.courses import course_words
from bot.runner import Runner
from storage.applications import assents, deciding, enrolment, ordering, waiting
from storage.applications.ordering import Claim
from storage.applications.tables import StaffQuestion
from storage.catalogue.tables import Intake, Project
from storage.files import files_in
from storage.rules.eligibility import Advice
from storage.tables import Application, ApplicationEvent, Assent, Need, Person, StoredFile


@dataclass(frozen=True, slots=True)
class Dossier:
    """What staff look at before they decide."""

    filed: Application
    person: Person
    seen: int
    said: Sequence[Said]
    needs: Sequence[tuple[Need, bool]]
    advice: Sequence[Advice]
    claims: Sequence[Claim]
    events: Sequence[tuple[ApplicationEvent, str]]
    questions: Sequence[StaffQuestion]
    assent: Sequence[Assent]
    missing: Sequence[str]
    others: Sequence[tuple[Application, str]]
    files: Sequence[StoredFile]
    seats: int
    place: int


def read_dossier(session: Session, runner: Runner, filed: Application, now: datetime) -> Dossier:
    """Read what there is about an application; `now` is in the service's zone."""
    person = session.get_one(Person, filed.person_id)
    intake = session.get_one(Intake, filed.intake_id)
    project = session.get_one(Project, intake.project_id)
    offered = set(intake.services_available)
    questions, events = deciding.questions_of(session, filed.id), enrolment.events_of(session, filed.id)
    keys = files_in([filed.answers, *(each.answer for each in questions)])
    others = [each for each in enrolment.applications_of(session, [person.id]) if each.id != filed.id]
    assent = select(Assent).where(Assent.application_id == filed.id).order_by(col(Assent.id))
    return Dossier(
        filed=filed,
        person=person,
        seen=events[-1].id if events else 0,
        said=said_in(session, runner, filed),
        needs=[(need, need.code in offered) for need in enrolment.needs_of(session, filed.id)],
        advice=advice_on(project, intake, filed.answers),
        claims=ordering.claims_of(session, [filed])[filed.id],
        events=[(event, event.note or "") for event in events],
        questions=questions,
        assent=session.exec(assent).all(),
        missing=[str(whose) for whose in assents.missing(session, filed, now)],
        others=[(each, course_words(runner.shelf.current, each.intake_id)) for each in others],
        files=_files(session, keys),
        seats=enrolment.seats_left(session, [filed.intake_id]).get(filed.intake_id, 0),
        place=waiting.place_of(session, filed),
    )


def _files(session: Session, keys: Collection[str]) -> Sequence[StoredFile]:
    if not keys:
        return ()
    return session.exec(select(StoredFile).where(col(StoredFile.key).in_(keys))).all()


def all_said(session: Session, filed: Application) -> list[object]:
    """Give everything the person answered: to the form, and to what staff asked."""
    return [filed.answers, *(each.answer for each in deciding.questions_of(session, filed.id))]
