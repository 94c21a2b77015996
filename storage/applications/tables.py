"""Deciding over applications: what claims count, checks, questions, seats held, names brought on a list."""

from datetime import datetime

from sqlmodel import SQLModel

from storage.base import UTCDateTime
from storage.crypto import Encrypted
from storage.tables import NUMBERED, Code, Keep, OfferState, column, number, partial


class ClaimCheck(SQLModel, table=True):
    """What staff found about one priority claim of an application. Sealed, for it tells who is poor or ill."""

    __tablename__ = "claim_check"
    __table_args__ = (NUMBERED,)

    id: int = number(Keep.PERSON)
    application_id: int = column("哪次报名", Keep.PERSON, foreign_key="application.id", index=True)
    claim: str = column("哪个优先条件", Keep.PERSON, Encrypted("claim_check.claim"))
    found: bool = column("核实了，还是没有查到", Keep.PERSON)
    note: str | None = column("看了什么证明", Keep.PERSON, Encrypted("claim_check.note"), default=None)
    staff_id: int = column("谁核实的", Keep.PERSON, foreign_key="staff.id")
    at: datetime = column("什么时候核实的", Keep.PERSON, UTCDateTime)


class ListedName(SQLModel, table=True):
    """A name somebody brought on a list: no application, until that person says so themselves."""

    __tablename__ = "listed_name"
    __table_args__ = (NUMBERED,)

    id: int = number(Keep.LISTED)
    staff_id: int = column("谁带来的名单", Keep.LISTED, foreign_key="staff.id", index=True)
    intake_id: int = column("说是想上哪个班", Keep.LISTED, foreign_key="intake.id")
    name: str = column("怎么称呼", Keep.LISTED, Encrypted("listed_name.name"))
    phone: str | None = column("打电话问本人", Keep.LISTED, Encrypted("listed_name.phone"), default=None)
    village: str | None = column("哪个村", Keep.LISTED, Encrypted("listed_name.village"), default=None)
    contact_id: int | None = column(
        "给本人的链接打开后是谁", Keep.LISTED, foreign_key="contact.id", default=None, index=True
    )
    person_id: int | None = column(
        "开始报名以后是哪个人", Keep.LISTED, foreign_key="person.id", default=None, index=True
    )
    created_at: datetime = column("哪天带来的", Keep.LISTED, UTCDateTime, index=True)


class StaffQuestion(SQLModel, table=True):
    """What staff ask an applicant, and what was answered."""

    __tablename__ = "staff_question"
    __table_args__ = (NUMBERED,)

    id: int = number(Keep.PERSON)
    application_id: int = column("哪次报名", Keep.PERSON, foreign_key="application.id", index=True)
    staff_id: int = column("谁问的", Keep.PERSON, foreign_key="staff.id")
    words: str = column("问什么", Keep.PERSON, Encrypted("staff_question.words"))
    asked_at: datetime = column("什么时候问的", Keep.PERSON, UTCDateTime)
    answer: str | None = column("怎么答的", Keep.PERSON, Encrypted("staff_question.answer"), default=None)
    answered_at: datetime | None = column("什么时候答的", Keep.PERSON, UTCDateTime, default=None)


class Offer(SQLModel, table=True):
    """A seat held for somebody on the waiting list, until a moment."""

    __table_args__ = (
        partial("uq_offer_open", "application_id", where="state = 'open'", unique=True),
        partial("ix_offer_lapsing", "lapses_at", where="state = 'open'"),
        NUMBERED,
    )

    id: int = number(Keep.LEDGER)
    application_id: int = column("给哪次报名", Keep.LEDGER, foreign_key="application.id", index=True)
    made_at: datetime = column("什么时候给的", Keep.LEDGER, UTCDateTime)
    made_by: str = column("谁给的（staff:3、system）", Keep.LEDGER)
    lapses_at: datetime = column("留到几点", Keep.LEDGER, UTCDateTime)
    state: OfferState = column("要不要", Keep.LEDGER, Code(OfferState), default=OfferState.OPEN)
    ended_at: datetime | None = column("什么时候定的", Keep.LEDGER, UTCDateTime, default=None)


class Weight(SQLModel, table=True):
    """How much a priority claim counts when applications are put in order; set by an admin, audited."""

    claim: str = column("哪个优先条件（代码表 priority）", Keep.ALWAYS, primary_key=True)
    points: int = column("算几分", Keep.ALWAYS)
