"""Places we cannot send to: the notice ready to be copied or printed, and marked as out there by whoever put it there."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Literal

from markupsafe import Markup, escape
from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response

from bot.channels.web.door import personal
from bot.channels.web.drawing import qr_code
from bot.console.inside import Inside, Page, told
from bot.console.notice_sight import notice_of
from bot.console.pages import ConsolePages
from bot.console.permissions import Act
from bot.console.words import ELSEWHERE
from bot.notices.posts import EVERYBODY, off_screen, wording
from bot.runner import Runner
from storage.notices import files as notice_files
from storage.notices import notices
from storage.notices import told as notice_told
from storage.notices.tables import NoticeText
from storage.staff import staff
from storage.tables import Notice


class NoticeElsewhere:
    """The page that gives a notice to be copied, the page to print, and the marks of where it was put."""

    def __init__(self, runner: Runner, pages: ConsolePages) -> None:
        self._runner = runner
        self._pages = pages

    async def show(self, request: Request, inside: Inside) -> Response:
        """Show the words for each place, and where it is out already."""
        values = await self._runner.desk.look(lambda session: self._values(session, request, inside))
        html = self._pages.render("notice_elsewhere.html", values, request.query_params.get("told", ""))
        return personal(html)

    async def print(self, request: Request, inside: Inside) -> Response:
        """Show it as a sheet to hang up: both wordings, large."""
        values = await self._runner.desk.look(lambda session: self._values(session, request, inside))
        code = qr_code(self._runner.settings.address)
        return personal(self._pages.render("notice_print.html", {**values, "code": code}))

    async def mark(self, request: Request, inside: Inside) -> Response:
        """Note that it was put somewhere; again at the same place is one more time."""
        where = inside.form.one("where")

        def act(session: Session) -> tuple[int, str]:
            notice = notice_of(session, request, inside)
            if where not in ELSEWHERE:
                return notice.id, "nothing"
            notice_told.put_elsewhere(session, notice, where, inside.member.id, inside.now)
            return notice.id, "notice_elsewhere"

        number, words = await self._runner.desk.do(act)
        return told(f"/notices/{number}/elsewhere", words)

    def _values(self, session: Session, request: Request, inside: Inside) -> Mapping[str, object]:
        notice = notice_of(session, request, inside)
        text = notices.text_of(session, notice.id)
        plain, easy = self._lines(text, "plain"), self._lines(text, "easy")
        return {
            "inside": inside,
            "it": notice,
            "text": text,
            "plain": plain,
            "easy": easy if easy != plain else (),
            "article": article(text, plain, easy if easy != plain else ()),
            "is_photo": notice_files.is_photo(session, text.file_id),
            "sms": off_screen(text.sms, ""),
            "call_script": off_screen(text.call_script, ""),
            "address": self._runner.settings.address,
            "places": ELSEWHERE,
            "marks": marks(session, notice),
        }

    def _lines(self, text: NoticeText, reading: Literal["plain", "easy"]) -> Sequence[str]:
        """Give the lines of the text for everybody: with nobody's name, no title above, and no word of what goes along."""
        said = wording(text, self._runner.book.voices[reading]).on_page(EVERYBODY).splitlines()
        return said[1:-1] if text.file_id is not None else said[1:]


def marks(session: Session, notice: Notice) -> list[Mapping[str, object]]:
    """Give where else a notice was put: the place in words, by whom, and when, the oldest first."""
    names = {each.id: each.name for each in staff.all_staff(session)}
    return [
        {"where": ELSEWHERE.get(each.where, each.where), "who": names.get(each.staff_id, ""), "at": each.at}
        for each in notice_told.elsewhere_of(notice)
    ]


def article(text: NoticeText, plain: Sequence[str], easy: Sequence[str]) -> str:
    """Give it as HTML for an editor of 公众号: headings and paragraphs alone, everything escaped."""
    parts = [Markup("<h2>{}</h2>").format(text.title), *map(Markup("<p>{}</p>").format, plain)]
    if text.file_id is not None:
        parts.append(Markup("<p>{}</p>").format(f"附了：{text.file_words}"))
    if easy:
        parts += [Markup("<h3>简单的话</h3>"), *map(Markup("<p>{}</p>").format, easy)]
    return str(escape("\n").join(parts))


def elsewhere_pages(runner: Runner, pages: ConsolePages) -> Sequence[Page]:
    """The pages of what we cannot send ourselves."""
    every = NoticeElsewhere(runner, pages)
    page, one = partial(Page, act=Act.NOTICES), "/notices/{notice}"
    return (
        page(f"{one}/elsewhere", answer=every.show),
        page(f"{one}/elsewhere", answer=every.mark, method="POST"),
        page(f"{one}/print", answer=every.print),
    )
