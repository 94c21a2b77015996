"""May private answers go through Telegram's servers abroad? Asked on its own, before the first of them."""

from dialogs.kinds import Choice
from dialogs.model import Flow, Option

flow = Flow(
    "abroad",
    Choice(
        "consent_abroad",
        "后面要问名字、电话和残疾情况。在这里回答，会先到 Telegram 公司，再到我们这里。可以在这里答吗？",
        (
            Option("yes", "可以", also=("同意", "好", "行", "在这里答")),
            Option("no", "不可以", also=("不同意", "不", "不行")),
        ),
        hint="Telegram 公司在国外。不可以，就打电话告诉我们。以后随时可以改。",
        brief="在 Telegram 里回答",
    ),
    record="abroad",
)
