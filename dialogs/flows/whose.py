"""谁在用: one phone may care for several people, and we always say for whom we are talking."""

from dialogs.facts.people import me
from dialogs.kinds import Choice, Text
from dialogs.model import Answers, Flow, Option
from dialogs.talk import Begin, World
from dialogs.words import Own


def _people(_: Answers, world: World) -> tuple[Option, ...]:
    people = me(world).people
    known = tuple(Option(str(ward.person_id), Own(ward.name)) for ward in people if ward.role != "self")
    mine = next((ward for ward in people if ward.role == "self"), None)
    myself = Option(str(mine.person_id) if mine else "self", "我自己", also=("自己", "本人"))
    return (myself, *known, Option("new", "家里别的人", also=("别的人", "加一个人")))


flow = Flow(
    "whose",
    Choice("person", "谁去上课？", _people, brief="谁去上课"),
    Text("name", "他叫什么名字？写小名也可以。", when=lambda a: a["person"] == "new", most=20, brief="名字"),
    Choice(
        "relation",
        "您是他的什么人？",
        (
            Option("family", "家里人", also=("家人", "父母", "妈妈", "爸爸")),
            Option("guardian", "监护人"),
            Option("helper", "帮忙的人", also=("帮忙", "朋友", "邻居")),
        ),
        when=lambda a: a["person"] == "new",
        brief="您是他的",
    ),
    record="whose",
    then=lambda _answers, _world: Begin("home"),
    facts=("me",),
)
