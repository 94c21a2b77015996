"""One project: what, where and how to get there, when, cost and subsidy, support, seats, whom to ask."""

from collections.abc import Mapping
from dataclasses import replace
from typing import cast

from dialogs.facts.courses import Intake, project, timetables
from dialogs.facts.people import me
from dialogs.kinds import Choice
from dialogs.model import Answers, Flow, Option, Row
from dialogs.supports import LABELS
from dialogs.talk import Begin, World

OPEN = frozenset({"open", "full"})

WEEKEND = (5, 6)

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
    when = tuple(replace(row, values={**values, **row.values}) for row in _when(world, run))
    return when + tuple(
        Row(label, text, values)
        for label, text in (
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


def _when(world: World, run: Intake) -> tuple[Row, ...]:
    """Say when a run meets: as published, or in our own words to who reads easy words or English."""
    if world.reading == "plain":
        return (Row("什么时候", "{{ run.start_date | period(run.end_date) }}。{{ run.schedule_text }}"),)
    known = timetables(world).get(run.id)
    days = known.weekdays if known else WEEKEND if run.time_slot == "weekend" else ()
    begins, ends = (known.begins, known.ends) if known else (run.class_start_time, run.class_end_time)
    asking = "每次不一样，可以问我们" if known else "可以问我们"
    values = {"run": run, "days": days, "begins": begins, "ends": ends}
    rows = [Row("哪天", "{{ run.start_date | period(run.end_date) }}", values)]
    if days and run.start_date != run.end_date:
        rows.append(Row("星期几", "{{ days | weekdays }}", values))
    if begins and ends:
        rows.append(Row("几点", "{{ begins | clock }}到{{ ends | clock }}", values))
    else:
        rows.append(Row("几点", asking))
    if run.mode == "hybrid":
        rows.append(Row("怎么学", "有时去教室，有时用手机或电脑"))
    return tuple(rows)


def _is_published_only(world: World) -> bool:
    """Whether only the published text says exactly when a run meets, and it is not on the card."""
    run = first_intake(world)
    return world.reading != "plain" and run.id not in timetables(world) and bool(run.schedule_text)


def _published(_: Answers, world: World) -> tuple[Row, ...]:
    return (Row("上课时间", "{{ text }}", {"text": first_intake(world).schedule_text}),)


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
        *(
            (Option("official", "看学校写的时间", also=("时间", "几点")),)
            if _is_published_only(world)
            else ()
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
    Choice(
        "hours",
        "上课的时间，学校是这样写的。看不懂，可以问我们。",
        (Option("read", "知道了", also=("好", "好的")),),
        when=lambda a: a["do"] == "official",
        table=_published,
    ),
    then=_then,
    stays=("do", "seen", "hours"),
    facts=("me", "project", "seats", "timetables"),
)
