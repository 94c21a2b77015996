"""Eight digits that open the answer to a complaint nobody's name stands on: shown once, only a keyed hash is kept.

They are digits because everybody can write them down and say them over a telephone, in any language. Guessing is
limited for each complaint and day, by whoever it is: 5 tries at 100 million.
"""

import re
import secrets
import unicodedata
from datetime import datetime

from sqlmodel import Session, select

from storage.counting import next_number
from storage.crypto import lookup_hash
from storage.tables import Counter
from storage.tickets.tables import Ticket

DIGITS = 8
MOST_TRIES = 5
"""Wrong tries for one ticket on one day; after them even the right digits open nothing until the next day."""

_SPOKEN = str.maketrans("〇零一二三四五六七八九幺", "001234567891")
_NUMBER = re.compile(r"(20\d\d)\D*(\d{1,8})")


class NotOpened(Exception):
    """The number and the digits do not fit, or it was tried too often today."""


def give_word(session: Session, ticket: Ticket) -> str:
    """Make the digits that open a ticket's answer, as two groups of four; they are given out here and never again."""
    digits = f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"
    ticket.word_hash = _hash(ticket, digits)
    session.add(ticket)
    session.flush()
    return f"{digits[:4]} {digits[4:]}"


def open_by_word(session: Session, number: str, word: str, now: datetime) -> Ticket:
    """Give the ticket that a number and its digits open, however they were written.

    A wrong try is counted, without who made it: keep the transaction.

    Raises:
        NotOpened: whatever it was that did not fit.

    """
    ticket = _find(session, number)
    if ticket is None or ticket.word_hash is None:
        raise NotOpened
    tries = f"ticket_word:{ticket.id}:{now:%Y-%m-%d}"
    digits = re.sub(r"\D", "", _plain(word))
    if ticket.word_hash == _hash(ticket, digits) and _tried(session, tries) < MOST_TRIES:
        return ticket
    next_number(session, tries)
    raise NotOpened


def _tried(session: Session, name: str) -> int:
    wanted = select(Counter.value).where(Counter.name == name)
    return session.exec(wanted).one_or_none() or 0


def _find(session: Session, number: str) -> Ticket | None:
    """Find by a number said with or without its letter, its line or its zeros."""
    found = _NUMBER.search(_plain(number))
    if found is None:
        return None
    written = f"T{found[1]}-{int(found[2]):04d}"
    return session.exec(select(Ticket).where(Ticket.number == written)).one_or_none()


def _plain(said: str) -> str:
    return unicodedata.normalize("NFKC", said).translate(_SPOKEN)


def _hash(ticket: Ticket, digits: str) -> str:
    return lookup_hash(f"ticket word:{ticket.number}:{digits}")
