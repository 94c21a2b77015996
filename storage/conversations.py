"""Where each contact's conversation stands, and which updates were already heard (laws 1 and 2)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ClauseElement, bindparam, select, update
from sqlmodel import Session, SQLModel

from storage.compiled import DONE, Compiled, add_once
from storage.desk import TryAgain
from storage.tables import Channel, Conversation, Inbox, InboxStatus


class LostRace(TryAgain):
    """Somebody else moved this conversation on since it was read."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A conversation as it was read: version 0 and nothing said when there is none yet."""

    version: int
    state: dict[str, Any]


_COLUMNS = SQLModel.metadata.tables["conversation"].columns


def _read(*, lock: bool) -> Compiled:
    wanted = (_COLUMNS["version"], _COLUMNS["state"])
    ask = select(*wanted).where(_COLUMNS["contact_id"] == bindparam("contact_id"))
    return Compiled(lambda _: ask.with_for_update() if lock else ask, gives=wanted)


def _move(_: str) -> ClauseElement:
    return (
        update(Conversation)
        .where(
            _COLUMNS["contact_id"] == bindparam("who"),
            _COLUMNS["version"] == bindparam("read_as"),
        )
        .values(
            version=_COLUMNS["version"] + 1,
            state=bindparam("state"),
            touched_at=bindparam("touched_at"),
        )
        .returning(DONE)
    )


_READ = _read(lock=False)
_READ_TO_MOVE = _read(lock=True)
_MOVE = Compiled(_move)


def read_conversation(session: Session, contact_id: int, *, lock: bool = True) -> Standing:
    """Read where a contact's conversation stands.

    With `lock` (a turn) nobody else moves it on PostgreSQL until this transaction ends; on SQLite a turn
    is alone anyway. Without (only looking) it waits for nobody.
    """
    for version, state in (_READ_TO_MOVE if lock else _READ).run(session, contact_id=contact_id):
        return Standing(version, state)
    return Standing(0, {})


def save_conversation(
    session: Session, contact_id: int, state: dict[str, Any], version: int, now: datetime
) -> int:
    """Store what was read as `version` and has moved on; give the new version. Raises LostRace."""
    if version == 0:
        saved = add_once(session, Conversation, contact_id=contact_id, version=1, state=state, touched_at=now)
    else:
        saved = bool(_MOVE.run(session, who=contact_id, read_as=version, state=state, touched_at=now))
    if not saved:
        raise LostRace(f"conversation {contact_id} is no longer at version {version}")
    return version + 1


def remember_update(
    session: Session,
    channel: Channel,
    key: str,
    now: datetime,
    *,
    contact_id: int | None = None,
    failed: str = "",
) -> bool:
    """Note that an update was heard; give False when it was noted before, and then do nothing more.

    Args:
        session: the transaction that also keeps what the update caused.
        channel: where it came from.
        key: the channel's own name for it.
        now: when it was heard.
        contact_id: who said it, when known.
        failed: why it could not be read, without its words; it is parked and not tried again.

    """
    return add_once(
        session,
        Inbox,
        channel=channel,
        key=key,
        at=now,
        contact_id=contact_id,
        status=InboxStatus.FAILED if failed else InboxStatus.DONE,
        note=failed,
    )
