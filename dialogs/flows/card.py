"""One project: what, where and how to get there, when, cost and subsidy, support, seats, whom to ask."""

from collections.abc import Mapping
from typing import cast

from dialogs.facts import Intake, me, project
from dialogs.kinds import Choice
from dialogs.model import Answers, Flow, Option, Row
from dialogs.supports import LABELS
from dialogs.talk import Begin, World

OPEN = frozenset({"open", "full"})

MONEY = (
    "{% if course.fee_yuan %}{{ course.fee_yuan }} 元。{% else %}不收钱。{% endif %}"
    "{% if course.living_subsidy_per_day_yuan %}"
    "每天补贴大约 {{ course.living_subsidy_per_day_yuan }} 元，以审核为准。{% endif %}"
)
ASK = (
    "{{ run.contact_dept }} {{ run.contact_phone }}"
    "{% if run.contact_sms %}，短信 {{ run.contact_sms }}{% endif %}"
)


def first_intake(world: World) -> Intake:
    """The run a card speaks of: the first that can be applied for, else the first there is."""
    runs = project(world).intakes
    return next((run for run in runs if can_apply(run, world)), runs[0])


def can_apply(run: Intake, world: World) -> bool:
    return run.status in OPEN and run.registration_deadline >= world.today


def _rows(_: Answers, world: World) -> tuple[Row, ...]:
    course, run = project(world), first_intake(world)
    seats = cast("Mapping[int, int]", world.facts["seats"])
    values: Mapping[str, object] = {
        "course": course,
        "run": run,
        "left": max(0, seats.get(run.id, run.capacity)),
    }
    return tuple(
        Row(label, text, values)
        for label, text in (
            ("什么时候", "{{ run.start_date | period(run.end_date) }}。{{ run.schedule_text }}"),
            ("在哪里", "{% if run.address %}{{ run.address }}{% else %}在手机或电脑上学{% endif %}"),
            ("怎么去", "{{ run.how_to_get_there }}"),
            ("要多少钱", MONEY),
            ("学完拿什么证", "{{ course.certificate_name }}"),
            ("要带什么", "{{ course.documents_to_bring | join('、') }}"),
            ("还有几个位子", "{{ left }} 个"),
            ("最晚哪天报名", "{{ run.registration_deadline | day }}"),
            ("问谁", ASK),
        )
        if _says_something(label, course.certificate_name, run)
    )


def _says_something(label: str, certificate: str, run: Intake) -> bool:
    return {"怎么去": bool(run.how_to_get_there), "学完拿什么证": bool(certificate)}.get(label, True)


def _supports(_: Answers, world: World) -> tuple[Row, ...]:
    run = first_intake(world)
    return tuple(Row(LABELS[code].label, "有") for code in run.services if code in LABELS)


def _ways(_: Answers, world: World) -> tuple[Option, ...]:
    runs = [run for run in project(world).intakes if can_apply(run, world)]
    several = len(runs) > 1
    return (
        *(
            Option(
                f"apply_{run.id}",
                "报名：{{ first | day }}开课" if several else "我要报名",
                also=("报名", "我要报名") if run is runs[0] else (),
                values={"first": run.start_date},
            )
            for run in runs
        ),
        Option("supports", "看有哪些帮忙", also=("帮忙", "有哪些帮忙")),
        Option("wish", "记下我想学这个" if not runs else "以后有别的班告诉我", also=("愿望", "以后告诉我")),
        Option("ask", "问工作人员", also=("问人", "问问")),
    )


def _status(_: Answers, world: World) -> Mapping[str, object]:
    run = first_intake(world)
    return {"open": can_apply(run, world), "full": run.status == "full", "gone": run.status == "withdrawn"}


def _then(answers: Answers, world: World) -> Begin | None:
    do = answers.text("do")
    if do == "wish":
        return Begin("wish", given={"topic": project(world).project_id})
    if do == "ask":
        return Begin("help")
    if not do.startswith("apply_"):
        return None
    intake = ("intake", int(do.removeprefix("apply_")))
    here = me(world)
    if not here.role:
        return Begin("who", (intake,))
    if here.role == "self" and len(here.people) == 1 and here.current:
        return Begin("apply", (("person", here.current), intake))
    return Begin("whose", (intake,))


flow = Flow(
    "card",
    Choice(
        "do",
        "{{ project | called }}。{% if gone %}这个课不办了。{% elif not open %}报名已经停了。"
        "{% elif full %}人满了，可以排队。{% endif %}您想怎么办？",
        _ways,
        values=_status,
        table=_rows,
        brief="做什么",
    ),
    Choice(
        "seen",
        "这个课能给的帮忙，就是下面这些。要别的，报名的时候说。",
        (Option("read", "知道了", also=("好", "好的")),),
        when=lambda a: a["do"] == "supports",
        table=_supports,
    ),
    then=_then,
    stays=("do", "seen"),
    facts=("me", "project", "seats"),
)
