"""What somebody wants less of who says so outside any reminder: of reminders before class, or of news."""

from dialogs.kinds import Choice
from dialogs.model import Answers, Flow, Option
from dialogs.talk import Begin, World

OPTIONS = (
    Option("reminding", "上课前的提醒", also=("提醒", "上课", "上课提醒")),
    Option("notices", "新课、招聘会的消息", also=("消息", "新课", "招聘会")),
)


def _where_to(answers: Answers, _: World) -> Begin | None:
    return Begin(answers.text("which"))


flow = Flow("quieter", Choice("which", "您不想收什么？", OPTIONS, brief="不想收什么"), then=_where_to)
