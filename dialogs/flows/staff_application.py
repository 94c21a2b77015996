"""Staff decide in a chat: one application as the console shows it, answered there, over what was seen and nothing else."""

from collections.abc import Mapping, Sequence

from dialogs.facts.staff import filed
from dialogs.kinds import Choice, Note, Text
from dialogs.model import Answers, Flow, Json, Option, Row, Skip
from dialogs.plain_words import TELLING
from dialogs.supports import LABELS
from dialogs.talk import Begin, World
from dialogs.words import Own

STATES: Mapping[str, str] = {
    "": "不在这里",
    "draft": "没写完",
    "awaiting_assent": "等本人答应",
    "submitted": "新来的",
    "question": "等本人回答",
    "waitlisted": "在排队",
    "offered": "有位子，等本人回答",
    "accepted": "同意了",
    "declined": "没有同意",
    "withdrawn": "本人不来了",
    "finished": "上完课了",
    "not_passed": "上完课了，没有通过",
}
FIT: Mapping[str, str] = {"fits": "合适", "ask": "还要问一问", "differs": "可能不合适"}
ANSWERS: Mapping[str, str] = {"": "还没答", "can": "可以提供", "discuss": "要商量", "cannot": "做不到"}

REASONS = (
    Option("full", "位子满了", also=("满了",)),
    Option("not_place", "住的地方不对"),
    Option("age", "年纪不对"),
    Option("support", "要的帮忙做不到"),
    Option("duplicate", "时间和别的课一样"),
    Option("course_off", "这个班不办了"),
    Option("docs", "证件还没看好"),
    Option("own", "自己写原因", also=("自己写", "别的")),
)
"""Why somebody is declined (codes.csv, decline_reason), or a reason in one's own words."""

look = Flow("staff_look", record="staff_look", role="staff")
"""Opens an application or a ticket as it is now: what was seen of it is what is decided over."""


def _rows(_: Answers, world: World) -> tuple[Row, ...]:
    it = filed(world)
    names_it = any(word in f"{it.title} {it.title_easy}".casefold() for word in TELLING)
    return (
        Row("报名号", Own(it.number)),
        Row("谁", Own(it.person), private=True),
        Row("什么课", "{{ filed | called }}", private=names_it),
        Row("现在", STATES[it.state]),
        Row("等了", "{{ filed.days }} 天"),
        Row("空的位子", "{{ filed.seats }} 个"),
        *((Row("排在", "第 {{ filed.place }} 个"),) if it.place else ()),
        *((Row("为什么急", Own("、".join(it.reasons)), private=True),) if it.reasons else ()),
        *((Row("合不合适", FIT[it.fit], private=True),) if it.fit else ()),
        *(Row("这个班写的", Own(rule), private=True) for rule in it.rules),
        *(
            _need_row(need.code, need.answer, offered=need.offered)
            for need in it.needs
            if need.code in LABELS
        ),
    )


def _need_row(code: str, answer: str, *, offered: bool) -> Row:
    words = "{% if offered %}这个班有。{% else %}这个班没有。{% endif %}"
    if answer:
        words = ANSWERS[answer]
    return Row(LABELS[code].label, words, {"offered": offered}, private=True)


def _ways(_: Answers, world: World) -> tuple[Option, ...]:
    it = filed(world)
    # Where private parts are not said, the way to our own page is always there.
    needs = "答要的帮忙" if world.trusted else "去网页看全部"
    return (
        *(
            (
                *(() if it.state == "accepted" else (Option("accept", "同意", also=("录取", "可以来")),)),
                Option("wait", "先排队", also=("等待", "排队", "等待名单")),
                Option("decline", "不同意", also=("不行", "不录取")),
            )
            if it.decidable
            else ()
        ),
        *((Option("ask", "问一句", also=("问", "问一问")),) if it.askable else ()),
        *((Option("needs", needs, also=("需要", "看全部")),) if it.needs or not world.trusted else ()),
        *(() if it.decidable else (Option("list", "看别的报名", also=("别的",)),)),
    )


def _fills(world: World) -> Mapping[str, Json]:
    return {"there": "yes" if filed(world).application_id else "no", "quick": "yes"}


def _is_quick(answers: Answers) -> bool:
    """Whether it was begun by the button of a message, so that nobody has seen it yet."""
    return answers["quick"] == "yes" and answers["do"] in {"accept", "wait"}


