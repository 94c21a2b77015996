"""Takes private words out of a chat: promised with the turn that heard them, so that a crash does not leave them."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlmodel import Session

from bot.doors import Ran
from storage import outbox
from storage.desk import Desk
from storage.outbox import Claimed
from storage.tables import Account

if TYPE_CHECKING:
    from bot.channels.telegram import Telegram

DELETE = "delete"
"""The kind of row in the outbox that is a message to be deleted."""

GONE = "这个聊天已经没有了"


def promise_deletion(session: Session, account: Account, message: int, now: datetime) -> None:
    """Promise, in the turn's transaction, that a message somebody wrote is deleted."""
    payload, key = {"message": message}, f"delete:{account.id}:{message}"
    outbox.promise(session, account.contact_id, DELETE, payload, now=now, key=key, account_id=account.id)


class Deletes:
    """Deletes messages, as an errand of the postman.

    Args:
        desk: where chats are known.
        telegram: where the messages are.

    """

    somebody_waits = True

    def __init__(self, desk: Desk, telegram: "Telegram") -> None:
        self._desk = desk
        self._telegram = telegram

    async def run(self, claimed: Claimed, now: datetime) -> Ran:  # noqa: ARG002 - as every errand
        """Delete a message."""
        chat = await self._desk.look(lambda session: _chat(session, claimed))
        if chat is None:
            return Ran(GONE)
        await self._telegram.delete(chat, int(claimed.payload["message"]))
        return Ran()


def _chat(session: Session, claimed: Claimed) -> int | None:
    account = session.get(Account, claimed.account_id) if claimed.account_id is not None else None
    return None if account is None else int(account.address)
