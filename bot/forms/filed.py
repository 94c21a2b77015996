"""Applications filed while a sheet added questions to them, read as answers to that sheet."""

from collections.abc import Iterator, Mapping
from uuid import NAMESPACE_OID, uuid5

from sqlmodel import Session

from bot.forms.recorded import YES_NO, course_facts
from dialogs.flows.apply import flow as apply_flow
from dialogs.model import Json
from dialogs.sheet_names import EXTENDS, revision_of, version_in
from dialogs.xform.form import Form, Node
from dialogs.xform.held import given_texts
from storage import forms
from storage.applications import enrolment
from storage.tables import AnsweredBy, AnswerSet, Application, Role

FILLED_IN_BY = {
    Role.SELF: AnsweredBy.SELF,
    Role.HELPER: AnsweredBy.HELPER,
    Role.FAMILY: AnsweredBy.FAMILY,
    Role.GUARDIAN: AnsweredBy.GUARDIAN,
    Role.STAFF: AnsweredBy.HELPER,
}
"""Who filled in an application, as the sheet's `applicant_role` means it: 协助人 is somebody who helps."""

OURS = {question.name: question for question in apply_flow.literal or ()}


def filed_to(session: Session, name: str) -> Iterator[AnswerSet]:
    """Give the applications filed while the sheet of this form_id was asked; none for a form of its own."""
    if name in EXTENDS:
        for filed in forms.filed_with(session, revision_of(EXTENDS[name], name)):
            yield _as_answers(session, name, filed)


def as_asked(form: Form, answers: Mapping[str, Json]) -> dict[str, Json]:
    """Give answers as the sheet would have them: what was left open in our way, and is no option there, is blank."""
    nodes = {node.key: node for node in form.asked}
    return {name: value for name, value in answers.items() if not _is_open(name, value, nodes.get(name))}


def _is_open(name: str, value: Json, node: Node | None) -> bool:
    asked = OURS.get(name)
    only = value[0] if isinstance(value, list) and len(value) == 1 else value
    if asked is None or not (asked.left_open(value) or asked.left_open(only)):
        return False
    control = node.control if node is not None else None
    return control is None or all(item.value != only for item in control.items)


def _as_answers(session: Session, name: str, filed: Application) -> AnswerSet:
    intake, project = enrolment.course_of(session, filed.intake_id)
    told = given_texts({**course_facts(project), "has_lodging": YES_NO[intake.lodging_provided]})
    return AnswerSet(
        id=filed.id,
        key=f"uuid:{uuid5(NAMESPACE_OID, f'{filed.number} {filed.submitted_at}')}",
        form=name,
        version=version_in(filed.flow_revision),
        person_id=filed.person_id,
        contact_id=filed.contact_id,
        intake_id=filed.intake_id,
        about={"number": filed.number, "state": filed.state.value},
        answered_by=FILLED_IN_BY[filed.applicant_role],
        answers={**told, **filed.answers},
        channel=filed.channel.value,
        at=filed.submitted_at or filed.changed_at,
    )
