"""A class gets another day or place, fewer or more seats: a form, and who still comes."""

from collections.abc import Mapping
from datetime import date, time
from http import HTTPStatus

from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response

from bot.channels.web.door import personal
from bot.classes import moving
from bot.console.courses import intake_of, number_in
from bot.console.inside import Inside, told
from bot.console.pages import ConsolePages
from bot.runner import Runner
from storage.catalogue.by_hand import EditRefused
from storage.catalogue.editing import edit_intake
from storage.catalogue.tables import Intake
from storage.classes import changes, in_class
from storage.classes.tables import Change
from storage.staff.staff import note_access

MOST_WORDS = 200
"""Characters of an address, or of why a class moves."""

MOST_SEATS = 9999

FIELDS = ("start_date", "end_date", "class_start_time", "class_end_time", "address", "platform", "link")
"""What the form changes; every one of these people are told of."""

SEATS = ("capacity", "min_to_open")
"""What the form of seats changes; nobody is told of it."""


class Moves:
    """The form that moves a class, and what everybody said to it."""

    def __init__(self, runner: Runner, pages: ConsolePages) -> None:
        self._runner = runner
        self._pages = pages

    async def show(self, request: Request, inside: Inside) -> Response:
        """Show the form with how it is now, and the answers to the last change."""
        return await self._page(request, inside, request.query_params.get("told", ""))

    async def move(self, request: Request, inside: Inside) -> Response:
        """Move the class, and tell everybody who has a seat."""
        _, run = intake_of(self._runner, request, inside)
        typed = {name: inside.form.one(name).strip()[:MOST_WORDS] for name in (*FIELDS, "words")}
        try:
            values = _read(typed)
        except ValueError:
            return await self._page(request, inside, warning="日期像 2026-12-07，几点像 09:00。", typed=typed)
        try:
            asked = await self._runner.desk.do(
                lambda session: moving.move_class(
                    session, run.id, inside.member, values, note=typed["words"], now=inside.now
                )
            )
        except EditRefused as refused:
            return await self._page(request, inside, warning=_said(refused), typed=typed)
        self._runner.nudge()
        return told(f"/intakes/{run.id}/move", "nothing" if asked is None else "moved")

    async def change_seats(self, request: Request, inside: Inside) -> Response:
        """Give the class more seats or fewer, never fewer than were given to people."""
        _, run = intake_of(self._runner, request, inside)
        seats = {name: inside.form.one(name).strip()[:MOST_WORDS] for name in SEATS}
        capacity, fewest = (number_in(seats[name]) for name in SEATS)
        if not 0 < capacity <= MOST_SEATS:
            return await self._page(
                request, inside, warning=f"名额是 1 到 {MOST_SEATS} 的整数。", seats=seats
            )
        if seats["min_to_open"] and not 0 < fewest <= MOST_SEATS:
            wrong = f"最少几个人开班，是 1 到 {MOST_SEATS} 的整数，或者不写。"
            return await self._page(request, inside, warning=wrong, seats=seats)
        values = {"capacity": capacity, "min_to_open": fewest or None}

        def act(session: Session) -> int | None:
            number = edit_intake(session, run.id, values, who=inside.actor, now=inside.now)
            if number is not None:
                note_access(session, inside.member, "seats", "intake", run.id, inside.now, str(capacity))
            return number

        try:
            number = await self._runner.desk.do(act)
        except EditRefused as refused:
            return await self._page(request, inside, warning=_said(refused), seats=seats)
        return told(f"/intakes/{run.id}/move", "nothing" if number is None else "seats")

    async def _page(
        self,
        request: Request,
        inside: Inside,
        told_: str = "",
        *,
        warning: str = "",
        typed: Mapping[str, str] | None = None,
        seats: Mapping[str, str] | None = None,
    ) -> Response:
        card, run = intake_of(self._runner, request, inside)

        def look(session: Session) -> Mapping[str, object]:
            intake = session.get_one(Intake, run.id)
            change = changes.latest(session, run.id)
            first, last = intake.start_date, intake.end_date
            return {
                "outside": [
                    each
                    for each in in_class.meetings_of(session, run.id)
                    if not each.cancelled and not first <= each.day <= last
                ],
                "fields": typed or {**{name: _write(getattr(intake, name)) for name in FIELDS}, "words": ""},
                "seats": seats or {name: _write(getattr(intake, name)) for name in SEATS},
                "change": change,
                "lines": _lines(change),
                "seated": changes.people_seated(session, run.id),
                "answers": changes.answers_to(session, change.id) if change else [],
            }

        read = await self._runner.desk.look(look)
        values = {"inside": inside, "card": card, "run": run, "warning": warning, **read}
        status = HTTPStatus.CONFLICT if warning else HTTPStatus.OK
        return personal(self._pages.render("move.html", values, told_), status)


def _said(refused: EditRefused) -> str:
    return " ".join(str(problem) for problem in refused.problems)


def _read(typed: Mapping[str, str]) -> dict[str, object]:
    """Read the form. Raises ValueError for what is no day or no time."""
    return {
        "start_date": date.fromisoformat(typed["start_date"]),
        "end_date": date.fromisoformat(typed["end_date"]),
        "class_start_time": _time(typed["class_start_time"]),
        "class_end_time": _time(typed["class_end_time"]),
        **{name: typed[name] for name in ("address", "platform", "link")},
    }


def _time(typed: str) -> time | None:
    return time.fromisoformat(typed) if typed else None


def _write(value: date | time | int | str | None) -> str:
    if isinstance(value, time):
        return f"{value:%H:%M}"
    return "" if value is None else str(value)


LABELS: Mapping[str, str] = {
    "start_date": "开班",
    "end_date": "结束",
    "class_start_time": "上课",
    "class_end_time": "下课",
    "address": "地址",
    "platform": "平台",
    "link": "网上上课的链接",
}

MET_LABELS: Mapping[str, str] = {
    "day": "日子",
    "start_time": "上课",
    "end_time": "下课",
    "venue": "地点",
    "cancelled": "取消",
}


def _lines(change: Change | None) -> list[tuple[str, str, str]]:
    """What a change did: heading, before, after."""
    if change is None:
        return []
    found = _different(change.before, change.after, LABELS)
    before, after = (part.get(changes.SESSIONS, {}) for part in (change.before, change.after))
    for number in sorted(after, key=int):
        found += [
            (f"第 {number} 次课，{label}", was, now)
            for label, was, now in _different(before[number], after[number], MET_LABELS)
        ]
    return found


def _different(
    before: Mapping[str, object], after: Mapping[str, object], labels: Mapping[str, str]
) -> list[tuple[str, str, str]]:
    return [
        (label, _shown(before.get(name)), _shown(after.get(name)))
        for name, label in labels.items()
        if before.get(name) != after.get(name)
    ]


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "是" if value else "不是"
    return str(value or "–")
