"""Every column we keep about anyone, in one file: what it is for, how long it is kept, whether it is sealed.

This file is the privacy inventory. Each column's `info` holds `why` (what it is for, in Chinese, as it may
be shown to people) and `keep` (how long). Columns typed `Encrypted…` are unreadable without the key ring.
Deleting follows `keep`: the nightly purge and the person's own erasure go by it.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any, TypeVar

from sqlalchemy import JSON, CheckConstraint, Dialect, Index, String, UniqueConstraint, text
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field, SQLModel

from storage.base import UTCDateTime
from storage.crypto import Encrypted, EncryptedBytes, EncryptedJson

FILE_LIMIT = 20 * 1024 * 1024
"""Bytes of the largest file we store."""

Chosen = TypeVar("Chosen", bound=StrEnum)


class Keep(StrEnum):
    """How long a column is kept; the value is the sentence shown to people."""

    CONTACT = "最后一次联系后两年，或本人要求删除"
    PERSON = "最后一次培训后三年，或本人要求删除"
    LEDGER = "培训结束后五年（培训台账）"
    PROOF = "同意撤回后三年（证明问过、答过）"
    DRAFT = "最后一次说话后半年，或本人要求删除"
    LISTED = "三十天，或本人回答以后"
    SENT = "处理完后九十天"
    SEEN = "收到后七天"
    LINK = "过期后一天"
    STAFF = "离岗后三年（说明当时是谁办的）"
    ALWAYS = "一直保留，不含个人信息"


class Channel(StrEnum):
    WEB = "web"
    TELEGRAM = "telegram"
    TERMINAL = "terminal"
    PHONE = "phone"
    DESK = "desk"


class Reading(StrEnum):
    PLAIN = "plain"
    EASY = "easy"
    EN = "en"


class Size(StrEnum):
    STANDARD = "standard"
    LARGE = "large"
    HUGE = "huge"


class ContactRole(StrEnum):
    UNKNOWN = ""
    SELF = "self"
    FAMILY = "family"
    STAFF = "staff"


class Role(StrEnum):
    """What a contact is to a person; also who filled an application in (access.md F2)."""

    SELF = "self"
    HELPER = "helper"
    FAMILY = "family"
    GUARDIAN = "guardian"
    STAFF = "staff"


class Purpose(StrEnum):
    """What a consent is for: each one is asked and withdrawn on its own."""

    SENSITIVE = "sensitive"
    SCHOOL = "school"
    AUTHORITY = "authority"
    EMPLOYER = "employer"
    ABROAD = "abroad"


class Basis(StrEnum):
    """How an answer to a consent came about: given by whoever was asked, or written down by staff (代录)."""

    OWN = ""
    ENTERED = "entered"


class InboxStatus(StrEnum):
    DONE = "done"
    FAILED = "failed"


class Lane(StrEnum):
    REPLY = "reply"
    BULK = "bulk"


class Fate(StrEnum):
    """What became of a message; of a notice, the report counts recipients by it."""

    WAITING = ""
    SENT = "sent"
    """A channel that is not ours took it."""
    PAGE = "page"
    """It stands on our page."""
    BLOCKED = "blocked"
    """Whoever it is for lets nothing of ours in any more: to be phoned."""
    UNREACHABLE = "unreachable"
    """There is no place to send it to: to be phoned."""
    FAILED = "failed"
    UNSURE = "unsure"
    """No answer ever came: it may be out."""
    SKIPPED = "skipped"
    """It had lost its point, or is not wanted; `drop_reason` says why."""
    STOPPED = "stopped"
    BY_HAND = "by_hand"
    """Staff told them in another way."""


class Topic(StrEnum):
    """What a notice is about: each may be refused, but for what happens to one's own application."""

    TRAINING = "training"
    JOBS = "jobs"
    POLICY = "policy"
    OWN = "own"


class NoticeState(StrEnum):
    """Where a notice stands; `storage.notices` says who may go where."""

    DRAFT = "draft"
    PLANNED = "planned"
    SENDING = "sending"
    PAUSED = "paused"
    STOPPED = "stopped"
    DONE = "done"


class Night(StrEnum):
    """What a notice does in quiet hours."""

    WAITS = "waits"
    RINGS = "rings"


class Coming(StrEnum):
    """What somebody with a seat says to the reminder of their class."""

    YES = "yes"
    NO = "no"
    OTHER = "other"
    """They would like other days or hours."""


class ReminderState(StrEnum):
    DUE = "due"
    SENT = "sent"
    DROPPED = "dropped"
    DONE = "done"


class ApplicationState(StrEnum):
    DRAFT = "draft"
    AWAITING_ASSENT = "awaiting_assent"
    SUBMITTED = "submitted"
    QUESTION = "question"
    WAITLISTED = "waitlisted"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    FINISHED = "finished"


OVER = (ApplicationState.WITHDRAWN, ApplicationState.DECLINED, ApplicationState.FINISHED)
"""States in which an application asks for nothing any more."""


class NeedAnswer(StrEnum):
    OPEN = ""
    CAN = "can"
    DISCUSS = "discuss"
    CANNOT = "cannot"


class AssentAnswer(StrEnum):
    YES = "yes"
    NO = "no"
    UNSURE = "unsure"


