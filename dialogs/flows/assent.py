"""The person is asked himself, in easy words, whether he wants to go; a minor's parent too (access.md F4, F12)."""

from dialogs.facts.applications import application
from dialogs.kinds import Choice, Note
from dialogs.model import Answers, Flow, Option, Row
from dialogs.talk import Begin, World


def _rows(_: Answers, world: World) -> tuple[Row, ...]:
    return (
        Row("学什么", "{{ application | called }}"),
        Row("哪天去", "{{ application.starts | day }}"),
        *((Row("在哪里", "{{ application.place }}"),) if application(world).place else ()),
    )


def _home(_answers: Answers, _world: World) -> Begin:
    """Whatever was open here before is not what comes next: somebody else was asked."""
    return Begin("home")


flow = Flow(
    "assent",
    Choice(
        "who",
        "这条消息给{{ application.person_name }}。您是{{ application.person_name }}吗？",
        (
            Option("self", "我是", also=("是", "是我", "本人")),
            Option("beside", "我在他旁边，读给他听", also=("旁边", "读给他听", "念给他听")),
            Option("other", "不是", also=("不", "不是我")),
        ),
        brief="谁在回答",
    ),
    Choice(
        "want",
        "有人帮您报了名。您想去上课吗？",
        (
            Option("yes", "想去", also=("想", "去", "愿意")),
            Option("no", "不想去", also=("不想", "不去", "不愿意")),
            Option("unsure", "我还没想好", also=("没想好", "不知道", "再想想")),
        ),
        when=lambda a: a["who"] != "other",
        table=_rows,
        brief="想去吗",
    ),
    record="assent",
    then=_home,
    facts=("application",),
)

done = Flow(
    "assent_done",
    Note(
        "told",
        "{% if want == 'yes' %}好的，记下了。有结果，我们告诉您。{% elif want == 'no' %}好的，您不用去。"
        "{% else %}好的，您慢慢想。想好了告诉我们。{% endif %}",
    ),
    then=_home,
)

parent_word = Flow(
    "parent_word",
    Choice(
        "who",
        "{{ application.person_name }}还没到 18 岁，家长也要同意。您是他的家长吗？",
        (
            Option("parent", "我是爸爸、妈妈或者监护人", also=("是", "我是", "爸爸", "妈妈", "监护人")),
            Option("other", "不是", also=("不", "不是我")),
        ),
        brief="谁在回答",
    ),
    Choice(
        "agree",
        "{{ application.person_name }}去上这个课，您同意吗？",
        (
            Option("yes", "同意", also=("可以", "好", "行")),
            Option("no", "不同意", also=("不", "不可以", "不行")),
            Option("unsure", "我还没想好", also=("没想好", "不知道", "再想想")),
        ),
        when=lambda a: a["who"] != "other",
        table=_rows,
        brief="家长同意吗",
    ),
    record="parent_word",
    then=_home,
    facts=("application",),
)

parent_done = Flow(
    "parent_word_done",
    Note(
        "told",
        "{% if agree == 'yes' %}好的，记下了。谢谢您。{% elif agree == 'no' %}好的，先不报名。"
        "工作人员会找您商量。{% else %}好的，您慢慢想。想好了告诉我们。{% endif %}",
    ),
    then=_home,
)
