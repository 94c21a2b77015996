"""An application as flows speak of it."""

from collections.abc import Iterable
from datetime import date, tzinfo
from typing import Literal

from sqlmodel import Session

from bot.applications.advising import advice_on, to_talk_over
from dialogs.facts.applications import Applied, Asked
from storage.applications import deciding, enrolment, waiting
from storage.applications.tables import StaffQuestion
from storage.catalogue import codes
from storage.classes import changes
from storage.tables import OVER, Application, ApplicationState, Staff


def applied(
    session: Session,
    filed: Application,
    person_name: str,
    *,
    with_reason: bool,
    can_withdraw: bool,
    missing: Iterable[str],
    powers: frozenset[str],
    zone: tzinfo | None,
) -> Applied:
    """Give an application with its course and the support asked for.

    Args:
        session: a session to read with.
        filed: the application.
        person_name: who wants to learn.
        with_reason: whether the reason staff wrote may be read, and how they help (access.md F8).
        can_withdraw: whether whoever reads it may take it back, while it is open.
        missing: whose word it waits for: person, parent.
        powers: what whoever reads it may do to get that word: fill, assent, consent.
        zone: the service's.

    """
    intake, project = enrolment.course_of(session, filed.intake_id)
    needs = enrolment.needs_of(session, filed.id)
    state = filed.state
    held = waiting.open_offer(session, filed.id) if state is ApplicationState.OFFERED else None
    may_answer = "fill" in powers and state not in OVER
    reason = (filed.state_reason or "") if with_reason else ""
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
        reason=reason,
        reason_easy=_in_words(reason, "label_easy"),
        reason_en=_in_words(reason, "label_en"),
        called_off=state is ApplicationState.DECLINED and (filed.state_reason or "").startswith(_off()),
        decided_by=_decider(session, filed) if reason and state is ApplicationState.DECLINED else "",
        needs=tuple(
            (need.code, need.answer.value, (need.answer_note or "") if with_reason else "") for need in needs
        ),
        intake_id=filed.intake_id,
        category=project.category,
        project_id=project.project_id,
        submitted_at=filed.submitted_at,
        can_withdraw=can_withdraw and filed.state not in OVER,
        answers=filed.answers,
        missing=tuple(str(whose) for whose in missing),
        powers=powers,
        advice=to_talk_over(advice_on(project, intake, filed.answers)),
        bring=tuple(project.documents_to_bring) if state in enrolment.SEATED else (),
        way=intake.how_to_get_there,
        begins=intake.class_start_time,
        place_in_line=waiting.place_of(session, filed) if state is ApplicationState.WAITLISTED else 0,
        offer_id=held.id if held is not None and may_answer else 0,
        until=held.lapses_at.astimezone(zone) if held is not None else None,
        asked=_asked(session, filed) if state is ApplicationState.QUESTION and may_answer else (),
        moved=may_answer and _waits_for_word(session, filed),
        platform=intake.platform if state is ApplicationState.ACCEPTED else "",
        link=intake.link if state is ApplicationState.ACCEPTED else "",
    )


def _in_words(reason: str, twin: Literal["label_easy", "label_en"]) -> str:
    """Give a reason with what was chosen from the list in easy words, or in English; what staff wrote stays theirs."""
    for word in codes.words("decline_reason").values():
        if reason.startswith(word.label):
            return str(getattr(word, twin)) + reason.removeprefix(word.label)
    return reason


def _off() -> str:
    """Give the reason by which applications end with a class that is called off."""
    return codes.label("decline_reason", "course_off")


def _decider(session: Session, filed: Application) -> str:
    """Give the name of the member of staff who declined it."""
    declined = [each for each in enrolment.events_of(session, filed.id) if each.kind == filed.state.value]
    kind, _, number = declined[-1].actor.partition(":") if declined else ("", "", "")
    member = session.get(Staff, int(number)) if kind == "staff" else None
    return member.name if member is not None else ""


def asked_by(session: Session, question: StaffQuestion, *, stands: bool) -> Asked:
    """Give a question of staff as a flow says it."""
    member = session.get(Staff, question.staff_id)
    return Asked(question.id, member.name if member is not None else "", question.words, stands)


def _asked(session: Session, filed: Application) -> tuple[Asked, ...]:
    return tuple(asked_by(session, each, stands=True) for each in deciding.open_questions(session, filed.id))


def _waits_for_word(session: Session, filed: Application) -> bool:
    known = changes.confirmation_of(session, filed) if filed.state in enrolment.SEATED else None
    return known is not None and known[1].comes is None


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
