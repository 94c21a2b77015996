"""Notices to many from a chat: the console's own acts, allowed and held once more at the moment they are done."""

from collections.abc import Callable, Mapping

from sqlmodel import Session

from bot.acts.staffing import LEFT_OPEN, refused
from bot.console.permissions import Act, may
from bot.notices.buttons import NO_MORE
from bot.notices.checks import Fault, faults, hard, names_in
from bot.notices.rights import reached_by, seen_by, some_names
from bot.submitted import Submitted
from dialogs.model import Json
from dialogs.talk import Begin
from storage.notices import groups as notice_groups
from storage.notices import notices
from storage.notices import plan as notice_plan
from storage.notices.notices import Button, Words
from storage.staff import staff
from storage.tables import Notice, NoticeState, Staff, Topic

STEPS: Mapping[str, Callable[[Session, int], bool]] = {
    "pause": notices.pause,
    "resume": notices.resume,
    "stop": notices.stop,
}

MENU = Begin("staff_notices")

EVERYBODY = "all"


def words(session: Session, submitted: Submitted) -> Begin:
    """Keep the words as a draft; those that cannot be sent, and hard ones, are shown to be mended first."""
    member = _writer(session, submitted)
    if member is None:
        return refused(session, submitted, staff.staff_of_contact(session, submitted.contact_id))
    topic, title, text, do_ = (submitted.text(name) for name in ("topic", "title", "words", "do"))
    if LEFT_OPEN & {topic, title, text} or do_ == "none":
        return MENU
    if do_ == "mend":
        return Begin(
            "staff_notice_write", given={"topic": topic, "title": title, "words": "", "before": text}
        )
    kept = Words(title, text, buttons=() if topic == Topic.OWN else (Button(NO_MORE, "notices"),))
    catalogue = submitted.shelf.current
    wrong = faults(kept, some_names(session, reached_by(member, catalogue), submitted.now))
    if wrong:
        return _mend(kept, topic, wrong, must=True)
    if do_ != "keep" and (found := hard(kept, names_in(catalogue, kept))):
        return _mend(kept, topic, found, must=False)
    notice = notices.write(session, Topic(topic), kept, member.id, submitted.now)
    _note(session, member, "wrote notice", notice, submitted)
    return Begin("staff_notice_whom", (("notice", notice.id),), {"who": ""})


def people(session: Session, submitted: Submitted) -> Begin:
    """Keep who it goes to; the list is made beside, and a letter says when it is ready."""
    member = _writer(session, submitted)
    notice = None if member is None else seen_by(session, submitted.number("notice") or 0, member)
    if member is None or notice is None:
        return refused(session, submitted, staff.staff_of_contact(session, submitted.contact_id))
    who = submitted.text("who")
    group = (
        notice_groups.find_group(session, member.region, int(who))
        if who.isascii() and who.isdigit()
        else None
    )
    if group is None and who != EVERYBODY:
        return MENU
    choice = {} if group is None else group.audience
    if not notice_plan.ask(session, notice.id, choice, member.id, in_chat=True):
        return _done("sent_before")
    _note(session, member, "chose for notice", notice, submitted)
    return _done("listing")


def do(session: Session, submitted: Submitted) -> Begin:
    """Send, pause, go on or stop; pressed twice it is done once, and the second press is told so."""
    member = _writer(session, submitted)
    notice = None if member is None else seen_by(session, submitted.number("notice") or 0, member)
    if member is None or notice is None:
        return refused(session, submitted, staff.staff_of_contact(session, submitted.contact_id))
    asked = submitted.text("do")
    if asked == "send":
        return _done(_send(session, submitted, member, notice))
    if asked in STEPS and (asked != "stop" or submitted.text("sure") == "yes"):
        if not STEPS[asked](session, notice.id):
            return _done("meanwhile")
        _note(session, member, f"{asked} notice", notice, submitted)
        return _done(asked)
    return _done("later") if asked == "later" else MENU


def _send(session: Session, submitted: Submitted, member: Staff, notice: Notice) -> str:
    if notice.state in (NoticeState.DRAFT, NoticeState.PLANNING):
        return "not_listed"
    if notice.state is NoticeState.PLANNED and submitted.answers.get("asking") != notice.asking:
        return "other_list"
    if not notices.send(session, notice.id, member.id, submitted.now):
        return "sent_before"
    _note(session, member, "sent notice", notice, submitted)
    return "sent"


def _writer(session: Session, submitted: Submitted) -> Staff | None:
    member = staff.staff_of_contact(session, submitted.contact_id)
    return member if member is not None and may(member, Act.NOTICES) else None


def _mend(kept: Words, topic: str, found: list[Fault], *, must: bool) -> Begin:
    reasons: dict[str, list[str]] = {}
    for each in found:
        reasons.setdefault(each.sentence.rstrip("。！？") or each.where, []).append(each.why)
    shown: list[Json] = [[what, "".join(why)] for what, why in reasons.items()]
    given: dict[str, Json] = {"topic": topic, "title": kept.title, "words": kept.plain, "do": ""}
    return Begin("staff_notice_mend", given={**given, "found": shown, "must": "yes" if must else "no"})


def _done(what: str) -> Begin:
    return Begin("staff_notice_done", given={"what": what, "told": ""})


def _note(session: Session, member: Staff, act: str, notice: Notice, submitted: Submitted) -> None:
    staff.note_access(session, member, act, "notice", notice.id, submitted.now, "chat")
