"""What is kept for an ordinary turn, and how a column says what it is for, how long it is kept, whether it is sealed.

The other tables stand in files by meaning (`classes/tables`, `tickets/tables`, …), so that the first page of a server
does not wait for them; `every_table` knows them all and is the privacy inventory.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any, TypeVar

from sqlalchemy import JSON, CheckConstraint, Dialect, Index, String, UniqueConstraint, text
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field, SQLModel

import storage.catalogue.tables  # noqa: F401 - what foreign keys point to is to be known
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
    """Where a notice stands; `storage.notices.notices` says who may go where."""

    DRAFT = "draft"
    PLANNING = "planning"
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
    NOT_PASSED = "not_passed"
    """The class is over, and they did not pass."""


OVER = (
    ApplicationState.WITHDRAWN,
    ApplicationState.DECLINED,
    ApplicationState.FINISHED,
    ApplicationState.NOT_PASSED,
)
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
    """Where a table that staff brought stands; see `storage.staff.uploads`."""

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


class CallbackKind(StrEnum):
    """When somebody is asked how it went: after the class, a month and three months later, each month of a class."""

    T7 = "t7"
    T30 = "t30"
    T90 = "t90"
    MONTHLY = "monthly"
    FAIR = "fair"


class Disposition(StrEnum):
    """Where a call-back stands; `storage.rules.dispositions` says which may follow which."""

    PLANNED = "planned"
    ASKED = "asked"
    """In the chat, and not answered yet."""
    LATER = "later"
    """Whoever was asked named another time."""
    TO_CALL = "to_call"
    PARTIAL = "partial"
    COMPLETE = "complete"
    REFUSED = "refused"
    UNREACHED = "unreached"
    DROPPED = "dropped"
    """It lost its point before anybody answered; `reason` says why."""


class Recheck(StrEnum):
    """Whether a call-back was drawn to be asked once more, and whether the answers were the same."""

    NOT_DRAWN = ""
    DRAWN = "drawn"
    SAME = "same"
    DIFFERS = "differs"


class CallResult(StrEnum):
    """How one try to reach somebody went, as the code table call_result has it."""

    DONE = "done"
    PARTIAL = "partial"
    CALLBACK = "callback"
    NO_ANSWER = "no_answer"
    WRONG = "wrong"
    OFF = "off"
    DEAD = "dead"
    REFUSE = "refuse"
    PROXY = "proxy"
    TEXT_ONLY = "text_only"
    TEXT_DONE = "text_done"


class SignupState(StrEnum):
    """What somebody who was asked to a job fair said."""

    INVITED = "invited"
    COMING = "coming"
    NOT_COMING = "not_coming"


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
    """Declare an index over only the rows that `where` names, on both databases; `every_table` tells PostgreSQL."""
    return Index(name, *columns, unique=unique, sqlite_where=text(where), info={"where": where})


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
    in_chat: bool = column("在聊天里写的，排好、发完都在那里说一声", Keep.LEDGER, default=False)
    asked_by: int | None = column(
        "谁选的人，只排这个人能发的", Keep.LEDGER, foreign_key="staff.id", default=None
    )
    asking: int = column("第几次选人，排的是最后一次", Keep.LEDGER, default=0)
    gone_through: int = column("排名单看过几个人", Keep.LEDGER, default=0)
    alone: int = column("选的人里，几个没有人替他看消息", Keep.LEDGER, default=0)
    sent_by: int | None = column("谁说发的", Keep.LEDGER, foreign_key="staff.id", default=None)
    created_at: datetime = column("什么时候写的", Keep.LEDGER, UTCDateTime)
    planned_at: datetime | None = column("什么时候排好名单", Keep.LEDGER, UTCDateTime, default=None)
    started_at: datetime | None = column("什么时候开始发", Keep.LEDGER, UTCDateTime, default=None)
    ended_at: datetime | None = column("什么时候全都发完或停下了", Keep.LEDGER, UTCDateTime, default=None)
    halted: str = column("为什么没有人按，就自己停了", Keep.LEDGER, default="")
    elsewhere: list[dict[str, Any]] = column(
        "在别的哪里也发了（公众号、微信群、张贴），谁、什么时候", Keep.LEDGER, JSON, default_factory=list
    )


class Refusal(SQLModel, table=True):
    """A kind of notice that somebody does not want (退订)."""

    contact_id: int = column("谁不要", Keep.CONTACT, primary_key=True, foreign_key="contact.id")
    topic: Topic = column("不要哪一种", Keep.CONTACT, Code(Topic), primary_key=True)
    at: datetime = column("什么时候说的", Keep.CONTACT, UTCDateTime)


class Wanted(SQLModel, table=True):
    """A kind of notice that somebody said they want; never of a kind that the same contact refused."""

    contact_id: int = column("谁想收", Keep.CONTACT, primary_key=True, foreign_key="contact.id")
    topic: Topic = column("想收哪一种", Keep.CONTACT, Code(Topic), primary_key=True)
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
    contact_id: int | None = column(
        "提醒谁，空的是到时候看（工作人员、没有手机的人）",
        Keep.SENT,
        foreign_key="contact.id",
        default=None,
        index=True,
    )
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
    channel: Channel | None = column("提醒发到哪里，空的是都发", Keep.PERSON, Code(Channel), default=None)


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
