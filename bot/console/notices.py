"""Notices to many: the list, one as it will look, sending it, and watching it go."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from itertools import islice

from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.channels.web.door import PERSONAL, personal
from bot.console.courses import number_in
from bot.console.inside import Inside, Page, told
from bot.console.notice_each import each_pages
from bot.console.notice_elsewhere import elsewhere_pages, marks
from bot.console.notice_people import NoticePeople
from bot.console.notice_sight import notice_of, own_of, writers
from bot.console.notice_telling import (
    FATES,
    PRESSES,
    SENT,
    STATES,
    Look,
    bars,
    looks,
    pressed,
    share,
    standing,
)
from bot.console.notice_words import TOPICS
from bot.console.notice_writing import NoticeWriting
from bot.console.pages import ConsolePages
from bot.console.paging import turning
from bot.console.permissions import Act
from bot.notices.posts import is_private
from bot.runner import Runner
from storage.notices import listing as notice_list
from storage.notices import notices
from storage.notices import report as notice_report
from storage.notices import rows as notice_rows
from storage.notices import told as notice_told
from storage.notices.notices import NOT_REACHED, OVER
from storage.notices.report import Progress
from storage.rules.calendar import is_quiet
from storage.staff import staff
from storage.tables import Fate, Night, Notice, NoticeState, Topic

A_PAGE = 20

LISTED = 50
"""People not reached that are shown on the page; all of them are in the list to take."""

AHEAD = 60
"""Days ahead for which a notice can be put."""

HOURS = tuple(f"{hour:02}:{minute}" for hour in range(8, 21) for minute in ("00", "30"))
"""When it can begin: outside quiet hours."""

WORKING = (NoticeState.PLANNING, NoticeState.SENDING)
"""While it is so, the page says by itself how far it is."""

TO_PHONE = (*NOT_REACHED, Fate.UNSURE)

STEPS: Mapping[str, tuple[Callable[[Session, int], bool], str]] = {
    "pause": (notices.pause, "notice_paused"),
    "resume": (notices.resume, "notice_resumed"),
    "stop": (notices.stop, "notice_stopped"),
    "unschedule": (notices.unschedule, "notice_unscheduled"),
}
"""What can be pressed while a notice is on its way, and what is said when it was this press that did it."""


NOT_SENT: Mapping[NoticeState, str] = {
    NoticeState.DRAFT: "notice_no_list",
    NoticeState.PLANNING: "notice_no_list",
    NoticeState.PLANNED: "notice_set_before",
    NoticeState.STOPPED: "notice_was_stopped",
}
"""What is said to who sends one that does not go out by this press; else it is out, or on its way."""


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
            "turn": turning(page),
            **read,
        }
        return personal(self._pages.render("notices.html", values, request.query_params.get("told", "")))

    async def show(self, request: Request, inside: Inside) -> Response:
        """Show one: how it will look, or how far it is, and what can be done."""

        def look(session: Session) -> Mapping[str, object]:
            notice = notice_of(session, request, inside)
            text = notices.text_of(session, notice.id)
            now = notice_report.progress(session, notice.id, inside.now)
            is_listed = notice.state is not NoticeState.PLANNING
            people = list(
                notice_list.to_phone(session, notice.id, inside.now, TO_PHONE, most=LISTED)
                if now.total and is_listed
                else ()
            )
            names = {each.id: each.name for each in staff.all_staff(session)}
            meant_alone = notice.alone if is_listed else 0  # to look for them reads everybody who is meant
            alone = notice_told.alone(session, notice, inside.now, own_of(inside)) if meant_alone else ()
            told_alone = notice_told.count_told(session, notice.id)
            last = notice_list.last_press(session, notice.id, PRESSES)
            return {
                "it": notice,
                "text": text,
                "seen": notices.mark_of(text),
                "topic": TOPICS[notice.topic],
                "writer": names.get(notice.staff_id, ""),
                "sender": names.get(notice.sent_by or 0, ""),
                "pressed": "" if last is None or last.what == SENT else pressed(last, inside.now),
                "state_by_hand": notice.state
                in (NoticeState.SENDING, NoticeState.PAUSED, NoticeState.STOPPED),
                "looks": self._looks(session, notice, inside),
                "now": now,
                "words": self._standing(notice, now, inside),
                "share": share(now),
                "bars": bars(now, notice_list.reasons(session, notice.id)),
                "people": people,
                "missed": sum(now.fates.get(each, 0) for each in NOT_REACHED),
                "more": sum(now.fates.get(each, 0) for each in TO_PHONE) - len(people),
                "alone": list(islice(alone, LISTED)),
                "more_alone": max(0, meant_alone - told_alone - LISTED),
                "told_alone": told_alone,
                "marks": marks(session, notice),
                "hidden": is_private(text) and not text.private,
                "linked": inside.member.contact_id is not None,
            }

        read = await self._runner.desk.look(look)
        values: dict[str, object] = {
            "inside": inside,
            "stands": STATES,
            "fates": FATES,
            "over": OVER,
            "working": WORKING,
            "twice_words": "可能收到两次",
            "days": [inside.now.date() + timedelta(days=each) for each in range(AHEAD)],
            "hours": HOURS,
            **read,
        }
        said = request.query_params.get("told", "")
        if said == "notice_meanwhile" and read["pressed"] and read["state_by_hand"]:
            values["told"] = f"没有改。{read['pressed']}。"
        return personal(self._pages.render("notice.html", values, said))

    async def progress(self, request: Request, inside: Inside) -> Response:
        """Say how far one is, for the page's own script."""

        def look(session: Session) -> Mapping[str, object]:
            notice = notice_of(session, request, inside)
            now = notice_report.progress(session, notice.id, inside.now)
            working = notice.state in WORKING
            done = None if notice.state is NoticeState.PLANNING else share(now)
            return {"working": working, "share": done, "words": self._standing(notice, now, inside)}

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
            rings = notice.topic is Topic.OWN and inside.form.one("night") == Night.RINGS
            night = Night.RINGS if rings else Night.WAITS
            if not self._is_as_seen(session, notice.id, inside):
                return notice.id, "notice_unseen"
            if not notices.send(session, notice.id, inside.member.id, inside.now, at=at, night=night):
                return notice.id, NOT_SENT.get(notice.state, "notice_sent_before")
            staff.note_access(session, inside.member, "sent notice", "notice", notice.id, inside.now)
            return notice.id, "notice_later" if later else "notice_sent"

        return await self._act(act)

    def _is_as_seen(self, session: Session, number: int, inside: Inside) -> bool:
        """Whether what would go out now is what stood on the page: the words, and the list."""
        notice = notices.hold(session, number)
        if notice.state is not NoticeState.PLANNED or notice.send_at is not None:
            return True  # nothing goes out by this press
        mark = notices.mark_of(notices.text_of(session, number))
        return (inside.form.one("seen"), number_in(inside.form.one("asking"))) == (mark, notice.asking)

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
                staff.note_access(session, inside.member, f"{asked} notice", "notice", notice.id, inside.now)
            return notice.id, words if done else "notice_meanwhile"

        return await self._act(act)

    async def send_again(self, request: Request, inside: Inside) -> Response:
        """Send it once more to those it surely did not reach."""
        desk = self._runner.desk
        number = await desk.look(lambda session: notice_of(session, request, inside).id)
        opened = await asyncio.to_thread(notice_rows.resend, desk, number, inside.member.id, inside.now)
        if opened is not None:
            await desk.do(
                lambda session: staff.note_access(
                    session, inside.member, "again notice", "notice", number, inside.now
                )
            )
        self._runner.nudge()
        return told(f"/notices/{number}", "notice_meanwhile" if opened is None else "notice_again")

    async def tell_by_hand(self, request: Request, inside: Inside) -> Response:
        """Note that the ticked ones were told in another way."""
        picked, persons = (
            [number_in(each) for each in inside.form.fields.get(name, ())] for name in ("pick", "person")
        )

        def act(session: Session) -> tuple[int, str]:
            notice = notice_of(session, request, inside)
            done = notice_told.tell_by_hand(session, notice.id, picked) if picked else 0
            if persons:
                own, by = own_of(inside), inside.member.id
                done += notice_told.tell_alone(session, notice, persons, by, inside.now, own)
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
        waits = notice.night is Night.WAITS and is_quiet(inside.now, self._runner.settings.zone)
        return standing(notice, now, quiet=waits)

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
        page("/notices/write", answer=writing.write, method="POST", file=True),
        page("/notices/check", answer=writing.check, method="POST"),
        page(one, answer=every.show),
        page(f"{one}/write", answer=writing.show),
        page(f"{one}/write", answer=writing.change, method="POST", file=True),
        page(f"{one}/file", answer=writing.send_file),
        page(f"{one}/people", answer=people.show),
        page(f"{one}/people", answer=people.plan, method="POST"),
        page(f"{one}/progress", answer=every.progress),
        page(f"{one}/trial", answer=every.send_trial, method="POST"),
        page(f"{one}/send", answer=every.send, method="POST"),
        page(f"{one}/step", answer=every.step, method="POST"),
        page(f"{one}/again", answer=every.send_again, method="POST"),
        page(f"{one}/told", answer=every.tell_by_hand, method="POST"),
        page(f"{one}/group", answer=people.keep_group, method="POST"),
        *each_pages(runner, pages),
        *elsewhere_pages(runner, pages),
    )
