"""Go on with another telephone or computer: a link for once, also as a picture to scan."""

from dialogs.kinds import Note
from dialogs.model import Flow, Row

flow = Flow("continue", record="continue")

ready = Flow(
    "continue_ready",
    Note(
        "told",
        "用另一个手机打开下面的地址，就能接着来。15 分钟内有用，只能用一次。",
        table=lambda _answers, _world: (Row("地址", "{{ link }}"),),
    ),
)
