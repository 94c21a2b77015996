"""How to get the word an application waits for: now on this phone, or by a link on a phone of their own."""

from dialogs.facts.applications import application
from dialogs.facts.people import person
from dialogs.kinds import Choice, Note
from dialogs.model import Answers, Flow, Option, Row
from dialogs.talk import Begin, World


def _ways(_: Answers, world: World) -> tuple[Option, ...]:
    it, mine = application(world), person(world).role == "self"
    ways: list[Option] = []
    if "person" in it.missing:
        here = "assent" in it.powers
        if here:
            ways.append(Option("now", "我现在回答" if mine else "现在问他", also=("现在", "现在问")))
        if not mine and "fill" in it.powers:
            ways.append(Option("link", "换他的手机问" if here else "在他的手机上再问他", also=("他的手机",)))
    if "parent" in it.missing:
        if "consent" in it.powers:
            ways.append(Option("parent_now", "家长在这里，现在问", also=("家长在旁边", "现在问家长")))
        if "fill" in it.powers:
            ways.append(Option("parent_link", "换家长的手机问", also=("家长的手机",)))
    return (*ways, Option("later", "以后再说", also=("以后", "跳过")))


def _lead(answers: Answers, world: World) -> Begin:
    leads = {
        "now": "assent",
        "link": "assent_link",
        "parent_now": "parent_word",
        "parent_link": "parent_link",
    }
    chosen = answers.text("how")
    if chosen not in leads:
        return Begin("home")
    return Begin(leads[chosen], (("application", application(world).application_id),))


flow = Flow(
    "ask",
    Choice(
        "how",
        "{% if 'parent' not in application.missing %}要他自己答应，才能去上课。怎么问他？"
        "{% elif 'person' in application.missing %}要本人和家长都答应。先问谁？"
        "{% else %}要家长同意，才能去上课。怎么问家长？{% endif %}",
        _ways,
    ),
    then=_lead,
    facts=("application", "person"),
)

assent_link = Flow("assent_link", record="assent_link")

parent_link = Flow("parent_link", record="parent_link")


def _home(_answers: Answers, _world: World) -> Begin:
    return Begin("home")


def _address(answers: Answers, _world: World) -> tuple[Row, ...]:
    chat = (Row("或者用 Telegram 打开", "{{ telegram }}"),) if "telegram" in answers else ()
    return (Row("地址", "{{ link }}"), *chat, Row("用到哪天", "{{ until | day }}"))


assent_link_ready = Flow(
    "assent_link_ready",
    Note(
        "told",
        "让{{ name }}用自己的手机，打开下面的地址。只能用一次。",
        hint="打开以后，那个手机就是他自己的。",
        table=_address,
    ),
    then=_home,
)

parent_link_ready = Flow(
    "parent_link_ready",
    Note(
        "told",
        "让家长用自己的手机，打开下面的地址。只能用一次。",
        hint="打开以后，我们问家长同不同意。",
        table=_address,
    ),
    then=_home,
)

asked_there = Flow(
    "asked_there",
    Note(
        "told",
        "{{ name }}有自己的手机，我们在那里问他。他打开训桥，就能看到。",
        hint="那个手机不在了，就找工作人员。",
    ),
    then=_home,
)
