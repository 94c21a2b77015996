"""Staff in a chat: how a chat becomes a member's, what waits today, the way to the console, alerts or none."""

from dialogs.facts.staff import Filed, desk, waiting
from dialogs.kinds import Choice, Note, Pick, Text
from dialogs.model import Answers, Flow, Option, Row, Skip
from dialogs.talk import Begin, World

join = Flow(
    "staff_join",
    Text(
        "word",
        "工作台给您的 12 个字是什么？",
        hint="有字，也有数字。",
        skip=Skip(label="不用了", value="none"),
        brief="12 个字",
    ),
    record="staff_join",
)

joined = Flow(
    "staff_joined",
    Note("told", "{{ name }}您好。这个聊天连上了，有新报名就告诉您。"),
    then=lambda _a, _w: Begin("staff"),
    role="staff",
)

not_joined = Flow(
    "staff_not_joined",
    Note("told", "这 12 个字不对，或者过了 15 分钟。在工作台再要一次就行。"),
)


def _counts(_: Answers, world: World) -> tuple[Row, ...]:
    it = desk(world)
    return (
        *(
            (
                Row("新报名", "{{ desk.new }} 份"),
                Row("要的帮忙没有答", "{{ desk.needs }} 份"),
            )
            if it.decides
            else ()
        ),
        *((Row("您的工单", "{{ desk.tickets }} 件"),) if it.answers else ()),
    )


def _ways(_: Answers, world: World) -> tuple[Option, ...]:
    it = desk(world)
    alerts = (
        Option("quiet", "不用提醒我", also=("别提醒我", "不提醒"))
        if it.alerts
        else Option("alert", "有新报名，提醒我", also=("提醒我", "提醒"))
    )
    return (
        *((Option("list", "看新报名", also=("新报名", "报名")),) if it.decides else ()),
        *((Option("tickets", "看工单", also=("工单",)),) if it.answers else ()),
        *((Option("notices", "通知", also=("发通知", "写通知")),) if it.tells else ()),
        Option("console", "打开工作台", also=("工作台", "控制台")),
        *((alerts,) if it.decides else ()),
    )


def _lead(answers: Answers, _: World) -> Begin | None:
    return {
        "list": Begin("staff_list"),
        "tickets": Begin("staff_tickets"),
        "notices": Begin("staff_notices"),
        "console": Begin("staff_console"),
        "quiet": Begin("staff_alerts", given={"want": "no"}),
        "alert": Begin("staff_alerts", given={"want": "yes"}),
    }.get(answers.text("do"))


flow = Flow(
    "staff",
    Choice("do", "这是今天的事。您想做什么？", _ways, table=_counts),
    then=_lead,
    stays=("do",),
    facts=("desk",),
    role="staff",
)


def _listed(_: Answers, world: World) -> tuple[Option, ...]:
    it = waiting(world)
    more = (Option("more", "后面的报名", also=("后面", "还有")),) if it.more else ()
    return (
        *(_line(each, trusted=world.trusted) for each in it.lines),
        *more,
        Option("today", "回到今天的事", also=("今天", "回去")),
    )


def _line(it: Filed, *, trusted: bool) -> Option:
    """One application: in a chat whose servers are not ours, only its number and how long it waits."""
    note = "等了 {{ it.days }} 天"
    if trusted:
        note = (
            "{{ it.person }}，{{ it | called }}。等了 {{ it.days }} 天"
            "{% if it.reasons %}，{{ it.reasons | join('、') }}{% endif %}"
        )
    return Option(
        str(it.application_id), "{{ it.number }} 这份", also=(it.number,), values={"it": it}, note=note
    )


def _open_one(answers: Answers, world: World) -> Begin:
    which = answers.text("which")
    if which == "today":
        return Begin("staff")
    if which == "more":
        return Begin("staff_list", (("page", waiting(world).page + 1),))
    return Begin("staff_look", (("application", int(which)),))


listed = Flow(
    "staff_list",
    Pick(
        "which",
        "{% if waiting.lines %}{{ waiting.total }} 份报名在等。您想看哪一份？{% else %}没有在等的报名了。{% endif %}",
        _listed,
        hint="{% if waiting.lines %}急的在前面。{% endif %}",
    ),
    then=_open_one,
    stays=("which",),
    facts=("waiting",),
    role="staff",
)

console = Flow("staff_console", record="staff_console", role="staff")

console_ready = Flow(
    "staff_console_ready",
    Note(
        "told",
        "打开下面的地址，就进工作台。15 分钟内有用，只能用一次。",
        table=lambda _answers, _world: (Row("地址", "{{ link }}"),),
    ),
    # Where private parts cannot be asked at all, this stands in their place: going back to them would ask for it again.
    then=lambda _answers, world: None if world.trusted else Begin("home"),
    role="staff",
)

alerts = Flow(
    "staff_alerts",
    Choice(
        "want",
        "有新报名，要不要提醒您？",
        (Option("yes", "提醒我", also=("要", "好")), Option("no", "不用提醒我", also=("不要", "不用"))),
        brief="提醒",
    ),
    record="staff_alerts",
    role="staff",
)

alerts_kept = Flow(
    "staff_alerts_kept",
    Note(
        "told",
        "{% if want == 'yes' %}好的，有新报名就提醒您。晚上不提醒。{% else %}好的，不提醒您了。{% endif %}",
    ),
    role="staff",
)
