"""Staff ask something in their own words, and the answer goes back to them."""

from collections.abc import Mapping

from dialogs.facts.applications import staff_question
from dialogs.kinds import Note, Text
from dialogs.model import Answers, Flow, Json, Row, Skip
from dialogs.parts.after import see_application
from dialogs.talk import World
from dialogs.words import Own


def _whether_it_stands(world: World) -> Mapping[str, Json]:
    return {"stands": "yes" if staff_question(world).stands else "no"}


def _question(_: Answers, world: World) -> tuple[Row, ...]:
    """The words are a person's, so it is said whose; they may tell a need."""
    asked = staff_question(world)
    return (
        *((Row("谁问您", Own(asked.asker)),) if asked.asker else ()),
        Row("问题", Own(asked.words), private=True),
        Row("什么课", "{{ application | called }}"),
    )


flow = Flow(
    "answer",
    Text(
        "words",
        "工作人员有一个问题。您怎么回答？",
        when=lambda a: a["stands"] == "yes",
        private=True,
        most=2000,
        long=True,
        voice=True,
        skip=Skip(),
        table=_question,
        hint="只有工作人员能看到您的回答。",
        brief="您的回答",
    ),
    Note("gone", "这个问题不用回答了。谢谢您。", when=lambda a: a["stands"] != "yes"),
    record="staff_answer",
    fills=_whether_it_stands,
    facts=("application", "staff_question"),
)


answered = Flow(
    "answered",
    Note("told", "好的，您的回答给工作人员了。有结果，我们告诉您。"),
    then=see_application,
    facts=("application",),
)

appeal = Flow(
    "appeal",
    Text(
        "words",
        "您为什么不同意？写下来，也可以说一段话。",
        private=True,
        most=2000,
        long=True,
        voice=True,
        skip=Skip(label="见面再说", value="later"),
        hint="工作人员会再看一次，由人来决定。",
        brief="为什么不同意",
    ),
    record="appeal",
    facts=("application",),
)

appealed = Flow(
    "appealed",
    Note("told", "记下了，号码是 {{ number }}。工作人员会再看一次，最晚 {{ due | day }}告诉您。"),
)
