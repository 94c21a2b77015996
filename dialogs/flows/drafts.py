"""What was begun and not finished: to go on with, to keep for longer, or to throw away."""

from dialogs.facts.people import Draft, drafts
from dialogs.kinds import Choice, Note
from dialogs.model import Answers, Flow, Option
from dialogs.talk import Begin, Drop, World
from dialogs.words import Own


def key(draft: Draft) -> str:
    return "|".join((draft.flow, *(f"{name}={value}" for name, value in draft.about)))


def _named(draft: Draft) -> Option:
    """A draft by its title; one that came along from another device says that it is another one."""
    number = dict(draft.about).get("copy")
    if number is None:
        return Option(key(draft), Own(draft.title))
    values = {"n": number, "title": draft.title}
    return Option(key(draft), "第 {{ n }} 份：{{ title }}", values=values)


def _open(_: Answers, world: World) -> tuple[Option, ...]:
    open_ones = tuple(_named(draft) for draft in drafts(world))
    return open_ones or (Option("none", "知道了"),)


def _then(answers: Answers, world: World) -> Begin | Drop | None:
    chosen = next((each for each in drafts(world) if key(each) == answers.text("which")), None)
    if chosen is None:
        return None
    match answers.text("do"):
        case "keep":
            return Begin("keep_draft", (("draft", chosen.reminder),))
        case "quiet":
            return Begin("quiet_draft", (("draft", chosen.reminder),))
        case "drop":
            return Drop(chosen.flow, chosen.about)
        case _:
            return Begin(chosen.flow, chosen.about)


flow = Flow(
    "drafts",
    Choice(
        "which", "{% if drafts %}您要看哪一个？{% else %}没有写到一半的了。{% endif %}", _open, brief="哪一个"
    ),
    Choice(
        "do",
        "写到一半的，留 30 天。您想怎么办？",
        (
            Option("go_on", "接着写", also=("写", "继续")),
            Option("keep", "先放着，再留 30 天", also=("放着", "再留", "延长")),
            Option("quiet", "先放着，不要再提醒", also=("不要再提醒", "别提醒了", "不用提醒")),
            Option("drop", "不要了", also=("删掉", "扔掉")),
        ),
        when=lambda a: a["which"] != "none",
        brief="怎么办",
    ),
    then=_then,
    facts=("drafts",),
)

keep = Flow("keep_draft", record="keep_draft", then=lambda _answers, _world: Begin("draft_kept"))

kept = Flow("draft_kept", Note("told", "好的，再留 30 天。"))

quiet = Flow("quiet_draft", record="quiet_draft", then=lambda _answers, _world: Begin("draft_quieted"))

quieted = Flow("draft_quieted", Note("told", "好的，不再提醒。再留 30 天，删掉前告诉您一次。"))
