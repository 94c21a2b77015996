"""What somebody told us, what staff answered, and more to say; also for who gave no name, by digits of their own."""

import re
import unicodedata
from collections.abc import Mapping, Sequence

from dialogs.facts.tickets import Ticket, ticket, tickets
from dialogs.kinds import Choice, Note, Text
from dialogs.model import Answers, Flow, Json, Option, Row, Skip
from dialogs.talk import Begin, World
from dialogs.words import Own

STATES: Mapping[str, str] = {
    "open": "等工作人员看",
    "taken": "工作人员在办",
    "answered": "工作人员回您了",
    "closed": "办完了",
}
OUTCOMES: Mapping[str, str] = {
    "solved": "办好了",
    "explained": "说清楚了",
    "referred": "转给别的单位了",
    "not_possible": "这件事办不到",
    "withdrawn": "您说不用办了",
}
SPOKEN = "您说的一段话，我们收到了"
"""What is read back of a voice message."""


def _state(it: Ticket) -> str:
    return OUTCOMES.get(it.outcome, STATES[it.state])


def _listed(_: Answers, world: World) -> tuple[Option, ...]:
    own = tuple(
        Option(str(it.ticket_id), "{{ made | day }}说的", values={"made": it.made}, note=_state(it))
        if sum(other.made == it.made for other in tickets(world)) == 1
        else Option(str(it.ticket_id), "{{ number }} 这件事", values={"number": it.number}, note=_state(it))
        for it in tickets(world)
    )
    return (*own, Option("digits", "用号码看回音", also=("用号码", "看回音", "没说名字")))


NUMBER = re.compile(r"T?\s*(20\d\d)\W?0*(\d{1,8})", re.IGNORECASE)
"""The number of something somebody told us, as they write it: T2026-0031, 2026 31."""

DIGITS = re.compile(r"\d{4}\s?\d{4}")
"""The digits of their own that open it."""

TYPED = "typed:"


def numbers_said(said: str, _: World) -> Mapping[str, Json] | None:
    """Take the number of something somebody told us for a way to it; it may stand with the digits that open it."""
    words = unicodedata.normalize("NFKC", said).strip()
    found = NUMBER.match(words)
    left = words[found.end() :].strip(" ,，、;；") if found else words
    if (found is None or left) and not DIGITS.fullmatch(left):
        return None
    number = f"T{found[1]}-{int(found[2]):04d}" if found else ""
    return {"which": f"{TYPED}{number} {left}"}


def _open_one(answers: Answers, world: World) -> Begin:
    which = answers.text("which")
    if which.startswith(TYPED):
        number, _, digits = which.removeprefix(TYPED).partition(" ")
        own = next((it.ticket_id for it in tickets(world) if it.number == number), None)
        if own is not None:
            return Begin("ticket", (("ticket", own),))
        return Begin(
            "read_answer",
            given={**({"number": number} if number else {}), **({"digits": digits} if digits else {})},
        )
    return Begin("read_answer") if which == "digits" else Begin("ticket", (("ticket", int(which)),))


listed = Flow(
    "tickets",
    Choice(
        "which",
        "{% if tickets %}您想看哪一件事？{% else %}这里没有您说过的事。{% endif %}",
        _listed,
        understands=numbers_said,
    ),
    then=_open_one,
    stays=("which",),
    facts=("tickets",),
)


def _rows(_: Answers, world: World) -> tuple[Row, ...]:
    it = ticket(world)
    waits = it.state in ("open", "taken")
    return (
        Row("号码", Own(it.number)),
        *(() if it.words == "" else (Row("您说的", _words(it.words), private=True),)),
        *_remarks(it),
        Row("现在", _state(it)),
        *((Row("最晚回您", "{{ ticket.due | day }}"),) if waits else ()),
    )


def _remarks(it: Ticket) -> Sequence[Row]:
    rows: list[Row] = []
    for remark in it.remarks:
        label = "工作人员说" if remark.who else "您又说"
        rows.append(Row(label, _words(remark.words), private=True))
    if it.remarks and it.remarks[-1].who:
        rows.append(Row("谁回您的", Own(it.remarks[-1].who), private=True))
    return rows


def _words(words: str | None) -> str | Own:
    return SPOKEN if words is None else Own(words)


def _ways(_: Answers, world: World) -> tuple[Option, ...]:
    it = ticket(world)
    more = Option("more", "还有话说", also=("有话说", "我还有话", "再说"))
    if it.state != "closed" or it.rated:
        return (more,)
    return (
        Option("good", "满意", also=("好", "很好")),
        Option("bad", "不满意", also=("不好", "不行")),
        more,
    )


def _whether_it_is_there(world: World) -> Mapping[str, Json]:
    return {"there": "yes" if ticket(world).ticket_id else "no"}


flow = Flow(
    "ticket",
    Choice(
        "do",
        "{% if ticket.state != 'closed' %}您想怎么办？"
        "{% elif ticket.rated %}这件事办完了。您还有话说吗？"
        "{% else %}这件事办完了。办得好不好？{% endif %}",
        _ways,
        when=lambda a: a["there"] == "yes",
        private=True,
        table=_rows,
        skip=Skip(label="看完了", value="none", also=("知道了", "没有了", "好的", "不用了")),
        brief="怎么办",
    ),
    Text(
        "words",
        "您还想说什么？写下来，也可以说一段话。",
        when=lambda a: a["do"] == "more",
        private=True,
        most=2000,
        long=True,
        voice=True,
        skip=Skip(label="不说了", value="none"),
        hint="只有工作人员能看到。",
        brief="您又说",
    ),
    Note("gone", "这里看不到这件事了。想看回音，可以用您记下的号码。", when=lambda a: a["there"] != "yes"),
    record="ticket_word",
    fills=_whether_it_is_there,
    facts=("ticket",),
)

more_kept = Flow(
    "ticket_more_kept",
    Note("told", "记下了。最晚 {{ due | day }}，工作人员回您。"),
)

rated = Flow("ticket_rated", Note("told", "记下了。谢谢您告诉我们。"))


def _tries(answers: Answers, _: World) -> Mapping[str, Json]:
    return {"tries": answers["tries"]}


read_answer = Flow(
    "read_answer",
    Text(
        "number",
        "{% if tries %}没对上。再写一次这件事的号码，好吗？{% else %}这件事的号码是多少？{% endif %}",
        most=40,
        values=_tries,
        hint="T 开头的号码，T 可以不写。",
        brief="这件事的号码",
    ),
    Text(
        "digits",
        "您自己的号码是多少？一共 8 个数字。",
        private=True,
        most=40,
        brief="您自己的号码",
    ),
    record="read_answer",
    fills=lambda _: {"tries": 0},
)

read_no_more = Flow(
    "read_no_more",
    Note("told", "号码没对上，今天先不试了。想知道回音，可以找人帮忙。"),
    then=lambda _a, _w: Begin("help"),
)
