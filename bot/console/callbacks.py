"""The list of people to call back, what came of all call-backs, and the draw of those that are checked."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from secrets import randbelow

from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response

from bot.channels.web.door import personal
from bot.console.answers import tail
from bot.console.callback_words import CHECKS, KINDS, LISTS, STATES
from bot.console.courses import course_words, number_in
from bot.console.fair_sight import fairs_run_by
from bot.console.inside import Inside, told
from bot.console.pages import ConsolePages
from bot.console.paging import A_PAGE, page_of, turning
from bot.console.ticket_dossier import names_in
from bot.console.words import called
from bot.runner import Runner
from storage.afterwards import call_list, callbacks
from storage.afterwards.call_list import Draw
from storage.catalogue.snapshot import Snapshot
from storage.catalogue.tables import Fair
from storage.fairs.tables import FairSignup
from storage.rules.calendar import WorkDays
from storage.rules.dispositions import Rates, rates
from storage.staff.staff import note_access
from storage.tables import CallbackKind, Disposition, Person
from storage.tickets.tables import Callback

MOST_SEED = 10**6
"""Seeds are drawn below it, so that one can be read out."""

PERIOD = timedelta(days=90)
"""How far back a draw reaches where nobody says."""


@dataclass(frozen=True, slots=True)
class Row:
    """One call-back in a list."""

    callback: Callback
    name: str
    about: str
    phones: Sequence[tuple[str, str]]
    in_writing: bool
    owner: str


class Callbacks:
    """The lists' page, and the draw."""

    def __init__(self, runner: Runner, pages: ConsolePages) -> None:
        self._runner = runner
        self._pages = pages

    async def show(self, request: Request, inside: Inside) -> Response:
        """Show one page of one list."""
        return await self._page(request, inside, told_=request.query_params.get("told", ""))

    async def draw(self, request: Request, inside: Inside) -> Response:
        """Draw one in five of the completed call-backs, by a seed that is kept with all there was to draw from."""
        form = inside.form
        intake, kinds = number_in(form.one("intake")), _kinds(form.one("kind"))
        seed = number_in(form.one("seed")) or randbelow(MOST_SEED)
        since, until = _period(form.one("since"), form.one("until"), inside.now)
        reach = inside.reach.intakes
        within = frozenset({intake}) if intake and inside.reach.holds(intake) else reach

        def act(session: Session) -> Draw | None:
            mine = () if intake else fairs_run_by(session, inside)
            found = call_list.completed(session, within, kinds, since, until, fairs=mine)
            if not found:
                return None
            drawn = call_list.draw(seed, found)
            call_list.mark_drawn(session, drawn)
            about = f"{since.date()}..{until.date()} {'+'.join(kinds)} intake={intake or 'all'}"
            detail = f"seed={seed} from={_listed(drawn.population)} drawn={_listed(drawn.drawn)} {about}"
            note_access(session, inside.member, "recheck_drawn", "callback", None, inside.now, detail)
            return drawn

        drawn = await self._runner.desk.do(act)
        if drawn is None:
            return told("/callbacks", "none_to_draw", list="check")
        return await self._page(request, inside, told_="drawn", kind="check", drawn=drawn)

    async def _page(
        self, request: Request, inside: Inside, *, told_: str, kind: str = "", drawn: Draw | None = None
    ) -> Response:
        asked = request.query_params
        kind = kind or (asked["list"] if asked.get("list") in LISTS else "now")
        mine = asked.get("who") == "mine"
        is_worked = WorkDays().is_worked(inside.now.date())

        def look(
            session: Session,
        ) -> tuple[Sequence[Row], Mapping[str, int], Rates, Mapping[Disposition, int]]:
            found = lists_of(session, inside, mine=mine)
            mine_too = fairs_run_by(session, inside)
            counts = callbacks.counts(session, intake_ids=inside.reach.intakes, fair_ids=mine_too)
            page, _ = page_of(request, len(found[kind]))
            names = names_in(session)
            shown = found[kind][(page - 1) * A_PAGE : page * A_PAGE]
            rows = [_row(session, self._runner.shelf.current, each, names) for each in shown]
            return rows, {name: len(each) for name, each in found.items()}, rates(counts), counts

        rows, counts, rated, stand = await self._runner.desk.look(look)
        page, pages = page_of(request, counts[kind])
        kept = {"list": kind, **({"who": "mine"} if mine else {})}
        values = {
            "inside": inside,
            "rows": rows,
            "lists": [(name, words, counts[name]) for name, words in LISTS.items()],
            "kind": kind,
            "mine": mine,
            "page": page,
            "pages": pages,
            "turn": turning(page, kept),
            "kept": kept,
            "kinds": KINDS,
            "checks": CHECKS,
            "stand": [(STATES[each.value], stand[each]) for each in Disposition if stand.get(each)],
            "rates": rated,
            "is_worked": is_worked,
            "next_day": WorkDays().after(inside.now.date(), 1),
            "drawn": drawn,
            "classes": self._classes(inside),
            "since": (inside.now - PERIOD).date(),
            "until": inside.now.date(),
        }
        return personal(self._pages.render("callbacks.html", values, told_))

    def _classes(self, inside: Inside) -> Sequence[tuple[int, str]]:
        """Give the classes of this member that have begun, the newest first."""
        catalogue, today = self._runner.shelf.current, inside.now.date()
        begun = [
            run for _, run in catalogue.courses() if inside.reach.holds(run.id) and run.start_date <= today
        ]
        begun.sort(key=lambda run: (run.start_date, run.id), reverse=True)
        return [(run.id, course_words(catalogue, run.id)) for run in begun]


