"""Opens a database to the installed keys, and moves what older keys sealed under the newest one."""

import secrets

from sqlalchemy import LargeBinary, Table, and_, func, or_, select, type_coerce, update
from sqlmodel import Session

from storage import crypto
from storage.compiled import add_once
from storage.crypto import KEY_BYTES, KEY_ID_BYTES, Sealed
from storage.tables import Vault

LOOKUP = "lookup"


def open_vault(session: Session) -> None:
    """Give this process the key that `lookup_hash` uses: made once per database, then always the same.

    Needs a writing session and an installed ring. Raises SecretError when the ring is not this database's.
    """
    add_once(session, Vault, name=LOOKUP, value=secrets.token_bytes(KEY_BYTES))
    crypto.use(crypto.ring_in_use(), hash_key=session.get_one(Vault, LOOKUP).value)


def reseal(session: Session, at_most: int = 200) -> int:
    """Seal again, with the newest key, up to `at_most` rows that an older key sealed; give how many it was.

    Call it in transactions of its own until it gives 0: then the old key may leave the ring. Look-up hashes
    stay as they are, for their key is only wrapped anew. Raises SecretError when a key is missing.
    """
    from storage.keeping.every_table import metadata

    done = 0
    for table in metadata.sorted_tables:
        if done < at_most and any(isinstance(column.type, Sealed) for column in table.columns):
            done += _reseal_table(session, table, at_most - done)
    return done


def _reseal_table(session: Session, table: Table, at_most: int) -> int:
    newest = crypto.ring_in_use().newest.to_bytes(KEY_ID_BYTES, "big")
    sealed = [column for column in table.columns if isinstance(column.type, Sealed)]
    keys = list(table.primary_key.columns)
    key_of = [func.substr(type_coerce(column, LargeBinary), 1, KEY_ID_BYTES) for column in sealed]
    old = or_(*(type_coerce(number, LargeBinary) != newest for number in key_of))
    rows = session.execute(select(*keys).where(old).limit(at_most).with_for_update()).all()
    for row in rows:  # one at a time, for a file may be 20 MB
        this = and_(*(column == value for column, value in zip(keys, row, strict=True)))
        opened = session.execute(select(*sealed).where(this)).one()
        session.execute(update(table).where(this).values(dict(zip(sealed, opened, strict=True))))
    return len(rows)
