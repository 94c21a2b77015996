"""Notices to many: the list, one as it will look, sending it, and watching it go."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial

from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.channels.web.door import PERSONAL, personal
from bot.console.courses import number_in
from bot.console.inside import Inside, Page, told
from bot.console.notice_people import ALONE, NoticePeople
from bot.console.notice_sight import notice_of, writers
from bot.console.notice_telling import FATES, STATES, Look, bars, looks, share, standing
from bot.console.notice_words import TOPICS
from bot.console.notice_writing import NoticeWriting
from bot.console.pages import ConsolePages
from bot.console.permissions import Act
from bot.notice_posts import is_private
from bot.runner import Runner
from storage import notice_list, notice_report, notices, staff
from storage.notice_report import Progress
from storage.notices import NOT_REACHED, OVER
from storage.rules.calendar import is_quiet
from storage.tables import Fate, Notice, NoticeState

A_PAGE = 20

LISTED = 50
"""People not reached that are shown on the page; all of them are in the list to take."""

AHEAD = 60
"""Days ahead for which a notice can be put."""

HOURS = tuple(f"{hour:02}:{minute}" for hour in range(8, 21) for minute in ("00", "30"))
"""When it can begin: outside quiet hours."""

TO_PHONE = (*NOT_REACHED, Fate.UNSURE)

STEPS: Mapping[str, tuple[Callable[[Session, int], bool], str]] = {
    "pause": (notices.pause, "notice_paused"),
    "resume": (notices.resume, "notice_resumed"),
    "stop": (notices.stop, "notice_stopped"),
    "unschedule": (notices.unschedule, "notice_unscheduled"),
}
"""What can be pressed while a notice is on its way, and what is said when it was this press that did it."""


class Notices:
    """The list of notices, and the page of one."""

    def __init__(self, runner: Runner, pages: ConsolePages) -> None:
        self._runner = runner
        self._pages = pages

    async def show_all(self, request: Request, inside: Inside) -> Response:
        """Show one's own region's notices: who wrote each, where it stands, how far it is."""
        page = max(1, number_in(request.query_params.get("page", "")))

        def look(session: Session) -> Mapping[str, object]:
            listed, total = notice_list.notices_of(session, writers(session, inside), page, A_PAGE)
            told_ = {
                each.notice.id: notice_report.progress(session, each.notice.id, inside.now) for each in listed
            }
            return {
                "listed": listed,
                "told_of": told_,
                "pages": max(1, -(-total // A_PAGE)),
                "names": {each.id: each.name for each in staff.all_staff(session)},
            }

        read = await self._runner.desk.look(look)
        values = {
            "inside": inside,
            "topics": TOPICS,
            "stands": STATES,
            "page": page,
            "turn": {each: f"?page={each}" for each in (page - 1, page + 1)},
            **read,
        }
        return personal(self._pages.render("notices.html", values, request.query_params.get("told", "")))

    async def show(self, request: Request, inside: Inside) -> Response:
        """Show one: how it will look, or how far it is, and what can be done."""

        def look(session: Session) -> Mapping[str, object]:
            notice = notice_of(session, request, inside)
            text = notices.text_of(session, notice.id)
            now = notice_report.progress(session, notice.id, inside.now)
            people = list(
                notice_list.to_phone(session, notice.id, inside.now, TO_PHONE, most=LISTED)
                if now.total
                else ()
            )
            names = {each.id: each.name for each in staff.all_staff(session)}
            return {
                "it": notice,
                "text": text,
                "topic": TOPICS[notice.topic],
                "writer": names.get(notice.staff_id, ""),
                "sender": names.get(notice.sent_by or 0, ""),
                "looks": self._looks(session, notice, inside),
                "now": now,
                "words": self._standing(notice, now, inside),
                "share": share(now),
                "bars": bars(now, notice_list.reasons(session, notice.id)),
                "people": people,
                "more": sum(now.fates.get(each, 0) for each in TO_PHONE) - len(people),
                "alone": notice.audience.get(ALONE, 0),
                "hidden": is_private(text) and not text.private,
                "linked": inside.member.contact_id is not None,
            }

        read = await self._runner.desk.look(look)
        values = {
            "inside": inside,
            "stands": STATES,
            "fates": FATES,
            "over": OVER,
            "twice_words": "可能收到两次",
            "days": [inside.now.date() + timedelta(days=each) for each in range(AHEAD)],
            "hours": HOURS,
            **read,
        }
        return personal(self._pages.render("notice.html", values, request.query_params.get("told", "")))

    async def progress(self, request: Request, inside: Inside) -> Response:
        """Say how far one is, for the page's own script."""

        def look(session: Session) -> Mapping[str, object]:
            notice = notice_of(session, request, inside)
            now = notice_report.progress(session, notice.id, inside.now)
            working = notice.state is NoticeState.SENDING
            return {"working": working, "share": share(now), "words": self._standing(notice, now, inside)}

        return JSONResponse(await self._runner.desk.look(look), headers=PERSONAL)

    async def send_trial(self, request: Request, inside: Inside) -> Response:
        """Send it to oneself, where one can be reached."""

        def act(session: Session) -> tuple[int, str]:
            notice = notice_of(session, request, inside)
            if inside.member.contact_id is None:
                return notice.id, "notice_no_chat"
            notices.send_trial(session, notice.id, inside.member.contact_id, inside.now)
            return notice.id, "notice_tried"

        return await self._act(act)

    async def send(self, request: Request, inside: Inside) -> Response:
        """Say that it goes out, now or at a moment; pressed twice, it goes out once."""
        later = inside.form.one("when") == "later"
        at = self._moment(f"{inside.form.one('day')}T{inside.form.one('hour')}") if later else None

        def act(session: Session) -> tuple[int, str]:
            notice = notice_of(session, request, inside)
            if later and (at is None or at <= inside.now):
                return notice.id, "notice_no_time"
            if not notices.send(session, notice.id, inside.member.id, inside.now, at=at):
                return notice.id, "notice_sent_before"
            staff.note_act(session, inside.actor, "sent notice", notice.id, inside.now)
            return notice.id, "notice_later" if later else "notice_sent"

        return await self._act(act)

    async def step(self, request: Request, inside: Inside) -> Response:
        """Pause, go on, stop, or take a time back."""
        asked = inside.form.one("do")

        def act(session: Session) -> tuple[int, str]:
            notice = notice_of(session, request, inside)
            if asked not in STEPS:
                return notice.id, ""
            do, words = STEPS[asked]
            done = do(session, notice.id)
            if done:
                staff.note_act(session, inside.actor, f"{asked} notice", notice.id, inside.now)
            return notice.id, words if done else "notice_meanwhile"

        return await self._act(act)

    async def send_again(self, request: Request, inside: Inside) -> Response:
        """Send it once more to those it surely did not reach."""
        desk = self._runner.desk
        number = await desk.look(lambda session: notice_of(session, request, inside).id)
        opened = await asyncio.to_thread(notices.resend, desk, number, inside.member.id, inside.now)
        self._runner.nudge()
        return told(f"/notices/{number}", "notice_meanwhile" if opened is None else "notice_again")

    async def tell_by_hand(self, request: Request, inside: Inside) -> Response:
        """Note that the ticked ones were told in another way."""
        picked = [number_in(each) for each in inside.form.fields.get("pick", ())]

        def act(session: Session) -> tuple[int, str]:
            notice = notice_of(session, request, inside)
            done = notices.told_by_hand(session, notice.id, picked) if picked else 0
            return notice.id, "notice_by_hand" if done else "nothing"

        return await self._act(act)

    async def _act(self, act: Callable[[Session], tuple[int, str]]) -> Response:
        number, words = await self._runner.desk.do(act)
        self._runner.nudge()
        return told(f"/notices/{number}", words)

    def _looks(self, session: Session, notice: Notice, inside: Inside) -> Sequence[Look]:
        first = notice_report.recipients(session, notice.id, most=1)
        who = notice_list.people_behind(session, [each.contact_id for each in first], inside.now)
        name = next((each.name for each in who.values() if each.name), "")
        return looks(notices.text_of(session, notice.id), self._runner.book, name)

    def _standing(self, notice: Notice, now: Progress, inside: Inside) -> str:
        return standing(notice, now, quiet=is_quiet(inside.now, self._runner.settings.zone))

    def _moment(self, text: str) -> datetime | None:
        try:
            return datetime.fromisoformat(text).replace(tzinfo=self._runner.settings.zone)
        except ValueError:
            return None


def notice_pages(runner: Runner, pages: ConsolePages) -> Sequence[Page]:
    """Every page from the first word of a notice to the last call about it."""
    every, writing, people = Notices(runner, pages), NoticeWriting(runner, pages), NoticePeople(runner, pages)
    page = partial(Page, act=Act.NOTICES)
    one = "/notices/{notice}"
    return (
        page("/notices", answer=every.show_all),
        page("/notices/write", answer=writing.begin),
        page("/notices/write", answer=writing.write, method="POST"),
        page(one, answer=every.show),
        page(f"{one}/write", answer=writing.show),
        page(f"{one}/write", answer=writing.change, method="POST"),
        page(f"{one}/people", answer=people.show),
        page(f"{one}/people", answer=people.plan, method="POST"),
        page(f"{one}/progress", answer=every.progress),
        page(f"{one}/trial", answer=every.send_trial, method="POST"),
        page(f"{one}/send", answer=every.send, method="POST"),
        page(f"{one}/step", answer=every.step, method="POST"),
        page(f"{one}/again", answer=every.send_again, method="POST"),
        page(f"{one}/told", answer=every.tell_by_hand, method="POST"),
    )
