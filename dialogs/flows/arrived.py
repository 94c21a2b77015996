"""我到了: somebody is at their class; who it is, where several are spoken for, or when the next class is."""

from collections.abc import Mapping

from dialogs.facts import Coming, at_class
from dialogs.kinds import Choice, Note
from dialogs.model import Answers, Flow, Json, Option, Row, Skip
from dialogs.talk import World
from dialogs.words import Own


def _how_many(world: World) -> Mapping[str, Json]:
    here = at_class(world).now
    if len(here) == 1:
        return {"several": "no", "which": str(here[0].application_id)}
    return {"several": "yes" if here else "none"}


def _people(_: Answers, world: World) -> tuple[Option, ...]:
    here = at_class(world).now
    named = [each.person_name for each in here]
    return tuple(
        Option(
            str(each.application_id),
            Own(each.person_name) if named.count(each.person_name) == 1 else Own(each.title, each.title_easy),
            note="{{ at | moment }}",
            values={"at": each.begins},
        )
        for each in here
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
    facts=("at_class",),
)

kept = Flow(
    "arrived_kept",
    Note(
        "told",
        "{% if kept == 'no' %}老师记的是没有来。跟老师说一声，他可以改。"
        "{% else %}{{ name }}到了，记下了。老师能看到。{% endif %}",
    ),
)
