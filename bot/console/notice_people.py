"""Chooses whom a notice goes to: conditions, how many that are and who, and the list made once that is wanted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlmodel import Session, col, select
from starlette.requests import Request
from starlette.responses import Response

from bot.channels.web.door import personal
from bot.channels.web.posted import Posted
from bot.console.courses import course_words, number_in
from bot.console.fair_sight import fairs_to_come
from bot.console.inside import Inside, told
from bot.console.notice_sight import notice_of, own_of, writers
from bot.console.notice_words import FAIR, MOST_ID, projects
from bot.console.pages import ConsolePages
from bot.console.words import STATES
from bot.runner import Runner
from storage.catalogue import codes
from storage.notices import audience, notices, recipients
from storage.notices import groups as notice_groups
from storage.notices import listing as notice_list
from storage.notices import plan as notice_plan
from storage.notices.audience import NOBODY, Choice, choice_of
from storage.staff import staff
from storage.tables import ApplicationState, Person, Reading, Topic

SHOWN = 10
"""Names shown of those who are meant."""

MOST_EARLIER = 50
"""Notices among which one is chosen that people have not got."""

MOST_NAME = 30
"""Characters."""

MOST_PLACE, MOST_WISH, MOST_DAYS, MOST_YEARS = 30, 20, 3650, 120

READINGS: Mapping[str, str] = {"plain": "普通的话", "easy": "简单的话", "en": "英文"}
WANTS: Mapping[str, str] = {
    Topic.TRAINING.value: "想收新课的消息，或者留过愿望",
    Topic.JOBS.value: "想收招聘的消息，或者想去哪个岗位",
    Topic.POLICY.value: "想收政策的消息",
}
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
            group = notice_groups.find_group(session, inside.member.region, number_in(asked.one("group")))
            counts = group is not None or asked.one("count") == "yes"
            choice = choice_in(asked) if counts else choice_of(notice.audience)
            choice = choice_of(group.audience) if group is not None else choice
            others, _ = notice_list.notices_of(session, writers(session, inside), 1, MOST_EARLIER)
            return {
                "it": notice,
                "title": notices.text_of(session, notice.id).title,
                "choice": choice,
                "groups": [
                    (each.id, each.name) for each in notice_groups.groups_of(session, inside.member.region)
                ],
                "group": group,
                "counted": count(session, choice, inside, notice.topic) if counts else None,
                "earlier": [
                    (each.notice.id, each.title)
                    for each in others
                    if each.notice.started_at and each.notice.id != notice.id
                ],
                "open": notices.may_plan(session, notice),
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
            "wants": WANTS,
            "fairs": await fairs_to_come(self._runner, inside),
            **read,
        }
        return personal(
            self._pages.render("notice_people.html", values, request.query_params.get("told", ""))
        )

    async def keep_group(self, request: Request, inside: Inside) -> Response:
        """Keep the conditions under a name, for oneself and colleagues of the same region."""
        name, choice = inside.form.one("group_name").strip(), choice_in(inside.form)

        def keep(session: Session) -> tuple[int, int]:
            notice = notice_of(session, request, inside)
            if not 0 < len(name) <= MOST_NAME:
                return notice.id, 0
            return notice.id, notice_groups.keep_group(
                session, inside.member, name, choice.kept(), inside.now
            ).id

        number, group = await self._runner.desk.do(keep)
        if not group:
            return told(f"/notices/{number}/people", "group_no_name")
        return told(f"/notices/{number}/people", "group_kept", group=group)

    async def plan(self, request: Request, inside: Inside) -> Response:
        """Keep who was chosen; the list is made beside. Chosen again, it takes the place of the one before."""
        choice = choice_in(inside.form)

        def ask(session: Session) -> tuple[int, bool]:
            notice = notice_of(session, request, inside)
            asked = notice_plan.ask(session, notice.id, choice.kept(), inside.member.id)
            if asked:
                staff.note_access(session, inside.member, "chose for notice", "notice", notice.id, inside.now)
            return notice.id, asked

        number, asked = await self._runner.desk.do(ask)
        self._runner.nudge()
        return told(f"/notices/{number}", "notice_planning" if asked else "notice_late")


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
        age_from=min(number_in(form.one("age_from")), MOST_YEARS),
        age_to=min(number_in(form.one("age_to")), MOST_YEARS),
        reading=reading if reading in readings else "",
        channel=channel if channel in channels else "",
        finished_days=min(number_in(form.one("finished_days")), MOST_DAYS),
        missed=number_in(form.one("missed")),
        fair=form.one(FAIR)[:MOST_ID],
        wants=known("wants", WANTS),
        wish=form.one("wish").strip()[:MOST_WISH],
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
