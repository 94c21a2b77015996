"""Ways to leave a question open, and what the person's record already holds."""

from collections.abc import Callable

from dialogs.facts.people import person
from dialogs.model import Json, Skip
from dialogs.talk import World

LATER = Skip(label="以后再说", value="later", also=("跳过", "不知道", "现在没有"))
UNSAID = Skip()
NOTHING = Skip(label="没有", value="none", also=("跳过", "不用", "没了"))
NO_NEED = Skip(label="都不要", value="none", also=("没有", "都没有", "不用", "不要", "跳过"))


def known(name: str) -> Callable[[World], Json]:
    """What the person's record holds under a question's name, offered to be kept (R17)."""
    return lambda world: person(world).profile.get(name)
