"""Somebody to be phoned because no message may reach them in time: asked for once for each reason."""

from datetime import datetime

from sqlalchemy import bindparam
from sqlalchemy import select as choose
from sqlmodel import Session, SQLModel, col, select

from storage.compiled import DONE, Compiled, add_once
from storage.tickets.tables import Call

_CALL = SQLModel.metadata.tables["call"].columns

_WAITS = Compiled(
    lambda _: (
        choose(DONE)
        .where(_CALL["application_id"] == bindparam("application_id"), _CALL["why"] == bindparam("why"))
        .where(_CALL["about_id"].is_not_distinct_from(bindparam("about_id")), _CALL["done_at"].is_(None))
        .limit(1)
    )
)


def ask_for(
    session: Session, application_id: int, why: str, about_id: int | None, due_at: datetime, now: datetime
) -> None:
    """Put somebody on the list, unless they wait for a call for the same reason already."""
    if not _WAITS.run(session, application_id=application_id, why=why, about_id=about_id):
        add_once(
            session,
            Call,
            application_id=application_id,
            why=why,
            about_id=about_id,
            due_at=due_at,
            created_at=now,
            tries=0,
            done_by="",
        )


def ask_for_fair(
    session: Session, signup_id: int, why: str, about_id: int, due_at: datetime, now: datetime
) -> None:
    """Put somebody who comes to a job fair on the list, once for each reminder and for each change."""
    known = select(Call.id).where(Call.signup_id == signup_id, Call.why == why, Call.about_id == about_id)
    if session.exec(known).first() is None:
        call = Call(signup_id=signup_id, why=why, about_id=about_id, due_at=due_at, created_at=now)
        session.add(call)
        session.flush()


def settle_fair(session: Session, signup_id: int, now: datetime) -> None:
    """Take somebody off the list who does not come to the job fair any more."""
    wanted = select(Call).where(Call.signup_id == signup_id, col(Call.done_at).is_(None))
    for call in session.exec(wanted).all():
        call.done_at, call.done_by = now, "system"
        session.add(call)
    session.flush()
