"""A private question was answered on our page: the chat that waited for it goes on by itself."""

from datetime import datetime

from sqlmodel import Session

from storage import outbox, people

REPLY = "reply"
"""The kind of row in the outbox that is a question to be asked in a chat."""


def go_on_in_chats(session: Session, contact_id: int, prompt: int, now: datetime) -> None:
    """Promise the open question to every chat that sent this contact to the page."""
    for account in people.accounts_of(session, contact_id):
        if account.on_page:
            account.on_page = False
            session.add(account)
            # Numbers of questions belong to a conversation, and a chat may have gone over from another one.
            key = f"go_on:{account.id}:{contact_id}:{prompt}"
            outbox.promise(session, contact_id, REPLY, {}, now=now, key=key, account_id=account.id)
