"""An application as flows speak of it."""

from collections.abc import Iterable
from datetime import date

from sqlmodel import Session

from bot.advising import advice_on, to_talk_over
from dialogs.facts import Applied
from storage import enrolment
from storage.tables import OVER, Application, ApplicationState


def applied(
    session: Session,
    filed: Application,
    person_name: str,
    *,
    with_reason: bool,
    can_withdraw: bool,
    missing: Iterable[str],
    powers: frozenset[str],
) -> Applied:
    """Give an application with its course and the support asked for.

    Args:
        session: a session to read with.
        filed: the application.
        person_name: who wants to learn.
        with_reason: whether the reason staff wrote may be read.
        can_withdraw: whether whoever reads it may take it back, while it is open.
        missing: whose word it waits for: person, parent.
        powers: what whoever reads it may do to get that word: fill, assent, consent.

    """
    intake, project = enrolment.course_of(session, filed.intake_id)
    needs = enrolment.needs_of(session, filed.id)
    return Applied(
        application_id=filed.id,
        number=filed.number,
        person_id=filed.person_id,
        person_name=person_name,
        title=project.title,
        title_easy=project.title_easy,
        state=filed.state.value,
        starts=intake.start_date,
        ends=intake.end_date,
        place=intake.address or intake.platform,
        reason=(filed.state_reason or "") if with_reason else "",
        needs=tuple((need.code, need.answer.value, need.answer_note or "") for need in needs),
        intake_id=filed.intake_id,
        project_id=project.project_id,
        submitted_at=filed.submitted_at,
        can_withdraw=can_withdraw and filed.state not in OVER,
        answers=filed.answers,
        missing=tuple(str(whose) for whose in missing),
        powers=powers,
        advice=to_talk_over(advice_on(project, intake, filed.answers)),
    )


def blank(today: date) -> Applied:
    """Give what is shown of an application that does not exist, or not for this reader."""
    return Applied(
        application_id=0,
        number="",
        person_id=0,
        person_name="",
        title="",
        title_easy="",
        state=ApplicationState.WITHDRAWN.value,
        starts=today,
        ends=today,
        place="",
        can_withdraw=False,
    )
