"""What was begun and not finished, to go on with or to drop."""

from dialogs.facts import Draft, drafts
from dialogs.kinds import Choice
from dialogs.model import Answers, Flow, Option
from dialogs.talk import Begin, World
from dialogs.words import Own


def key(draft: Draft) -> str:
    return "|".join((draft.flow, *(f"{name}={value}" for name, value in draft.about)))


def _open(_: Answers, world: World) -> tuple[Option, ...]:
    open_ones = tuple(Option(key(draft), Own(draft.title)) for draft in drafts(world))
    return open_ones or (Option("none", "知道了"),)


def _then(answers: Answers, world: World) -> Begin | None:
    chosen = next((each for each in drafts(world) if key(each) == answers.text("which")), None)
    return Begin(chosen.flow, chosen.about) if chosen else None


flow = Flow(
    "drafts",
    Choice("which", "{% if drafts %}您接着写哪一个？{% else %}没有写到一半的了。{% endif %}", _open),
    then=_then,
    facts=("drafts",),
)
