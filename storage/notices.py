"""Notices to many: written, planned for everybody they go to, sent, paused, stopped, corrected.

    notice = write(session, Topic.JOBS, Words("招聘会", "周六上午有招聘会。", buttons=(...)), staff_id, now)
    plan(desk, notice.id, contact_ids, now)         # one outbox row each; from a thread, not from an event loop
    send(session, notice.id, staff_id, now)         # or at=…; the workers do the rest
    pause / resume / stop(session, notice.id, ...)  # each says whether it was this press that did it
    correct(session, notice.id, words, ...)         # who has not got it yet gets the new words
    resend(desk, notice.id, ...)                    # once more to those who were not reached, and nobody else

How far it is, and what became of each, `notice_report` says; `mailing` is the workers' side. Every press is one
conditional change of the notice's row, so that of two at once one does it and the other is told that it did not:

    DRAFT -plan-> PLANNED -send-> SENDING -all gone-> DONE;  SENDING <-pause, resume-> PAUSED;
    PLANNED with a time, SENDING, PAUSED -stop-> STOPPED;  DONE, STOPPED -resend-> SENDING
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from itertools import islice
from typing import Any

from sqlalchemy import and_
from sqlmodel import Session, col, select, update

from storage import outbox, recipients
from storage.desk import Desk
from storage.limits import Condition
from storage.tables import Fate, Night, Notice, NoticeState, NoticeText, Outbox, Topic

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
        private: on Telegram only a neutral line goes out; the text itself is read on our own page.
        buttons: at most five.

    """

    title: str
    plain: str
    easy: str = ""
    en: str = ""
    sms: str = ""
    call_script: str = ""
    private: bool = False
    buttons: tuple[Button, ...] = ()


def write(
    session: Session,
    topic: Topic,
    words: Words,
    staff_id: int,
    now: datetime,
    *,
    night: Night = Night.WAITS,
    audience: Mapping[str, Any] | None = None,
) -> Notice:
    """Begin a notice as a draft.

    Args:
        session: a writing session.
        topic: what it is about; who refused that is left out. Topic.OWN cannot be refused.
        words: its first version.
        staff_id: who writes it.
        now: the moment.
        night: WAITS sends nothing in quiet hours and goes on in the morning; RINGS is for what cannot wait.
        audience: the choice of recipients as the page that made it wants it back; nothing here reads it.

    """
    notice = Notice(
        topic=topic, night=night, audience=dict(audience or {}), staff_id=staff_id, created_at=now
    )
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


def words_of(text: NoticeText) -> Words:
    """Give a stored version as it was written."""
    return Words(
        **{name: getattr(text, name) for name in _IN_WORDS},
        buttons=tuple(Button(**each) for each in text.buttons),
    )


