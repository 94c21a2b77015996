"""What people wrote and said in call-backs: searchable, to be listened to, each time kept who read it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select
from starlette.requests import Request
from starlette.responses import Response

from bot.afterwards import rated
from bot.channels.web.door import personal
from bot.console.courses import course_words, number_in
from bot.console.files import file_answer, open_file
from bot.console.inside import Inside, NotYours
from bot.console.pages import ConsolePages
from bot.console.rating_detail import WAVES
from bot.runner import Runner
from storage.afterwards.ratings import FOR_OTHERS
from storage.among import among
from storage.files import files_in, find_file
from storage.staff import staff
from storage.tables import AnswerSet

LOOKED_AT = 1000
"""The newest sets of answers that are searched: they are sealed, so each has to be opened."""

MOST = 50
"""Sets of answers on the page."""

MOST_WORDS = 60


@dataclass(frozen=True, slots=True)
class Opinion:
    """What somebody said in one set of answers.

    Args:
        number: of the set.
        course: the class.
        when: the day, without the hour.
        by_family: whether the family answered in the person's place.
        doubtful: whether two of the answers cannot both be.
        said: question, words, and the file where it was spoken.

    """

    number: int
    course: str
    when: str
    by_family: bool
    doubtful: bool
    said: Sequence[tuple[str, str, int | None]]


class RatingWords:
    """The page of what was written and said. It names nobody: who has to know finds the person by the ticket."""

    def __init__(self, runner: Runner, pages: ConsolePages) -> None:
        self._runner = runner
        self._pages = pages

    async def show(self, request: Request, inside: Inside) -> Response:
        """Show the newest, or those in which some words stand."""
        wanted = request.query_params.get("q", "").strip()[:MOST_WORDS]
        intake = number_in(request.query_params.get("of", ""))
        if intake and not inside.reach.holds(intake):
            raise NotYours("rating")

        def look(session: Session) -> list[Opinion]:
            found = self._opinions(session, inside, intake)
            return [each for _, each in zip(range(MOST), _having(found, wanted), strict=False)]

        opinions = await self._runner.desk.look(look)
        await self._runner.desk.do(
            lambda session: staff.note_access(
                session,
                inside.member,
                "opinions_read",
                "intake",
                intake or None,
                inside.now,
                f"rows={len(opinions)}",
            )
        )
        values = {
            "inside": inside,
            "opinions": opinions,
            "wanted": wanted,
            "intake": intake,
            "course": course_words(self._runner.shelf.current, intake) if intake else "",
            "most": MOST,
            "looked_at": LOOKED_AT,
        }
        return personal(self._pages.render("rating_words.html", values))

    async def send_file(self, request: Request, inside: Inside) -> Response:
        """Send what somebody spoke into an answer."""
        number, file = (number_in(request.path_params[each]) for each in ("answers", "file"))

        def find(session: Session) -> Response:
            answers = session.get(AnswerSet, number)
            if answers is None or answers.intake_id is None or not inside.reach.holds(answers.intake_id):
                raise NotYours("opinion")
            return file_answer(open_file(session, inside, file, answers.answers))

        return await self._runner.desk.do(find)

    def _opinions(self, session: Session, inside: Inside, intake: int) -> Iterator[Opinion]:
        wanted = select(AnswerSet).where(col(AnswerSet.form).in_({each.form for each in WAVES.values()}))
        if intake:
            wanted = wanted.where(AnswerSet.intake_id == intake)
        elif inside.reach.intakes is not None:
            wanted = wanted.where(among(col(AnswerSet.intake_id), inside.reach.intakes))  # type: ignore[arg-type]  # some have none
        known: dict[tuple[str, str], rated.Questions] = {}
        for answers in session.exec(wanted.order_by(col(AnswerSet.id).desc()).limit(LOOKED_AT)):
            version = (answers.form, answers.version)
            if version not in known:
                known[version] = rated.questions_for(session, *version)
            questions = known[version]
            said = [
                (label, *_spoken(session, answers.answers[name]))
                for name, label in questions.words.items()
                if answers.answers.get(name) not in (None, "", "@skip")
            ]
            if said:
                yield Opinion(
                    answers.id,
                    course_words(self._runner.shelf.current, answers.intake_id or 0),
                    answers.at.astimezone(inside.now.tzinfo).date().isoformat(),
                    answers.answered_by in FOR_OTHERS,
                    bool(questions.contradicted(answers.answers)),
                    said,
                )


def _having(opinions: Iterator[Opinion], wanted: str) -> Iterator[Opinion]:
    return (each for each in opinions if not wanted or any(wanted in words for _, words, _ in each.said))


def _spoken(session: Session, answer: object) -> tuple[str, int | None]:
    """The words of an answer, and the number of its file where it was spoken."""
    keys = files_in(answer)
    file = find_file(session, keys.pop()) if keys else None
    return ("" if keys or file else str(answer)), (file.id if file else None)
