"""我到了: somebody is at their class or at a job fair; who it is, where several are, or when the next class is."""

from collections.abc import Mapping

from dialogs.facts.classes import Coming, at_class
from dialogs.facts.fairs import AtFair, at_fair
from dialogs.kinds import Choice, Note
from dialogs.model import Answers, Flow, Json, Option, Row, Skip
from dialogs.talk import World
from dialogs.words import Own

FAIR = "fair_"
"""How an answer begins that is a sign-up to a fair."""


def _how_many(world: World) -> Mapping[str, Json]:
    here = _expected(world)
    if len(here) == 1:
        return {"several": "no", "which": here[0][0]}
    return {"several": "yes" if here else "none"}


def _expected(world: World) -> list[tuple[str, Coming | AtFair]]:
    """Everybody expected anywhere just now, by what an answer keeps: the application, or the sign-up to a fair."""
    classes = [(str(each.application_id), each) for each in at_class(world).now]
    return [*classes, *((f"{FAIR}{each.signup_id}", each) for each in at_fair(world))]


def _people(_: Answers, world: World) -> tuple[Option, ...]:
    here = _expected(world)
    named = [each.person_name for _, each in here]
    return tuple(
        Option(
            value,
            Own(each.person_name) if named.count(each.person_name) == 1 else Own(each.title, each.title_easy),
            note="{{ at | moment }}",
            values={"at": each.begins},
        )
        for value, each in here
    )


def _next(_: Answers, world: World) -> tuple[Row, ...]:
    after = at_class(world).after
    return () if after is None else _rows(after)


def _rows(it: Coming) -> tuple[Row, ...]:
    return (
        Row("什么课", Own(it.title, it.title_easy)),
        Row("什么时候", "{{ at | moment }}" if it.has_hour else "{{ at | day }}", {"at": it.begins}),
        *((Row("在哪里", "{{ place }}", {"place": it.place}),) if it.place else ()),
    )


def _come(_: Answers, world: World) -> Mapping[str, object]:
    return {"after": at_class(world).after is not None}


flow = Flow(
    "arrived",
    Note(
        "none",
        "{% if after %}现在还没有您的课。下一次课在这里。{% else %}现在没有您的课。有了，我们告诉您。{% endif %}",
        when=lambda a: a["several"] == "none",
        values=_come,
        table=_next,
    ),
    Choice(
        "which",
        "谁到了？",
        _people,
        when=lambda a: a["several"] != "none",
        skip=Skip(label="都还没有到", value="none", also=("没有", "没到", "还没有")),
        brief="谁到了",
    ),
    record="arrived",
    fills=_how_many,
    facts=("at_class", "at_fair"),
)

kept = Flow(
    "arrived_kept",
    Note(
        "told",
        "{% if kept == 'no' %}老师记的是没有来。跟老师说一声，他可以改。"
        "{% else %}{{ name }}到了，记下了。老师能看到。{% endif %}",
    ),
)

at_the_fair = Flow(
    "arrived_fair",
    Note("told", "{{ name }}到了，记下了。签到号是 {{ number }}。到门口说这个号，或者给人看。"),
)
