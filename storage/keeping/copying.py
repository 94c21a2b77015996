"""A copy of everything we know of a person, with what each piece is for."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import inspect
from sqlalchemy.orm import defer
from sqlmodel import Session, SQLModel, col, or_, select

from storage.applications.tables import ClaimCheck, ListedName, Offer, StaffQuestion
from storage.fairs.tables import FairSignup
from storage.tables import (
    Account,
    AnswerSet,
    Application,
    ApplicationEvent,
    Assent,
    Audit,
    Consent,
    Contact,
    Message,
    Need,
    Person,
    Relation,
    ReminderWish,
    Role,
    StoredFile,
    Wish,
)
from storage.tickets.tables import Call, Callback, CallTry, Interest, Ticket

HIDDEN = frozenset({"name_hash", "cert_hash", "phone_hash", "address_hash", "word_hash", "body"})
"""Look-up marks say nothing to people; a file's bytes are fetched one by one."""

OWN_WORD = frozenset({"not_wanted", "unsure", "same_certificate"})
"""Events a helper is not told of: what the person said themselves (access.md F4), and other people's numbers."""


BODY = inspect(StoredFile).attrs["body"].class_attribute
"""A file's bytes as a column: left in the database when files are listed."""


def copy_person(session: Session, person: Person, relation: Relation, now: datetime) -> dict[str, Any]:
    """Copy what we know of a person, for whoever asks through this relation.

    The person gets everything, with what is known of the phone they use. A helper does not get what the
    person said themselves about wanting to go, nor tickets that are not the helper's own.

    Returns:
        `made_at`, `records` (table -> rows, each column -> value) and `meaning` (table.column -> what for),
        all plain JSON values; times in ISO 8601.

    """
    is_self = relation.role is Role.SELF
    filed = session.exec(select(Application).where(Application.person_id == person.id)).all()
    told = select(AnswerSet).where(AnswerSet.person_id == person.id)
    numbers = [each.id for each in filed]
    signed = select(FairSignup).where(FairSignup.person_id == person.id).order_by(col(FairSignup.id))
    events = session.exec(
        select(ApplicationEvent).where(col(ApplicationEvent.application_id).in_(numbers))
    ).all()
    found: list[SQLModel] = [
        person,
        *session.exec(select(Relation).where(Relation.person_id == person.id)),
        *session.exec(select(Consent).where(Consent.person_id == person.id)),
        *filed,
        *session.exec(select(Need).where(col(Need.application_id).in_(numbers))),
        *(event for event in events if is_self or event.kind not in OWN_WORD),
        *session.exec(select(Wish).where(Wish.person_id == person.id)),
        *session.exec(told if is_self else told.where(AnswerSet.contact_id == relation.contact_id)),
        *session.exec(select(ReminderWish).where(ReminderWish.person_id == person.id)),
        *session.exec(signed if is_self else signed.where(FairSignup.contact_id == relation.contact_id)),
    ]
    contact_id = relation.contact_id
    if is_self:
        mine = or_(col(Ticket.contact_id) == contact_id, col(Ticket.person_id) == person.id)
        found += [
            *session.exec(select(Assent).where(Assent.person_id == person.id)),
            *session.exec(select(Interest).where(Interest.person_id == person.id)),
            *session.exec(select(StaffQuestion).where(col(StaffQuestion.application_id).in_(numbers))),
            *session.exec(select(ClaimCheck).where(col(ClaimCheck.application_id).in_(numbers))),
            *session.exec(select(ListedName).where(ListedName.person_id == person.id)),
            *session.exec(select(Offer).where(col(Offer.application_id).in_(numbers))),
            *session.exec(select(Call).where(col(Call.application_id).in_(numbers))),
            *session.exec(select(Call).join(FairSignup).where(FairSignup.person_id == person.id)),
            *session.exec(select(Callback).where(Callback.person_id == person.id)),
            *session.exec(
                select(CallTry)
                .join(Callback)
                .where(Callback.person_id == person.id)
                .order_by(col(CallTry.id))
            ),
            *session.exec(select(Ticket).where(mine)),
            session.get_one(Contact, contact_id),
            *session.exec(select(Account).where(Account.contact_id == contact_id)),
            *session.exec(select(Message).where(Message.contact_id == contact_id)),
            *session.exec(select(StoredFile).where(StoredFile.contact_id == contact_id).options(defer(BODY))),
        ]
    else:
        found += session.exec(
            select(Ticket).where(
                Ticket.contact_id == contact_id, Ticket.person_id == person.id, Ticket.kind != "safeguard"
            )
        ).all()
    actor = f"contact:{contact_id}"
    session.add(Audit(at=now, actor=actor, action="copy", subject_kind="person", subject_id=person.id))
    session.flush()
    return _written(found, now)


def _written(rows: list[SQLModel], now: datetime) -> dict[str, Any]:
    records: dict[str, list[dict[str, Any]]] = {}
    meaning: dict[str, str] = {}
    for row in rows:
        name = str(row.__tablename__)
        columns = [each for each in SQLModel.metadata.tables[name].columns if each.name not in HIDDEN]
        records.setdefault(name, []).append({each.name: _plain(getattr(row, each.name)) for each in columns})
        meaning |= {f"{name}.{each.name}": str(each.info["why"]) for each in columns}
    return {"made_at": now.isoformat(), "records": records, "meaning": meaning}


def _plain(value: object) -> object:
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, date | datetime):
        return value.isoformat()
    return value
