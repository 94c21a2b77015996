"""Somebody of staff talks with a person: each line goes to the other, and the bot waits until they are done."""

from collections.abc import Mapping

from dialogs.facts.tickets import ticket
from dialogs.kinds import Relay
from dialogs.model import Answers, Flow, Json, Row
from dialogs.talk import World
from dialogs.words import Own

LATEST = 4
"""Lines of the talk that are shown with the question."""

SPOKEN = "您说的一段话，我们收到了"
"""What is read back of a voice message."""


def _whether_somebody_talks(world: World) -> Mapping[str, Json]:
    return {"open": "yes" if ticket(world).talker else "no"}


def _rows(_: Answers, world: World) -> tuple[Row, ...]:
    """Who it is, and what was said last."""
    it = ticket(world)
    return (
        Row("谁在说话", Own(it.talker)),
        Row("他的号码", "{{ ticket.talker_number }}"),
        Row("他在哪里上班", "{{ office.name }}"),
        *(
            Row(
                "工作人员说" if remark.who else "您说",
                SPOKEN if remark.words is None else Own(remark.words),
                private=True,
            )
            for remark in it.remarks[-LATEST:]
        ),
    )


flow = Flow(
    "relay",
    Relay(
        "words",
        "工作人员{{ ticket.talker }}在和您说话。写下来，他马上能看到。",
        when=lambda a: a["open"] == "yes",
        private=True,
        table=_rows,
        hint="也可以说一段话。说完了，就说“停下来”。",
        brief="您说",
    ),
    record="relay_word",
    fills=_whether_somebody_talks,
    facts=("ticket",),
)
