"""What staff do with a job fair: correct it, call it off, check people in, sign somebody up; who comes is told of changes."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlmodel import Session, select

from storage.afterwards import callback_plan
from storage.catalogue.fair_editing import edit_fair
from storage.catalogue.tables import Position
from storage.fairs import fairs
from storage.fairs import following as fair_following
from storage.fairs import reminders as fair_reminders
from storage.fairs.tables import FairSignup
from storage.staff.staff import note_access
from storage.tables import SignupState, Staff


def correct(
    session: Session, fair_id: str, member: Staff, values: Mapping[str, object], now: datetime
) -> bool:
    """Give a fair other values and tell who comes where that is another day, hour or place; say whether it changed.

    Raises EditRefused.
    """
    number = edit_fair(session, fair_id, values, who=f"staff:{member.id}", now=now)
    if number is None:
        return False
    note_access(session, member, "fair_changed", "fair", None, now, f"{fair_id} version {number}")
    fair_following.follow(session, [fair_id], now)
    return True


def call_off(session: Session, fair_id: str, member: Staff, now: datetime) -> int | None:
    """Call a fair off and tell who comes; give how many that are, None for a second press."""
    number = edit_fair(session, fair_id, {"called_off": True}, who=f"staff:{member.id}", now=now)
    if number is None:
        return None
    coming = fairs.counts(session, [fair_id])[fair_id].coming
    note_access(session, member, "fair_called_off", "fair", None, now, f"{fair_id} {coming} people")
    fair_following.follow(session, [fair_id], now)
    return coming


def sign_up(
    session: Session,
    fair_id: str,
    person_id: int,
    member: Staff,
    now: datetime,
    *,
    state: SignupState,
    needs: Mapping[str, Any],
) -> FairSignup:
    """Write down what somebody told staff, also after the last day to sign up. Raises NotTaken."""
    row = fairs.signup_of(session, fair_id, person_id)
    positions = [] if row is None else row.positions
    signup = fairs.sign_up(
        session,
        fair_id,
        person_id,
        row.contact_id if row else None,
        state=state,
        needs=needs,
        positions=positions,
        now=now,
        late=True,
    )
    fair_reminders.plan(session, signup, now)
    callback_plan.plan_fair(session, signup, now)
    note_access(session, member, f"fair_{state.value}", "person", person_id, now, fair_id)
    return signup


def withdraw_position(session: Session, position_id: str, member: Staff, now: datetime) -> bool:
    """Note that an employer takes nobody more; say whether that is new."""
    position = session.exec(
        select(Position).where(Position.position_id == position_id).with_for_update()
    ).one()
    if position.withdrawn:
        return False
    position.withdrawn = True
    session.add(position)
    note_access(session, member, "position_withdrawn", "position", None, now, position_id)
    session.flush()
    return True
