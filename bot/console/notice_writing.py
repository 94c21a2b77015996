"""Writes notices: the form, what is wrong with the words, and the words kept until they are right."""

import hashlib
from collections.abc import Sequence
from http import HTTPStatus

from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response

from bot.channels.web.door import personal, sent_on
from bot.console.courses import number_in
from bot.console.fair_sight import fairs_to_come
from bot.console.inside import Inside, NotYours, told
from bot.console.notice_sight import notice_of, own_of
from bot.console.notice_words import (
    FAIR,
    MOST_ID,
    TOPICS,
    of_fair,
    projects,
    ticked,
    words_in,
)
from bot.console.pages import ConsolePages
from bot.notices.checks import FIELDS, MOST_SMS, MOST_TITLE, Fault, faults, hard, names_in
from bot.notices.marks import marked
from bot.notices.marks import told as told_of
from bot.notices.posts import PLACEHOLDERS
from bot.notices.rights import some_names
from bot.runner import Runner
from storage.fairs import fairs
from storage.notices import files as notice_files
from storage.notices import notices
from storage.notices.notices import Words
from storage.tables import NoticeState, Topic

PICTURES = ("image/jpeg", "image/png")
"""What every phone shows; anything else is a paper to be opened."""


class NoticeWriting:
    """The page on which a notice is written, and written anew."""

    def __init__(self, runner: Runner, pages: ConsolePages) -> None:
        self._runner = runner
        self._pages = pages

    async def begin(self, request: Request, inside: Inside) -> Response:
        """Show an empty form; of a job fair, with the fair's own texts in it."""
        fair_id = request.query_params.get(FAIR, "")
        card = await self._runner.desk.look(lambda session: fairs.find_fair(session, fair_id, inside.now))
        if card is None:
            return await self._page(inside, Words("", ""), Topic.TRAINING, None)
        return await self._page(inside, of_fair(card), Topic.JOBS, None, asked_to=card.fair_id)

    async def write(self, _: Request, inside: Inside) -> Response:
        """Keep a new notice as a draft."""
        file_id, no_file = await self._file(inside)
        words = words_in(inside.form, self._runner.shelf.current, file_id)
        topic, asked_to = _topic(inside), inside.form.one("asked_to")[:MOST_ID]
        wrong, sentences = await self._wrong(inside, words, no_file)
        if wrong or sentences:
            return await self._page(
                inside, words, topic, None, wrong=wrong, hard_ones=sentences, asked_to=asked_to
            )

        def keep(session: Session) -> int:
            return notices.write(session, topic, words, inside.member.id, inside.now).id

        number = await self._runner.desk.do(keep)
        chosen = {"count": "yes", FAIR: asked_to} if asked_to else {}
        return told(f"/notices/{number}/people", "notice_written", **chosen)

    async def show(self, request: Request, inside: Inside) -> Response:
        """Show the words as they are, to be changed."""

        def look(session: Session) -> tuple[int, Words, Topic, str]:
            notice = notice_of(session, request, inside)
            text = notices.text_of(session, notice.id)
            return notice.id, notices.words_of(text), notice.topic, notices.mark_of(text)

        number, words, topic, seen = await self._runner.desk.look(look)
        return await self._page(inside, words, topic, number, seen=seen)

    async def change(self, request: Request, inside: Inside) -> Response:
        """Keep the changed words; of a notice on its way, who has not got it gets the new ones."""
        file_id, no_file = await self._file(inside)
        words = words_in(inside.form, self._runner.shelf.current, file_id)
        seen = inside.form.one("seen")

        def look(session: Session) -> tuple[int, Topic]:
            notice = notice_of(session, request, inside)
            return notice.id, notice.topic

        number, topic = await self._runner.desk.look(look)
        wrong, sentences = await self._wrong(inside, words, no_file)
        if wrong or sentences:
            return await self._page(inside, words, topic, number, seen=seen, wrong=wrong, hard_ones=sentences)

        def keep(session: Session) -> tuple[bool, NoticeState]:
            notice = notice_of(session, request, inside)
            kept = notices.correct(session, notice.id, words, inside.member.id, inside.now, seen=seen)
            return kept is not None, notice.state

        kept, state = await self._runner.desk.do(keep)
        if not kept:
            other = [Fault("", "", "别人刚刚改过。下面是您写的，没有存。打开通知看新的话，再改。")]
            return await self._page(inside, words, topic, number, seen=seen, wrong=other)
        following = "/people" if state is NoticeState.DRAFT else ""
        return told(f"/notices/{number}{following}", "notice_changed")

    async def send_file(self, request: Request, inside: Inside) -> Response:
        """Show the picture, or give the paper, that goes with it."""

        def find(session: Session) -> Response:
            text = notices.text_of(session, notice_of(session, request, inside).id)
            file = notice_files.find_file(session, text.file_id)
            if file is None:
                raise NotYours("file")
            return sent_on(file.mime, file.body, is_shown=file.is_photo)

        return await self._runner.desk.look(find)

    async def check(self, _: Request, inside: Inside) -> Response:
        """Mark what is wrong in words that are being written; nothing is kept, and nothing is missing yet."""
        words = words_in(
            inside.form, self._runner.shelf.current, number_in(inside.form.one("file_id")) or None
        )
        found = [*faults(words, ()), *hard(words, names_in(self._runner.shelf.current, words))]
        marks = marked(words, [each for each in found if getattr(words, each.field)])
        values = {"fields": FIELDS, "marks": marks, "told_of": told_of(marks)}
        return personal(self._pages.render("notice_checked.html", values))

    async def _file(self, inside: Inside) -> tuple[int | None, list[Fault]]:
        """Keep the file that was brought, also with words that are not right yet; else give the one there was."""
        form, brought = inside.form, inside.form.file
        if brought is None:
            before = number_in(form.one("file_id"))
            gone = form.one("no_file") == "yes" or not before
            kept = await self._runner.desk.look(lambda session: notice_files.is_kept(session, before))
            return (None if gone or not kept else before), []
        called = "file_words"
        if len(form.body) > notice_files.MOST_BYTES:
            most = notice_files.MOST_BYTES // 1024 // 1024
            return None, [
                Fault(called, "", f"{brought.name or '文件'}太大了，最多 {most} MB。换小一点的，再选一次。")
            ]
        if brought.kind == "voice":
            return None, [
                Fault(
                    called, "", f"{brought.name or '文件'}是声音。图存成 JPG、PNG，文件存成 PDF，再选一次。"
                )
            ]
        is_photo = brought.mime in PICTURES
        name = brought.name or ("图" if is_photo else "文件")

        def keep(session: Session) -> int:
            return notice_files.keep_file(
                session, name, brought.mime, form.body, inside.member.id, inside.now, is_photo=is_photo
            )

        return await self._runner.desk.do(keep), []

    async def _wrong(
        self, inside: Inside, words: Words, no_file: Sequence[Fault]
    ) -> tuple[list[Fault], list[Fault]]:
        """Give what stands in the way, and which sentences are hard; the latter only once for the same words."""
        names = await self._runner.desk.look(lambda session: some_names(session, own_of(inside), inside.now))
        found = [*no_file, *faults(words, names)]
        if found or inside.form.one("anyway") == _mark(words):
            return found, []
        return [], hard(words, names_in(self._runner.shelf.current, words))

    async def _page(
        self,
        inside: Inside,
        words: Words,
        topic: Topic,
        number: int | None,
        *,
        seen: str = "",
        wrong: Sequence[Fault] = (),
        hard_ones: Sequence[Fault] = (),
        asked_to: str = "",
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
            "marks": marked(words, [*wrong, *hard_ones]),
            "fields": FIELDS,
            "mark": _mark(words),
            "ticked": ticked(words),
            "projects": projects(self._runner.shelf.current, inside.reach.intakes),
            "fairs": await fairs_to_come(self._runner, inside),
            "asked_to": asked_to,
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
