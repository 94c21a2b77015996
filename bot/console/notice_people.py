"""Chooses whom a notice goes to: conditions, how many that are and who, and the list made once that is wanted."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlmodel import Session, col, select
from starlette.requests import Request
from starlette.responses import Response

from bot.channels.web.door import personal
from bot.channels.web.posted import Posted
from bot.console.courses import course_words, number_in
from bot.console.inside import Inside, told
from bot.console.notice_sight import notice_of, own_of, writers
from bot.console.notice_words import projects
from bot.console.pages import ConsolePages
from bot.console.words import STATES
from bot.runner import Runner
from storage import audience, notice_list, notices, recipients
from storage.audience import NOBODY, Choice, choice_of
from storage.catalogue import codes
from storage.tables import ApplicationState, NoticeState, Person, Reading, Topic

SHOWN = 10
"""Names shown of those who are meant."""

MOST_EARLIER = 50
"""Notices among which one is chosen that people have not got."""

MOST_PLACE, MOST_DAYS = 30, 3650

ALONE = "alone"
"""With the choice a notice keeps how many it means who have nobody to read for them: they are only phoned."""

READINGS: Mapping[str, str] = {"plain": "普通的话", "easy": "简单的话", "en": "英文"}
CHANNELS: Mapping[str, str] = {"web": "网页", "telegram": "聊天（Telegram）", NOBODY: "只能打电话、发短信"}


@dataclass(slots=True)
class Counted:
    """How many a choice means.

    Args:
        people: persons.
        contacts: contacts a message can go to at once, those who refused the topic not counted.
        nowhere: persons with no place to send to: they are phoned.
        refused: contacts that refused the topic.
        names: some of those it goes to.
        to_phone: some of those who are phoned.

    """

    people: int = 0
    contacts: int = 0
    nowhere: int = 0
    refused: int = 0
    names: list[str] = field(default_factory=list)
    to_phone: list[str] = field(default_factory=list)


class NoticePeople:
    """The page on which recipients are chosen."""

    def __init__(self, runner: Runner, pages: ConsolePages) -> None:
        self._runner = runner
        self._pages = pages

    async def show(self, request: Request, inside: Inside) -> Response:
        """Show the conditions; once some were asked for, how many that are and some of them."""
        asked = Posted({name: request.query_params.getlist(name) for name in request.query_params})

        def look(session: Session) -> Mapping[str, object]:
            notice = notice_of(session, request, inside)
            counts = asked.one("count") == "yes"
            choice = choice_in(asked) if counts else choice_of(notice.audience)
            others, _ = notice_list.notices_of(session, writers(session, inside), 1, MOST_EARLIER)
            return {
                "it": notice,
                "title": notices.text_of(session, notice.id).title,
                "choice": choice,
                "counted": count(session, choice, inside, notice.topic) if counts else None,
                "earlier": [
                    (each.notice.id, each.title)
                    for each in others
                    if each.notice.started_at and each.notice.id != notice.id
                ],
                "open": notice.state is NoticeState.DRAFT
                or (notice.state is NoticeState.PLANNED and notice.send_at is None),
            }

        read = await self._runner.desk.look(look)
        catalogue, reach = self._runner.shelf.current, inside.reach.intakes
        runs = sorted({run.id for _, run in catalogue.courses() if reach is None or run.id in reach})
        values = {
            "inside": inside,
            "categories": _labels("category"),
            "services": _labels("service"),
            "works": _labels("employment_status"),
            "projects": [(card.project_id, card.title) for card in projects(catalogue, reach)],
            "classes": [(each, course_words(catalogue, each)) for each in runs],
            "filed_states": {each.value: STATES[each.value] for each in ApplicationState},
            "readings": READINGS,
            "channels": CHANNELS,
            **read,
        }
        return personal(
            self._pages.render("notice_people.html", values, request.query_params.get("told", ""))
        )

    async def plan(self, request: Request, inside: Inside) -> Response:
        """Make the list of recipients; made again, it takes the place of the one before."""
        notice_id = await self._runner.desk.look(lambda session: notice_of(session, request, inside).id)
        choice, desk = choice_in(inside.form), self._runner.desk

        def plan() -> int | None:
            own = own_of(inside)
            with desk.store.reading() as session:
                meant = audience.people(session, choice, inside.now, own)
                kept = {**choice.kept(), ALONE: sum(each.contact_id is None for each in meant)}
                contacts = audience.contacts(session, choice, inside.now, own)
                return notices.plan(desk, notice_id, contacts, inside.now, audience=kept)

        planned = await asyncio.to_thread(plan)
        return told(f"/notices/{notice_id}", "notice_late" if planned is None else "notice_planned")


def choice_in(form: Posted) -> Choice:
    """Read the conditions; one that there is not does not count."""

    def known(name: str, kinds: Mapping[str, Any]) -> tuple[str, ...]:
        return tuple(each for each in form.fields.get(name, ()) if each in kinds)

    readings, channels = {each.value for each in Reading}, set(CHANNELS)
    reading, channel = form.one("reading"), form.one("channel")
    return Choice(
        place=form.one("place").strip()[:MOST_PLACE],
        categories=known("categories", codes.words("category")),
        project=form.one("project"),
        intake=number_in(form.one("intake")),
        states=known("states", STATES),
        needs=known("needs", codes.words("service")),
        work=known("work", codes.words("employment_status")),
        reading=reading if reading in readings else "",
        channel=channel if channel in channels else "",
        finished_days=min(number_in(form.one("finished_days")), MOST_DAYS),
        missed=number_in(form.one("missed")),
    )


def count(session: Session, choice: Choice, inside: Inside, topic: Topic) -> Counted:
    """Count who is meant and say what will become of them, a portion at a time."""
    counted, seen, portion = Counted(), -1, list[audience.Found]()
    for each in audience.people(session, choice, inside.now, own_of(inside)):
        counted.people += each.person_id != seen
        seen = each.person_id
        portion.append(each)
        if len(portion) == audience.AT_ONCE:
            _judge(session, portion, topic, counted)
            portion = []
    _judge(session, portion, topic, counted)
    return counted


def _judge(session: Session, portion: Sequence[audience.Found], topic: Topic, counted: Counted) -> None:
    contact_ids = [each.contact_id for each in portion if each.contact_id is not None]
    how = recipients.reached(session, contact_ids, topic)
    people: list[int] = []
    phoned: list[int] = []
    for each in portion:
        found = how.get(each.contact_id or 0)
        if found is None or (found.known and not found.refused and not (found.on_page or found.telegram)):
            counted.nowhere += 1
            phoned.append(each.person_id)
        elif found.refused or not found.known:
            counted.refused += 1
        else:
            counted.contacts += 1
            people.append(each.person_id)
    counted.names += _names(session, people[: SHOWN - len(counted.names)])
    counted.to_phone += _names(session, phoned[: SHOWN - len(counted.to_phone)])


def _names(session: Session, person_ids: Sequence[int]) -> list[str]:
    found = session.exec(select(Person).where(col(Person.id).in_(person_ids)).order_by(col(Person.id))).all()
    return [each.name or "（没有名字）" for each in found]


def _labels(name: str) -> dict[str, str]:
    return {code: each.label for code, each in codes.words(name).items()}
