"""Writes notices: the form, what is wrong with the words, and the words kept until they are right."""

import hashlib
from collections.abc import Sequence
from http import HTTPStatus

from sqlmodel import Session, col, select
from starlette.requests import Request
from starlette.responses import Response

from bot.channels.web.door import personal
from bot.console.inside import Inside, told
from bot.console.notice_sight import notice_of, own_of
from bot.console.notice_words import (
    MOST_SMS,
    MOST_TITLE,
    TOPICS,
    Fault,
    faults,
    hard,
    names_in,
    projects,
    seen_in,
    ticked,
    words_in,
)
from bot.console.pages import ConsolePages
from bot.notice_posts import PLACEHOLDERS
from bot.runner import Runner
from storage import audience, notices
from storage.audience import Choice
from storage.notices import Words
from storage.tables import NoticeState, Person, Topic

TRIED_ON = 3
"""Real people the words are filled in for before they are kept."""


class NoticeWriting:
    """The page on which a notice is written, and written anew."""

    def __init__(self, runner: Runner, pages: ConsolePages) -> None:
        self._runner = runner
        self._pages = pages

    async def begin(self, _: Request, inside: Inside) -> Response:
        """Show an empty form."""
        return self._page(inside, Words("", ""), Topic.TRAINING, None)

    async def write(self, _: Request, inside: Inside) -> Response:
        """Keep a new notice as a draft."""
        words = words_in(inside.form, self._runner.shelf.current)
        topic = _topic(inside)
        wrong, sentences = await self._wrong(inside, words)
        if wrong or sentences:
            return self._page(inside, words, topic, None, wrong=wrong, hard_ones=sentences)

        def keep(session: Session) -> int:
            return notices.write(session, topic, words, inside.member.id, inside.now).id

        number = await self._runner.desk.do(keep)
        return told(f"/notices/{number}/people", "notice_written")

    async def show(self, request: Request, inside: Inside) -> Response:
        """Show the words as they are, to be changed."""

        def look(session: Session) -> tuple[int, Words, Topic, int]:
            notice = notice_of(session, request, inside)
            words = notices.words_of(notices.text_of(session, notice.id))
            return notice.id, words, notice.topic, notice.version

        number, words, topic, seen = await self._runner.desk.look(look)
        return self._page(inside, words, topic, number, seen=seen)

    async def change(self, request: Request, inside: Inside) -> Response:
        """Keep the changed words; of a notice on its way, who has not got it gets the new ones."""
        words, seen = words_in(inside.form, self._runner.shelf.current), seen_in(inside.form)

        def look(session: Session) -> tuple[int, Topic]:
            notice = notice_of(session, request, inside)
            return notice.id, notice.topic

        number, topic = await self._runner.desk.look(look)
        wrong, sentences = await self._wrong(inside, words)
        if wrong or sentences:
            return self._page(inside, words, topic, number, seen=seen, wrong=wrong, hard_ones=sentences)

        def keep(session: Session) -> tuple[bool, NoticeState]:
            notice = notice_of(session, request, inside)
            kept = notices.correct(session, notice.id, words, inside.member.id, inside.now, seen=seen)
            return kept is not None, notice.state

        kept, state = await self._runner.desk.do(keep)
        if not kept:
            other = [Fault("", "", "别人刚刚改过。下面是您写的，没有存。打开通知看新的话，再改。")]
            return self._page(inside, words, topic, number, seen=seen, wrong=other)
        following = "/people" if state is NoticeState.DRAFT else ""
        return told(f"/notices/{number}{following}", "notice_changed")

    async def _wrong(self, inside: Inside, words: Words) -> tuple[list[Fault], list[Fault]]:
        """Give what stands in the way, and which sentences are hard; the latter only once for the same words."""
        names = await self._runner.desk.look(lambda session: _some_names(session, inside))
        found = faults(words, names)
        if found or inside.form.one("anyway") == _mark(words):
            return found, []
        return [], hard(words, names_in(self._runner.shelf.current, words))

    def _page(
        self,
        inside: Inside,
        words: Words,
        topic: Topic,
        number: int | None,
        *,
        seen: int = 0,
        wrong: Sequence[Fault] = (),
        hard_ones: Sequence[Fault] = (),
    ) -> Response:
        values = {
            "inside": inside,
            "words": words,
            "topic": topic,
            "topics": TOPICS,
            "number": number,
            "seen": seen,
            "wrong": wrong,
            "hard": hard_ones,
            "mark": _mark(words),
            "ticked": ticked(words),
            "projects": projects(self._runner.shelf.current, inside.reach.intakes),
            "gaps": PLACEHOLDERS,
            "most_title": MOST_TITLE,
            "most_sms": MOST_SMS,
        }
        status = HTTPStatus.CONFLICT if wrong or hard_ones else HTTPStatus.OK
        return personal(self._pages.render("notice_write.html", values), status)


def _topic(inside: Inside) -> Topic:
    asked = inside.form.one("topic")
    return next((each for each in Topic if each.value == asked), Topic.TRAINING)


def _mark(words: Words) -> str:
    """Give a sign of the words that were shown as hard: these and no others are kept all the same."""
    return hashlib.sha256(f"{words.plain}\n\n{words.easy}".encode()).hexdigest()[:16]


def _some_names(session: Session, inside: Inside) -> list[str]:
    found: list[int] = []
    for each in audience.people(session, Choice(), inside.now, own_of(inside)):
        found.append(each.person_id)
        if len(found) == TRIED_ON:
            break
    names = session.exec(select(Person.name).where(col(Person.id).in_(found))).all()
    return [name for name in names if name]
