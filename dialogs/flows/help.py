"""A person, one action away: a number to call or text, or 让工作人员找我."""

from dialogs.facts.people import office, person
from dialogs.kinds import Choice, Note, Text
from dialogs.model import Answers, Flow, Option, Row, Skip
from dialogs.talk import Begin, World


def _numbers(_: Answers, world: World) -> tuple[Row, ...]:
    here = office(world)
    return (
        *((Row("打电话", "{{ office.help_phone }}"),) if here.help_phone else ()),
        *((Row("发短信", "{{ office.help_sms }}"),) if here.help_sms else ()),
        Row("残疾人服务热线", "12385"),
    )


flow = Flow(
    "help",
    Choice(
        "how",
        "有人可以帮您。您想怎么办？",
        (
            Option("call_me", "让工作人员找我", also=("找我", "人工", "叫人")),
            Option(
                "self",
                "{% if office.help_sms %}我自己打电话、发短信{% else %}我自己打电话{% endif %}",
                also=("我自己打电话", "我打", "自己打", "发短信"),
            ),
            Option("told", "我说过的事", also=("说过的事", "我的工单", "看回音", "回音")),
        ),
        table=_numbers,
    ),
    Text(
        "words",
        "您遇到了什么事？写几个字，也可以说一段话。",
        when=lambda a: a["how"] == "call_me",
        most=1000,
        long=True,
        voice=True,
        skip=Skip(label="见面再说", value="later"),
        brief="什么事",
    ),
    Choice(
        "reach",
        "我们怎么找您？",
        (
            Option("chat", "在这里回我", also=("这里", "文字")),
            Option("sms", "发短信给我", also=("短信", "发短信")),
            Option("phone", "打我的电话", also=("电话", "打电话")),
        ),
        when=lambda a: a["how"] == "call_me",
        brief="怎么找您",
    ),
    Text(
        "number",
        "您的电话是多少？",
        when=lambda a: a["reach"] in ("sms", "phone"),
        private=True,
        most=30,
        brief="电话",
        known=lambda world: person(world).phone or None,
    ),
    Note(
        "numbers",
        "{% if office.help_sms %}打电话、发短信都行。{% else %}打电话就行。{% endif %}工作时间有人回。",
        when=lambda a: a["how"] == "self",
        table=_numbers,
    ),
    record="ticket",
    then=lambda answers, _: Begin("tickets") if answers.text("how") == "told" else None,
    facts=("me", "office", "person"),
)

made = Flow(
    "ticket_made",
    Note("told", "记下了，号码是 {{ number }}。最晚 {{ due | day }}，工作人员会找您。", table=_numbers),
    facts=("office",),
)
