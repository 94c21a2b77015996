"""The questions of an application, asked by staff in the person's stead: the same ones, kept in the same way.

The last page also asks how the person agreed and showed what they want; without it nothing is filed.
"""

from collections.abc import Mapping, Sequence

from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response

from bot import alerting
from bot.channels.web.door import Door, page_number, personal
from bot.channels.web.events import event_of, once_of, prompt_of
from bot.channels.web.posted import Posted
from bot.console.courses import course_words, number_in
from bot.console.inside import Inside, NotYours, told
from bot.console.pages import ConsolePages
from bot.heard import Address, Heard, Upload
from bot.runner import Runner
from dialogs.state import State
from dialogs.talk import About, Again, Begin, Event, Said, Sent, Submit
from storage import conversations
from storage.applications import assents, enrolment, entered
from storage.staff.staff import note_access
from storage.tables import Application, AssentAnswer, Channel, Person

FLOW = "apply"
REVIEW = "review"
"""The form of the question after which an application is filed."""

ENDS = frozenset({"too_late", "ticket_made"})
"""Flows that say why nothing was filed."""

MOST_WORDS = 1000
STOP = "。"

ASKED = "工作人员代录的时候问本人：想不想去，同不同意？"
"""The wording kept with what the person showed."""

WAYS: Mapping[str, str] = {
    "here": "本人当面说",
    "phone": "本人在电话里说",
    "shown": "手语、点头、指图这些方式",
}
"""How somebody shows what they want."""

SHOWN = ("way", "shown", "present")
"""Fields of the last page: how they showed it, in which words, and who was there."""


class NotShown(Exception):
    """Nobody wrote down how the person agreed: nothing is filed."""


class Entry:
    """The pages of one application that staff write down."""

    def __init__(self, door: Door, pages: ConsolePages) -> None:
        self._door = door
        self._runner = door.runner
        self._pages = pages

    async def show(self, request: Request, inside: Inside) -> Response:
        """Show the open question; what is paused, or came to nothing, is said."""
        return await self._page(request, inside)

    async def answer(self, request: Request, inside: Inside) -> Response:
        """Take what the person answered."""
        form, intake = inside.form, number_in(request.path_params["intake"])
        event, upload, mark = _said(form)

        def act(session: Session) -> tuple[str, bool]:
            person = _person(session, request, inside)
            if entered.talk_of(session, inside.member.id, person.id, inside.now) is None:
                return "", False  # it is filed already, and the page says so
            address = _address(inside, person)
            before = self._runner.look_in(session, address)
            is_open = _is_at(before, person, intake)
            taken: Event = event if is_open else Begin(FLOW, _about(person, intake))
            once = once_of(form.fields, mark if is_open else taken)
            heard = self._runner.hear_in(
                session, address, taken, once=once, upload=upload if is_open else None
            )
            is_sent = any(isinstance(each, Submit) and each.record == "application" for each in heard.effects)
            filed = enrolment.live_application(session, person.id, intake)
            if before.screen.form != REVIEW or not is_sent or filed is None:
                return "", heard.promised
            self._keep_shown(session, inside, filed)
            return filed.number, True

        try:
            number, promised = await self._runner.desk.do(act)
        except NotShown:
            return await self._page(request, inside, wrong=True)
        if promised:
            self._runner.nudge()
        if number:
            return told(f"/applications/{number}", "entered")
        if any(map(form.one, SHOWN)):
            return await self._page(request, inside)  # shown at once: what was typed goes along in its forms
        return told(f"/entries/{request.path_params['person']}/{intake}")

    def _keep_shown(self, session: Session, inside: Inside, filed: Application) -> None:
        """Keep how the person showed it, and end what staff may do in their stead."""
        way, words, present = (inside.form.one(each).strip()[:MOST_WORDS] for each in SHOWN)
        if way not in WAYS or not words:
            raise NotShown
        shown = f"{WAYS[way]}：{words.rstrip(STOP)}{STOP}" + (f"在场：{present}{STOP}" if present else "")
        assents.record_assent(
            session,
            filed,
            AssentAnswer.YES,
            wording=ASKED,
            channel=Channel.PHONE if way == "phone" else Channel.DESK,
            actor=inside.actor,
            now=inside.now,
            shown=shown,
        )
        found = entered.talk_of(session, inside.member.id, filed.person_id, inside.now)
        if found is not None and not drafts_at(session, found[1].contact_id):
            entered.end(session, found[1], inside.now)
        note_access(session, inside.member, "entered", "application", filed.id, inside.now)
        alerting.tell_staff(session, filed, self._runner.shelf, inside.now)

    async def _page(self, request: Request, inside: Inside, *, wrong: bool = False) -> Response:
        intake = number_in(request.path_params["intake"])

        def look(session: Session) -> tuple[Person, Heard | None, str, bool]:
            person = _person(session, request, inside)
            heard = self._runner.look_in(session, _address(inside, person))
            found = entered.talk_of(session, inside.member.id, person.id, inside.now)
            paused = found is not None and intake in drafts_at(session, found[1].contact_id)
            filed = enrolment.live_application(session, person.id, intake)
            return person, heard, filed.number if filed is not None and not paused else "", paused

        person, heard, number, paused = await self._runner.desk.look(look)
        if number:
            return told(f"/applications/{number}")
        asking = heard is not None and _is_at(heard, person, intake)
        values = {
            "inside": inside,
            "person": person,
            "intake": intake,
            "course": course_words(self._runner.shelf.current, intake),
            "said": heard.said if heard else (),
            "ended": heard.screen.text.splitlines() if heard and heard.screen.flow in ENDS else (),
            "takes_files": asking and heard is not None and bool(heard.screen.files),
            "question": self._door.pages.question(heard, page_number()) if heard and asking else "",
            "review": asking and heard is not None and heard.screen.form == REVIEW,
            "paused": paused,
            "can_go_back": heard is not None and heard.screen.can_go_back,
            "ways": WAYS,
            "typed": inside.form,
            "carried": [(name, typed) for name in SHOWN if (typed := inside.form.one(name)[:MOST_WORDS])],
            "wrong": wrong,
        }
        return personal(self._pages.render("entry.html", values), 409 if wrong else 200)


