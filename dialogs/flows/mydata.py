"""My data: see, copy, correct, delete; withdraw a consent as easily as it was given."""

from collections.abc import Callable

from dialogs.facts.people import Person, helpers, me, person
from dialogs.kinds import Certificate, Choice, Name, Note, Phone, Text
from dialogs.model import Answers, Flow, Option, Row
from dialogs.spoken.certificate import group
from dialogs.spoken.phones import show_phone
from dialogs.talk import Begin, World

PURPOSES = {
    "sensitive": "记下残疾情况和电话",
    "school": "告诉培训学校",
    "authority": "交名单，拿补贴",
    "employer": "告诉用人单位",
    "abroad": "用 Telegram 发给您",
}


def _rows(_: Answers, world: World) -> tuple[Row, ...]:
    it: Person = person(world)
    kept = (
        ("名字", it.name),
        ("电话", show_phone(it.phone) if it.phone else ""),
        ("残疾人证号", group(it.certificate) if it.certificate else ""),
        ("户口", _place(it, "hukou")),
        ("住处", _place(it, "live_addr")),
    )
    rows = tuple(Row(label, "{{ kept }}", {"kept": value}) for label, value in kept if value)
    if it.profile.get("live_addr") == "same":
        rows = (*rows, Row("住处", "和户口一样"))
    return rows or (Row("现在", "还没有记您的信息"),)


def _place(it: Person, name: str) -> str:
    """A place that was said; what was left open is kept as a code, which is nothing to read."""
    said = str(it.profile.get(name) or "")
    return "" if said in {"unsaid", "same"} else said


def _ways(_: Answers, world: World) -> tuple[Option, ...]:
    return (
        Option("copy", "要一份自己的信息", also=("要一份", "下载", "复制")),
        Option("correct", "改一改", also=("改", "更正")),
        Option("consents", "改同意和不同意", also=("同意", "撤回同意")),
        *((Option("helpers", "谁在帮我", also=("帮我的人",)),) if helpers(world) else ()),
        Option("erase", "全都删掉", also=("删掉", "删除", "注销")),
    )


def _lead(answers: Answers, world: World) -> Begin | None:
    current = me(world).current
    if not current:
        return None
    return Begin(answers.text("do"), (("person", current),))


flow = Flow(
    "mydata",
    Choice(
        "do",
        "这些是我们记的。您想怎么办？",
        _ways,
        table=_rows,
        private=True,
    ),
    then=_lead,
    stays=("do",),
    facts=("me", "person", "helpers"),
)

copy = Flow("copy", record="copy", facts=("person",))

copy_ready = Flow(
    "copy_ready",
    Note(
        "told",
        "准备好了。15 分钟内打开下面的地址，就能存下来。",
        table=lambda _a, _w: (Row("地址", "{{ link }}"),),
    ),
)


def _standing(_: Answers, world: World) -> tuple[Option, ...]:
    given = person(world).consents
    return tuple(
        Option(purpose, label, note="现在：同意" if given[purpose] else "现在：不同意")
        for purpose, label in PURPOSES.items()
        if purpose in given
    ) or (Option("none", "还没有问过您", also=("知道了",)),)


consents = Flow(
    "consents",
    Choice("purpose", "下面这些，都问过您。想改哪一个？", _standing, brief="哪一件事"),
    Choice(
        "give",
        "这件事，您现在同意吗？",
        (
            Option("yes", "同意", also=("可以", "好", "行")),
            Option("no", "不同意", also=("不", "不可以", "撤回")),
        ),
        when=lambda a: a["purpose"] != "none",
        brief="同意吗",
    ),
    record="consent_change",
    facts=("person",),
)

consent_done = Flow(
    "consent_done",
    Note("told", "{% if give == 'yes' %}记下了：同意。{% else %}记下了：不同意。我们不再用了。{% endif %}"),
)

FIELDS = (
    Option("name", "名字"),
    Option("phone", "电话"),
    Option("cert_no", "残疾人证号", also=("证号",)),
    Option("hukou", "户口"),
    Option("live_addr", "住处", also=("地址",)),
)


def _field(name: str) -> Callable[[Answers], bool]:
    return lambda a: a["field"] == name


correct = Flow(
    "correct",
    Choice("field", "要改哪一样？", FIELDS, private=True, brief="改哪一样"),
    Name("name", "对的名字是什么？", when=_field("name"), private=True, most=30, brief="名字"),
    Phone("phone", "对的电话是多少？", when=_field("phone"), private=True, brief="电话"),
    Certificate("cert_no", "对的证号是多少？", when=_field("cert_no"), private=True, brief="残疾人证号"),
    Text("hukou", "户口在哪里？", when=_field("hukou"), private=True, most=60, brief="户口"),
    Text("live_addr", "现在住在哪里？", when=_field("live_addr"), private=True, most=60, brief="住处"),
    record="correct",
    facts=("person",),
)

corrected = Flow("corrected", Note("told", "改好了。"))

erase = Flow(
    "erase",
    Choice(
        "sure",
        "您的信息会全都删掉，报名也没有了。删了就找不回来。真的要删吗？",
        (
            Option("yes", "删掉", also=("删", "是", "要")),
            Option("no", "不删", also=("不", "不要", "留着")),
        ),
        brief="删掉",
    ),
    record="erase",
    facts=("person",),
)

erased = Flow("erased", Note("told", "都删掉了。法律要留的，只留报名号和日期。"))
