"""What a member of staff wrote to somebody who applied."""

from dialogs.facts.applications import application, staff_words
from dialogs.kinds import Note
from dialogs.model import Answers, Flow, Row
from dialogs.talk import Begin, World
from dialogs.words import Own


def _rows(_: Answers, world: World) -> tuple[Row, ...]:
    it = staff_words(world)
    if not it.stands:
        return ()
    return (
        Row("什么课", "{{ application | called }}"),
        Row("工作人员说", Own(it.words), private=True),
        Row("谁说的", Own(it.asker)),
    )


def _see_it(_: Answers, world: World) -> Begin:
    number = application(world).application_id
    return Begin("application", (("application", number),)) if number else Begin("mine")


flow = Flow(
    "staff_words",
    Note(
        "told",
        "{% if staff_words.stands %}工作人员给您写了几句话。{% else %}这些话现在看不到了。{% endif %}",
        table=_rows,
        private=True,
    ),
    then=_see_it,
    facts=("application", "staff_words"),
)
