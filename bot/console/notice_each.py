"""What became of a notice for each of its recipients: a page with a choice of states, and the same as a table."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from functools import partial

from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response

from bot.channels.web.door import personal
from bot.console.courses import number_in
from bot.console.inside import Inside, Page
from bot.console.notice_sight import find_notice, notice_of, own_of
from bot.console.notice_telling import FATES
from bot.console.pages import ConsolePages
from bot.console.paging import A_PAGE, page_of, turning
from bot.console.permissions import Act
from bot.console.sheets import Cell, Table
from bot.runner import Runner
from storage.notices import listing as notice_list
from storage.notices import notices
from storage.notices import report as notice_report
from storage.notices import told as notice_told
from storage.notices.report import READ, REPLIED, TWICE, Progress, Recipient
from storage.tables import Channel, Fate, Notice, NoticeState

MARKS: Mapping[str, str] = {READ: "在网页上看过了", REPLIED: "按了按钮", TWICE: "可能收到两次"}

STATES: Mapping[str, str] = {**{fate.name.lower(): words for fate, words in FATES.items()}, **MARKS}
"""What the list can be narrowed to, as its address names it."""

CHANNELS: Mapping[Channel | None, str] = {Channel.TELEGRAM: "聊天", Channel.WEB: "网页"}

HEADINGS = (
    *("姓名", "电话", "怎么样", "为什么", "从哪里", "什么时候", "网页上什么时候看的", "什么时候按了按钮"),
    "可能收到两次",
)

AT_ONCE = 500
"""Recipients read at a time for the table."""


@dataclass(frozen=True, slots=True)
class Line:
    """One recipient as the list shows it: the person's name and telephone number, and what became of it."""

    name: str
    phone: str
    words: str
    it: Recipient


class NoticeEach:
    """The list of a notice's recipients."""

    def __init__(self, runner: Runner, pages: ConsolePages) -> None:
        self._runner = runner
        self._pages = pages

    async def show(self, request: Request, inside: Inside) -> Response:
        """Show a page of them: all, or those of one state."""
        state = request.query_params.get("state", "")
        state = state if state in STATES else ""

        def look(session: Session) -> Mapping[str, object]:
            notice = notice_of(session, request, inside)
            now = notice_report.progress(session, notice.id, inside.now)
            counts = counted(now)
            many = counts.get(state, 0) if state else now.total
            page, pages = page_of(request, many)
            kept = {"state": state} if state else {}
            return {
                "it": notice,
                "title": notices.text_of(session, notice.id).title,
                "counts": [(name, words, counts[name]) for name, words in STATES.items() if counts.get(name)],
                "total": now.total,
                "many": many,
                "lines": lines(session, notice, state, inside.now, skip=(page - 1) * A_PAGE, most=A_PAGE),
                "page": page,
                "pages": pages,
                "turn": turning(page, kept),
            }

        read = await self._runner.desk.look(look)
        values = {"inside": inside, "state": state, "channels": CHANNELS, **read}
        return personal(self._pages.render("notice_each.html", values))


def each_pages(runner: Runner, pages: ConsolePages) -> Sequence[Page]:
    """The list."""
    return (Page("/notices/{notice}/each", Act.NOTICES, NoticeEach(runner, pages).show),)


def counted(now: Progress) -> Mapping[str, int]:
    """Say how many there are of each state."""
    fates = {fate.name.lower(): number for fate, number in now.fates.items()}
    return {**fates, READ: now.read, REPLIED: now.replied, TWICE: now.perhaps_twice}


def lines(
    session: Session, notice: Notice, state: str, now: datetime, *, after: int = 0, skip: int = 0, most: int
) -> Sequence[Line]:
    """Give some recipients of one state ("" for all); nobody waits for a notice that was stopped."""
    stopped = notice.state is NoticeState.STOPPED
    fates = {fate for fate in FATES if fate.name.lower() == state}
    fates |= {Fate.WAITING} if stopped and Fate.STOPPED in fates else set()
    read = partial(notice_report.recipients, session, notice.id, after=after, skip=skip, most=most)
    found = read(mark=state) if state in MARKS else read(fates=fates or None)
    who = notice_list.people_behind(session, [each.contact_id for each in found], now)
    given = []
    for each in found:
        person = who.get(each.contact_id)
        fate = Fate.STOPPED if stopped and each.fate is Fate.WAITING else each.fate
        name, phone = (person.name or "", person.phone or "") if person else ("", "")
        given.append(Line(name, phone, FATES[fate], each))
    return given


def each_table(session: Session, inside: Inside, sealed: Callable[[str | None], str], zone: tzinfo) -> Table:
    """Give the same of the notice and the state that the form names; with all of them go those with no contact.

    Args:
        session: kept open until the last line is read.
        inside: who asks. Raises NotYours for another region's notice.
        sealed: masks a number, unless they may see it.
        zone: whose time is written.

    """
    number, state = number_in(inside.form.one("notice")), inside.form.one("state")
    if not number:
        return Table("收通知的人", HEADINGS, ())
    notice = find_notice(session, number, inside)
    state = state if state in STATES else ""

    def at(moment: datetime | None) -> str:
        return f"{moment.astimezone(zone):%Y-%m-%d %H:%M}" if moment else ""

    def written() -> Iterator[Sequence[Cell]]:
        after = 0
        while portion := lines(session, notice, state, inside.now, after=after, most=AT_ONCE):
            for each in portion:
                it = each.it
                yield (
                    *(each.name, sealed(each.phone), each.words, it.reason, CHANNELS.get(it.channel, "")),
                    *(at(it.at), at(it.read_at), at(it.replied_at), "可能" if it.perhaps_twice else ""),
                )
            after = portion[-1].it.id
        if state in ("", Fate.UNREACHABLE.name.lower()):
            for _, left in notice_told.alone(session, notice, inside.now, own_of(inside)):
                yield left.name, sealed(left.phone), FATES[left.fate], left.reason, *[""] * 5

    return Table("收通知的人", HEADINGS, written())
