"""After sending: a number that can be said over a telephone, what happens next and when, whom to call."""

from dialogs.facts import application, office
from dialogs.kinds import Note
from dialogs.model import Answers, Flow, Row
from dialogs.stages import NEXT, TALK_OVER
from dialogs.talk import Begin, World


def _rows(_: Answers, world: World) -> tuple[Row, ...]:
    here, it = office(world), application(world)
    return (
        Row("报名号", "{{ application.number }}"),
        Row("课", "{{ application | called }}"),
        Row("谁去", "{{ application.person_name }}"),
        Row("后面怎么办", NEXT[it.state], {"starts": it.starts}),
        *(Row("要商量的", TALK_OVER, {"rule": rule}) for rule in it.advice),
        *((Row("打电话问", "{{ office.help_phone }}"),) if here.help_phone else ()),
        *((Row("发短信问", "{{ office.help_sms }}"),) if here.help_sms else ()),
    )


flow = Flow(
    "receipt",
    Note(
        "told",
        "{% if application.state == 'awaiting_assent' %}写好了，还要本人答应。"
        "{% else %}报名收到了。{% endif %}报名号是 {{ application.number }}。开课前，都可以说不去。",
        table=_rows,
    ),
    then=lambda _answers, _world: Begin("home"),
    facts=("application", "office"),
)

too_late = Flow("too_late", Note("told", "{{ title }}。这个班现在不能报了。您可以找别的班，也可以记下愿望。"))

not_yours = Flow("not_yours", Note("told", "这件事只有本人和他信得过的人能办。"))
