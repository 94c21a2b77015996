"""One call-back: whom to phone or write to, the form filled in while talking, and how the try went."""

from http import HTTPStatus

from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response

from bot.afterwards.calling_back import heard_by
from bot.channels.web.door import personal
from bot.console.answers import tail
from bot.console.callback_check import earlier_answers
from bot.console.callback_desk import CallDesk, flow_name
from bot.console.callback_done import Caller, asks_who
from bot.console.callback_sheet import Sheet, read_sheet, script_of
from bot.console.callback_words import BY, CHECKS, KINDS, STATES
from bot.console.callbacks import about_words
from bot.console.courses import number_in
from bot.console.entries import phone_in
from bot.console.fair_sight import fairs_run_by
from bot.console.inside import Inside, NotYours, told
from bot.console.pages import ConsolePages
from bot.console.ticket_dossier import names_in
from bot.runner import Runner
from dialogs.spoken import Misheard
from storage.afterwards import call_list, callbacks
from storage.catalogue import codes
from storage.fairs.tables import FairSignup
from storage.rules.calendar import WorkDays
from storage.rules.callback_days import MOST_TRIES, next_try
from storage.staff.staff import note_access
from storage.tables import CallResult, Disposition, Person, Recheck
from storage.tickets.tables import Callback

DONE = frozenset(
    {"callback_again", "callback_unreached", "callback_refused", "callback_logged", "callback_changed"}
)
"""What ends a page of a call: the list is shown again."""

KEPT = "callback_kept"


