"""Classes of the past with what people answered to call-backs, so that the demonstration has ratings to show.

Three made-up runs of courses of the sample that ended weeks ago: one people liked, one they did not, and one of
which too few have answered to tell anything. Of those who attended there are numbers, and no names.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import cycle

from sqlmodel import Session, select

from bot.afterwards import rated
from storage import forms
from storage.afterwards import ratings
from storage.catalogue.tables import Intake
from storage.forms import Given
from storage.tables import AnsweredBy, AnswerSet, CallbackKind, Disposition, Person, SheetForm
from storage.tickets.tables import Callback

OWN, HELPED, FAMILY = AnsweredBy.SELF, AnsweredBy.HELPER, AnsweredBy.FAMILY

T7, FOLLOW_UP = "survey_t7", "followup_t30_t90"

Answers = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Past:
    """One class of the past.

    Args:
        project: of which course it was a run.
        ended: how many weeks ago it ended.
        overall: what its people gave, all in all, one letter each; a capital is a family's in their place.
        silent: how many refused, could not be reached, and have not answered yet.
        works: how many of those who were asked work after a month, and after three.

    """

    project: str
    ended: int
    overall: str
    silent: tuple[int, int, int]
    works: tuple[int, int]


PAST: Sequence[Past] = (
    Past("P025", 20, "554454554345545" + "54534", (1, 2, 0), (10, 12)),
    Past("P012", 9, "543243223433" + "232", (2, 1, 0), (4, 0)),
    Past("P020", 3, "545", (0, 0, 3), (0, 0)),
)

FAMILIES = 5
"""Of the first two classes, the last so many were answered by families."""

WORDS = (
    *(
        "老师讲得慢，我都听懂了。",
        "实习的时间有点短，想多练。",
        "厕所在二楼，轮椅上不去。",
        "字幕很清楚，谢谢。",
    ),
    *("中午吃饭排队太久。", "想学更难一点的。"),
)
"""What some of them wrote; nobody real did."""

LATER = timedelta(hours=5)
"""How long after they were asked people answer."""

SAT = ("sat_teacher", "sat_content", "sat_practice", "sat_place", "sat_life", "sat_staff")


def load_ratings(session: Session, now: datetime, check: Callable[[], None]) -> int:
    """Load classes of the past and their answers; gives how many sets of answers there are."""
    live = {form.name: form for form in forms.live_forms(session)}
    kept: list[AnswerSet] = []
    for past in PAST:
        check()
        kept += _load(session, past, live, now)
    for name in (T7, FOLLOW_UP):
        closed = rated.questions_of(live[name].xform).closed
        ratings.count_first(session, (each for each in kept if each.form == name), closed, now.tzinfo)
    return len(kept)


def _load(session: Session, past: Past, live: Mapping[str, SheetForm], now: datetime) -> list[AnswerSet]:
    ended = now - timedelta(weeks=past.ended)
    intake = _run_before(session, past.project, ended)
    people = [Person(created_at=ended) for _ in range(len(past.overall) + sum(past.silent))]
    session.add_all(people)
    session.flush()
    asked: list[tuple[Callback, AnsweredBy, Answers]] = []
    for number, (person, answers) in enumerate(zip(people, _answers(past), strict=False)):
        by = (OWN, HELPED)[number % 4 == 3]
        if past.ended > 4 and number >= len(past.overall) - FAMILIES:
            by = FAMILY
        asked.append((_callback(intake, person, CallbackKind.T7, Disposition.COMPLETE, ended), by, answers))
        for kind, working in zip((CallbackKind.T30, CallbackKind.T90), past.works, strict=True):
            if working:
                callback = _callback(intake, person, kind, Disposition.COMPLETE, ended)
                asked.append((callback, by, _work(kind, number, works=number < working)))
    asked = [each for each in asked if each[0].due_at + LATER < now]
    states = (Disposition.REFUSED, Disposition.UNREACHED, Disposition.ASKED)
    rest = [state for state, many in zip(states, past.silent, strict=True) for _ in range(many)]
    silent = zip(people[len(past.overall) :], rest, strict=True)
    session.add_all([callback for callback, _, _ in asked])
    session.add_all([_callback(intake, person, CallbackKind.T7, state, ended) for person, state in silent])
    session.flush()
    return [_keep(session, live[each[0].form].version, *each) for each in asked]


def _run_before(session: Session, project: str, ended: datetime) -> int:
    """Add a run of a course that ended on a day: as the first one of the sample, but long before it."""
    first = session.exec(select(Intake).where(Intake.project_id == project, Intake.intake_no == 1)).one()
    back = first.end_date - ended.date()
    values = first.model_dump(exclude={"id"}) | {
        "intake_no": 9,
        "status": "finished",
        "closed_dates": [],
        **{name: getattr(first, name) - back for name in ("start_date", "end_date", "registration_deadline")},
        "list_from": None,
        "list_until": None,
    }
    run = Intake(**values)
    session.add(run)
    session.flush()
    return run.id or 0


def _answers(past: Past) -> Iterator[Answers]:
    words = cycle(WORDS)
    for number, letter in enumerate(past.overall):
        score = int(letter)
        others = {
            name: f"s{min(5, max(1, score + (number + place) % 3 - 1))}" for place, name in enumerate(SAT)
        }
        yield {
            "talk_now": "now",
            "attended": "all" if number % 5 else "part",
            "sat_overall": f"s{score}",
            **others,
            "support_delivered": "all" if score > 3 else "part",
            "support_missing": [] if score > 3 else ["rest_break"],
            "learned": "well" if score > 3 else "some",
            "charged": "no",
            "sat_overall_r": "none" if score > 3 or number == 9 else "some",
            "plan": ("seek", "have_job", "home")[number % 3],
            "need": ["job"] if number % 2 else ["none"],
            "recommend": "yes" if score > 3 else "maybe",
            "suggestion": next(words) if number % 3 == 0 else "@skip",
            "fair_ok": "yes",
        }


def _work(kind: CallbackKind, number: int, *, works: bool) -> Answers:
    said: dict[str, object] = {"wave": kind.value, "talk_now": "now", "employed": "yes" if works else "no"}
    if works:
        return said | {
            "emp_type": ("flexible", "self", "ratio")[number % 3],
            "related": "yes" if number % 4 else "some",
        }
    return said | {"why_not": ("nojob", "noskill", "family")[number % 3], "want_job": "yes", "need": ["job"]}


def _keep(session: Session, version: str, callback: Callback, by: AnsweredBy, answers: Answers) -> AnswerSet:
    given = Given(
        form=callback.form,
        version=version,
        answers={**answers, "answered_by": by.value},
        channel="web",
        person_id=callback.person_id,
        intake_id=callback.intake_id,
        about={"callback": callback.id},
        answered_by=by,
    )
    kept = forms.keep_answers(session, rated.with_order(session, given), callback.due_at + LATER)
    callback.answer_set_id = kept.id
    return kept


def _callback(
    intake: int, person: Person, kind: CallbackKind, state: Disposition, ended: datetime
) -> Callback:
    after = {CallbackKind.T7: 7, CallbackKind.T30: 30, CallbackKind.T90: 90}[kind]
    due = ended + timedelta(days=after)
    return Callback(
        key=f"{kind.value}:past:{person.id}",
        kind=kind,
        form=T7 if kind is CallbackKind.T7 else FOLLOW_UP,
        person_id=person.id,
        intake_id=intake,
        state=state,
        due_at=due,
        next_at=due,
        closes_at=due + timedelta(days=30),
        asked=1,
        created_at=ended,
    )
