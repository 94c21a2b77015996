"""A complaint, at any point, without a name if wished; the supervision numbers stand beside it."""

from collections.abc import Mapping

from dialogs.facts.people import me, office
from dialogs.kinds import Choice, Note, Text
from dialogs.model import Answers, Flow, Json, Option, Row
from dialogs.talk import World


def _numbers(_: Answers, world: World) -> tuple[Row, ...]:
    own = office(world).supervision_phone
    return (
        *((Row("投诉电话", "{{ office.supervision_phone }}"),) if own and own != "12385" else ()),
        Row("残疾人服务热线", "12385"),
    )


def _whether_helped(world: World) -> Mapping[str, Json]:
    """Whether somebody helps on this phone, who may read here what is told us about them."""
    people = me(world).people
    return {"helped": "yes" if any(each.role != "self" for each in people) else "no"}


flow = Flow(
    "complain",
    Text(
        "words",
        "什么事让您不满意？写下来，也可以说一段话。",
        most=2000,
        long=True,
        voice=True,
        table=_numbers,
        brief="什么事",
    ),
    Choice(
        "named",
        "要告诉我们您是谁吗？不说名字，也会有人查。",
        (
            Option("yes", "可以告诉", also=("可以", "是", "要")),
            Option("no", "不说名字", also=("匿名", "不要", "不", "不说")),
        ),
        brief="名字",
    ),
    Choice(
        "about_helper",
        "说的是帮您办事的人吗？是的话，回音要用号码看。",
        (
            Option("yes", "是，说的是他", also=("是", "是的", "对", "说的是他")),
            Option("no", "不是，是别的事", also=("不是", "不", "别的事")),
        ),
        when=lambda a: a["named"] == "yes" and a["helped"] == "yes",
        brief="是不是帮您的人",
    ),
    record="complaint",
    fills=_whether_helped,
    facts=("me", "office"),
    draft=True,
    title="投诉",
)


def _to_write_down(_: Answers, world: World) -> tuple[Row, ...]:
    return (
        Row("这件事的号码", "{{ number }}"),
        Row("您自己的号码", "{{ digits }}"),
        Row("怎么看回音", "选“找人帮忙”，再选“我说过的事”。"),
        *_numbers(_, world),
    )


kept = Flow(
    "complaint_kept",
    Note(
        "told",
        "记下了，最晚 {{ due | day }}有回音。看回音要两个号码，写在纸上吧。只说这一次。",
        table=_to_write_down,
    ),
    facts=("office",),
)
