"""How a try to call somebody back went: the answers, another number, when to try again, and what follows from it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlmodel import Session

from bot.afterwards import called_back
from bot.afterwards.called_back import ASKED as ANSWERED_BY
from bot.afterwards.called_back import TALK
from bot.channels.web.posted import Posted
from bot.console.callback_desk import CallDesk
from bot.console.callback_sheet import Sheet, read_sheet
from bot.console.callback_words import BY, IN_WRITING, OTHER_NUMBER, WITH_ANSWERS
from bot.console.entries import phone_in
from bot.console.inside import Inside
from bot.runner import Runner
from dialogs.model import Json
from dialogs.spoken import Misheard
from dialogs.spoken.dates import read_date
from dialogs.spoken.times import read_time
from dialogs.xform.flow import SheetFlow
from storage import forms, people
from storage.afterwards import call_list, callbacks
from storage.applications import enrolment
from storage.rules.calendar import WorkDays
from storage.rules.callback_days import call_at, next_try
from storage.staff.staff import note_access
from storage.tables import AnsweredBy, AnswerSet, CallResult, Channel, Disposition, Person
from storage.tickets.tables import Callback

MOST_WORDS = 1000

AGAIN, AGREED, NEVER = "again", "agreed", "never"
"""When to try again: as we suggest, as was agreed, or not at all."""

CHANGED_BY = "phone_changed"
"""The event by which staff of an open application see that a number is another one."""


@dataclass(frozen=True, slots=True)
class Written:
    """What a page of a call said beside the answers.

    Args:
        result: how it went; None where that was not said.
        by_text: whether it was in writing.
        note: what was said.
        phone: the number that is right; "" where it was not written.
        when: when to try again.
        at: the moment that was agreed; None where there is none, or it cannot be read.
        who: who answered, where the form does not ask.

    """

    result: CallResult | None
    by_text: bool
    note: str
    phone: str
    when: str
    at: datetime | None
    who: str


def written_in(form: Posted, now: datetime) -> Written:
    """Read a page. Raises Misheard for a telephone number that is none."""
    said = form.one("result")
    result = CallResult(said) if said in set(CallResult) else None
    when = form.one("when")
    return Written(
        result,
        result in IN_WRITING or form.one("by") == "text",
        form.one("note").strip()[:MOST_WORDS],
        phone_in(form.one("phone")),
        AGREED if result is CallResult.CALLBACK else when if when in (AGREED, NEVER) else AGAIN,
        _moment(form.one("day"), form.one("hour"), now),
        form.one("who") if form.one("who") in BY else "",
    )


class Caller:
    """One member at one call-back, with what the page of the call brought."""

    def __init__(self, session: Session, runner: Runner, inside: Inside, callback: Callback) -> None:
        self._session, self._inside, self._callback = session, inside, callback
        self._person = session.get_one(Person, callback.person_id)
        self._desk = CallDesk(session, runner, inside, callback)

    def save(self) -> str:
        """Keep the answers so far, and where a result was written what follows from it.

        Give the name of what was done, or of what is missing. What was typed and is no answer is not kept.
        """
        form, now = self._inside.form, self._inside.now
        here = self._desk.sit_down()
        try:
            said = written_in(form, now)
        except Misheard:
            said, problem = None, "callback_number"
        finishing = said is not None and said.result in WITH_ANSWERS and form.one("do") == "log"
        sheet = (
            Sheet((), {}) if here is None else read_sheet(here, here.frame.given, form, finishing=finishing)
        )
        if said is not None:
            problem = (
                "callback_kept" if form.one("do") != "log" else self._problem(said, sheet, here is not None)
            )
        if problem or said is None or said.result is None:
            if here is not None:
                # Optional questions are closed only with a form that is handed in, never by a try at it.
                asked = read_sheet(here, here.frame.given, form, finishing=False) if finishing else sheet
                self._desk.keep(asked.said)
            return problem
        self._log(said, said.result, sheet)
        return self._told()

    def correct(self, phone: str) -> bool:
        """Write down the number that is right, with the person and in what is open; audited."""
        if not phone or phone == self._person.phone:
            return False
        inside = self._inside
        people.update_person(self._session, self._person, phone=phone)
        enrolment.correct_answers(
            self._session, self._person.id, {"phone": phone}, CHANGED_BY, inside.actor, inside.now
        )
        note_access(self._session, inside.member, "phone_corrected", "person", self._person.id, inside.now)
        return True

    def _problem(self, said: Written, sheet: Sheet, has_form: bool) -> str:
        if said.result is None:
            return "callback_no_result"
        if sheet.wrong:
            return "callback_missing"
        if said.result in WITH_ANSWERS:
            if not has_form:
                return "callback_no_form"
            if sheet.missing or any(not line.sure for line in sheet.lines):
                return "callback_missing"
            if not said.who and ANSWERED_BY not in sheet.answers:
                return "callback_no_who"
        fresh = self._fresh(sheet)
        if said.result is CallResult.PARTIAL and not fresh:
            return "callback_nothing_said"
        if said.result is CallResult.REFUSE and fresh:
            return "callback_said_some"
        return "callback_no_time" if said.when == AGREED and not _is_worked(said.at) else ""

    def _log(self, said: Written, result: CallResult, sheet: Sheet) -> None:
        session, inside, callback = self._session, self._inside, self._callback
        callback.staff_id = inside.member.id
        is_other = self.correct(said.phone)
        next_at = self._next_at(said, result, is_other=is_other)
        if result in WITH_ANSWERS:
            result = self._finish(said, result, sheet)
        elif fresh := self._fresh(sheet):
            called_back.keep(session, callback, self._half(fresh, said), inside.now)
        self._desk.leave()
        callbacks.log_try(
            session, callback, result, inside.member, inside.now, by_text=said.by_text, note=said.note,
            next_at=next_at,
        )  # fmt: skip
        note_access(
            session, inside.member, "callback_tried", "callback", callback.id, inside.now, result.value
        )

    def _finish(self, said: Written, result: CallResult, sheet: Sheet) -> CallResult:
        """Hand in the answers as the form's own; give whose they are as the result has it."""
        session, callback = self._session, self._callback
        who = {} if ANSWERED_BY in sheet.answers else {ANSWERED_BY: said.who}
        if not self._desk.finish({**sheet.answers, **who}):
            raise RuntimeError(f"call-back {callback.id} is not finished by all its answers")
        session.refresh(callback)
        kept = session.get(AnswerSet, callback.answer_set_id)
        if kept is None:
            raise RuntimeError(f"call-back {callback.id} has no answers")
        if not said.by_text:
            kept.channel = Channel.PHONE.value
            session.add(kept)
        if result is CallResult.TEXT_DONE:
            return result
        by_others = kept.answered_by in (AnsweredBy.FAMILY, AnsweredBy.GUARDIAN)
        return CallResult.PROXY if by_others else CallResult.DONE

    def _half(self, answers: Mapping[str, Json], said: Written) -> forms.Given:
        """Give what was answered of a form that was not asked to its end."""
        callback = self._callback
        live = next((each for each in forms.live_forms(self._session) if each.name == callback.form), None)
        by = str(answers.get(ANSWERED_BY) or said.who)
        return forms.Given(
            form=callback.form,
            version=live.version if live else "",
            answers=answers,
            channel=(Channel.DESK if said.by_text else Channel.PHONE).value,
            person_id=callback.person_id,
            intake_id=callback.intake_id,
            about={"callback": callback.id},
            answered_by=AnsweredBy(by) if by in BY else AnsweredBy.UNSAID,
            complete=False,
        )

    def _fresh(self, sheet: Sheet) -> Mapping[str, Json]:
        """Give what was answered so far, if that is more than what was known before, and that somebody picked up."""
        known = self._desk.partly()
        is_new = any(known.get(name) != value for name, value in sheet.said.items() if name != TALK)
        return sheet.said if is_new else {}

    def _next_at(self, said: Written, result: CallResult, *, is_other: bool) -> datetime | None:
        """Give when to try again; None where that follows from the result alone."""
        now = self._inside.now
        if said.when == NEVER or result in WITH_ANSWERS or result is CallResult.REFUSE:
            return None
        if said.when == AGREED:
            return said.at
        if result in OTHER_NUMBER:
            others = [each for each in call_list.numbers_of(self._session, self._person) if not each.own]
            return now if is_other or others else None
        return next_try(now, now.tzinfo or UTC, WorkDays()) if result is CallResult.PARTIAL else None

    def _told(self) -> str:
        match self._callback.state:
            case Disposition.TO_CALL:
                return "callback_again"
            case Disposition.UNREACHED:
                return "callback_unreached"
            case Disposition.REFUSED:
                return "callback_refused"
            case _:
                return "callback_logged"


def asks_who(flow: object) -> bool:
    """Whether a form asks itself who answers."""
    return isinstance(flow, SheetFlow) and flow.form.find(ANSWERED_BY) is not None


def _is_worked(at: datetime | None) -> bool:
    """Whether somebody is there to phone at a moment."""
    return at is not None and call_at(at, at.tzinfo or UTC, WorkDays()) == at


def _moment(day: str, hour: str, now: datetime) -> datetime | None:
    """Read a day and an hour on the clock of the service's zone; None for what is none, or is over."""
    try:
        at = datetime.combine(read_date(day, now.date(), prefer="future"), read_time(hour), now.tzinfo)
    except Misheard:
        return None
    return at if at > now else None