def open_entry(session: Session, runner: Runner, inside: Inside, person: Person, intake: int) -> None:
    """Open the questions about a person and a class for a member of staff."""
    entered.begin(session, inside.member.id, person, inside.now)
    runner.hear_in(session, _address(inside, person), Begin(FLOW, _about(person, intake)))


def drafts_at(session: Session, contact_id: int) -> Sequence[int]:
    """Give the classes for which something is begun in a conversation at the desk, and not finished."""
    state = State.load(conversations.read_conversation(session, contact_id, lock=False).state)
    begun = [each for each in (*state.frames, *state.waiting) if each.flow == FLOW]
    return [int(intake) for each in begun if (intake := dict(each.about).get("intake")) is not None]


def _said(form: Posted) -> tuple[Event, Upload | None, Event]:
    """Give what a form says, the file it brings where that is the answer, and what tells it from another form."""
    event = event_of(form.fields)
    sends = isinstance(event, Said | Again) and form.one("act") in ("", "send")
    if form.file is None or not sends:
        return event, None, event
    return Sent(form.file, prompt_of(form.fields)), Upload(form.file, form.body), Said(form.fingerprint)


def _person(session: Session, request: Request, inside: Inside) -> Person:
    """Whom an address names, where this member is writing them down. Raises NotYours."""
    number, intake = (number_in(request.path_params[each]) for each in ("person", "intake"))
    found = entered.talk_of(session, inside.member.id, number, inside.now)
    filed = enrolment.live_application(session, number, intake)
    if not inside.reach.holds(intake) or (found is None and filed is None):
        raise NotYours("entry")
    return session.get_one(Person, number)


def _address(inside: Inside, person: Person) -> Address:
    return Address(Channel.DESK, entered.key_of(inside.member.id, person.id))


def _about(person: Person, intake: int) -> About:
    return (("person", person.id), ("intake", intake))


def _is_at(heard: Heard, person: Person, intake: int) -> bool:
    """Whether the questions of this application are what is on the screen."""
    return heard.screen.flow == FLOW and heard.here.frame.about == _about(person, intake)
