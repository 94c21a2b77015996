"""Notices to many: written, planned for everybody they go to, sent, paused, stopped, corrected.

    notice = write(session, Topic.JOBS, Words("招聘会", "周六上午有招聘会。", buttons=(...)), staff_id, now)
    notice_rows.plan(desk, notice.id, contact_ids, now)     # one outbox row each
    send(session, notice.id, staff_id, now)         # or at=…; the workers do the rest
    pause / resume / stop(session, notice.id, ...)  # each says whether it was this press that did it
    correct(session, notice.id, words, ...)         # who has not got it yet gets the new words
    rows.resend(desk, notice.id, ...)               # once more to those who were not reached, and nobody else

How far it is, and what became of each, `report` says; `mailing` is the workers' side. Every press is one
conditional change of the notice's row, so that of two at once one does it and the other is told that it did not:

    DRAFT -plan-> PLANNED -send-> SENDING -all gone-> DONE;  SENDING <-pause, resume-> PAUSED;
    DRAFT, PLANNED -chosen (`plan`)-> PLANNING -planned beside the pages-> PLANNED;
    PLANNED with a time, SENDING, PAUSED -stop-> STOPPED;  DONE, STOPPED -resend-> SENDING
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import and_
from sqlmodel import Session, col, select, update

from storage import outbox
from storage.keeping.limits import Condition
from storage.notices.tables import NoticeText
from storage.tables import Fate, Night, Notice, NoticeState, Outbox, Topic

TRIAL = "notice_trial"
"""The kind of a copy that staff send to themselves: it is none of the recipients."""

OVER = (NoticeState.DONE, NoticeState.STOPPED)

NOT_REACHED = (Fate.BLOCKED, Fate.UNREACHABLE, Fate.FAILED, Fate.STOPPED)
"""What became of those a notice surely did not reach though they want it: they are sent it again, or phoned."""


@dataclass(frozen=True, slots=True)
class Button:
    """A button under a notice: pressed, it begins a flow for the recipient.

    Args:
        label: what stands on it.
        flow: the flow's name, such as "browse".
        about: what the flow is about, such as {"intake": 12}.
        given: answers it begins with.

    """

    label: str
    flow: str
    about: Mapping[str, int | str] = field(default_factory=dict)
    given: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Words:
    """What a notice says, in every form. Placeholders are Jinja2: {{ name }} of the person, filled in when sent.

    Args:
        title: what staff call it; it stands above the text.
        plain: the text.
        easy: the same in easy words; "" where the plain text is easy already.
        en: the same in English; the plain text where it is "".
        sms: at most 70 characters, for the office's own sender.
        call_script: what is said on the telephone.
        file_id: a picture or a paper that goes with it (`files`); None for none.
        file_words: what is on the picture, or in the paper, for who cannot see it.
        private: on Telegram only a neutral line goes out; the text itself is read on our own page.
        buttons: at most five.

    """

    title: str
    plain: str
    easy: str = ""
    en: str = ""
    sms: str = ""
    call_script: str = ""
    file_id: int | None = None
    file_words: str = ""
    private: bool = False
    buttons: tuple[Button, ...] = ()


def write(
    session: Session,
    topic: Topic,
    words: Words,
    staff_id: int,
    now: datetime,
    *,
    audience: Mapping[str, Any] | None = None,
) -> Notice:
    """Begin a notice as a draft.

    Args:
        session: a writing session.
        topic: what it is about; who refused that is left out. Topic.OWN cannot be refused.
        words: its first version.
        staff_id: who writes it.
        now: the moment.
        audience: the choice of recipients as the page that made it wants it back; nothing here reads it.

    """
    notice = Notice(topic=topic, audience=dict(audience or {}), staff_id=staff_id, created_at=now)
    session.add(notice)
    session.flush()
    _add_text(session, notice.id, 1, words, staff_id, now)
    return notice


def text_of(session: Session, notice_id: int, version: int | None = None) -> NoticeText:
    """Give the words of a version; the newest when none is named."""
    wanted = select(NoticeText).where(NoticeText.notice_id == notice_id)
    if version is not None:
        wanted = wanted.where(NoticeText.version == version)
    return session.exec(wanted.order_by(col(NoticeText.version).desc()).limit(1)).one()


def text_in(session: Session, row: Outbox) -> NoticeText | None:
    """Give the words a row of the outbox brings: a recipient's copy, or a trial of the newest; None for any other."""
    if row.notice_id is not None:
        return text_of(session, row.notice_id, row.version)
    return text_of(session, row.payload["notice"]) if row.kind == TRIAL else None


def mark_of(text: NoticeText) -> str:
    """Give what tells these words from any others of the notice: who acts on them sends it back."""
    return f"{text.version}.{text.at.timestamp():.6f}"


def words_of(text: NoticeText) -> Words:
    """Give a stored version as it was written."""
    return Words(
        **{name: getattr(text, name) for name in _IN_WORDS},
        buttons=tuple(Button(**each) for each in text.buttons),
    )


