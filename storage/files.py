"""Files people sent: the conversation keeps a key, the sealed bytes live here."""

import re
from collections.abc import Collection, Iterable
from datetime import datetime

from sqlmodel import Session, col, delete, or_, select

from storage import conversations
from storage.tables import Application, FileKind, Person, Relation, StoredFile

_REFERENCE = re.compile(r"^file:([\w-]+)")
"""How an answer that is a file is written."""


def keep_file(
    session: Session,
    contact_id: int,
    key: str,
    *,
    kind: str,
    mime: str,
    name: str,
    body: bytes,
    now: datetime,
) -> None:
    """Keep the bytes of a file an answer refers to by `key`."""
    session.add(
        StoredFile(
            key=key,
            contact_id=contact_id,
            kind=FileKind(kind),
            mime=mime,
            size=len(body),
            name=name or None,
            body=body,
            created_at=now,
        )
    )
    session.flush()


def find_file(session: Session, key: str) -> StoredFile | None:
    return session.exec(select(StoredFile).where(col(StoredFile.key) == key)).one_or_none()


def files_in(answers: object) -> set[str]:
    """Find the keys of files that answers refer to, however deep they lie."""
    found: set[str] = set()
    left = [answers]
    while left:
        value = left.pop()
        if isinstance(value, str):
            if value.startswith("file:"):  # asked of every word of every conversation
                found.update(_REFERENCE.findall(value))
        elif isinstance(value, dict):
            left.extend(value.values())
        elif isinstance(value, (list, tuple)):
            left.extend(value)
    return found


def drop_files(session: Session, contact_id: int, keys: Collection[str]) -> None:
    """Delete files that a contact's conversation let go, unless an answer still refers to them.

    An application and a person's record may hold the same file, and so may the conversation of whoever sent it.
    """
    if not keys:
        return
    senders = session.exec(select(StoredFile.contact_id).where(col(StoredFile.key).in_(keys))).all()
    concerned = {contact_id, *senders}
    spoken_for = select(Relation.person_id).where(col(Relation.contact_id).in_(concerned))
    people = session.exec(select(Person).where(col(Person.id).in_(spoken_for))).all()
    theirs = or_(col(Application.person_id).in_(spoken_for), col(Application.contact_id).in_(concerned))
    kept: Iterable[object] = (
        *(person.profile for person in people),
        *(filed.answers for filed in session.exec(select(Application).where(theirs))),
        *(conversations.read_conversation(session, each, lock=False).state for each in concerned),
    )
    gone = set(keys) - files_in(list(kept))
    session.execute(delete(StoredFile).where(col(StoredFile.key).in_(gone)))
