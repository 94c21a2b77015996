"""Nothing fits: what one would like to learn, how far one would go, and when; answered when it appears."""

from dialogs.kinds import Choice, Many, Note, Text
from dialogs.model import Flow, Option, Skip

flow = Flow(
    "wish",
    Text("wish", "想学什么？写几个字就行。", most=500, voice=True, brief="想学什么"),
    Choice(
        "how_far",
        "能去多远的地方上课？",
        (
            Option("home", "只在家学", also=("在家", "网上")),
            Option("district", "本县、本区", also=("本县", "本区", "附近")),
            Option("city", "本市", also=("市里",)),
            Option("province", "本省", also=("省里",)),
        ),
        skip=Skip(label="多远都行", value="any", also=("都行", "随便", "跳过")),
        brief="多远",
    ),
    Many(
        "free_time",
        "什么时候有空？可以选几个。",
        (
            Option("weekday_day", "平时白天", also=("白天", "工作日")),
            Option("evening", "晚上"),
            Option("weekend", "星期六、星期日", also=("周末",)),
            Option("slack", "农闲的时候", also=("农闲",)),
        ),
        skip=Skip(label="什么时候都行", value="any", also=("都行", "随便", "跳过")),
        brief="什么时候有空",
    ),
    record="wish",
    facts=("me", "person"),
    draft=True,
    title="学习的愿望",
)

kept = Flow("wish_kept", Note("told", "记下了。有合适的课，马上告诉您。"))
