"""Tickets of a member of staff, read and answered in the chat."""

from collections.abc import Mapping

from dialogs.facts.staff import case, cases
from dialogs.kinds import Choice, Note, Text
from dialogs.model import Answers, Flow, Json, Option, Row, Skip
from dialogs.talk import Begin, World
from dialogs.words import Own

KINDS: Mapping[str, str] = {
    "help": "想找人帮忙",
    "complaint": "投诉",
    "appeal": "不同意决定",
    "safeguard": "有危险",
}


def _listed(_: Answers, world: World) -> tuple[Option, ...]:
    return (
        *(
            Option(
                str(it.ticket_id),
                "{{ number }} 这件",
                also=(it.number,),
                values={"number": it.number, "due": it.due},
                note="最晚 {{ due | day }}回他",
            )
            for it in cases(world)
        ),
        Option("today", "回到今天的事", also=("今天", "回去")),
    )


def _open_one(answers: Answers, _: World) -> Begin:
    which = answers.text("which")
    return Begin("staff") if which == "today" else Begin("staff_look", (("ticket", int(which)),))


listed = Flow(
    "staff_tickets",
    Choice("which", "{% if cases %}您想看哪一件？{% else %}没有等您办的事。{% endif %}", _listed),
    then=_open_one,
    stays=("which",),
    facts=("cases",),
    role="staff",
)


def _rows(_: Answers, world: World) -> tuple[Row, ...]:
    it = case(world)
    return (
        Row("号码", Own(it.number)),
        *((Row("什么事", KINDS.get(it.kind, "别的事"), private=True),) if it.kind else ()),
        *((Row("最晚回他", "{{ case.due | day }}"),) if it.due and it.waits else ()),
        *(_said(words, by_staff=by_staff) for by_staff, words in it.said),
    )


def _said(words: str | None, *, by_staff: bool) -> Row:
    said = "一段话，在工作台听" if words is None else Own(words)
    return Row("工作人员说" if by_staff else "他说", said, private=True)


def _fills(world: World) -> Mapping[str, Json]:
    return {"there": "yes" if case(world).ticket_id else "no"}


flow = Flow(
    "staff_ticket",
    Text(
        "words",
        "您想回他什么？",
        when=lambda a: a["there"] == "yes",
        private=True,
        most=2000,
        long=True,
        table=_rows,
        skip=Skip(label="先不回", value="none", also=("不回", "看完了")),
        brief="您的回答",
    ),
    Note("gone", "这件事不在您这里。", when=lambda a: a["there"] != "yes"),
    record="staff_ticket",
    fills=_fills,
    facts=("case",),
    role="staff",
)

answered = Flow(
    "staff_ticket_answered",
    Note(
        "told",
        "{% if what == 'replied' %}回好了，已经告诉他。"
        "{% elif what == 'noted' %}记下了。他没有能收到的地方，没有发。"
        "{% else %}他又说了一句。您写的没有发，再看一次。{% endif %}",
    ),
    then=lambda answers, _: (
        Begin("staff_look", (("ticket", _number(answers)),))
        if answers.text("what") == "meanwhile"
        else Begin("staff_tickets")
    ),
    role="staff",
)


def _number(answers: Answers) -> int:
    number = answers["number"]
    return number if isinstance(number, int) else 0
