"""A class after somebody is in: its steps, what is arranged, who came, results, changes, ratings in numbers."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, UniqueConstraint
from sqlmodel import SQLModel

from storage.base import UTCDateTime
from storage.crypto import Encrypted
from storage.tables import NUMBERED, ClassStep, Code, Keep, NeedAnswer, column, number


class Tally(SQLModel, table=True):
    """How many gave one answer to one rated question of a class in a month: counts without people."""

    __table_args__ = (
        UniqueConstraint("intake_id", "form", "wave", "item", "value", "by_family", "month"),
        # Everything the dashboard adds up stands in the index: the rows themselves are never read.
        Index("ix_tally_item", "form", "wave", "item", "intake_id", "by_family", "month", "value", "count"),
        NUMBERED,
    )

    id: int = number(Keep.ALWAYS)
    intake_id: int = column("哪个班", Keep.ALWAYS, foreign_key="intake.id")
    form: str = column("哪张表", Keep.ALWAYS)
    wave: str = column("哪一次回访", Keep.ALWAYS, default="")
    item: str = column("哪一题", Keep.ALWAYS)
    value: str = column("哪个回答", Keep.ALWAYS)
    by_family: bool = column("家里人替答的，和本人分开算", Keep.ALWAYS, default=False)
    month: str = column("哪个月，如 2027-01", Keep.ALWAYS)
    count: int = column("几个人", Keep.ALWAYS, default=0)


class Arrangement(SQLModel, table=True):
    """One thing to be arranged before an intake opens: an interpreter, a ramp, insurance (domain: class file)."""

    __table_args__ = (UniqueConstraint("intake_id", "code"), NUMBERED)

    id: int = number(Keep.LEDGER)
    intake_id: int = column("哪个班", Keep.LEDGER, foreign_key="intake.id")
    code: str = column("要安排什么（代码表 service，或 insurance、transport、food）", Keep.LEDGER)
    answer: NeedAnswer = column("安排好没有", Keep.LEDGER, Code(NeedAnswer), default=NeedAnswer.OPEN)
    note: str = column("怎么安排的", Keep.LEDGER, default="")
    staff_id: int | None = column("谁安排的", Keep.LEDGER, foreign_key="staff.id", default=None)
    at: datetime | None = column("什么时候", Keep.LEDGER, UTCDateTime, default=None)


class IntakeStep(SQLModel, table=True):
    """A step in the life of an intake, 申请-审核-招生-开班-结业: who took it, and when (台账)."""

    __tablename__ = "intake_step"
    __table_args__ = (UniqueConstraint("intake_id", "step"), NUMBERED)

    id: int = number(Keep.LEDGER)
    intake_id: int = column("哪个班", Keep.LEDGER, foreign_key="intake.id")
    step: ClassStep = column("哪一步", Keep.LEDGER, Code(ClassStep))
    staff_id: int = column("谁办的", Keep.LEDGER, foreign_key="staff.id")
    at: datetime = column("什么时候", Keep.LEDGER, UTCDateTime)
    note: str = column("说明", Keep.LEDGER, default="")


class Attendance(SQLModel, table=True):
    """Whether a trainee came to a session: what daily subsidies go by."""

    __table_args__ = (UniqueConstraint("session_id", "application_id"), NUMBERED)

    id: int = number(Keep.LEDGER)
    session_id: int = column("哪次课", Keep.LEDGER, foreign_key="course_session.id")
    application_id: int = column("谁", Keep.LEDGER, foreign_key="application.id", index=True)
    came: bool = column("来没来", Keep.LEDGER)
    actor: str = column("谁记的（contact:12 自己说到了、staff:3）", Keep.LEDGER)
    at: datetime = column("什么时候记的", Keep.LEDGER, UTCDateTime)


class Result(SQLModel, table=True):
    """How a trainee finished, and the certificate."""

    __table_args__ = (NUMBERED,)

    id: int = number(Keep.LEDGER)
    application_id: int = column("谁", Keep.LEDGER, foreign_key="application.id", unique=True)
    passed: bool = column("结业没有", Keep.LEDGER)
    certificate_no: str | None = column(
        "证书编号", Keep.LEDGER, Encrypted("result.certificate_no"), default=None
    )
    note: str | None = column("说明", Keep.PERSON, Encrypted("result.note"), default=None)
    staff_id: int = column("谁记的", Keep.LEDGER, foreign_key="staff.id")
    at: datetime = column("什么时候记的", Keep.LEDGER, UTCDateTime)


class Change(SQLModel, table=True):
    """A change of date or place of an intake that everyone affected is told of and has to confirm."""

    __table_args__ = (NUMBERED,)

    id: int = number(Keep.LEDGER)
    intake_id: int = column("哪个班", Keep.LEDGER, foreign_key="intake.id", index=True)
    before: dict[str, Any] = column("原来什么时候、在哪里", Keep.LEDGER, JSON, default_factory=dict)
    after: dict[str, Any] = column("改成什么", Keep.LEDGER, JSON, default_factory=dict)
    note: str = column("为什么改，告诉大家的", Keep.LEDGER, default="")
    staff_id: int | None = column(
        "谁改的，空的是导入的目录改的", Keep.LEDGER, foreign_key="staff.id", default=None
    )
    at: datetime = column("什么时候改的", Keep.LEDGER, UTCDateTime)
    told_at: datetime | None = column("什么时候告诉大家的", Keep.LEDGER, UTCDateTime, default=None)


class Confirmation(SQLModel, table=True):
    """What one trainee said to a change: knows and comes, cannot come, or nothing yet."""

    __table_args__ = (UniqueConstraint("change_id", "application_id"), NUMBERED)

    id: int = number(Keep.LEDGER)
    change_id: int = column("哪次改动", Keep.LEDGER, foreign_key="change.id")
    application_id: int = column("谁", Keep.LEDGER, foreign_key="application.id", index=True)
    comes: bool | None = column("还来不来，空的是没答", Keep.LEDGER, default=None)
    at: datetime | None = column("什么时候答的", Keep.LEDGER, UTCDateTime, default=None)