def lists_of(session: Session, inside: Inside, *, mine: bool) -> Mapping[str, Sequence[Callback]]:
    """Give the lists there are, by name; nobody is phoned on a day that is not worked."""
    reach, fairs = inside.reach.intakes, fairs_run_by(session, inside)
    listed = callbacks.to_call(session, reach, inside.now, fair_ids=fairs, own=inside.member.id)
    if mine:
        listed = [each for each in listed if each.staff_id == inside.member.id]
    due = _now(listed, inside)
    is_due = {each.id for each in due}
    return {
        "now": due,
        "later": [each for each in listed if each.id not in is_due],
        "check": call_list.to_check(session, reach, fairs),
    }


def count_now(session: Session, inside: Inside, fairs: Collection[str]) -> int:
    """Count who is to be phoned now, also those whom a fair of these concerns."""
    reach = inside.reach.intakes
    return len(
        _now(callbacks.to_call(session, reach, inside.now, fair_ids=fairs, own=inside.member.id), inside)
    )


def _now(listed: Sequence[Callback], inside: Inside) -> Sequence[Callback]:
    return call_list.phone_due(listed, inside.now) if WorkDays().is_worked(inside.now.date()) else ()


def about_words(session: Session, catalogue: Snapshot, callback: Callback) -> str:
    """Say what a call-back is about: a class, or a job fair."""
    if callback.intake_id is not None:
        return course_words(catalogue, callback.intake_id)
    signup = session.get(FairSignup, callback.signup_id) if callback.signup_id else None
    fair = session.get(Fair, signup.fair_id) if signup else None
    return fair.title if fair else ""


def _row(session: Session, catalogue: Snapshot, callback: Callback, names: Mapping[int, str]) -> Row:
    person = session.get_one(Person, callback.person_id)
    return Row(
        callback,
        called(person),
        about_words(session, catalogue, callback),
        [(each.whose, tail(each.phone)) for each in call_list.numbers_of(session, person)],
        call_list.prefers_text(person),
        names.get(callback.staff_id or 0, ""),
    )


def _kinds(wanted: str) -> Sequence[CallbackKind]:
    return [CallbackKind(wanted)] if wanted in KINDS else list(CallbackKind)


def _period(since: str, until: str, now: datetime) -> tuple[datetime, datetime]:
    """Give the time a draw is about, both days included; what is no day is the widest there is to ask."""
    first, last = _day(since) or (now - PERIOD).date(), _day(until) or now.date()
    return (
        datetime.combine(first, time.min, now.tzinfo),
        datetime.combine(last + timedelta(days=1), time.min, now.tzinfo),
    )


def _day(written: str) -> date | None:
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None


def _listed(numbers: Sequence[int]) -> str:
    return ",".join(map(str, numbers))
