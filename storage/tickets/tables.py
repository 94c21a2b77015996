"""Tickets and call-backs: what people ask or complain of, how it went afterwards, every call, positions they would like."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import SQLModel

import storage.fairs.tables  # noqa: F401 - what foreign keys here point to is to be known
from storage.base import UTCDateTime
from storage.crypto import Encrypted
from storage.tables import (
    NUMBERED,
    CallbackKind,
    CallResult,
    Code,
    Disposition,
    Keep,
    Recheck,
    TicketState,
    column,
    number,
    partial,
)


class Ticket(SQLModel, table=True):
    """A complaint or a request for a human. An anonymous one points to nobody."""

    __table_args__ = (
        CheckConstraint(
            "NOT anonymous OR (contact_id IS NULL AND person_id IS NULL AND about_application_id IS NULL)",
            name="anonymous_is_nobody",
        ),
        partial("ix_ticket_waiting", "due_at", "id", where="state IN ('open', 'taken')"),
        NUMBERED,
    )

    id: int = number(Keep.LEDGER)
    number: str = column("工单号，如 T2026-0007", Keep.LEDGER, unique=True)
    kind: str = column("哪一类（代码表 ticket_kind）", Keep.LEDGER)
    contact_id: int | None = column(
        "回话给谁", Keep.LEDGER, foreign_key="contact.id", default=None, index=True
    )
    person_id: int | None = column("说的是谁", Keep.LEDGER, foreign_key="person.id", default=None, index=True)
    about_application_id: int | None = column(
        "说的是哪次报名", Keep.LEDGER, foreign_key="application.id", default=None, index=True
    )
    words: str = column("说了什么", Keep.PERSON, Encrypted("ticket.words"))
    anonymous: bool = column("要不要留名", Keep.LEDGER, default=False)
    state: TicketState = column("办到哪一步", Keep.LEDGER, Code(TicketState), default=TicketState.OPEN)
    due_at: datetime = column("哪天前要回话", Keep.LEDGER, UTCDateTime)
    created_at: datetime = column("什么时候提的", Keep.LEDGER, UTCDateTime)
    answer: str | None = column("怎么回的", Keep.PERSON, Encrypted("ticket.answer"), default=None)
    answered_at: datetime | None = column("什么时候回的", Keep.LEDGER, UTCDateTime, default=None)
    staff_id: int | None = column("谁在办", Keep.LEDGER, foreign_key="staff.id", default=None, index=True)
    relay_until: datetime | None = column(
        "工作人员直接跟人说话，到几点", Keep.LEDGER, UTCDateTime, default=None
    )
    outcome: str = column("办成什么样（代码表 ticket_outcome）", Keep.LEDGER, default="")
    closed_at: datetime | None = column("什么时候办完", Keep.LEDGER, UTCDateTime, default=None)
    rating: str = column("对办理满不满意", Keep.LEDGER, default="")
    word_hash: str | None = column("不留名的人，凭一个词来看回音", Keep.LEDGER, default=None, unique=True)
    service: str = column("要帮什么（代码表 follow_need）", Keep.LEDGER, default="")
    callback_id: int | None = column(
        "哪次回访里说的", Keep.LEDGER, foreign_key="callback.id", default=None, index=True
    )


class TicketLine(SQLModel, table=True):
    """One thing said about a ticket: by staff, or by who it is from, while staff and they talk directly."""

    __tablename__ = "ticket_line"
    __table_args__ = (NUMBERED,)

    id: int = number(Keep.PERSON)
    ticket_id: int = column("哪个工单", Keep.PERSON, foreign_key="ticket.id", index=True)
    staff_id: int | None = column(
        "哪位工作人员说的，空的是来问的人", Keep.PERSON, foreign_key="staff.id", default=None
    )
    words: str = column("说了什么", Keep.PERSON, Encrypted("ticket_line.words"))
    at: datetime = column("什么时候", Keep.PERSON, UTCDateTime)


class Callback(SQLModel, table=True):
    """One call-back: whom it asks with which form, when, and where it stands."""

    __table_args__ = (
        partial("ix_callback_to_call", "next_at", "id", where="state = 'to_call'"),
        # How those who were asked stand is counted in the index alone, the call-backs of other kinds left aside.
        Index("ix_callback_standing", "kind", "intake_id", "state"),
        NUMBERED,
    )

    id: int = number(Keep.LEDGER)
    key: str = column("同一次回访只有一行，如 t7:12", Keep.LEDGER, unique=True)
    kind: CallbackKind = column("哪一次回访", Keep.LEDGER, Code(CallbackKind))
    form: str = column("用哪张表问", Keep.LEDGER)
    person_id: int = column("问的是谁", Keep.LEDGER, foreign_key="person.id", index=True)
    application_id: int | None = column(
        "为哪次报名", Keep.LEDGER, foreign_key="application.id", default=None, index=True
    )
    intake_id: int | None = column("为哪个班", Keep.LEDGER, foreign_key="intake.id", default=None, index=True)
    signup_id: int | None = column(
        "为哪次招聘会", Keep.LEDGER, foreign_key="fair_signup.id", default=None, index=True
    )
    due_at: datetime = column("本来什么时候问", Keep.LEDGER, UTCDateTime)
    next_at: datetime = column("下一次什么时候问", Keep.LEDGER, UTCDateTime)
    closes_at: datetime = column("过了几点，回答算晚到", Keep.LEDGER, UTCDateTime)
    state: Disposition = column(
        "问到哪一步", Keep.LEDGER, Code(Disposition), default=Disposition.PLANNED, index=True
    )
    asked: int = column("在聊天里问过几次", Keep.LEDGER, default=0)
    tries: int = column("打过几次电话", Keep.LEDGER, default=0)
    staff_id: int | None = column("谁来打", Keep.LEDGER, foreign_key="staff.id", default=None, index=True)
    recheck: Recheck = column(
        "抽到了没有，再问一遍一致不一致", Keep.LEDGER, Code(Recheck), default=Recheck.NOT_DRAWN
    )
    recheck_note: str | None = column(
        "核对的时候怎么说的", Keep.PERSON, Encrypted("callback.recheck_note"), default=None
    )
    answer_set_id: int | None = column("答了什么", Keep.LEDGER, default=None)
    late: bool = column("过了时间才答的", Keep.LEDGER, default=False)
    reason: str = column("为什么不问了", Keep.LEDGER, default="")
    created_at: datetime = column("什么时候排上的", Keep.LEDGER, UTCDateTime)


class CallTry(SQLModel, table=True):
    """One try to reach somebody for a call-back, by telephone or in writing, and how it went."""

    __tablename__ = "call_try"
    __table_args__ = (NUMBERED,)

    id: int = number(Keep.LEDGER)
    callback_id: int = column("哪次回访", Keep.LEDGER, foreign_key="callback.id", index=True)
    result: CallResult = column("打得怎样", Keep.LEDGER, Code(CallResult))
    by_text: bool = column("是发文字，不是打电话", Keep.LEDGER, default=False)
    note: str | None = column("怎么说的", Keep.PERSON, Encrypted("call_try.note"), default=None)
    staff_id: int = column("谁打的", Keep.LEDGER, foreign_key="staff.id")
    at: datetime = column("什么时候打的", Keep.LEDGER, UTCDateTime)
    next_at: datetime | None = column("约好下次什么时候", Keep.LEDGER, UTCDateTime, default=None)


class Interest(SQLModel, table=True):
    """Somebody would like a position; the employer gets nothing before a consent of its own."""

    __table_args__ = (UniqueConstraint("person_id", "position_id"), NUMBERED)

    id: int = number(Keep.LEDGER)
    person_id: int = column("谁想去", Keep.LEDGER, foreign_key="person.id", index=True)
    position_id: str = column("哪个岗位", Keep.LEDGER, foreign_key="position.position_id")
    ticket_id: int | None = column("哪个工单在办", Keep.LEDGER, foreign_key="ticket.id", default=None)
    at: datetime = column("什么时候说的", Keep.LEDGER, UTCDateTime)
    to_employer_at: datetime | None = column(
        "什么时候同意把信息给单位", Keep.LEDGER, UTCDateTime, default=None
    )


class Call(SQLModel, table=True):
    """Somebody to be phoned, and how it went: who has no chat, or did not answer there."""

    __table_args__ = (
        CheckConstraint("application_id IS NOT NULL OR signup_id IS NOT NULL", name="some_matter"),
        partial("ix_call_waiting", "due_at", "id", where="done_at IS NULL"),
        NUMBERED,
    )

    id: int = number(Keep.LEDGER)
    application_id: int | None = column(
        "为哪次报名", Keep.LEDGER, foreign_key="application.id", default=None, index=True
    )
    signup_id: int | None = column(
        "为哪次招聘会", Keep.LEDGER, foreign_key="fair_signup.id", default=None, index=True
    )
    why: str = column("为什么打（offer、decided、changed、fair）", Keep.LEDGER)
    about_id: int | None = column("哪一个名额、哪一次改动", Keep.LEDGER, default=None)
    due_at: datetime = column("几点前打", Keep.LEDGER, UTCDateTime)
    created_at: datetime = column("什么时候排上的", Keep.LEDGER, UTCDateTime)
    tried_at: datetime | None = column("什么时候打过", Keep.LEDGER, UTCDateTime, default=None)
    tries: int = column("打过几次", Keep.LEDGER, default=0)
    done_at: datetime | None = column("什么时候打通，或不用打了", Keep.LEDGER, UTCDateTime, default=None)
    done_by: str = column("谁打的", Keep.LEDGER, default="")
    outcome: str | None = column("打得怎样", Keep.PERSON, Encrypted("call.outcome"), default=None)
