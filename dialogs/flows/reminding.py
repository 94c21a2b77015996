"""How somebody wants to be reminded of class: on which days, at what hour, where, and whether helpers are told too."""

from collections.abc import Mapping

from dialogs.facts.people import helpers, reached_on
from dialogs.kinds import Choice, Many, Note, YesNo
from dialogs.model import Answers, Flow, Json, Option, Skip
from dialogs.talk import World

DAYS = (
    Option("7", "早一个星期", also=("早一周", "前一周")),
    Option("3", "早三天", also=("前三天",)),
    Option("1", "早一天", also=("前一天",)),
    Option("0", "当天早上", also=("当天", "早上")),
)

HOURS = (
    Option("8", "早上 8 点", also=("8点", "八点", "早上")),
    Option("10", "上午 10 点", also=("10点", "十点", "上午")),
    Option("15", "下午 3 点", also=("3点", "三点", "下午")),
    Option("19", "晚上 7 点", also=("7点", "七点", "晚上")),
)


WHERE = (
    Option("telegram", "聊天里", also=("聊天", "电报")),
    Option("web", "只在网页上", also=("网页", "网页上")),
)


def _fills(world: World) -> Mapping[str, Json]:
    chooses = {"web", "telegram"} <= {*reached_on(world)}
    return {"helped": "yes" if helpers(world) else "no", "chooses": "yes" if chooses else "no"}


def _wants_any(answers: Answers) -> bool:
    return answers["days"] != "none"


flow = Flow(
    "reminding",
    Many(
        "days",
        "上课前，哪天提醒您？可以选几个。",
        DAYS,
        skip=Skip(label="不要提醒", value="none", also=("不要", "都不要", "别提醒")),
        brief="哪天提醒",
    ),
    Choice(
        "hour",
        "几点提醒您？",
        HOURS,
        when=_wants_any,
        skip=Skip(label="几点都行", value="any", also=("都行", "随便")),
        brief="几点提醒",
    ),
    Choice(
        "where",
        "在哪里提醒您？",
        WHERE,
        when=lambda a: _wants_any(a) and a["chooses"] == "yes",
        skip=Skip(label="两边都要", value="any", also=("都要", "都行")),
        brief="在哪里提醒",
    ),
    YesNo(
        "helpers_too",
        "也提醒帮您的人吗？",
        when=lambda a: _wants_any(a) and a["helped"] == "yes",
        brief="也提醒帮忙的人",
    ),
    record="reminding",
    fills=_fills,
    facts=("person", "helpers", "reached_on"),
)

kept = Flow(
    "reminding_kept",
    Note("told", "{% if any == 'yes' %}好的，到时候提醒您。{% else %}好的，上课前不再提醒您。{% endif %}"),
)
