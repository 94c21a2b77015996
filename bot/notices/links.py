"""Links to private notices: one opens for 15 minutes, once (access.md W14); later its page sends a new one to the same chat.

So who finds an old message on somebody's screen opens nothing with it: only who has the chat gets the new address.
"""

from datetime import datetime, timedelta

from sqlmodel import Session

from dialogs.words import Voice
from storage import gotokens, outbox
from storage.gotokens import MINUTES
from storage.tables import GoToken

NOTICE = "notice"
"""The purpose of such a link."""

FRESH = "fresh_link"
"""The kind of the message that brings a new one; it is made when it is sent, and kept nowhere."""

ASKED_WITHIN = timedelta(days=14)
"""How long after a notice its page still sends a new link."""


def link_to(session: Session, home: str, contact_id: int, account_id: int, now: datetime) -> str:
    """Make a link by which whoever is in a chat reads on our page what is not said there."""
    whither = {"account": account_id}
    until = now + ASKED_WITHIN
    return f"{home}/go/{gotokens.make_token(session, contact_id, NOTICE, now, whither, until=until)}"


def is_over(token: GoToken, now: datetime) -> bool:
    """Say whether a link to a notice opens nothing any more, and its page sends a new one."""
    late = token.created_at + timedelta(minutes=MINUTES) <= now
    return token.purpose == NOTICE and (late or token.used_at is not None)


def send_anew(session: Session, token: GoToken, now: datetime) -> None:
    """Promise a new link to the chat that the old one went into; asked for again within a minute it is one."""
    key = f"{FRESH}:{token.id}:{now:%Y%m%d%H%M}"
    account_id = token.payload["account"]
    outbox.promise(session, token.contact_id, FRESH, {}, now=now, key=key, account_id=account_id)


def words_of(voice: Voice, link: str) -> str:
    """Give the words that bring a new link."""
    return f"{voice.say('这是新的地址，15 分钟里能开。')}\n{link}"
