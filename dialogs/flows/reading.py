"""How shall we talk: plain, large or easy-read words, or English. Asked before anything else."""

from dialogs.facts.people import me
from dialogs.kinds import Choice
from dialogs.model import Answers, Flow, Option
from dialogs.talk import Begin, World


def _then(_: Answers, world: World) -> Begin | None:
    return None if me(world).role else Begin("who")


def _before(world: World) -> Begin | None:
    """To somebody new nothing comes before it."""
    return None if me(world).role else Begin("reading")


flow = Flow(
    "reading",
    Choice(
        "reading",
        "您好，这里是训桥，是自动回话的机器。我帮您找培训课、报名。您想看哪种字？",
        (
            Option("plain", "一般的字", also=("标准", "普通"), reading="plain"),
            Option("large", "大一点的字", also=("大字",), reading="plain"),
            Option("easy", "简单的话", also=("易读", "简单"), reading="easy"),
            Option("en", "English", also=("英文", "英语"), reading="en"),
        ),
        brief="看哪种字",
    ),
    record="reading",
    then=_then,
    facts=("me",),
    before=_before,
)
