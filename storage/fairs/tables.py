"""Job fairs from the people's side: who was asked, who comes, what is arranged."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, UniqueConstraint
from sqlmodel import SQLModel

from storage.base import UTCDateTime
from storage.crypto import EncryptedJson
from storage.tables import NUMBERED, Code, Keep, NeedAnswer, SignupState, column, number


class FairSignup(SQLModel, table=True):
    """Somebody asked to a job fair: what they said, what they need there, whether they came."""

    __tablename__ = "fair_signup"
    __table_args__ = (
        UniqueConstraint("fair_id", "person_id"),
        UniqueConstraint("fair_id", "number"),
        NUMBERED,
    )

    id: int = number(Keep.LEDGER)
    fair_id: str = column("哪个招聘会", Keep.LEDGER, foreign_key="fair.fair_id")
    number: int = column("签到号", Keep.LEDGER)
    person_id: int = column("谁", Keep.LEDGER, foreign_key="person.id", index=True)
    contact_id: int | None = column("谁说的", Keep.LEDGER, foreign_key="contact.id", default=None, index=True)
    state: SignupState = column("去不去", Keep.LEDGER, Code(SignupState), default=SignupState.INVITED)
    needs: dict[str, Any] = column(
        "要什么帮忙", Keep.PERSON, EncryptedJson("fair_signup.needs"), default_factory=dict
    )
    positions: list[str] = column("想看哪些岗位", Keep.PERSON, JSON, default_factory=list)
    invited_at: datetime | None = column("什么时候请的", Keep.LEDGER, UTCDateTime, default=None)
    answered_at: datetime | None = column("什么时候答的", Keep.LEDGER, UTCDateTime, default=None)
    came_at: datetime | None = column("什么时候到的", Keep.LEDGER, UTCDateTime, default=None)
    checked_by: str = column("谁签的到（contact:12、staff:3）", Keep.LEDGER, default="")
    intention: str = column("找到意向没有（hired、talking、no、skip）", Keep.LEDGER, default="")


class FairArrangement(SQLModel, table=True):
    """One thing somebody needs at a job fair (an interpreter, transport), and whether it is arranged."""

    __tablename__ = "fair_arrangement"
    __table_args__ = (UniqueConstraint("fair_id", "code"), NUMBERED)

    id: int = number(Keep.LEDGER)
    fair_id: str = column("哪个招聘会", Keep.LEDGER, foreign_key="fair.fair_id")
    code: str = column("要安排什么（代码表 service，或 transport）", Keep.LEDGER)
    answer: NeedAnswer = column("安排好没有", Keep.LEDGER, Code(NeedAnswer), default=NeedAnswer.OPEN)
    note: str = column("怎么安排的", Keep.LEDGER, default="")
    staff_id: int = column("谁安排的", Keep.LEDGER, foreign_key="staff.id")
    at: datetime = column("什么时候", Keep.LEDGER, UTCDateTime)
