"""A place somebody leaves: its key opens nothing any more."""

from sqlmodel import Session

from storage import people
from storage.crypto import lookup_hash
from storage.tables import Account


def close_account(session: Session, account: Account) -> None:
    """Let nobody come back by this account's key, and send nothing there; the other ways back stay open."""
    account.reachable = False
    account.address = ""
    # No key has this hash, so whoever still holds the old one is somebody new.
    account.address_hash = lookup_hash(f"closed:{account.id}")
    session.add(account)
    session.flush()


def is_only_way(session: Session, account: Account) -> bool:
    """Say whether nothing else leads back to what was said here."""
    return all(each.id == account.id for each in people.accounts_of(session, account.contact_id))
