"""Tables that staff bring as files, until they are written or dropped."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, UniqueConstraint
from sqlmodel import SQLModel

from storage.base import UTCDateTime
from storage.crypto import Encrypted, EncryptedBytes, EncryptedJson
from storage.tables import NUMBERED, Code, Keep, UploadState, column, number


class Upload(SQLModel, table=True):
    """A table staff brought: read, shown row by row, and only then written. Its file goes when it is done with."""

    __table_args__ = (CheckConstraint("total >= 0 AND done >= 0", name="counted"), NUMBERED)

    id: int = number(Keep.SEEN)
    staff_id: int = column("谁传的", Keep.SEEN, foreign_key="staff.id", index=True)
    kind: str = column("哪一种表（projects、sessions、fairs、positions、staff、results）", Keep.SEEN)
    name: str = column("文件名", Keep.SEEN, Encrypted("upload.name"))
    body: bytes = column("内容，写完就删", Keep.SEEN, EncryptedBytes("upload.body"))
    strict: bool = column("有一行不对就都不写", Keep.SEEN, default=False)
    state: UploadState = column(
        "到哪一步", Keep.SEEN, Code(UploadState), default=UploadState.READING, index=True
    )
    total: int = column("一共几行", Keep.SEEN, default=0)
    done: int = column("看到第几行", Keep.SEEN, default=0)
    counts: dict[str, int] = column("每一种有几行", Keep.SEEN, JSON, default_factory=dict)
    seen: str = column("给人看的是哪一版，写的就是哪一版", Keep.SEEN, default="")
    changed: bool = column("看的时候别人改了，又看了一遍", Keep.SEEN, default=False)
    notes: dict[str, Any] = column(
        "要提醒的话", Keep.SEEN, EncryptedJson("upload.notes"), default_factory=dict
    )
    version: int | None = column("成了目录的第几版", Keep.SEEN, default=None)
    settled: bool = column("知道了，不再提醒", Keep.SEEN, default=False)
    claimed_by: str = column("哪台机器在看", Keep.SEEN, default="")
    claimed_until: datetime | None = column("到几点没有动静，就换一台", Keep.SEEN, UTCDateTime, default=None)
    created_at: datetime = column("什么时候传的", Keep.SEEN, UTCDateTime, index=True)


class UploadPage(SQLModel, table=True):
    """Some rows of such a table with what is to become of each, as a page shows them."""

    __tablename__ = "upload_page"
    __table_args__ = (UniqueConstraint("upload_id", "kind", "page"), NUMBERED)

    id: int = number(Keep.SEEN)
    upload_id: int = column("哪张表", Keep.SEEN, foreign_key="upload.id")
    kind: str = column("新的、改的、没变的，还是不对的", Keep.SEEN)
    page: int = column("第几页", Keep.SEEN)
    rows: list[dict[str, Any]] = column("每一行怎么样", Keep.SEEN, EncryptedJson("upload_page.rows"))