def correct(
    session: Session, notice_id: int, words: Words, staff_id: int, now: datetime, *, seen: int
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
        seen: the version they had before them.

    Returns:
        the version's number; None when somebody else corrected it meanwhile.

    """
    notice = _hold(session, notice_id)
    if notice.version != seen:
        return None
    if notice.started_at is None:
        text = text_of(session, notice_id, seen)
        for name, value in _columns(words).items():
            setattr(text, name, value)
        text.staff_id, text.at = staff_id, now
        session.add(text)
        session.flush()
        return seen
    notice.version = seen + 1
    session.add(notice)
    _add_text(session, notice_id, notice.version, words, staff_id, now)
    return notice.version


def plan(
    desk: Desk,
    notice_id: int,
    contact_ids: Iterable[int],
    now: datetime,
    *,
    audience: Mapping[str, Any] | None = None,
) -> int | None:
    """Write a row for each recipient, in portions; flat in memory, and a million in well under a minute.

    Who refused the topic, and who cannot be reached, gets a row too, which says so. Cut off in the middle it is
    begun again with the same or other recipients: nobody is planned twice, and who is not meant any more is not
    sent it. Nothing goes out before `send`. Call it from a thread without an event loop.

    Args:
        desk: where it is kept.
        notice_id: a draft, or a notice planned before that nobody said to send.
        contact_ids: everybody, in any order; repeated ones and unknown ones do not count.
        now: the moment.
        audience: the choice of recipients, kept with the notice.

    Returns:
        how many recipients it has now, those left out included; None when somebody else sent it meanwhile.

    """
    if not desk.do_now(lambda session: _begin_plan(session, notice_id, audience)):
        return None
    for portion in _portions(contact_ids):
        adding = partial(_plan_portion, notice_id=notice_id, contact_ids=portion, now=now)
        if not desk.do_now(adding):
            return None
    while desk.do_now(lambda session: _leave_out(session, notice_id, now)):
        pass
    return desk.do_now(lambda session: _end_plan(session, notice_id, now))


def send(
    session: Session, notice_id: int, staff_id: int, now: datetime, *, at: datetime | None = None
) -> bool:
    """Say that a planned notice is to be sent, now or at a moment. Say whether this press did it."""
    begins = at is None or at <= now
    return _move(
        session,
        notice_id,
        and_(col(Notice.state) == NoticeState.PLANNED, col(Notice.send_at).is_(None)),
        send_at=at or now,
        sent_by=staff_id,
        **({"state": NoticeState.SENDING, "started_at": now} if begins else {}),
    )


def unschedule(session: Session, notice_id: int) -> bool:
    """Take a time back that has not come yet. Say whether this press did it."""
    waits = and_(col(Notice.state) == NoticeState.PLANNED, col(Notice.send_at).is_not(None))
    return _move(session, notice_id, waits, send_at=None, sent_by=None)


def pause(session: Session, notice_id: int) -> bool:
    """Let nothing more go out until `resume`; what is on its way at this moment still arrives."""
    return _move(session, notice_id, col(Notice.state) == NoticeState.SENDING, state=NoticeState.PAUSED)


def resume(session: Session, notice_id: int) -> bool:
    """Go on after a pause."""
    return _move(session, notice_id, col(Notice.state) == NoticeState.PAUSED, state=NoticeState.SENDING)


def stop(session: Session, notice_id: int) -> bool:
    """End a notice for good: what was not sent stays unsent, and the report says so."""
    stoppable = col(Notice.state).in_((NoticeState.PLANNED, NoticeState.SENDING, NoticeState.PAUSED))
    return _move(session, notice_id, stoppable, state=NoticeState.STOPPED)


def resend(desk: Desk, notice_id: int, staff_id: int, now: datetime) -> int | None:
    """Send a notice that is over once more, with its newest words, to those it surely did not reach.

    Who may have got it (`Fate.UNSURE`) is not sent it again. From a thread without an event loop.

    Returns:
        how many it goes to; None when it is not over, or somebody else pressed first.

    """
    if not desk.do_now(lambda session: _reopen(session, notice_id, staff_id)):
        return None
    opened = 0
    while done := desk.do_now(lambda session: recipients.open_again(session, notice_id, NOT_REACHED, now)):
        opened += done
    desk.do_now(lambda session: resume(session, notice_id))
    return opened


def send_trial(session: Session, notice_id: int, contact_id: int, now: datetime) -> None:
    """Send the newest words to a member of staff's own contact; the report does not count it."""
    outbox.promise(session, contact_id, TRIAL, {"notice": notice_id}, now=now)


def told_by_hand(session: Session, notice_id: int, contact_ids: Sequence[int]) -> int:
    """Note that staff told these recipients in another way (by telephone, SMS). Give how many that is new for."""
    rows = update(Outbox).where(col(Outbox.notice_id) == notice_id, col(Outbox.contact_id).in_(contact_ids))
    unsent = rows.where(col(Outbox.fate).in_((*NOT_REACHED, Fate.UNSURE)))
    return session.connection().execute(unsent.values(fate=Fate.BY_HAND)).rowcount


_IN_WORDS = ("title", "plain", "easy", "en", "sms", "call_script", "private")


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


def _hold(session: Session, notice_id: int) -> Notice:
    """Give a notice as it is now; nobody else changes it until this transaction ends."""
    wanted = select(Notice).where(Notice.id == notice_id).with_for_update()
    return session.exec(wanted.execution_options(populate_existing=True)).one()


def _move(session: Session, notice_id: int, where: Condition, **values: Any) -> bool:  # noqa: ANN401 - of any column
    """Change a notice that stands where it should. Say whether it did: of two at once, one does."""
    session.flush()
    moved = update(Notice).where(col(Notice.id) == notice_id, where).values(**values)
    done = session.connection().execute(moved).rowcount == 1
    session.expire_all()
    if done:
        session.info[outbox.PROMISED] = True
    return done


def _may_plan(notice: Notice) -> bool:
    unsent = notice.state is NoticeState.PLANNED and notice.send_at is None
    return notice.state is NoticeState.DRAFT or unsent


def _begin_plan(session: Session, notice_id: int, audience: Mapping[str, Any] | None) -> bool:
    notice = _hold(session, notice_id)
    if not _may_plan(notice):
        return False
    notice.state = NoticeState.DRAFT
    if audience is not None:
        notice.audience = dict(audience)
    session.add(notice)
    return True


def _plan_portion(session: Session, notice_id: int, contact_ids: Sequence[int], now: datetime) -> bool:
    notice = _hold(session, notice_id)
    if not _may_plan(notice):
        return False
    recipients.add(session, notice, contact_ids, now)
    return True


def _leave_out(session: Session, notice_id: int, now: datetime) -> int:
    """Take a portion of those out that an earlier plan meant and this one does not."""
    notice = _hold(session, notice_id)
    return recipients.leave_out(session, notice_id, now) if _may_plan(notice) else 0


def _end_plan(session: Session, notice_id: int, now: datetime) -> int | None:
    notice = _hold(session, notice_id)
    if not _may_plan(notice):
        return None
    notice.state, notice.planned_at = NoticeState.PLANNED, now
    session.add(notice)
    return recipients.count(session, notice_id)


def _reopen(session: Session, notice_id: int, staff_id: int) -> bool:
    """Let nothing go out while recipients are opened again: cut off there, `resume` and `resend` go on."""
    over = col(Notice.state).in_(OVER)
    return _move(
        session, notice_id, over, state=NoticeState.PAUSED, ended_at=None, sent_by=staff_id, counts={}
    )


def _portions(contact_ids: Iterable[int]) -> Iterator[list[int]]:
    left = iter(contact_ids)
    while portion := list(islice(left, recipients.PORTION)):
        yield portion
