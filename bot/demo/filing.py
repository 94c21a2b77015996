"""Files the sample's applications, each as far as it has come: new, waiting, accepted, declined, withdrawn."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlmodel import Session

from bot.demo.learners import CHANNELS, Learner, agree, needs_by_area
from bot.demo.shifting import Row, parts
from dialogs.flows.assent import flow as assent_flow
from storage.applications import assents, enrolment
from storage.applications.enrolment import Filing
from storage.catalogue import codes
from storage.catalogue.tables import Intake
from storage.classes import reminders as class_reminders
from storage.staff import deadlines
from storage.tables import Application, ApplicationState, AssentAnswer, Channel, Role

ROLES: Mapping[str, Role] = {"family": Role.FAMILY, "staff": Role.STAFF}
"""Who filled in; everybody else did it themselves, also a relative who wants to learn."""

DECIDED: Mapping[str, ApplicationState] = {
    "accepted": ApplicationState.ACCEPTED,
    "waiting": ApplicationState.WAITLISTED,
    "declined": ApplicationState.DECLINED,
}
"""What staff decided."""

THINKING = timedelta(hours=26)
"""How long staff take to decide."""


def file_one(
    session: Session,
    row: Row,
    learner: Learner,
    *,
    clerk_id: int,
    intake_id: int,
    applied_at: datetime,
    now: datetime,
) -> Application:
    """File one application of the sample and bring it to its state."""
    channel = CHANNELS.get(row["channel"], Channel.PHONE)
    contact_id = learner.contact_id if row["channel"] in CHANNELS and learner.contact_id else clerk_id
    agree(session, learner, contact_id, channel, applied_at)
    asked_himself = row["assent"] in ("yes", "untold")
    filing = Filing(
        person_id=learner.person_id,
        contact_id=contact_id,
        intake_id=intake_id,
        role=ROLES.get(row["applicant_role"], Role.SELF),
        by_person=not asked_himself,
        answers=_answers(row, learner),
        needs=_needs(row),
        revision="apply",
        channel=channel.value,
    )
    filed = enrolment.file_application(session, filing, applied_at)
    if row["assent"] == "yes":
        want = next(question for question in assent_flow.literal or () if question.name == "want")
        assents.record_assent(
            session,
            filed,
            AssentAnswer.YES,
            wording=str(want.text),
            channel=channel.value,
            actor=f"contact:{contact_id}",
            now=applied_at,
        )
    _decide(session, filed, row, min(applied_at + THINKING, max(now, applied_at)))
    if filed.state is ApplicationState.ACCEPTED:
        class_reminders.plan(session, filed, now)
        deadlines.watch_class(session, session.get_one(Intake, intake_id), now)
    return filed


def _decide(session: Session, filed: Application, row: Row, at: datetime) -> None:
    if row["state"] == "withdrawn":
        enrolment.withdraw(session, filed, f"contact:{filed.contact_id}", at)
        return
    decided = DECIDED.get(row["state"])
    if decided is None:
        return
    filed.state = decided
    filed.state_reason = codes.label("decline_reason", row["state_reason"]) if row["state_reason"] else None
    filed.changed_at = at
    session.add(filed)
    enrolment.log_event(session, filed.id, decided.value, "system", at)


def _answers(row: Row, learner: Learner) -> Mapping[str, object]:
    """What the form would hold, by question name."""
    person = learner.row
    areas = needs_by_area(parts(row["access_needs"]))
    profile = {name: value for name, value in learner.profile.items() if not name.startswith("need")}
    role = {"family": "family", "family_self": "family_self"}.get(row["applicant_role"], "self")
    found: dict[str, object] = {
        **{name: value for name, value in profile.items() if name not in ("province", "city", "district")},
        "consent_sensitive": "yes",
        "consent_school": "yes",
        "applicant_role": role,
        "needs_area": list(areas) or "none",
        **{f"need_{area}": asked for area, asked in areas.items()},
        "companion": row["companion"],
        "lodging": row["lodging"],
        "name": person["name"],
        "phone": person["phone"],
        "cert_no": person["cert_no"] or "later",
        "words": row["words"] or "none",
    }
    if row["assent"]:
        found["self_agreed"] = "untold" if row["assent"] == "untold" else "yes"
    return {name: value for name, value in found.items() if value}


def _needs(row: Row) -> dict[str, str]:
    known = codes.words("service")
    asked = {code: "" for code in parts(row["access_needs"]) if code in known}
    return asked | ({"companion": "家里人来陪"} if row["companion"] == "own" else {})
