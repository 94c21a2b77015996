"""Job fairs: the nearest first, each with the reason; one of them; and what becomes of it."""

from collections.abc import Mapping

from dialogs.facts.fairs import fair, fairs
from dialogs.facts.people import me, person
from dialogs.kinds import Choice, Pick
from dialogs.model import Answers, Flow, Option, Row
from dialogs.parts.fair_words import (
    FAIR_NOTE,
    arranged,
    first_why,
    named,
    when_and_where,
    why_shown,
)
from dialogs.talk import About, Begin, World
from dialogs.words import Own

POSTS = "@positions"


def _listed(_: Answers, world: World) -> tuple[Option, ...]:
    return (
        *(
            Option(
                it.fair_id,
                Own(it.title, it.title_easy),
                note=FAIR_NOTE,
                values={"starts": it.starts, "said": it.said, "why": first_why(it.reasons)},
            )
            for it in fairs(world)
        ),
        Option(POSTS, "直接看岗位", also=("看岗位", "岗位", "工作")),
    )


def _nearest(_: Answers, world: World) -> Mapping[str, object]:
    """Whether the list goes by nearness: it does where we know where somebody lives."""
    why = {each.why for it in fairs(world) for each in it.reasons}
    return {"near": bool(why & {"district", "city", "province"})}


def _whose(world: World) -> About:
    number = person(world).person_id
    return (("person", number),) if number else ()


def _open_one(answers: Answers, world: World) -> Begin:
    which = answers.text("which")
    if which == POSTS:
        return Begin("positions", _whose(world))
    return Begin("fair", (*_whose(world), ("fair", which)))


flow = Flow(
    "fairs",
    Pick(
        "which",
        "{% if fairs %}有 {{ fairs | length }} 个招聘会。您想看哪一个？{% else %}现在没有招聘会。有了，我们告诉您。{% endif %}",
        _listed,
        hint="{% if near %}近的在前面。{% endif %}",
        values=_nearest,
        brief="招聘会",
    ),
    then=_open_one,
    stays=("which",),
    facts=("fairs", "person"),
)


def _rows(_: Answers, world: World) -> tuple[Row, ...]:
    it = fair(world)
    values = {"it": it}
    if not it.state:
        return ()
    return (
        *((Row("您的签到号", "{{ it.number }}", values),) if it.said == "coming" else ()),
        *when_and_where(it),
        *(
            (Row("有多少岗位", "{{ it.employers }} 家单位，{{ it.jobs }} 个岗位", values),)
            if it.employers and it.jobs
            else ()
        ),
        *((Row("那里还能办", "{{ it.on_site | join('、') }}", values),) if it.on_site else ()),
        *arranged(it),
        *why_shown(it.reasons),
        *((Row("最晚哪天报名", "{{ it.last_day | day }}", values),) if it.is_open else ()),
        *((Row("问谁", Own(it.phone)),) if it.phone else ()),
    )


def _ways(_: Answers, world: World) -> tuple[Option, ...]:
    it = fair(world)
    comes = it.said == "coming"
    return (
        *((Option("go", "想去", also=("去", "报名", "我去", "想参加")),) if it.is_open and not comes else ()),
        *(
            (
                Option("change", "改我说的", also=("改", "改需要", "改岗位")),
                Option("leave", "不去了", also=("不去", "退", "取消")),
            )
            if it.to_come and comes
            else ()
        ),
        *((Option("positions", "看有哪些岗位", also=("岗位", "看岗位")),) if it.posts else ()),
        *((Option("supports", "看有哪些帮忙", also=("帮忙", "有哪些帮忙")),) if it.supports else ()),
        Option("ask", "问工作人员", also=("问人", "问问")),
    )


def _supports(_: Answers, world: World) -> tuple[Row, ...]:
    return tuple(Row(named(code), "有") for code in fair(world).supports if named(code))


def _status(_: Answers, world: World) -> Mapping[str, object]:
    return {"state": fair(world).state, "said": fair(world).said}


def _lead(answers: Answers, world: World) -> Begin | None:
    it, here = fair(world), me(world)
    at = ("fair", it.fair_id)
    about = (*_whose(world), at)
    match answers.text("do"):
        case "ask":
            return Begin("help")
        case "positions":
            return Begin("positions", about)
        case "go" if not here.role:
            return Begin("who", (at,))
        case "go" if not person(world).person_id:
            return Begin("whose", (at,))
        case "go":
            return Begin("fair_signup", about)
        case "change":
            said = {
                "come": "yes",
                "help": "yes" if it.needs or it.words else "no",
                "supports": [each.code for each in it.needs] or "none",
                "words": it.words or "none",
                "positions": list(it.chosen) or "none",
            }
            return Begin("fair_signup", about, said)
        case "leave":
            return Begin("fair_signup", about, {"come": "no"})
    return None


one = Flow(
    "fair",
    Choice(
        "do",
        "{% if not state %}这个招聘会现在没有了。{% else %}{{ fair | called }}。{% endif %}"
        "{% if state == 'called_off' %}这个招聘会不办了。{% elif state == 'over' %}已经开完了。"
        "{% elif said == 'coming' %}您说了去。{% elif state == 'closed' %}报名的时间过了。"
        "{% elif state == 'running' %}今天就开。{% endif %}您想怎么办？",
        _ways,
        values=_status,
        table=_rows,
        brief="做什么",
    ),
    Choice(
        "seen",
        "这个招聘会有下面这些帮忙。要别的，报名的时候说。",
        (Option("read", "知道了", also=("好", "好的")),),
        when=lambda a: a["do"] == "supports",
        table=_supports,
    ),
    then=_lead,
    stays=("do", "seen"),
    facts=("me", "person", "fair"),
)
