"""Who are you: the person, a relative, or somebody who works here."""

from dialogs.kinds import Choice, Note, Text
from dialogs.model import Flow, Option
from dialogs.talk import Begin

flow = Flow(
    "who",
    Choice(
        "role",
        "您给谁找课？",
        (
            Option("self", "给我自己", also=("我自己", "本人", "自己")),
            Option("family", "给家里人", also=("家里人", "家人", "孩子", "给孩子")),
            Option("staff", "我在残联上班", also=("我是工作人员", "工作人员")),
        ),
        brief="给谁找课",
    ),
    Text(
        "relative",
        "他叫什么名字？写小名也可以。",
        when=lambda a: a["role"] == "family",
        brief="家里人的名字",
        most=20,
    ),
    Note(
        "staff_note",
        "工作人员有自己的网页。网页的地址，管理员会发给您。现在可以先看课。",
        when=lambda a: a["role"] == "staff",
    ),
    record="newcomer",
    then=lambda answers, _: Begin("staff_join") if answers.text("role") == "staff" else None,
    facts=("me",),
    before=lambda _: Begin("reading"),
)
