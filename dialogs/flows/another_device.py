"""Go on with another telephone or computer: a link for once, also as a picture to scan."""

from dialogs.kinds import Note
from dialogs.model import Answers, Flow, Row
from dialogs.talk import World

flow = Flow("continue", record="continue")


def _addresses(answers: Answers, _: World) -> tuple[Row, ...]:
    page = Row("地址", "{{ link }}")
    return (page, Row("或者用 Telegram 打开", "{{ telegram }}")) if "telegram" in answers else (page,)


ready = Flow(
    "continue_ready",
    Note(
        "told",
        "用另一个手机打开下面的地址，就能接着来。15 分钟内有用，只能用一次。",
        hint="{% if telegram is defined %}两个地址，用一个就行。{% endif %}",
        table=_addresses,
    ),
)

on_page = Flow(
    "continue_page",
    Note(
        "told",
        "用浏览器打开下面的地址，就能在网页上接着来。15 分钟内有用，只能用一次。",
        table=lambda _answers, _world: (Row("地址", "{{ link }}"),),
    ),
)
