"""The recipients of a notice, as rows of the outbox: added, judged by whom they can be reached, opened again."""

import json
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Insert, Integer, Subquery, any_, case, delete, literal, null, or_
from sqlalchemy import select as columns
from sqlmodel import Session, SQLModel, col, func, select, update

from storage.keeping.limits import Condition
from storage.tables import (
    Channel,
    Contact,
    ContactRole,
    Fate,
    Lane,
    Notice,
    Outbox,
    Person,
    Reading,
    Topic,
)

Among = Callable[[Any], Condition]

KIND = "notice"
"""The kind of a recipient's row."""

PORTION = 2000
"""Rows written in one transaction: it holds nobody else up for longer than a moment."""

REFUSED = "退订了"
NOBODY = "删除了信息，或者还没有说过是谁"
NOWHERE = "没有能发到的地方，改打电话"

_ROW, _ACCOUNT, _CONTACT, _REFUSAL = (
    SQLModel.metadata.tables[name].columns for name in ("outbox", "account", "contact", "refusal")
)


def add(session: Session, notice: Notice, contact_ids: Sequence[int], now: datetime) -> None:
    """Plan a notice for these contacts; who was planned before is judged anew, and stays one row.

    `created_at` becomes `now`: it tells who was meant by this plan.
    """
    meant = listed(session, contact_ids)
    where = _where(meant)
    refusing = columns(_REFUSAL["contact_id"]).where(_REFUSAL["topic"] == notice.topic)
    no = refusing.where(meant(_REFUSAL["contact_id"])).subquery("no")
    fate, reason, channel = _judged(where, no)
    values = {
        "lane": literal(Lane.BULK, _ROW["lane"].type),
        "contact_id": col(Contact.id),
        "kind": literal(KIND),
        "payload": literal({}, _ROW["payload"].type),
        "due_at": literal(now, _ROW["due_at"].type),
        "attempts": literal(0),
        "dropped_at": case((fate != Fate.WAITING, literal(now, _ROW["due_at"].type)), else_=null()),
        "drop_reason": reason,
        "created_at": literal(now, _ROW["created_at"].type),
        "fate": fate,
        "notice_id": literal(notice.id),
        "channel": channel,
        "perhaps_twice": literal(value=False),
    }
    wanted = (
        columns(*(value.label(name) for name, value in values.items()))
        .select_from(Contact)
        .outerjoin(where, where.c.contact_id == col(Contact.id))
        .outerjoin(no, no.c.contact_id == col(Contact.id))
        .where(meant(col(Contact.id)))
    )
    session.execute(_adding(session, wanted, list(values)))


def _where(meant: Among) -> Subquery:
    """Give which of these contacts can be reached at all: a row for each, with whether it is in a chat.

    Channels are compared only in what is given: SQLite would take the index of a channel, and walk all accounts.
    """
    chat = func.max(case((_ACCOUNT["channel"] == Channel.TELEGRAM, 1), else_=0))
    page = func.max(case((_ACCOUNT["channel"] == Channel.WEB, 1), else_=0))
    there = columns(_ACCOUNT["contact_id"], chat.label("chat"), page.label("page"))
    there = there.where(meant(_ACCOUNT["contact_id"]), _ACCOUNT["reachable"])
    return there.group_by(_ACCOUNT["contact_id"]).subquery("reached")


def _judged(where: Subquery, no: Subquery) -> tuple[Any, Any, Any]:
    """Give, as expressions over a contact joined to these, its fate, the reason, and the channel it waits for."""
    refused, unknown = no.c.contact_id.is_not(None), col(Contact.role) == ContactRole.UNKNOWN
    on_telegram, on_page = where.c.chat == 1, where.c.page == 1
    somewhere = or_(on_telegram, on_page)

    def fate(which: Fate) -> Any:  # noqa: ANN401 - an expression
        return literal(which, _ROW["fate"].type)

    return (
        case(
            (or_(refused, unknown), fate(Fate.SKIPPED)),
            (somewhere, fate(Fate.WAITING)),
            else_=fate(Fate.UNREACHABLE),
        ),
        case((refused, REFUSED), (unknown, NOBODY), (somewhere, ""), else_=NOWHERE),
        case(
            (on_telegram, literal(Channel.TELEGRAM, _ROW["channel"].type)),
            (on_page, literal(Channel.WEB, _ROW["channel"].type)),
            else_=null(),
        ),
    )


def leave_out(session: Session, notice_id: int, now: datetime) -> int:
    """Delete a portion of the rows that an earlier plan wrote and this one (`add` at `now`) did not. Give how many."""
    left = columns(_ROW["id"]).where(_ROW["notice_id"] == notice_id, _ROW["created_at"] < now)
    gone = delete(Outbox).where(_ROW["id"].in_(left.limit(PORTION)))
    return session.connection().execute(gone).rowcount


def count(session: Session, notice_id: int) -> int:
    """Give how many recipients a notice has, those included that are left out."""
    return session.exec(select(func.count()).select_from(Outbox).where(Outbox.notice_id == notice_id)).one()


