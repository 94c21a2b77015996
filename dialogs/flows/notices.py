"""Which notices somebody wants or does not want (退订): by kind; of one's own application everybody is told."""

from typing import cast

from dialogs.kinds import Many, Note
from dialogs.model import Flow, Option, Skip
from dialogs.talk import World

KINDS = (
    Option("training", "新的培训课", also=("培训", "课")),
    Option("jobs", "招聘会和工作", also=("招聘会", "工作")),
    Option("policy", "补贴和新规定", also=("政策", "政策和补贴", "补贴")),
)


def _refused(world: World) -> tuple[str, ...]:
    return cast("tuple[str, ...]", world.facts["refused"])


def _wanted(world: World) -> tuple[str, ...]:
    return cast("tuple[str, ...]", world.facts["wanted"])


flow = Flow(
    "notices",
    Many(
        "unwanted",
        "哪些消息，您不想收？可以选几个。",
        KINDS,
        suggests=_refused,
        skip=Skip(label="都想收", value="none", also=("都要", "都收")),
        brief="不想收的消息",
    ),
    record="refusals",
    facts=("refused",),
)

wanted = Flow(
    "notices_wanted",
    Many(
        "wanted",
        "哪些消息，您想收到？可以选几个。",
        KINDS,
        suggests=_wanted,
        skip=Skip(label="没有想收的", value="none", also=("没有", "都不想收")),
        brief="想收的消息",
    ),
    record="wanted",
    facts=("wanted",),
)

wanted_kept = Flow(
    "notices_wanted_kept",
    Note(
        "told",
        "{% if any == 'yes' %}好的，有了这些消息就告诉您。{% else %}好的，记下了。{% endif %}",
    ),
)

kept = Flow(
    "notices_kept",
    Note(
        "told",
        "{% if any == 'yes' %}好的，不再发这些。您自己报名的事，还会告诉您。"
        "{% else %}好的，都会告诉您。{% endif %}",
    ),
)
