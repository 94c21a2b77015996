"""After sending: a number that can be said over a telephone, what happens next and when, whom to call."""

from collections.abc import Mapping

from dialogs.facts.applications import application
from dialogs.facts.people import office
from dialogs.kinds import Note
from dialogs.model import Answers, Flow, Row
from dialogs.parts.background import BACKGROUND
from dialogs.parts.calling import whom_to_call
from dialogs.parts.consent import CONSENTS
from dialogs.parts.contacts import CONTACTS, EMERGENCY
from dialogs.parts.identity import IDENTITY
from dialogs.parts.needs import NEEDS
from dialogs.parts.parent import PARENT, PARENTS_WORD
from dialogs.stages import TALK_OVER, next_step
from dialogs.talk import Begin, World
from dialogs.words import Words

BRIEFS: Mapping[str, Words] = {
    question.name: question.brief
    for question in (
        *CONSENTS, *NEEDS, *IDENTITY, *CONTACTS, *PARENT, *BACKGROUND, *EMERGENCY, *PARENTS_WORD
    )
    if question.brief
}  # fmt: skip
"""What an answer of the application is called in a list."""


def _rows(a: Answers, world: World) -> tuple[Row, ...]:
    here, it = office(world), application(world)
    changed = a.many("changed") if "changed" in a else ()
    known = dict.fromkeys(BRIEFS.get(name, "想说的话" if name == "words" else "别的回答") for name in changed)
    return (
        *(Row("改了", brief, private=True) for brief in known),
        Row("报名号", "{{ application.number }}"),
        Row("课", "{{ application | called }}"),
        Row("谁去", "{{ application.person_name }}", private=True),
        Row("后面怎么办", next_step(it.state, it.missing), {"starts": it.starts}),
        *(Row("要商量的", TALK_OVER, {"rule": rule}, private=True) for rule in it.advice),
        *whom_to_call(world),
        *((Row("发短信问", "{{ office.help_sms }}"),) if here.help_sms else ()),
    )


def _lead(_: Answers, world: World) -> Begin:
    """Somebody's word is missing: ask how to get it, while whoever applied is here."""
    it = application(world)
    return Begin("ask", (("application", it.application_id),)) if it.missing else Begin("home")


flow = Flow(
    "receipt",
    Note(
        "told",
        "{% if changed is defined %}{% if changed %}您改的，记下了。{% else %}没有改动，和以前一样。{% endif %}"
        "{% elif application.state != 'awaiting_assent' %}报名收到了。"
        "{% elif 'parent' not in application.missing %}写好了，还要本人答应。"
        "{% elif 'person' in application.missing %}写好了，还要本人和家长答应。"
        "{% else %}写好了，还要家长同意。{% endif %}报名号是 {{ application.number }}。开课前，都可以说不去。",
        table=_rows,
    ),
    then=_lead,
    facts=("application", "office"),
)

too_late = Flow("too_late", Note("told", "{{ title }}。这个班现在不能报了。您可以找别的班，也可以记下愿望。"))

not_yours = Flow("not_yours", Note("told", "这件事只有本人和他信得过的人能办。"))
