"""Whether somebody comes to class: what every reminder of it asks, and what is promised to them there."""

from collections.abc import Callable, Collection
from datetime import date

from dialogs.facts.applications import Applied, class_told
from dialogs.kinds import Choice, Note
from dialogs.model import Answers, Option, Row
from dialogs.stages import PROMISE, PROMISE_NOTED, standing
from dialogs.supports import LABELS
from dialogs.talk import World

WAYS = (
    Option("yes", "会来", also=("来", "我来", "我会来", "能来", "好", "去")),
    Option("no", "来不了", also=("不来", "不能来", "不行", "没时间")),
    Option("other", "想换时间", also=("改时间", "换时间", "换个时间")),
    Option("stop", "不要再提醒这门课", also=("不要再提醒", "别提醒了", "不用提醒")),
)


def whether_they_come(
    words: str, rows: Callable[[Answers, World], tuple[Row, ...]], *, gone: str
) -> tuple[Choice, Note, Note]:
    """Ask with these lines about the class, while the filled-in `stands` is yes; else say what has become of it.

    Who may not answer reads the lines alone, while `stands` is told.
    """
    return (
        Choice("come", words, WAYS, when=lambda a: a["stands"] == "yes", table=rows, brief="来不来上课"),
        Note("seen", "看看地方和要带的东西。", when=lambda a: a["stands"] == "told", table=rows),
        Note(
            "gone",
            gone,
            when=lambda a: a["stands"] == "no",
            table=lambda _, world: _what_became(class_told(world)),
        ),
    )


def standing_for(it: Applied, starts: date, world: World) -> str:
    """Say "yes" where somebody has a seat in what starts that day, today or later, and whoever talks may answer.

    "told" is for who may only read of it, "no" for what is over or not theirs.
    """
    if it.state != "accepted" or starts < world.now.date():
        return "no"
    return "yes" if "fill" in it.powers else "told"


def _what_became(it: Applied) -> tuple[Row, ...]:
    return standing(it) if it.application_id else ()


def promised(it: Applied, among: Collection[str] = LABELS) -> tuple[Row, ...]:
    """The lines that say what became of the support somebody asked for, of all kinds or of some."""
    return tuple(
        Row(LABELS[code].label, (PROMISE_NOTED if note else PROMISE)[answer], {"note": note}, private=True)
        for code, answer, note in it.needs
        if code in among
    )