def correct(
    session: Session, notice_id: int, words: Words, staff_id: int, now: datetime, *, seen: str
) -> int | None:
    """Change the words. Who has not got the notice yet gets the new ones.

    Before anything was sent they take the place of the old ones; later they are a new version, and the report
    knows who got which.

    Args:
        session: a writing session.
        notice_id: which notice.
        words: all of them, as they shall be.
        staff_id: who corrects.
        now: the moment.
        seen: the mark of the words they had before them (`mark_of`).

    Returns:
        the version's number; None when somebody else corrected them meanwhile.

    """
    notice = hold(session, notice_id)
    text = text_of(session, notice_id)
    if mark_of(text) != seen:
        return None
    if notice.started_at is None:
        for name, value in _columns(words).items():
            setattr(text, name, value)
        text.staff_id, text.at = staff_id, now
        session.add(text)
        session.flush()
        return text.version
    notice.version = text.version + 1
    session.add(notice)
    _add_text(session, notice_id, notice.version, words, staff_id, now)
    return notice.version


def hold(session: Session, notice_id: int) -> Notice:
    """Give a notice as it is now; nobody else changes it until this transaction ends."""
    wanted = select(Notice).where(Notice.id == notice_id).with_for_update()
    return session.exec(wanted.execution_options(populate_existing=True)).one()


def may_plan(_: Session, notice: Notice) -> bool:
    """Say whether recipients may be chosen still: nobody said to send it."""
    unsent = notice.state is NoticeState.PLANNED and notice.send_at is None
    return notice.state in (NoticeState.DRAFT, NoticeState.PLANNING) or unsent


def send(
    session: Session,
    notice_id: int,
    staff_id: int,
    now: datetime,
    *,
    at: datetime | None = None,
    night: Night = Night.WAITS,
) -> bool:
    """Say that a planned notice is to be sent, now or at a moment. Say whether this press did it.

    WAITS sends nothing in quiet hours and goes on in the morning; RINGS is for what cannot wait.
    """
    begins = at is None or at <= now
    return move(
        session,
        notice_id,
        and_(col(Notice.state) == NoticeState.PLANNED, col(Notice.send_at).is_(None)),
        send_at=at or now,
        night=night,
        sent_by=staff_id,
        **({"state": NoticeState.SENDING, "started_at": now} if begins else {}),
    )


def unschedule(session: Session, notice_id: int) -> bool:
    """Take a time back that has not come yet. Say whether this press did it."""
    waits = and_(col(Notice.state) == NoticeState.PLANNED, col(Notice.send_at).is_not(None))
    return move(session, notice_id, waits, send_at=None, sent_by=None)


def pause(session: Session, notice_id: int) -> bool:
    """Let nothing more go out until `resume`; what is on its way at this moment still arrives."""
    return move(session, notice_id, col(Notice.state) == NoticeState.SENDING, state=NoticeState.PAUSED)


def halt(session: Session, notice_id: int, why: str) -> bool:
    """Pause a notice because its words cannot be sent; `why` is kept until somebody lets it go on."""
    sending = col(Notice.state) == NoticeState.SENDING
    return move(session, notice_id, sending, state=NoticeState.PAUSED, halted=why)


def resume(session: Session, notice_id: int) -> bool:
    """Go on after a pause."""
    paused = col(Notice.state) == NoticeState.PAUSED
    return move(session, notice_id, paused, state=NoticeState.SENDING, halted="")


def stop(session: Session, notice_id: int) -> bool:
    """End a notice for good: what was not sent stays unsent, and the report says so."""
    stoppable = col(Notice.state).in_((NoticeState.PLANNED, NoticeState.SENDING, NoticeState.PAUSED))
    return move(session, notice_id, stoppable, state=NoticeState.STOPPED)


def send_trial(session: Session, notice_id: int, contact_id: int, now: datetime) -> None:
    """Send the newest words to a member of staff's own contact; the report does not count it."""
    outbox.promise(session, contact_id, TRIAL, {"notice": notice_id}, now=now)


_IN_WORDS = ("title", "plain", "easy", "en", "sms", "call_script", "file_id", "file_words", "private")


def _columns(words: Words) -> dict[str, Any]:
    buttons = [
        {"label": each.label, "flow": each.flow, "about": dict(each.about), "given": dict(each.given)}
        for each in words.buttons
    ]
    return {**{name: getattr(words, name) for name in _IN_WORDS}, "buttons": buttons}


def _add_text(
    session: Session, notice_id: int, version: int, words: Words, staff_id: int, now: datetime
) -> None:
    session.add(
        NoticeText(notice_id=notice_id, version=version, staff_id=staff_id, at=now, **_columns(words))
    )
    session.flush()


def move(session: Session, notice_id: int, where: Condition, **values: Any) -> bool:  # noqa: ANN401 - of any column
    """Change a notice that stands where it should. Say whether it did: of two at once, one does."""
    session.flush()
    moved = update(Notice).where(col(Notice.id) == notice_id, where).values(**values)
    done = session.connection().execute(moved).rowcount == 1
    session.expire_all()
    if done:
        session.info[outbox.PROMISED] = True
    return done
