"""Files people sent: the conversation keeps a key, the sealed bytes live here."""

from datetime import datetime

from sqlmodel import Session, col, select

from storage.tables import FileKind, StoredFile


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
