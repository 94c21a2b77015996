"""Chats that members of staff work through: linked by a word of one use, and what they are told there."""

import secrets
import unicodedata
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from storage.afterwards import rating_weeks
from storage.staff.staff import LINK_MINUTES, hash_of, note_act, owner_of, staff_of_contact, use_up
from storage.tables import Staff, StaffLink

WORD_SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Signs of the word that links a chat: none that looks like another one."""

WORD_LENGTH = 12
"""31 to the power of 12 words, each good once for a quarter of an hour: nobody guesses one."""


def make_chat_word(session: Session, member: Staff, now: datetime) -> str:
    """Make the word that links the chat in which it is said, as three groups; it is given out here and never again."""
    word = "".join(secrets.choice(WORD_SIGNS) for _ in range(WORD_LENGTH))
    until = now + timedelta(minutes=LINK_MINUTES)
    session.add(StaffLink(token_hash=hash_of("chat", word), staff_id=member.id, expires_at=until))
    session.flush()
    return "-".join(word[at : at + 4] for at in range(0, WORD_LENGTH, 4))


def chat_word_owner(session: Session, said: str, now: datetime) -> Staff | None:
    """Say whose chat a word would make; None when it is unknown, used or over. Looking does not use it."""
    return owner_of(session, hash_of("chat", _word(said)), now)


def link_chat(session: Session, said: str, contact_id: int, now: datetime) -> Staff | None:
    """Use a word up: the chat it is said in is the member's from here on; of two at once, one gets None."""
    member = chat_word_owner(session, said, now)
    if member is None or not use_up(session, hash_of("chat", _word(said)), now):
        return None
    join_chat(session, member, contact_id, now)
    return member


def join_chat(session: Session, member: Staff, contact_id: int, now: datetime) -> None:
    """Make a chat a member's, told in it of what comes in; a chat is one member's: who had it before has none."""
    before = staff_of_contact(session, contact_id)
    if before is not None and before.id != member.id:
        unlink_chat(session, before, now, actor=f"staff:{member.id}")
    member.contact_id, member.alerts = contact_id, True
    session.add(member)
    note_act(session, f"staff:{member.id}", "chat_linked", member.id, now)
    rating_weeks.watch(session, member, now)


def unlink_chat(session: Session, member: Staff, now: datetime, *, actor: str) -> None:
    """Let a member work through no chat any more, at once."""
    if member.contact_id is not None:
        member.contact_id = None
        session.add(member)
        note_act(session, actor, "chat_unlinked", member.id, now)


def set_alerts(session: Session, member: Staff, *, wanted: bool) -> None:
    """Remember whether a member is told in the chat of what comes in."""
    member.alerts = wanted
    session.add(member)
    session.flush()


def told_in_chats(session: Session) -> Sequence[Staff]:
    """Give the members of staff who are told in a chat of what comes in."""
    wanted = select(Staff).where(
        col(Staff.contact_id).is_not(None), col(Staff.revoked_at).is_(None), col(Staff.alerts)
    )
    return session.exec(wanted.order_by(col(Staff.id))).all()


def _word(said: str) -> str:
    """Give a word as it was made, however it was written."""
    return "".join(sign for sign in unicodedata.normalize("NFKC", said).casefold() if sign in WORD_SIGNS)