class AssentHow(StrEnum):
    SELF = "self"
    STAFF_RECORDED = "staff_recorded"
    PARENT = "parent"


class WishState(StrEnum):
    OPEN = "open"
    ANSWERED = "answered"
    CLOSED = "closed"


class TicketState(StrEnum):
    OPEN = "open"
    TAKEN = "taken"
    ANSWERED = "answered"
    CLOSED = "closed"


class StaffRole(StrEnum):
    """What a member of staff is there for; what each may do stands in one table (bot/console/permissions)."""

    CLERK = "clerk"
    TEACHER = "teacher"
    EVALUATOR = "evaluator"
    ADMIN = "admin"


class ClassStep(StrEnum):
    """The class cycle; the first is the import of the intake itself."""

    REVIEWED = "reviewed"
    ENROLLING = "enrolling"
    OPENED = "opened"
    FINISHED = "finished"
    CALLED_OFF = "called_off"


class UploadState(StrEnum):
    """Where a table that staff brought stands; see `storage.uploads`."""

    READING = "reading"
    SHOWN = "shown"
    WRITING = "writing"
    DONE = "done"
    REFUSED = "refused"
    DROPPED = "dropped"


class FormState(StrEnum):
    """Where a version of a form stands; `live` is the one that is asked."""

    SHOWN = "shown"
    LIVE = "live"
    OVER = "over"


class AnsweredBy(StrEnum):
    """Who answered for whom (本人、家属、监护人、协助人); `unsaid` where nobody asked."""

    UNSAID = ""
    SELF = "self"
    HELPER = "helper"
    FAMILY = "family"
    GUARDIAN = "guardian"


class OfferState(StrEnum):
    OPEN = "open"
    TAKEN = "taken"
    REFUSED = "refused"
    PASSED = "passed"
    LAPSED = "lapsed"
    VOID = "void"


class FileKind(StrEnum):
    PHOTO = "photo"
    VOICE = "voice"
    DOCUMENT = "document"


