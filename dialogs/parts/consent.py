"""What we may keep and tell, asked one by one: what, why, how long, who sees it; and who is asking."""

from collections.abc import Callable

from dialogs.facts.people import person
from dialogs.kinds import Choice, Note
from dialogs.model import Json, Option
from dialogs.parts.standing import agreed, helping
from dialogs.talk import World

CAN = (
    Option("yes", "可以", also=("好", "行", "同意", "是")),
    Option("no", "不可以", also=("不", "不行", "不同意", "否")),
)


def given(purpose: str) -> Callable[[World], Json]:
    """A consent that stands is not asked for again."""
    return lambda world: "yes" if person(world).consents.get(purpose) else None


CONSENTS = (
    Choice(
        "consent_sensitive",
        "我们要记下残疾情况和电话。有了它，才能找手语翻译、好走的教室。只有残联和老师能看，课上完三年后删掉。您同意吗？",
        (
            Option("yes", "同意", also=("可以", "好", "行")),
            Option("no", "不同意", also=("不", "不可以", "不行")),
            Option("ask", "我想先问问", also=("问问", "先问问")),
        ),
        hint="以后随时可以看、可以改、可以不再同意。",
        settled=given("sensitive"),
        brief="记下残疾情况",
    ),
    Note(
        "refused",
        "好的，我们不记。您前面说的，也不留。您可以打电话或者发短信报名。",
        when=lambda a: a["consent_sensitive"] == "no",
    ),
    Choice(
        "consent_school",
        "可以把名字和需要告诉培训学校吗？学校要先准备好。",
        CAN,
        when=agreed,
        settled=given("school"),
        hint="学校的老师能看，课上完三年后要删掉。",
        brief="告诉学校",
    ),
    Choice(
        "consent_subsidy",
        "发补贴，要把名单交给人社局。公开的名单，名字和证号不写全。可以吗？",
        CAN,
        when=lambda a: agreed(a) and a["has_subsidy"] == "yes",
        settled=given("authority"),
        hint="发补贴的人能看。课上完三年，我们就删掉。",
        brief="交名单，拿补贴",
    ),
    Choice(
        "applicant_role",
        "这个课，家里人也可以学。谁来学？",
        (
            Option("self", "我有残疾，我来学", also=("我来学", "本人")),
            Option("family_self", "我是家里人，我来学", also=("家里人", "家属")),
        ),
        when=lambda a: agreed(a) and a["asks_role"] == "yes",
        brief="谁来学",
    ),
    Choice(
        "self_agreed",
        "要去上课的人，他自己想去吗？我们也会自己问他。",
        (
            Option("yes", "他想去", also=("想去", "想", "愿意")),
            Option("no", "他不想去", also=("不想去", "不想", "不愿意")),
            Option("untold", "我还没有告诉他", also=("还没说", "没告诉他")),
            Option("cannot", "他说不出来", also=("说不出来",)),
        ),
        when=helping,
        brief="他自己想去吗",
    ),
    Note(
        "unwilling",
        "好的，先不报名。他以后想去了，随时可以报。",
        when=lambda a: helping(a) and a["self_agreed"] == "no",
    ),
)
