"""How to reach the person, the one who helps, and somebody in an emergency."""

from dialogs.facts.people import person
from dialogs.kinds import Choice, Name, Phone, Text
from dialogs.model import Answers, Option, Skip
from dialogs.parts.again import names, numbers
from dialogs.parts.known import UNSAID, known
from dialogs.parts.standing import grown, helping, willing

NO_PHONE = Skip(label="没有电话", value="none", also=("没有", "不想说", "跳过"))


def asks_helper(a: Answers) -> bool:
    """Somebody helps, and whoever would go wants to."""
    return willing(a) and helping(a)


HELPER = (
    Name(
        "helper_name",
        "您叫什么名字？我们有事好找您。",
        when=asks_helper,
        private=True,
        most=30,
        brief="帮忙报名的人",
        known=known("helper_name"),
        offers=names("emergency_name", "companion_name"),
    ),
    Choice(
        "helper_relation",
        "您是他的什么人？",
        (
            Option("parent", "爸爸或妈妈", also=("爸爸", "妈妈", "父亲", "母亲", "父母")),
            Option("spouse", "丈夫或妻子", also=("丈夫", "妻子", "爱人")),
            Option("child", "儿子或女儿", also=("儿子", "女儿")),
            Option("sibling", "兄弟姐妹", also=("哥哥", "姐姐", "弟弟", "妹妹")),
            Option("other", "别的亲友", also=("亲戚", "朋友", "邻居")),
        ),
        when=asks_helper,
        private=True,
        brief="您是他的",
        known=known("helper_relation"),
    ),
)
"""Asked early: who helps is often the one who comes along, and the one to call in an emergency."""

CONTACTS = (
    Phone(
        "phone",
        "{% if person.role == 'self' %}您的电话是多少？{% else %}去上课的人，电话是多少？{% endif %}我们用它发通知。",
        when=grown,
        private=True,
        brief="电话",
        hint="没有手机，可以写家里的电话。",
        skip=NO_PHONE,
        offers=lambda a, world: numbers("name", "companion_phone")(a, world) if helping(a) else (),
        known=lambda world: person(world).phone or None,
    ),
    Choice(
        "contact_pref",
        "以后我们怎么告诉{% if person.role == 'self' %}您{% else %}他{% endif %}消息？",
        (
            Option("chat", "发在这里", also=("这里", "在这里告诉我", "聊天")),
            Option("sms", "发短信", also=("短信",)),
            Option("call", "打电话", also=("电话",)),
            Option("family", "告诉家里人", also=("家里人", "告诉我家里人")),
        ),
        when=grown,
        private=True,
        brief="怎么收消息",
        known=known("contact_pref"),
    ),
    Text(
        "hukou",
        "户口在哪里？写到街道或者村就行。",
        when=grown,
        private=True,
        most=60,
        brief="户口",
        hint="比如：管城回族区城西街道。",
        skip=UNSAID,
        known=known("hukou"),
    ),
    Text(
        "live_addr",
        "现在住在哪里？写到街道或者村就行。",
        when=grown,
        private=True,
        most=60,
        brief="住处",
        skip=Skip(label="和户口一样", value="same", also=("一样", "跳过")),
        known=known("live_addr"),
    ),
)

EMERGENCY = (
    Name(
        "emergency_name",
        "有急事，我们找谁？写他的名字。",
        when=grown,
        private=True,
        most=30,
        brief="有急事找谁",
        skip=UNSAID,
        known=known("emergency_name"),
        offers=names("helper_name", "parent_name", "companion_name"),
    ),
    Phone(
        "emergency_phone",
        "有急事，打哪个电话找他？",
        when=lambda a: grown(a) and a["emergency_name"] != UNSAID.value,
        private=True,
        brief="有急事的电话",
        skip=NO_PHONE,
        known=known("emergency_phone"),
        offers=numbers("emergency_name", "companion_phone", "parent_phone"),
    ),
)