class Code(TypeDecorator[Chosen]):
    """A StrEnum in Python, plain text in the database: a new member needs no migration on PostgreSQL."""

    impl = String
    cache_ok = True

    def __init__(self, kind: type[Chosen]) -> None:
        super().__init__()
        self.kind = kind

    def process_bind_param(self, value: Chosen | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        return None if value is None else self.kind(value).value

    def process_result_value(self, value: str | None, dialect: Dialect) -> Chosen | None:  # noqa: ARG002
        return None if value is None else self.kind(value)


def column(why: str, keep: Keep, kind: Any = None, **more: Any) -> Any:  # noqa: ANN401 - as SQLModel's Field
    """Declare a column with what it is for and how long it is kept."""
    if kind is not None:
        more["sa_type"] = kind
    return Field(sa_column_kwargs={"info": {"why": why, "keep": keep}}, **more)


def number(keep: Keep) -> Any:  # noqa: ANN401 - as SQLModel's Field
    """Declare the row's own number; never given to another row, even after deletion."""
    return column("编号", keep, default=None, primary_key=True)


def partial(name: str, *columns: str, where: str, unique: bool = False) -> Index:
    """Declare an index over only the rows that `where` names, on both databases; see `tell_postgresql`."""
    return Index(name, *columns, unique=unique, sqlite_where=text(where), info={"where": where})


def tell_postgresql() -> None:
    """Say of every partial index, for PostgreSQL too, which rows it is over.

    Only who makes tables from these classes needs it (migrations hold their own): naming it imports the whole
    of PostgreSQL's dialect, a tenth of a second that the first page of a server on SQLite would wait.
    """
    for table in SQLModel.metadata.tables.values():
        for index in table.indexes:
            if "where" in index.info:
                index.dialect_kwargs["postgresql_where"] = text(index.info["where"])


NUMBERED = {"sqlite_autoincrement": True}


class Contact(SQLModel, table=True):
    """Who talks to us: the person, a relative, a supporter, a guardian."""

    __table_args__ = (NUMBERED,)

    id: int = number(Keep.CONTACT)
    reading: Reading = column("用哪种说法", Keep.CONTACT, Code(Reading), default=Reading.PLAIN)
    size: Size = column("字多大", Keep.CONTACT, Code(Size), default=Size.STANDARD)
    role: ContactRole = column("替谁说话", Keep.CONTACT, Code(ContactRole), default=ContactRole.UNKNOWN)
    current_person_id: int | None = column(
        "正在说的是谁", Keep.CONTACT, default=None, foreign_key="person.id", index=True
    )
    created_at: datetime = column("哪天来的", Keep.CONTACT, UTCDateTime)
    seen_at: datetime = column("最后一次来，到期删除用", Keep.CONTACT, UTCDateTime, index=True)


class Account(SQLModel, table=True):
    """Where a contact is reached: a Telegram chat, a web visitor, a phone number."""

    __table_args__ = (UniqueConstraint("channel", "address_hash"), NUMBERED)

    id: int = number(Keep.CONTACT)
    contact_id: int = column("是谁的", Keep.CONTACT, foreign_key="contact.id", index=True)
    channel: Channel = column("哪种渠道", Keep.CONTACT, Code(Channel))
    address_hash: str = column("认出老朋友", Keep.CONTACT)
    address: str = column("把消息发到这里", Keep.CONTACT, Encrypted("account.address"))
    reachable: bool = column("还能不能发到", Keep.CONTACT, default=True)
    shown_prompt: int = column("聊天里最后看到的是第几题", Keep.CONTACT, default=0)
    shown_message: int = column("那一题在哪条消息里，好收回按钮", Keep.CONTACT, default=0)
    on_page: bool = column("是不是去网页上答了，答完在聊天里接着说", Keep.CONTACT, default=False)
    created_at: datetime = column("哪天来的", Keep.CONTACT, UTCDateTime)
    seen_at: datetime = column("最后一次来", Keep.CONTACT, UTCDateTime)


class Person(SQLModel, table=True):
    """Who is trained; an erased person keeps a number and nothing else."""

    __table_args__ = (
        CheckConstraint(
            "erased_at IS NULL OR (name IS NULL AND name_hash IS NULL AND cert_no IS NULL AND cert_hash IS NULL"
            " AND phone IS NULL AND phone_hash IS NULL)",
            name="erased_is_empty",
        ),
        NUMBERED,
    )

    id: int = number(Keep.LEDGER)
    name: str | None = column("怎么称呼", Keep.PERSON, Encrypted("person.name"), default=None)
    name_hash: str | None = column("按名字找人", Keep.PERSON, default=None, index=True)
    cert_no: str | None = column(
        "残疾人证号，实名登记和补贴要用", Keep.PERSON, Encrypted("person.cert_no"), default=None
    )
    cert_hash: str | None = column("认出是同一个人（证号前十八位）", Keep.PERSON, default=None, index=True)
    phone: str | None = column("打电话、发短信", Keep.PERSON, Encrypted("person.phone"), default=None)
    phone_hash: str | None = column("按电话找人", Keep.PERSON, default=None, index=True)
    profile: dict[str, Any] = column(
        "说过的话不再问第二遍：需要、住处、学历、工作等",
        Keep.PERSON,
        EncryptedJson("person.profile"),
        default_factory=dict,
    )
    created_at: datetime = column("哪天登记", Keep.LEDGER, UTCDateTime)
    erased_at: datetime | None = column("哪天删除", Keep.LEDGER, UTCDateTime, default=None)


class Relation(SQLModel, table=True):
    """What a contact may do for a person, on which ground, until when (access.md F1-F3)."""

    __table_args__ = (
        partial("uq_relation_active", "contact_id", "person_id", where="revoked_at IS NULL", unique=True),
        CheckConstraint("ends_at IS NULL OR ends_at >= started_at", name="ends_after_start"),
        NUMBERED,
    )

    id: int = number(Keep.PROOF)
    contact_id: int = column("谁帮忙", Keep.PROOF, foreign_key="contact.id", index=True)
    person_id: int = column("帮谁", Keep.PROOF, foreign_key="person.id", index=True)
    role: Role = column("是什么人", Keep.PROOF, Code(Role))
    powers: list[str] = column("可以做哪些事", Keep.PROOF, JSON, default_factory=list)
    basis: str | None = column("凭什么（监护的依据）", Keep.PROOF, Encrypted("relation.basis"), default=None)
    granted_by: str = column("谁答应的", Keep.PROOF)
    started_at: datetime = column("从哪天起", Keep.PROOF, UTCDateTime)
    ends_at: datetime | None = column("到哪天止", Keep.PROOF, UTCDateTime, default=None)
    revoked_at: datetime | None = column("哪天收回", Keep.PROOF, UTCDateTime, default=None)


class Consent(SQLModel, table=True):
    """What was agreed to, by whom, in which words; a new answer is a new row, only withdrawal is added."""

    __table_args__ = (
        Index("ix_consent_latest", "person_id", "purpose", "at"),
        CheckConstraint("withdrawn_at IS NULL OR withdrawn_at >= at", name="withdrawn_after"),
        NUMBERED,
    )

    id: int = number(Keep.PROOF)
    person_id: int = column("谁的信息", Keep.PROOF, foreign_key="person.id")
    contact_id: int | None = column(
        "谁回答的", Keep.PROOF, foreign_key="contact.id", default=None, index=True
    )
    purpose: Purpose = column("为什么事", Keep.PROOF, Code(Purpose))
    given: bool = column("同意还是不同意", Keep.PROOF)
    wording_version: str = column("问的是哪一版话", Keep.PROOF)
    wording: str = column("当时怎么问的", Keep.PROOF)
    channel: Channel = column("在哪里问的", Keep.PROOF, Code(Channel))
    basis: Basis = column("自己答的，还是工作人员代录的", Keep.PROOF, Code(Basis), default=Basis.OWN)
    at: datetime = column("什么时候答的", Keep.PROOF, UTCDateTime)
    withdrawn_at: datetime | None = column("什么时候撤回", Keep.PROOF, UTCDateTime, default=None)


class Conversation(SQLModel, table=True):
    """Where a contact's talk stands: answers by question name, one row a contact, changed only by version."""

    contact_id: int = column("谁的对话", Keep.DRAFT, primary_key=True, foreign_key="contact.id")
    version: int = column("第几步，防止做两遍", Keep.DRAFT, default=0)
    state: dict[str, Any] = column(
        "说到哪里了，下次接着说", Keep.DRAFT, EncryptedJson("conversation.state"), default_factory=dict
    )
    touched_at: datetime = column("最后一次说话，到期删除用", Keep.DRAFT, UTCDateTime, index=True)


class Inbox(SQLModel, table=True):
    """Updates already heard, so that the same one is never worked twice. Holds no words."""

    __table_args__ = (UniqueConstraint("channel", "key"), NUMBERED)

    id: int = number(Keep.SEEN)
    channel: Channel = column("哪种渠道", Keep.SEEN, Code(Channel))
    key: str = column("渠道给的编号，认出重复", Keep.SEEN)
    at: datetime = column("什么时候收到", Keep.SEEN, UTCDateTime, index=True)
    contact_id: int | None = column("谁说的", Keep.SEEN, foreign_key="contact.id", default=None, index=True)
    status: InboxStatus = column("处理好没有", Keep.SEEN, Code(InboxStatus), default=InboxStatus.DONE)
    note: str = column("没处理好的原因，不含原话", Keep.SEEN, default="")


class Notice(SQLModel, table=True):
    """A message staff push to many; each recipient is a row of the outbox, its words are in `NoticeText`."""

    __table_args__ = (partial("ix_notice_moving", "id", where="ended_at IS NULL"), NUMBERED)

    id: int = number(Keep.LEDGER)
    topic: Topic = column("关于什么，不想收的人不发", Keep.LEDGER, Code(Topic))
    state: NoticeState = column("办到哪一步", Keep.LEDGER, Code(NoticeState), default=NoticeState.DRAFT)
    version: int = column("现在是第几版", Keep.LEDGER, default=1)
    audience: dict[str, Any] = column("选的是哪些人，选的办法", Keep.LEDGER, JSON, default_factory=dict)
    night: Night = column("晚上等不等", Keep.LEDGER, Code(Night), default=Night.WAITS)
    send_at: datetime | None = column("几点发，空的是还没说发", Keep.LEDGER, UTCDateTime, default=None)
    counts: dict[str, int] = column("发完的数，名单删了以后还看得到", Keep.LEDGER, JSON, default_factory=dict)
    staff_id: int = column("谁写的", Keep.LEDGER, foreign_key="staff.id", index=True)
    sent_by: int | None = column("谁说发的", Keep.LEDGER, foreign_key="staff.id", default=None)
    created_at: datetime = column("什么时候写的", Keep.LEDGER, UTCDateTime)
    planned_at: datetime | None = column("什么时候排好名单", Keep.LEDGER, UTCDateTime, default=None)
    started_at: datetime | None = column("什么时候开始发", Keep.LEDGER, UTCDateTime, default=None)
    ended_at: datetime | None = column("什么时候全都发完或停下了", Keep.LEDGER, UTCDateTime, default=None)


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
    buttons: list[dict[str, Any]] = column(
        "下面的按钮，按了开始哪个对话", Keep.LEDGER, JSON, default_factory=list
    )
    staff_id: int = column("谁写的", Keep.LEDGER, foreign_key="staff.id", index=True)
    at: datetime = column("什么时候写的", Keep.LEDGER, UTCDateTime)


class Refusal(SQLModel, table=True):
    """A kind of notice that somebody does not want (退订)."""

    contact_id: int = column("谁不要", Keep.CONTACT, primary_key=True, foreign_key="contact.id")
    topic: Topic = column("不要哪一种", Keep.CONTACT, Code(Topic), primary_key=True)
    at: datetime = column("什么时候说的", Keep.CONTACT, UTCDateTime)


WAITING = "sent_at IS NULL AND dropped_at IS NULL"
MARKED = "(replied_at IS NOT NULL OR perhaps_twice)"


class Outbox(SQLModel, table=True):
    """Messages promised: written with their cause, claimed with a lease, rendered when sent."""

    __table_args__ = (
        partial("ix_outbox_waiting", "lane", "due_at", "id", where=f"{WAITING} AND notice_id IS NULL"),
        partial("uq_outbox_notice", "notice_id", "contact_id", where="notice_id IS NOT NULL", unique=True),
        partial(
            "ix_outbox_notice_waiting",
            *("notice_id", "channel", "due_at", "id"),
            where=f"{WAITING} AND notice_id IS NOT NULL",
        ),
        partial("ix_outbox_notice_fate", "notice_id", "fate", where="notice_id IS NOT NULL"),
        partial("ix_outbox_notice_marked", "notice_id", where=MARKED),
        CheckConstraint("sent_at IS NULL OR dropped_at IS NULL", name="one_end"),
        CheckConstraint("contact_id IS NOT NULL OR account_id IS NOT NULL", name="has_receiver"),
        CheckConstraint("dropped_at IS NULL OR drop_reason <> ''", name="drop_has_reason"),
        NUMBERED,
    )

    id: int = number(Keep.SENT)
    lane: Lane = column("回话先发，通知后发", Keep.SENT, Code(Lane))
    contact_id: int | None = column("发给谁", Keep.SENT, foreign_key="contact.id", default=None, index=True)
    account_id: int | None = column("发到哪里", Keep.SENT, foreign_key="account.id", default=None, index=True)
    kind: str = column("哪一种消息", Keep.SENT)
    payload: dict[str, Any] = column("说什么", Keep.SENT, EncryptedJson("outbox.payload"))
    key: str | None = column("同一件事只发一次", Keep.SENT, default=None, unique=True)
    due_at: datetime = column("什么时候发", Keep.SENT, UTCDateTime)
    not_after: datetime | None = column("过了就不发", Keep.SENT, UTCDateTime, default=None)
    claimed_until: datetime | None = column("正在发，到几点", Keep.SENT, UTCDateTime, default=None)
    claimed_by: str | None = column("哪台机器在发", Keep.SENT, default=None)
    attempts: int = column("试了几次", Keep.SENT, default=0)
    sent_at: datetime | None = column("什么时候发出", Keep.SENT, UTCDateTime, default=None, index=True)
    dropped_at: datetime | None = column("什么时候不发了", Keep.SENT, UTCDateTime, default=None)
    drop_reason: str = column("为什么不发了，工作人员看得到", Keep.SENT, default="")
    created_at: datetime = column("什么时候答应发", Keep.SENT, UTCDateTime)
    fate: Fate = column("结果怎样", Keep.SENT, Code(Fate), default=Fate.WAITING)
    notice_id: int | None = column("属于哪个通知", Keep.SENT, foreign_key="notice.id", default=None)
    version: int | None = column("发的是通知的第几版", Keep.SENT, default=None)
    channel: Channel | None = column("通知走哪个渠道", Keep.SENT, Code(Channel), default=None)
    perhaps_twice: bool = column("可能发了两次", Keep.SENT, default=False)
    replied_at: datetime | None = column("什么时候按了下面的按钮", Keep.SENT, UTCDateTime, default=None)


class Message(SQLModel, table=True):
    """What a web contact was sent and can read on the page."""

    __table_args__ = (Index("ix_message_page", "contact_id", "id"), NUMBERED)

    id: int = number(Keep.DRAFT)
    contact_id: int = column("发给谁", Keep.DRAFT, foreign_key="contact.id")
    text: str = column("说了什么", Keep.DRAFT, Encrypted("message.text"))
    at: datetime = column("什么时候", Keep.DRAFT, UTCDateTime)
    read_at: datetime | None = column("看过没有", Keep.DRAFT, UTCDateTime, default=None)
    outbox_id: int | None = column("同一条只放一次", Keep.DRAFT, default=None, unique=True)


class Reminder(SQLModel, table=True):
    """A message due at a time; judged again and rendered when it is due."""

    __table_args__ = (partial("ix_reminder_waiting", "due_at", "id", where="state = 'due'"), NUMBERED)

    id: int = number(Keep.SENT)
    kind: str = column("提醒什么", Keep.SENT)
    contact_id: int = column("提醒谁", Keep.SENT, foreign_key="contact.id", index=True)
    about: dict[str, Any] = column("哪个班次、哪次报名（只有编号）", Keep.SENT, JSON, default_factory=dict)
    due_at: datetime = column("什么时候提醒", Keep.SENT, UTCDateTime)
    version_of: int = column("对着第几版，改过就不发旧的", Keep.SENT, default=0)
    state: ReminderState = column("发了没有", Keep.SENT, Code(ReminderState), default=ReminderState.DUE)
    reason: str = column("没发的原因", Keep.SENT, default="")
    key: str = column("同一件事只提醒一次", Keep.SENT, unique=True)
    created_at: datetime = column("什么时候定的", Keep.SENT, UTCDateTime)


class ReminderWish(SQLModel, table=True):
    """How somebody wants to be reminded of class; who said nothing is reminded a week and a day before, at ten."""

    person_id: int = column("谁", Keep.PERSON, foreign_key="person.id", primary_key=True)
    days: list[int] = column("上课前几天提醒，空的是不要", Keep.PERSON, JSON, default_factory=list)
    hour: int = column("几点提醒", Keep.PERSON, default=10)
    helpers_too: bool = column("也提醒帮忙的人", Keep.PERSON, default=False)


class Application(SQLModel, table=True):
    """A person's request for an intake."""

    __table_args__ = (
        partial(
            "uq_application_live",
            "person_id",
            "intake_id",
            where="state NOT IN ('withdrawn', 'declined')",
            unique=True,
        ),
        Index("ix_application_queue", "intake_id", "state", "open_needs"),
        Index("ix_application_list", "state", "rank", "submitted_at", "id", "open_needs", "intake_id"),
        Index("ix_application_order", "rank", "submitted_at", "id"),
        partial("ix_application_needs", "rank", "submitted_at", "id", where="open_needs > 0"),
        NUMBERED,
    )

    id: int = number(Keep.LEDGER)
    number: str = column("报名号，如 2026-0031", Keep.LEDGER, unique=True)
    person_id: int = column("谁要学", Keep.LEDGER, foreign_key="person.id", index=True)
    contact_id: int | None = column("谁填的", Keep.LEDGER, foreign_key="contact.id", default=None, index=True)
    intake_id: int = column("报哪个班", Keep.LEDGER, foreign_key="intake.id")
    applicant_role: Role = column("填的人是本人的什么人", Keep.LEDGER, Code(Role))
    state: ApplicationState = column("办到哪一步", Keep.LEDGER, Code(ApplicationState))
    answers: dict[str, Any] = column(
        "报名表上的回答", Keep.PERSON, EncryptedJson("application.answers"), default_factory=dict
    )
    flow_revision: str = column("填的是哪一版表", Keep.LEDGER)
    submitted_at: datetime | None = column("什么时候交的", Keep.LEDGER, UTCDateTime, default=None)
    changed_at: datetime = column("什么时候改的", Keep.LEDGER, UTCDateTime)
    withdrawn_at: datetime | None = column("什么时候退的", Keep.LEDGER, UTCDateTime, default=None)
    state_reason: str | None = column(
        "为什么这样定，工作人员写的", Keep.PERSON, Encrypted("application.state_reason"), default=None
    )
    channel: Channel = column("在哪里报的", Keep.LEDGER, Code(Channel))
    staff_id: int | None = column(
        "哪位工作人员代录的，空的是自己报的", Keep.LEDGER, foreign_key="staff.id", default=None
    )
    rank: int = column("先看谁：优先条件的分数，前面加负号，小的在前", Keep.LEDGER, default=0)
    open_needs: int = column("几样需要还没有答", Keep.LEDGER, default=0)
    coming: Coming | None = column("提醒上课时说来不来，空的是没说", Keep.LEDGER, Code(Coming), default=None)


class Need(SQLModel, table=True):
    """One support an applicant asks for, and what staff promised. Sealed, for it tells the disability."""

    __table_args__ = (NUMBERED,)

    id: int = number(Keep.PERSON)
    application_id: int = column("哪次报名", Keep.PERSON, foreign_key="application.id", index=True)
    code: str = column("要什么帮忙", Keep.PERSON, Encrypted("need.code"))
    note: str | None = column("怎么帮才好", Keep.PERSON, Encrypted("need.note"), default=None)
    answer: NeedAnswer = column("能不能做到", Keep.PERSON, Code(NeedAnswer), default=NeedAnswer.OPEN)
    answer_note: str | None = column("怎么做到", Keep.PERSON, Encrypted("need.answer_note"), default=None)
    answered_at: datetime | None = column("什么时候答的", Keep.PERSON, UTCDateTime, default=None)
    answered_by: str = column("哪位工作人员答的", Keep.PERSON, default="")


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


class Assent(SQLModel, table=True):
    """What the person said to an application somebody else filled in, or a minor's parent (access.md F4, F12)."""

    __table_args__ = (NUMBERED,)

    id: int = number(Keep.PROOF)
    application_id: int = column("哪次报名", Keep.PROOF, foreign_key="application.id", index=True)
    person_id: int = column("问的是谁", Keep.PROOF, foreign_key="person.id", index=True)
    answer: AssentAnswer = column("本人想不想去，家长同不同意", Keep.PROOF, Code(AssentAnswer))
    how: AssentHow = column("自己答的、工作人员记的，还是家长答的", Keep.PROOF, Code(AssentHow))
    words: str | None = column("怎么表示的", Keep.PERSON, Encrypted("assent.words"), default=None)
    wording_version: str = column("问的是哪一版话", Keep.PROOF)
    channel: Channel = column("在哪里问的", Keep.PROOF, Code(Channel))
    at: datetime = column("什么时候答的", Keep.PROOF, UTCDateTime)


class ApplicationEvent(SQLModel, table=True):
    """What happened to an application, in order."""

    __tablename__ = "application_event"
    __table_args__ = (NUMBERED,)

    id: int = number(Keep.LEDGER)
    application_id: int = column("哪次报名", Keep.LEDGER, foreign_key="application.id", index=True)
    kind: str = column("发生了什么", Keep.LEDGER)
    at: datetime = column("什么时候", Keep.LEDGER, UTCDateTime)
    actor: str = column("谁做的（contact:12、staff:3、system）", Keep.LEDGER)
    note: str | None = column("说明", Keep.PERSON, Encrypted("application_event.note"), default=None)


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


class Wish(SQLModel, table=True):
    """What somebody would like to learn when nothing fits yet."""

    __table_args__ = (partial("ix_wish_open", "created_at", where="state = 'open'"), NUMBERED)

    id: int = number(Keep.PERSON)
    person_id: int | None = column("谁想学", Keep.PERSON, foreign_key="person.id", default=None, index=True)
    contact_id: int = column("回信给谁", Keep.PERSON, foreign_key="contact.id", index=True)
    wish: str = column("想学什么", Keep.PERSON, Encrypted("wish.wish"))
    how_far: str = column("能走多远", Keep.PERSON, default="")
    free_time: list[str] = column("什么时候有空", Keep.PERSON, JSON, default_factory=list)
    topics: list[str] = column("属于哪几类", Keep.PERSON, JSON, default_factory=list)
    state: WishState = column("回了没有", Keep.PERSON, Code(WishState), default=WishState.OPEN)
    created_at: datetime = column("什么时候说的", Keep.PERSON, UTCDateTime)
    answered_with: int | None = column("用哪个项目回的", Keep.PERSON, default=None)


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


class StoredFile(SQLModel, table=True):
    """A photo, a voice message or a paper somebody sent, sealed; ask for `body` only when it is needed."""

    __tablename__ = "stored_file"
    __table_args__ = (CheckConstraint(f"size >= 0 AND size <= {FILE_LIMIT}", name="size_limit"), NUMBERED)

    id: int = number(Keep.PERSON)
    key: str = column("对话里怎么叫它", Keep.PERSON, unique=True)
    contact_id: int = column("谁发来的", Keep.PERSON, foreign_key="contact.id", index=True)
    kind: FileKind = column("照片、语音还是文件", Keep.PERSON, Code(FileKind))
    mime: str = column("用什么打开", Keep.PERSON)
    size: int = column("多大（字节）", Keep.PERSON)
    name: str | None = column("文件名", Keep.PERSON, Encrypted("stored_file.name"), default=None)
    body: bytes = column("内容，核对后删除", Keep.PERSON, EncryptedBytes("stored_file.body"))
    created_at: datetime = column("什么时候发来", Keep.PERSON, UTCDateTime)


class SheetForm(SQLModel, table=True):
    """A form that staff brought as a spreadsheet, version by version. What was live once never changes."""

    __tablename__ = "sheet_form"
    __table_args__ = (
        UniqueConstraint("name", "version"),
        partial("ix_form_live", "name", where="state = 'live'", unique=True),
        NUMBERED,
    )

    id: int = number(Keep.ALWAYS)
    name: str = column("表的名字（form_id）", Keep.ALWAYS, index=True)
    version: str = column("第几版（settings 里的 version）", Keep.ALWAYS)
    title: str = column("给人看的名字", Keep.ALWAYS)
    xform: str = column("题目，XForm 格式", Keep.ALWAYS)
    sheet: bytes = column("工作人员传的表格", Keep.ALWAYS)
    state: FormState = column("在不在用", Keep.ALWAYS, Code(FormState), default=FormState.SHOWN)
    remarks: list[dict[str, Any]] = column("要看一看的地方", Keep.ALWAYS, JSON, default_factory=list)
    by: str = column("谁传的", Keep.ALWAYS)
    created_at: datetime = column("什么时候传的", Keep.ALWAYS, UTCDateTime)
    live_at: datetime | None = column("什么时候开始用", Keep.ALWAYS, UTCDateTime, default=None)


class AnswerSet(SQLModel, table=True):
    """What somebody answered to one version of a form."""

    __tablename__ = "answer_set"
    __table_args__ = (Index("ix_answer_set_form", "form", "intake_id"), NUMBERED)

    id: int = number(Keep.PERSON)
    key: str = column("这份回答的号", Keep.PERSON, unique=True)
    form: str = column("哪张表", Keep.PERSON)
    version: str = column("第几版", Keep.PERSON)
    person_id: int | None = column("说的是谁", Keep.PERSON, foreign_key="person.id", default=None, index=True)
    contact_id: int | None = column(
        "谁在回答", Keep.PERSON, foreign_key="contact.id", default=None, index=True
    )
    intake_id: int | None = column("说的是哪个班", Keep.PERSON, default=None, index=True)
    about: dict[str, Any] = column("还关于什么", Keep.PERSON, JSON, default_factory=dict)
    answered_by: AnsweredBy = column(
        "本人答的，还是别人替的", Keep.PERSON, Code(AnsweredBy), default=AnsweredBy.UNSAID
    )
    answers: dict[str, Any] = column(
        "怎么答的", Keep.PERSON, EncryptedJson("answer_set.answers"), default_factory=dict
    )
    complete: bool = column("答完了没有", Keep.PERSON, default=True)
    channel: str = column("在哪里答的", Keep.PERSON)
    at: datetime = column("什么时候答的", Keep.PERSON, UTCDateTime, index=True)


class Upload(SQLModel, table=True):
    """A table staff brought: read, shown row by row, and only then written. Its file goes when it is done with."""

    __table_args__ = (CheckConstraint("total >= 0 AND done >= 0", name="counted"), NUMBERED)

    id: int = number(Keep.SEEN)
    staff_id: int = column("谁传的", Keep.SEEN, foreign_key="staff.id", index=True)
    kind: str = column("哪一种表（projects、sessions、staff、results）", Keep.SEEN)
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


class GoToken(SQLModel, table=True):
    """A one-time link to our own page; only its hash is kept."""

    __tablename__ = "go_token"
    __table_args__ = (NUMBERED,)

    id: int = number(Keep.LINK)
    token_hash: str = column("认出链接", Keep.LINK, unique=True)
    contact_id: int = column("给谁的", Keep.LINK, foreign_key="contact.id", index=True)
    purpose: str = column("用来做什么", Keep.LINK)
    payload: dict[str, Any] = column(
        "打开后到哪一题", Keep.LINK, EncryptedJson("go_token.payload"), default_factory=dict
    )
    expires_at: datetime = column("到几点失效", Keep.LINK, UTCDateTime, index=True)
    used_at: datetime | None = column("用过没有", Keep.LINK, UTCDateTime, default=None)
    created_at: datetime = column("什么时候给的", Keep.LINK, UTCDateTime)


class Staff(SQLModel, table=True):
    """A member of staff: decides, answers, teaches or evaluates (see `staff`)."""

    __table_args__ = (NUMBERED,)

    id: int = number(Keep.STAFF)
    name: str = column("怎么称呼，决定上写谁", Keep.STAFF, Encrypted("staff.name"))
    role: StaffRole = column("可以做哪些事", Keep.STAFF, Code(StaffRole))
    region: str = column("管哪个地方，空的是全部", Keep.STAFF, default="")
    projects: list[str] = column("教哪些班", Keep.STAFF, JSON, default_factory=list)
    contact_id: int | None = column(
        "用哪个聊天办事", Keep.STAFF, foreign_key="contact.id", default=None, index=True
    )
    alerts: bool = column("有新报名，聊天里提醒不提醒", Keep.STAFF, default=True)
    created_at: datetime = column("哪天起", Keep.STAFF, UTCDateTime)
    revoked_at: datetime | None = column("哪天离岗", Keep.STAFF, UTCDateTime, default=None)


class StaffLink(SQLModel, table=True):
    """A one-time link into the console; only its hash is kept."""

    __tablename__ = "staff_link"
    __table_args__ = (NUMBERED,)

    id: int = number(Keep.LINK)
    token_hash: str = column("认出链接", Keep.LINK, unique=True)
    staff_id: int = column("给谁的", Keep.LINK, foreign_key="staff.id", index=True)
    expires_at: datetime = column("到几点失效", Keep.LINK, UTCDateTime, index=True)
    used_at: datetime | None = column("用过没有", Keep.LINK, UTCDateTime, default=None)


class StaffVisit(SQLModel, table=True):
    """A browser a member of staff is in with; only the hash of its cookie is kept."""

    __tablename__ = "staff_visit"
    __table_args__ = (NUMBERED,)

    id: int = number(Keep.LINK)
    key_hash: str = column("认出浏览器", Keep.LINK, unique=True)
    staff_id: int = column("是谁", Keep.LINK, foreign_key="staff.id", index=True)
    began_at: datetime = column("什么时候进来", Keep.LINK, UTCDateTime)
    seen_at: datetime = column("最后一次点，十二小时不点就出去", Keep.LINK, UTCDateTime, index=True)


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


class Call(SQLModel, table=True):
    """Somebody to be phoned, and how it went: who has no chat, or did not answer there."""

    __table_args__ = (partial("ix_call_waiting", "due_at", "id", where="done_at IS NULL"), NUMBERED)

    id: int = number(Keep.LEDGER)
    application_id: int = column("为哪次报名", Keep.LEDGER, foreign_key="application.id", index=True)
    why: str = column("为什么打（offer、decided、changed）", Keep.LEDGER)
    about_id: int | None = column("哪一个名额、哪一次改动", Keep.LEDGER, default=None)
    due_at: datetime = column("几点前打", Keep.LEDGER, UTCDateTime)
    created_at: datetime = column("什么时候排上的", Keep.LEDGER, UTCDateTime)
    tried_at: datetime | None = column("什么时候打过", Keep.LEDGER, UTCDateTime, default=None)
    tries: int = column("打过几次", Keep.LEDGER, default=0)
    done_at: datetime | None = column("什么时候打通，或不用打了", Keep.LEDGER, UTCDateTime, default=None)
    done_by: str = column("谁打的", Keep.LEDGER, default="")
    outcome: str | None = column("打得怎样", Keep.PERSON, Encrypted("call.outcome"), default=None)


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


class Weight(SQLModel, table=True):
    """How much a priority claim counts when applications are put in order; set by an admin, audited."""

    claim: str = column("哪个优先条件（代码表 priority）", Keep.ALWAYS, primary_key=True)
    points: int = column("算几分", Keep.ALWAYS)


class Lease(SQLModel, table=True):
    """What only one machine does at a time, such as asking Telegram for updates, and until when it has it."""

    name: str = column("哪件事", Keep.ALWAYS, primary_key=True)
    holder: str = column("哪台机器在做", Keep.ALWAYS)
    until: datetime = column("到几点", Keep.ALWAYS, UTCDateTime)


class Pace(SQLModel, table=True):
    """How fast a channel may be sent to by all workers together; see `pace`."""

    name: str = column("哪个渠道", Keep.ALWAYS, primary_key=True)
    free_at: datetime = column("下一条最早几点发，慢慢发不打扰渠道", Keep.ALWAYS, UTCDateTime)
    stopped_until: datetime = column("渠道让停到几点", Keep.ALWAYS, UTCDateTime)


class Counter(SQLModel, table=True):
    """Running numbers, such as `application:2026`; see `counting.next_number`."""

    name: str = column("哪种编号", Keep.ALWAYS, primary_key=True)
    value: int = column("用到第几号", Keep.ALWAYS)


class Vault(SQLModel, table=True):
    """Keys that live as long as the data, wrapped by the key ring; see `vault`."""

    name: str = column("哪把钥匙", Keep.ALWAYS, primary_key=True)
    value: bytes = column("锁着的钥匙", Keep.ALWAYS, EncryptedBytes("vault.value"))


class Audit(SQLModel, table=True):
    """Who looked at or changed what. Numbers and codes only; the database itself refuses changes."""

    __table_args__ = (Index("ix_audit_subject", "subject_kind", "subject_id"), NUMBERED)

    id: int = number(Keep.ALWAYS)
    at: datetime = column("什么时候", Keep.ALWAYS, UTCDateTime, index=True)
    actor: str = column("谁（contact:12、staff:3、system）", Keep.ALWAYS)
    action: str = column("做了什么", Keep.ALWAYS)
    subject_kind: str = column("对哪一类", Keep.ALWAYS, default="")
    subject_id: int | None = column("对第几号", Keep.ALWAYS, default=None)
    detail: str = column("补充，不含个人信息", Keep.ALWAYS, default="")
