"""A complaint, at any point, without a name if wished; the supervision numbers stand beside it."""

from dialogs.facts import office
from dialogs.kinds import Choice, Text
from dialogs.model import Answers, Flow, Option, Row
from dialogs.talk import World


def _numbers(_: Answers, world: World) -> tuple[Row, ...]:
    own = office(world).supervision_phone
    return (
        *((Row("投诉电话", "{{ office.supervision_phone }}"),) if own and own != "12385" else ()),
        Row("残疾人服务热线", "12385"),
    )


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
    record="complaint",
    facts=("me", "office"),
    draft=True,
    title="投诉",
)
