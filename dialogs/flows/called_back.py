"""Call-backs after a class, beside their forms: no more of them, and what follows from what was said."""

from dialogs.kinds import Note, YesNo
from dialogs.model import Flow

flow = Flow(
    "callback_stop",
    YesNo("sure", "这次培训的事，以后都不问您了，对吗？", brief="不要再问"),
    record="callback_stop",
)

told = Flow(
    "callback_told",
    Note(
        "told",
        "{% if said == 'later' %}好的，{{ when | moment }}再问您。"
        "{% elif said == 'call' %}好的，工作人员会给您打电话。"
        "{% elif said == 'write' %}好的，工作人员会发文字找您。"
        "{% elif said == 'no' %}好的，这次培训的事不再问您。"
        "{% else %}这次回访的时间过了。想答，现在也可以答。{% endif %}",
    ),
)

opened = Flow(
    "callback_opened",
    Note(
        "told",
        "您说的事记下了。工单号是 {{ numbers }}。{{ due | day }}前，工作人员会回复您。",
    ),
)
