"""What goes with notices: their words, their files, groups kept under a name, who was told in another way."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, UniqueConstraint
from sqlmodel import SQLModel

from storage.base import UTCDateTime
from storage.tables import NUMBERED, Keep, column, number


class NoticeGroup(SQLModel, table=True):
    """A choice of recipients kept under a name, to be chosen by again."""

    __tablename__ = "notice_group"
    __table_args__ = (UniqueConstraint("region", "name"), NUMBERED)

    id: int = number(Keep.ALWAYS)
    region: str = column("哪个地区的人用", Keep.ALWAYS)
    name: str = column("叫什么", Keep.ALWAYS)
    audience: dict[str, Any] = column("怎么选的", Keep.ALWAYS, JSON, default_factory=dict)
    at: datetime = column("什么时候存的", Keep.ALWAYS, UTCDateTime)


class NoticeTold(SQLModel, table=True):
    """Somebody with no place to send to whom staff told a notice in another way."""

    __tablename__ = "notice_told"

    notice_id: int = column("哪个通知", Keep.LEDGER, primary_key=True, foreign_key="notice.id")
    person_id: int = column("告诉了谁", Keep.LEDGER, primary_key=True, foreign_key="person.id", index=True)
    staff_id: int = column("谁告诉的", Keep.LEDGER, foreign_key="staff.id")
    at: datetime = column("什么时候", Keep.LEDGER, UTCDateTime)


class NoticeFile(SQLModel, table=True):
    """A picture or a paper that goes with notices; nothing of a person's."""

    __tablename__ = "notice_file"
    __table_args__ = (NUMBERED,)

    id: int = number(Keep.LEDGER)
    is_photo: bool = column("是图，还是文件", Keep.LEDGER)
    name: str = column("文件名", Keep.LEDGER)
    mime: str = column("用什么打开", Keep.LEDGER)
    body: bytes = column("内容", Keep.LEDGER)
    staff_id: int = column("谁传的", Keep.LEDGER, foreign_key="staff.id")
    at: datetime = column("什么时候传的", Keep.LEDGER, UTCDateTime, index=True)


class NoticeText(SQLModel, table=True):
    """One version of a notice's words; a correction is a new one, and what was sent keeps its own."""

    __tablename__ = "notice_text"
    __table_args__ = (UniqueConstraint("notice_id", "version"), NUMBERED)

    id: int = number(Keep.LEDGER)
    notice_id: int = column("哪个通知", Keep.LEDGER, foreign_key="notice.id")
    version: int = column("第几版", Keep.LEDGER)
    title: str = column("标题", Keep.LEDGER)
    plain: str = column("普通的话", Keep.LEDGER)
    easy: str = column("简单的话", Keep.LEDGER, default="")
    en: str = column("英文", Keep.LEDGER, default="")
    sms: str = column("短信，七十个字以内", Keep.LEDGER, default="")
    call_script: str = column("打电话时怎么说", Keep.LEDGER, default="")
    private: bool = column("不在别人的服务器上说内容", Keep.LEDGER, default=False)
    file_id: int | None = column(
        "一起发的图或者文件", Keep.LEDGER, foreign_key="notice_file.id", default=None
    )
    file_words: str = column("图上是什么，文件里是什么", Keep.LEDGER, default="")
    buttons: list[dict[str, Any]] = column(
        "下面的按钮，按了开始哪个对话", Keep.LEDGER, JSON, default_factory=list
    )
    staff_id: int = column("谁写的", Keep.LEDGER, foreign_key="staff.id", index=True)
    at: datetime = column("什么时候写的", Keep.LEDGER, UTCDateTime)
