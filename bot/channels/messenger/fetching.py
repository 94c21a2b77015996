"""Fetches files that were sent in a chat: the turn keeps the reference, the bytes come after."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlmodel import Session

from bot.channels.messenger.updates import FileSent
from bot.doors import Ran
from dialogs.talk import FileRef
from storage import outbox
from storage.desk import Desk
from storage.files import keep_file
from storage.outbox import Claimed
from storage.tables import Outbox

if TYPE_CHECKING:
    from bot.channels.telegram import Telegram

FETCH = "fetch"
"""The kind of row in the outbox that is a file to be fetched."""

GONE = "发文件的人已经删除信息"


def promise_file(session: Session, contact_id: int, ref: FileRef, file: FileSent, now: datetime) -> None:
    """Promise, in the turn's transaction, that a file which is part of an answer is fetched."""
    payload = {
        "file": file.telegram_id, "key": ref.key, "kind": ref.kind, "mime": ref.mime, "name": ref.name,
    }  # fmt: skip
    outbox.promise(session, contact_id, FETCH, payload, now=now, key=f"fetch:{ref.key}")


class Fetches:
    """Fetches files, as an errand of the postman; nobody waits for them.

    Args:
        desk: where they are kept.
        telegram: where they lie.

    """

    somebody_waits = False

    def __init__(self, desk: Desk, telegram: "Telegram") -> None:
        self._desk = desk
        self._telegram = telegram

    async def run(self, claimed: Claimed, now: datetime) -> Ran:
        """Fetch a file and keep it."""
        body = await self._telegram.download(str(claimed.payload["file"]))
        return Ran(await self._desk.do(lambda session: _keep(session, claimed, body, now)))


def _keep(session: Session, claimed: Claimed, body: bytes, now: datetime) -> str:
    """Keep a file; give why it is of no use any more, or ""."""
    row = session.get(Outbox, claimed.id)
    if claimed.contact_id is None or row is None or row.dropped_at is not None:
        return GONE  # erased while the bytes were on their way
    it: Any = claimed.payload
    keep_file(
        session,
        claimed.contact_id,
        it["key"],
        kind=it["kind"],
        mime=it["mime"],
        name=it["name"],
        body=body,
        now=now,
    )
    return ""
