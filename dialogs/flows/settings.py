"""The other things of the menu: another person, another device, how we talk, my data, job wishes."""

from dialogs.kinds import Choice
from dialogs.model import Answers, Flow, Option
from dialogs.talk import Begin, World

OPTIONS = (
    Option("whose", "换一个人", also=("换人", "谁在用")),
    Option("mydata", "我的信息", also=("信息", "删除")),
    Option("complain", "投诉", also=("提意见",)),
    Option("continue", "换一个手机接着用", also=("换手机", "换设备")),
    Option("reading", "换一种字", also=("换字", "大字", "语言")),
    Option("notices_wanted", "想收哪些消息", also=("想收", "收哪些消息", "收消息", "订阅")),
    Option("notices", "不收哪些消息", also=("退订", "不收", "不收消息")),
    Option("reminding", "上课前怎么提醒", also=("提醒", "上课提醒")),
)


def _where_to(answers: Answers, _: World) -> Begin | None:
    return Begin(answers.text("do"))


flow = Flow("settings", Choice("do", "您要做哪件事？", OPTIONS), then=_where_to, stays=("do",))
