"""The pages on which a job fair is corrected and called off; who comes is told of another day, hour or place, or of none."""

from collections.abc import Mapping
from http import HTTPStatus

from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response

from bot.channels.web.door import personal
from bot.console.fair_sight import own_fair
from bot.console.fair_words import home
from bot.console.inside import Inside, told
from bot.console.pages import ConsolePages
from bot.fairs import running as running_fairs
from bot.runner import Runner
from storage.catalogue.by_hand import EditRefused
from storage.catalogue.cells import Unfit, is_empty
from storage.catalogue.fair_cards import FairCard
from storage.catalogue.fair_columns import FAIR_COLUMNS
from storage.catalogue.showing import shown
from storage.catalogue.tables import Fair
from storage.fairs import fairs
from storage.fairs import people as fair_people

EDITED = (
    "start_date",
    "end_date",
    "start_time",
    "end_time",
    "signup_deadline",
    "address",
    "how_to_get_there",
    "travel_support",
    "services_available",
    "contact_phone",
    "text_contact",
    "notice",
    "easy",
    "sms",
)
"""What is corrected by hand, as a sheet has it; the rest comes by import."""

LONG = frozenset({"notice", "easy", "sms", "services_available"})
"""What has a field of several lines."""

WIDE = frozenset({"address", "how_to_get_there", "travel_support", "text_contact"})
"""What has a wide field."""

MOST = 1000
"""Characters of one field."""

COLUMNS = {column.name: column for column in FAIR_COLUMNS}


class FairChanges:
    """The form of corrections, and the page that asks once more before a fair is called off."""

    def __init__(self, runner: Runner, pages: ConsolePages) -> None:
        self._runner = runner
        self._pages = pages

    async def show(self, request: Request, inside: Inside) -> Response:
        """Show what stands, to be corrected."""
        return await self._form(request, inside)

    async def change(self, request: Request, inside: Inside) -> Response:
        """Keep the corrections, and tell who comes."""
        typed = {name: inside.form.one(name).replace("\r\n", "\n").strip()[:MOST] for name in EDITED}
        values: dict[str, object] = {}
        wrong = []
        for name, words in typed.items():
            column = COLUMNS[name]
            try:
                if is_empty(words):
                    if column.required:
                        raise Unfit(f"没有写{column.title}", f"写上{column.title}")
                    values[name] = [] if isinstance(column.empty, tuple) else column.empty
                else:
                    values[name] = column.read(words)
            except Unfit as unfit:
                wrong.append(f"{column.title}：{unfit.wrong}。{unfit.right}。")
        if wrong:
            return await self._form(request, inside, " ".join(wrong), typed)
        values["end_date"] = values["end_date"] or values["start_date"]

        def act(session: Session) -> tuple[FairCard, bool]:
            card = own_fair(session, request, inside)
            return card, running_fairs.correct(session, card.fair_id, inside.member, values, inside.now)

        try:
            card, changed = await self._runner.desk.do(act)
        except EditRefused as refused:
            return await self._form(request, inside, " ".join(map(str, refused.problems)), typed)
        self._runner.nudge()
        return told(home(card), "fair_changed" if changed else "nothing")

    async def ask(self, request: Request, inside: Inside) -> Response:
        """Show how many would be told, and whom nobody can write to."""

        def look(session: Session) -> Mapping[str, object]:
            card = own_fair(session, request, inside)
            return {
                "card": card,
                "coming": fairs.counts(session, [card.fair_id])[card.fair_id].coming,
                "to_phone": fair_people.without_chat(session, card.fair_id, inside.now),
            }

        values = {"inside": inside, **await self._runner.desk.look(look)}
        return personal(self._pages.render("fair_call_off.html", values))

    async def call_off(self, request: Request, inside: Inside) -> Response:
        """Call the fair off; pressed twice, it is called off once."""

        def act(session: Session) -> tuple[FairCard, int | None]:
            card = own_fair(session, request, inside)
            return card, running_fairs.call_off(session, card.fair_id, inside.member, inside.now)

        card, told_to = await self._runner.desk.do(act)
        self._runner.nudge()
        return told(home(card), "nothing" if told_to is None else "fair_called_off")

    async def _form(
        self, request: Request, inside: Inside, warning: str = "", typed: Mapping[str, str] | None = None
    ) -> Response:
        def look(session: Session) -> tuple[FairCard, Mapping[str, str], int]:
            card = own_fair(session, request, inside)
            row = session.get_one(Fair, card.fair_id)
            stands = {name: shown("fair", name, getattr(row, name)) for name in EDITED}
            return card, stands, fairs.counts(session, [card.fair_id])[card.fair_id].coming

        card, stands, coming = await self._runner.desk.look(look)
        values = {
            "inside": inside,
            "card": card,
            "fields": [(name, COLUMNS[name].title, (typed or stands)[name]) for name in EDITED],
            "long": LONG,
            "wide": WIDE,
            "coming": coming,
            "warning": warning,
        }
        status = HTTPStatus.CONFLICT if warning else HTTPStatus.OK
        return personal(self._pages.render("fair_change.html", values), status)