@dataclass(frozen=True, slots=True)
class Reached:
    """How a contact is reached at this moment.

    Args:
        reading: how they read.
        person_id: for whom they talk; None for nobody.
        known: whether they said who they are, and did not have it deleted.
        refused: whether they want no notices of the topic.
        on_page: whether they come to our page.
        telegram: the number of the account and the address where they were last; None where there is none.
        blocked: whether there was one that takes nothing of ours any more.

    """

    reading: Reading
    person_id: int | None
    known: bool
    refused: bool
    on_page: bool
    telegram: tuple[int, str] | None
    blocked: bool


def reached(session: Session, contact_ids: Sequence[int], topic: Topic) -> dict[int, Reached]:
    """Say of each contact how it is reached now, in three statements for all of them."""
    meant = listed(session, contact_ids)
    accounts = columns(
        *(_ACCOUNT[name] for name in ("contact_id", "id", "channel", "address", "reachable"))
    ).where(meant(_ACCOUNT["contact_id"]))
    pages, chats, blocked = set(), {}, set()
    for contact_id, number, channel, address, reachable in session.execute(
        accounts.order_by(_ACCOUNT["seen_at"], _ACCOUNT["id"])
    ):
        if channel is Channel.WEB and reachable:
            pages.add(contact_id)
        elif channel is Channel.TELEGRAM and reachable:
            chats[contact_id] = (number, address)
        elif channel is Channel.TELEGRAM:
            blocked.add(contact_id)
    no = columns(_REFUSAL["contact_id"]).where(_REFUSAL["topic"] == topic)
    refusing = set(session.execute(no.where(meant(_REFUSAL["contact_id"]))).scalars())
    who = columns(*(_CONTACT[name] for name in ("id", "reading", "role", "current_person_id")))
    return {
        number: Reached(
            reading=reading,
            person_id=person_id,
            known=role is not ContactRole.UNKNOWN,
            refused=number in refusing,
            on_page=number in pages,
            telegram=chats.get(number),
            blocked=number in blocked,
        )
        for number, reading, role, person_id in session.execute(who.where(meant(_CONTACT["id"])))
    }


def names(session: Session, person_ids: Collection[int]) -> dict[int, str]:
    """Give how people are called."""
    found = session.exec(select(Person.id, Person.name).where(col(Person.id).in_(person_ids))).all()
    return {number: name or "" for number, name in found}


def open_again(session: Session, notice_id: int, fates: Collection[Fate], now: datetime) -> int:
    """Let a portion of the recipients with these fates wait again. Give how many.

    Who can still not be reached will be found so when it is their turn.
    """
    chosen = columns(_ROW["id"], _ROW["contact_id"]).where(_ROW["notice_id"] == notice_id)
    found = session.execute(chosen.where(_ROW["fate"].in_(fates)).limit(PORTION)).all()
    where = _where(listed(session, [contact_id for _, contact_id in found]))
    on_telegram = _ROW["contact_id"].in_(columns(where.c.contact_id).where(where.c.chat == 1))
    again = update(Outbox).where(listed(session, [number for number, _ in found])(_ROW["id"]))
    session.execute(
        again.values(
            fate=Fate.WAITING,
            due_at=now,
            attempts=0,
            dropped_at=None,
            drop_reason="",
            claimed_by=None,
            claimed_until=None,
            channel=case(
                (on_telegram, literal(Channel.TELEGRAM, _ROW["channel"].type)),
                else_=literal(Channel.WEB, _ROW["channel"].type),
            ),
        ),
        execution_options={"synchronize_session": False},
    )
    return len(found)


def listed(session: Session, numbers: Sequence[int]) -> Among:
    """Give what says of a column that it is one of these numbers, which go over as one value, not thousands."""
    if session.connection().dialect.name == "sqlite":
        each = func.json_each(json.dumps(list(numbers))).table_valued("value")
        return lambda column: column.in_(columns(each.c.value))
    from sqlalchemy.dialects.postgresql import ARRAY

    whole = literal(list(numbers), ARRAY(Integer))
    return lambda column: column == any_(whole)


def _adding(session: Session, wanted: Any, names: list[str]) -> Insert:  # noqa: ANN401 - a select
    """Insert what is selected; of a recipient that is there already, write it anew."""
    if session.connection().dialect.name == "sqlite":
        from sqlalchemy.dialects.sqlite import insert as insert_here
    else:
        from sqlalchemy.dialects.postgresql import insert as insert_here  # type: ignore[assignment]
    adding = insert_here(Outbox).from_select(names, wanted)
    anew = {
        name: adding.excluded[name] for name in ("due_at", "dropped_at", "drop_reason", "fate", "channel")
    }
    later = case(
        (adding.excluded["created_at"] > _ROW["created_at"], adding.excluded["created_at"]),
        else_=_ROW["created_at"],
    )
    return adding.on_conflict_do_update(
        index_elements=["notice_id", "contact_id"],
        index_where=_ROW["notice_id"].is_not(None),
        set_={**anew, "created_at": later},
    )