class OneCallback:
    """The page of one call-back."""

    def __init__(self, runner: Runner, pages: ConsolePages) -> None:
        self._runner = runner
        self._pages = pages

    async def show(self, request: Request, inside: Inside) -> Response:
        """Show whom to phone; the numbers whole only to who has begun, which is kept."""
        return await self._page(request, inside, told_=request.query_params.get("told", ""))

    async def begin(self, request: Request, inside: Inside) -> Response:
        """Begin the call: from here on it is this member's, and the numbers are shown."""

        def act(session: Session) -> str:
            callback = hold(session, request, inside)
            note_access(session, inside.member, "callback_begun", "callback", callback.id, inside.now)
            if callback.state is not Disposition.TO_CALL:
                return "checking" if callback.recheck is Recheck.DRAWN else ""
            desk = CallDesk(session, self._runner, inside, callback)
            if desk.others() and inside.form.one("over") != "yes":
                return "callback_others"
            callback.staff_id = inside.member.id
            session.add(callback)
            desk.sit_down()
            return ""

        problem = await self._runner.desk.do(act)
        if problem == "checking":
            return await self._page(request, inside, numbers=True)
        if problem:
            return await self._page(request, inside, told_=problem, status=HTTPStatus.CONFLICT)
        return told(f"/callbacks/{request.path_params['callback']}")

    async def save(self, request: Request, inside: Inside) -> Response:
        """Keep the answers so far; with a result, what follows from it."""

        def act(session: Session) -> str:
            callback = hold(session, request, inside)
            if mark_of(callback) != inside.form.one("seen") or callback.state is not Disposition.TO_CALL:
                return "callback_meanwhile"
            return Caller(session, self._runner, inside, callback).save()

        done = await self._runner.desk.do(act)
        if done in DONE:
            self._runner.nudge()
            return told("/callbacks", done)
        status = HTTPStatus.OK if done == KEPT else HTTPStatus.CONFLICT
        return await self._page(request, inside, told_=done, posted=True, status=status)

    async def ask_in_chat(self, request: Request, inside: Inside) -> Response:
        """Ask in the chat once more instead of phoning."""

        def act(session: Session) -> str:
            callback = hold(session, request, inside)
            if callback.state is not Disposition.TO_CALL:
                return "callback_meanwhile"
            if not heard_by(session, callback, inside.now):
                return "callback_no_chat"
            call_list.ask_in_chat(session, callback, inside.now)
            CallDesk(session, self._runner, inside, callback).leave()
            note_access(session, inside.member, "callback_to_chat", "callback", callback.id, inside.now)
            return "callback_in_chat"

        done = await self._runner.desk.do(act)
        self._runner.nudge()
        return told("/callbacks", done)

    async def correct(self, request: Request, inside: Inside) -> Response:
        """Write down another number of somebody who was not reached, and phone them once more."""
        try:
            phone = phone_in(inside.form.one("phone"))
        except Misheard:
            return await self._page(request, inside, told_="callback_number", status=HTTPStatus.CONFLICT)

        def act(session: Session) -> str:
            callback = hold(session, request, inside)
            if callback.state is not Disposition.UNREACHED:
                return "callback_meanwhile"
            if not Caller(session, self._runner, inside, callback).correct(phone):
                return "nothing"
            callback.reason = ""
            callbacks.call(session, callback, inside.now)
            return "callback_changed"

        return told("/callbacks", await self._runner.desk.do(act))

    async def check(self, request: Request, inside: Inside) -> Response:
        """Write down whether who was asked once more said the same."""
        said, note = inside.form.one("same"), inside.form.one("note").strip()[:1000]

        def act(session: Session) -> str:
            callback = hold(session, request, inside)
            if callback.recheck is not Recheck.DRAWN:
                return "callback_meanwhile"
            if said not in (Recheck.SAME, Recheck.DIFFERS) or (said == Recheck.DIFFERS and not note):
                return "check_missing"
            callback.recheck, callback.recheck_note = Recheck(said), note or None
            session.add(callback)
            note_access(session, inside.member, f"recheck_{said}", "callback", callback.id, inside.now)
            return "checked"

        done = await self._runner.desk.do(act)
        if done == "check_missing":
            return await self._page(request, inside, told_=done, numbers=True, status=HTTPStatus.CONFLICT)
        return told("/callbacks", done, list="check")

    async def _page(
        self,
        request: Request,
        inside: Inside,
        *,
        told_: str = "",
        posted: bool = False,
        numbers: bool = False,
        status: HTTPStatus = HTTPStatus.OK,
    ) -> Response:
        """Draw the page; with `posted` as it was typed, with `numbers` whole numbers that were asked for."""
        form, now = inside.form, inside.now

        def look(session: Session) -> dict[str, object]:
            callback = found_at(session, request, inside)
            person, desk = (
                session.get_one(Person, callback.person_id),
                CallDesk(session, self._runner, inside, callback),
            )
            is_open = callback.state is Disposition.TO_CALL
            here = desk.place() if is_open else None
            sheet = Sheet((), {})
            if here is not None:
                sheet = read_sheet(here, here.frame.given, form if posted else None)
            names, tries = names_in(session), call_list.tries_of(session, callback.id)
            begun = is_open and callback.staff_id == inside.member.id and desk.may_fill
            checked = callback.recheck is not Recheck.NOT_DRAWN
            phones = call_list.numbers_of(session, person)
            return {
                "it": callback,
                "person": person,
                "about": about_words(session, self._runner.shelf.current, callback),
                "phones": [
                    (each.whose, each.phone if begun or numbers else tail(each.phone), each.own)
                    for each in phones
                ],
                "begun": begun,
                "numbers": begun or numbers,
                "others": [(names.get(each.staff_id, ""), each.since) for each in desk.others()]
                if is_open
                else [],
                "owner": names.get(callback.staff_id or 0, ""),
                "in_writing": call_list.prefers_text(person)
                or any(each.result is CallResult.TEXT_ONLY for each in tries),
                "has_chat": bool(heard_by(session, callback, now)),
                "script": script_of(self._runner.book.find(flow_name(callback)), self._runner.book, now),
                "sheet": sheet,
                "has_form": here is not None,
                "asks_who": here is not None and not asks_who(here.flow),
                "tries": [(each, names.get(each.staff_id, "")) for each in tries],
                "earlier": earlier_answers(session, self._runner.book, callback, now) if checked else None,
                "seen": mark_of(callback),
            }

        values = await self._runner.desk.look(look)
        values |= {
            "inside": inside,
            "typed": form,
            "page": max(1, number_in(("", *form.fields.get("page", ()))[-1])),
            "kinds": KINDS,
            "states_of": STATES,
            "checks": CHECKS,
            "who": BY,
            "results": codes.words("call_result"),
            "suggested": next_try(now, self._runner.settings.zone, WorkDays()),
            "most_tries": MOST_TRIES,
            "address": self._runner.settings.public_url,
            "problem": told_ in ABOUT_QUESTIONS,
        }
        return personal(self._pages.render("callback.html", values, told_), status)


ABOUT_QUESTIONS = frozenset({"callback_missing"})
"""What is said where the answers are the matter: only then are questions nobody asked yet marked."""


def mark_of(callback: Callback) -> str:
    """Give what changes with every try, by whomever."""
    return f"{callback.state.value}.{callback.tries}"


def found_at(session: Session, request: Request, inside: Inside) -> Callback:
    """Give the call-back an address names, where it is this member's business. Raises NotYours."""
    return _mine(session, session.get(Callback, number_in(request.path_params["callback"])), inside)


def hold(session: Session, request: Request, inside: Inside) -> Callback:
    """Give it, held until the transaction ends. Raises NotYours."""
    return _mine(session, callbacks.find(session, number_in(request.path_params["callback"])), inside)


def _mine(session: Session, callback: Callback | None, inside: Inside) -> Callback:
    if callback is None:
        raise NotYours("callback")
    within = inside.reach.intakes
    if within is None or callback.intake_id in within or callback.staff_id == inside.member.id:
        return callback
    signup = session.get(FairSignup, callback.signup_id) if callback.signup_id else None
    if signup is not None and signup.fair_id in fairs_run_by(session, inside):
        return callback
    raise NotYours("callback")
