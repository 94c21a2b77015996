"""Notices to many from a phone: written, hard sentences mended, whom they go to, sent, watched, paused and stopped."""

from collections.abc import Mapping, Sequence

from dialogs.facts.staff import groups, mailing
from dialogs.kinds import Choice, Note, Pick, Text
from dialogs.model import Answers, Flow, Json, Option, Row, Skip
from dialogs.plain_words import TELLING
from dialogs.talk import Begin, World
from dialogs.words import Own

STATES: Mapping[str, str] = {
    "draft": "还没有选发给谁",
    "planning": "在排名单",
    "planned": "名单好了，还没有发",
    "sending": "在发",
    "paused": "停了一会儿",
    "stopped": "停下了",
    "done": "发完了",
}

TOPICS = (
    Option("training", "新的培训课", also=("培训", "课")),
    Option("jobs", "招聘会和工作", also=("招聘会", "工作")),
    Option("policy", "补贴和新规定", also=("政策", "补贴")),
    Option("own", "大家自己报名的事", also=("报名的事",)),
)


def _rows(_: Answers, world: World) -> tuple[Row, ...]:
    it = mailing(world)
    if not it.number:
        return ()
    return (
        Row("标题", Own(it.title), private=it.named),
        Row("现在", STATES[it.state]),
        *(
            (
                Row("发到了", "{{ mailing.reached }} 个人"),
                Row("还要发", "{{ mailing.waiting }} 个人"),
                Row("没有收到", "{{ mailing.missed }} 个人"),
            )
            if it.total
            else ()
        ),
    )


def _ways(_: Answers, world: World) -> tuple[Option, ...]:
    """What can be done with the notice that is shown; its number is in the value, so that no other is meant later."""
    it = mailing(world)
    about_it = {
        "whom": Option(f"whom-{it.number}", "选发给谁", also=("发给谁",)),
        "send": Option(f"send-{it.number}", "发出去", also=("发",)),
        "pause": Option(f"pause-{it.number}", "停一会儿", also=("暂停",)),
        "resume": Option(f"resume-{it.number}", "接着发", also=("继续发",)),
        "stop": Option(f"stop-{it.number}", "停下，不再发", also=("停下",)),
    }
    return (
        *(about_it[each] for each in it.ways),
        Option("write", "写新的通知", also=("写通知", "新的")),
        Option("today", "回到今天的事", also=("今天", "回去")),
    )


def _lead(answers: Answers, world: World) -> Begin:
    do, _, number = answers.text("do").partition("-")
    if do == "today":
        return Begin("staff")
    if do == "write":
        return Begin("staff_notice_write", given=dict.fromkeys(("topic", "title", "words", "before"), ""))
    about = (("notice", int(number)),)
    if do == "whom":
        return Begin("staff_notice_whom", about, {"who": ""})
    given: dict[str, Json] = {"do": do, "sure": "", "asking": mailing(world).asking}
    return Begin("staff_notice_do", about, given)


flow = Flow(
    "staff_notices",
    Choice(
        "do",
        "{% if mailing.number %}这是您的通知。您想做什么？{% else %}您还没有写过通知。您想做什么？{% endif %}",
        _ways,
        table=_rows,
    ),
    then=_lead,
    stays=("do",),
    facts=("mailing",),
    role="staff",
)


def _before(answers: Answers, _: World) -> Sequence[Row]:
    """The words that are to be mended."""
    words = answers.text("before") if "before" in answers else ""
    return (Row("刚才写的", Own(words)),) if words else ()


writing = Flow(
    "staff_notice_write",
    Choice(
        "topic",
        "通知说的是哪一种事？",
        TOPICS,
        skip=Skip(label="不写了", value="none"),
        brief="哪一种",
    ),
    Text(
        "title",
        "标题写什么？",
        when=lambda a: a["topic"] != "none",
        skip=Skip(label="不写了", value="none"),
        brief="标题",
    ),
    Text(
        "words",
        "通知里说什么？",
        when=lambda a: a["topic"] != "none" and a["title"] != "none",
        hint="不想打字，就用键盘说话，话会变成字。",
        most=1000,
        long=True,
        table=_before,
        skip=Skip(label="不写了", value="none"),
        brief="通知里的话",
    ),
    record="staff_notice_words",
    role="staff",
)


def _found(answers: Answers, _: World) -> Sequence[Row]:
    """Each sentence that is hard, with what would be right; as [sentence, why]."""
    found = answers["found"]
    pairs = found if isinstance(found, list) else []
    return [Row(Own(str(each[0])), Own(str(each[1]))) for each in pairs if isinstance(each, list)]


def _ways_on(answers: Answers, _: World) -> tuple[Option, ...]:
    mend = Option("mend", "改一改", also=("改",))
    return (mend,) if answers["must"] == "yes" else (mend, Option("keep", "就这样", also=("不改",)))


mending = Flow(
    "staff_notice_mend",
    Choice(
        "do",
        "{% if must == 'yes' %}这样还发不了。改一改吧。{% else %}有的人可能看不懂这几句。改一改吗？{% endif %}",
        _ways_on,
        table=_found,
        skip=Skip(label="不写了", value="none"),
        brief="改不改",
    ),
    record="staff_notice_words",
    role="staff",
)


def _groups(_: Answers, world: World) -> tuple[Option, ...]:
    known = groups(world)
    everybody = "每个人" if known.everywhere else "我们地区的每个人"
    return (
        Option("all", everybody, also=("每个人", "所有人", "大家")),
        *(_group(*each, at=at, world=world) for at, each in enumerate(known.kept, 1)),
    )


def _group(number: int, name: str, *, at: int, world: World) -> Option:
    """A saved group; where its name tells a disability, on a channel whose servers are not ours only its number."""
    if not world.trusted and any(word in name.casefold() for word in TELLING):
        return Option(str(number), "第 {{ at }} 组", values={"at": at}, note="名字在工作台看")
    return Option(str(number), Own(name))


whom = Flow(
    "staff_notice_whom",
    Pick(
        "who",
        "通知发给谁？",
        _groups,
        hint="现在还不发。名单好了，再问您。",
        skip=Skip(label="先不选", value="none"),
        brief="发给谁",
    ),
    record="staff_notice_people",
    facts=("notice_groups",),
    role="staff",
)

do = Flow(
    "staff_notice_do",
    Choice(
        "sure",
        "没有发的，就不发了。停下吗？",
        (Option("yes", "停下", also=("是", "对", "好")), Option("no", "不停", also=("不", "不要"))),
        when=lambda a: a["do"] == "stop",
        brief="停下吗",
    ),
    record="staff_notice_do",
    role="staff",
)

done = Flow(
    "staff_notice_done",
    Note(
        "told",
        "{% if what == 'listing' %}在排名单。排好了告诉您，现在还不发。"
        "{% elif what == 'sent' %}开始发了。想看到哪里了，写“通知”。"
        "{% elif what == 'sent_before' %}已经发过了，没有再发。"
        "{% elif what == 'not_listed' %}还没有发。名单排好了告诉您。"
        "{% elif what == 'later' %}好的，先不发。想发的时候，写“通知”。"
        "{% elif what == 'other_list' %}名单改过了，没有发。先看一看新的数。"
        "{% elif what == 'pause' %}停住了。想接着发，写“通知”。"
        "{% elif what == 'resume' %}接着发了。"
        "{% elif what == 'stop' %}停下了。没有发的，不再发。"
        "{% else %}没有改。有人先按了，或者发完了。{% endif %}",
    ),
    then=lambda _answers, _world: Begin("staff_notices"),
    role="staff",
)
