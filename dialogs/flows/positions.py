"""Positions: what fits first with the reason; one of them; wanting it, and whether its employer may be told who wants it."""

from collections.abc import Mapping

from dialogs.facts.fairs import fair, post, posts
from dialogs.facts.people import me, person
from dialogs.kinds import Choice, Note, Phone, Pick
from dialogs.model import Answers, Flow, Json, Option, Row
from dialogs.parts.fair_words import called_posts, why_shown
from dialogs.parts.known import LATER
from dialogs.talk import About, Begin, World
from dialogs.words import Own

NONE = "@none"


def _listed(_: Answers, world: World) -> tuple[Option, ...]:
    no_fit = Option(NONE, "没有想去的，帮我找", also=("没有", "没有想去的", "都不要", "帮我找"))
    return (*called_posts(posts(world)), no_fit)


def _whose(world: World) -> About:
    number = person(world).person_id
    return (("person", number),) if number else ()


def _open_one(answers: Answers, world: World) -> Begin:
    which = answers.text("which")
    return Begin("help") if which == NONE else Begin("position", (*_whose(world), ("position", which)))


flow = Flow(
    "positions",
    Pick(
        "which",
        "{% if posts %}有 {{ posts | length }} 个岗位。您想看哪一个？{% else %}现在没有岗位。有了，我们告诉您。{% endif %}",
        _listed,
        hint="{% if posts %}合适的在前面。{% endif %}",
        brief="岗位",
    ),
    then=_open_one,
    stays=("which",),
    facts=("posts", "person"),
)


def _rows(_: Answers, world: World) -> tuple[Row, ...]:
    it = post(world)
    if not it.title:
        return ()
    at = fair(world)
    return (
        Row("单位", Own(it.employer)),
        *((Row("现在", "您说了想去"),) if it.wanted else ()),
        *((Row("名字和电话", "可以给单位" if it.told_employer else "不给单位"),) if it.wanted else ()),
        *((Row("是实习", "是"),) if it.internship else ()),
        *((Row("在哪里上班", Own(it.place)),) if it.place else ()),
        *((Row("在家做", "可以"),) if it.home else ()),
        *((Row("什么时候上班", Own(it.hours)),) if it.hours else ()),
        *((Row("一个月多少钱", "{{ pay }} 元", {"pay": it.pay}),) if it.pay else ()),
        *((Row("单位想要", Own(it.asks)),) if it.asks else ()),
        *((Row("单位怎么帮您", Own(it.adjusted)),) if it.adjusted else ()),
        *((Row("住的地方", "单位有"),) if it.dormitory else ()),
        *((Row("社保", "单位交"),) if it.insurance else ()),
        Row("要几个人", "{{ count }} 个", {"count": it.headcount}),
        *why_shown(it.reasons),
        *((Row("在哪个招聘会", "{{ at | called }}", {"at": at}),) if at.state else ()),
        *((Row("到哪天为止", "{{ last | day }}", {"last": it.open_until}),) if it.open_until else ()),
    )


def _ways(_: Answers, world: World) -> tuple[Option, ...]:
    it = post(world)
    return (
        *((Option("want", "想去", also=("要", "我想去", "报名")),) if it.is_open and not it.wanted else ()),
        *(
            (
                Option("tell", "改给单位的事", also=("给单位", "不给单位")),
                Option("leave", "不想去了", also=("不去了", "不想去", "退", "取消")),
            )
            if it.wanted
            else ()
        ),
        *((Option("fair", "看这个招聘会", also=("招聘会",)),) if fair(world).state else ()),
        Option("ask", "问工作人员", also=("问人", "问问")),
    )


def _lead(answers: Answers, world: World) -> Begin | None:
    it, here = post(world), me(world)
    at = ("position", it.position_id)
    about = (*_whose(world), at)
    match answers.text("do"):
        case "fair":
            return Begin("fair", (*_whose(world), ("fair", it.fair_id)))
        case "want" if not here.role:
            return Begin("who", (at,))
        case "want" if not person(world).person_id:
            return Begin("whose", (at,))
        case "want" | "tell":
            return Begin("want_position", about)
        case "leave":
            return Begin("leave_position", about)
    return Begin("help")


one = Flow(
    "position",
    Choice(
        "do",
        "{% if not post.title %}这个岗位现在没有了。{% else %}{{ post.title }}。{% endif %}"
        "{% if post.title and not post.is_open %}现在不招人了。{% endif %}您想怎么办？",
        _ways,
        table=_rows,
        brief="做什么",
    ),
    then=_lead,
    stays=("do",),
    facts=("me", "person", "post", "fair"),
)


def _whether_it_stands(world: World) -> Mapping[str, Json]:
    it = post(world)
    return {
        "stands": "yes" if it.is_open or it.wanted else "no",
        "has_phone": "yes" if person(world).phone else "no",
    }


def _agrees(a: Answers) -> bool:
    return a["stands"] == "yes" and a["consent_employer"] == "yes"


want = Flow(
    "want_position",
    Choice(
        "consent_employer",
        "可以把名字和电话给这个单位吗？您不同意，我们就不给。不给，也能帮您问。",
        (
            Option("yes", "可以给", also=("可以", "给", "同意", "好", "行")),
            Option("no", "先不给", also=("不给", "不可以", "不", "不同意", "不行")),
        ),
        when=lambda a: a["stands"] == "yes",
        hint="只给这一个单位。以后随时可以改。",
        table=lambda _, world: (Row("单位", Own(post(world).employer)), Row("岗位", Own(post(world).title))),
        brief="告诉单位",
    ),
    Choice(
        "understood",
        "单位有了电话，会怎么做？",
        (
            Option("calls", "单位会打电话找我", also=("打电话", "找我", "会找我")),
            Option("nothing", "单位不知道我是谁", also=("不知道我是谁", "不找我")),
            Option("unsure", "我不知道", also=("不知道", "不清楚")),
        ),
        when=_agrees,
        brief="单位会怎么做",
    ),
    Note(
        "not_yet",
        "单位会知道名字，会打电话来。我们先不给，您再想想。",
        when=lambda a: _agrees(a) and a["understood"] != "calls",
    ),
    Phone(
        "phone",
        "电话是多少？",
        when=lambda a: _agrees(a) and a["understood"] == "calls" and a["has_phone"] == "no",
        private=True,
        skip=LATER,
        brief="电话",
    ),
    Note("gone", "这个岗位现在不招人了。看看别的岗位。", when=lambda a: a["stands"] != "yes"),
    record="want_position",
    fills=_whether_it_stands,
    facts=("person", "post"),
)

wanted = Flow(
    "position_wanted",
    Note(
        "told",
        "记下了，您想去。号码是 {{ number }}。{{ due | day }}前，工作人员给您回话。",
        table=lambda _, world: (
            Row("单位", Own(post(world).employer)),
            Row("岗位", Own(post(world).title)),
            Row("名字和电话", "可以给单位" if post(world).told_employer else "不给单位"),
        ),
    ),
    facts=("post",),
)

leave = Flow(
    "leave_position",
    Choice(
        "sure",
        "{{ post.title }}，真的不想去了吗？",
        (
            Option("yes", "不想去了", also=("不去了", "是", "真的")),
            Option("no", "还是想去", also=("想去", "不", "去")),
        ),
        brief="不想去了",
    ),
    record="leave_position",
    facts=("post",),
)

left = Flow("position_left", Note("told", "好的，记下了。我们不再跟单位说您的事。"))