flow = Flow(
    "staff_application",
    Choice(
        "do",
        "{% if filed.state == 'accepted' %}这份报名同意过了。还要做什么？{% else %}这份报名，您怎么定？{% endif %}",
        _ways,
        when=lambda a: a["there"] == "yes",
        table=_rows,
    ),
    Choice(
        "sure",
        "{% if do == 'accept' %}同意这份报名，对吗？{% else %}让他先排队，对吗？{% endif %}",
        (
            Option("yes", "对", also=("是", "好", "同意")),
            Option("no", "先看一看", also=("不", "不对", "看看")),
        ),
        when=lambda a: a["there"] == "yes" and _is_quick(a),
        table=_rows,
    ),
    Choice(
        "reason",
        "为什么不同意？我们会告诉本人。",
        REASONS,
        when=lambda a: a["there"] == "yes" and a["do"] == "decline",
        brief="原因",
    ),
    Text(
        "words",
        "原因是什么？写一句本人看得懂的话。",
        when=lambda a: a["there"] == "yes" and a["do"] == "decline" and a["reason"] == "own",
        private=True,
        most=1000,
        long=True,
        skip=Skip(label="不写了", value="none"),
        brief="原因",
    ),
    Text(
        "question",
        "您想问本人什么？",
        when=lambda a: a["there"] == "yes" and a["do"] == "ask",
        private=True,
        most=1000,
        long=True,
        skip=Skip(label="不问了", value="none"),
        hint="本人的回答，会回到这份报名里。",
        brief="您的问题",
    ),
    Note("gone", "这份报名不在您这里。", when=lambda a: a["there"] != "yes"),
    record="staff_decision",
    fills=_fills,
    facts=("filed",),
    role="staff",
)


def _asked(_: Answers, world: World) -> tuple[Option, ...]:
    return tuple(
        Option(str(need.need_id), LABELS[need.code].label, note=ANSWERS[need.answer])
        for need in filed(world).needs
        if need.code in LABELS
    )


def _is_chosen(answers: Answers) -> bool:
    return answers["which"] != "none"


needs = Flow(
    "staff_needs",
    Choice(
        "which",
        "{% if filed.needs %}答哪一个？{% else %}没有要的帮忙。{% endif %}",
        _asked,
        private=True,
        table=_rows,
        skip=Skip(label="看完了", value="none", also=("好了", "答完了", "没有了")),
        brief="哪一个",
    ),
    Choice(
        "answer",
        "这个帮忙，做得到吗？",
        (
            Option("can", "可以提供", also=("可以", "能", "有")),
            Option("discuss", "要商量", also=("商量", "协商")),
            Option("cannot", "做不到", also=("不能", "没有", "不行")),
        ),
        when=_is_chosen,
        private=True,
        brief="您的回答",
    ),
    Text(
        "note",
        "想跟本人说一句吗？",
        when=_is_chosen,
        private=True,
        most=1000,
        long=True,
        skip=Skip(label="不用写", value="none"),
        brief="跟本人说",
    ),
    record="staff_need",
    facts=("filed",),
    role="staff",
)


def _look_again(answers: Answers) -> Begin:
    number = answers["number"]
    return Begin("staff_look", (("application", number if isinstance(number, int) else 0),))


def _on_again(answers: Answers, _: World) -> Begin:
    is_decided = answers.text("what") in {"accepted", "waitlisted", "declined", "asked"}
    return Begin("staff_list") if is_decided else _look_again(answers)


done = Flow(
    "staff_done",
    Note(
        "told",
        "{% if what == 'accepted' %}好了，同意了。已经告诉本人。"
        "{% elif what == 'waitlisted' %}好了，他在排队了。已经告诉本人。"
        "{% elif what == 'declined' %}记下了，没有同意。原因告诉本人了。"
        "{% elif what == 'asked' %}问了。回答会回到这份报名里。"
        "{% elif what == 'no_seat' %}没有位子了。可以让他先排队。"
        "{% else %}现在不能这样定。本人不来了，或者还没有答应。{% endif %}",
    ),
    then=_on_again,
    role="staff",
)


def _happened(answers: Answers, _: World) -> Sequence[Row]:
    """Who did what since; each as [who, what]."""
    events = answers["events"]
    pairs = events if isinstance(events, list) else []
    return [Row(Own(str(each[0])), Own(str(each[1]))) for each in pairs if isinstance(each, list)]


meanwhile = Flow(
    "staff_meanwhile",
    Note("told", "您看的时候，这份报名变了。您刚才定的没有记。再看一次。", table=_happened),
    then=lambda answers, _: _look_again(answers),
    role="staff",
)


refused = Flow("staff_refused", Note("told", "这件事，别的工作人员在办。"), role="staff")
