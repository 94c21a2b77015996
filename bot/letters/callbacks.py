"""Letters that ask how it went on after a class."""

from collections.abc import Mapping

from sqlmodel import Session

from bot.letters.letter import Letter, Payload
from dialogs.sheet_names import PREFIX
from dialogs.talk import Begin
from storage.finding import get
from storage.tables import Disposition
from storage.tickets.tables import Callback


def _asked_no_more(session: Session, payload: Payload) -> str:
    callback = get(session, Callback, payload["callback"])
    if callback is None or callback.state is not Disposition.ASKED:
        return "已经答了，或者不用问了"
    return "" if callback.asked == payload["asked"] else "后来又问了一次，另有一条消息"


def _survey(payload: Payload) -> Begin:
    intake = () if payload["intake"] is None else (("intake", payload["intake"]),)
    about = (("person", payload["person"]), *intake, ("callback", payload["callback"]))
    return Begin(f"{PREFIX}{payload['form']}", about)


def _ask_no_more(payload: Payload) -> Begin:
    return Begin("callback_stop", (("person", payload["person"]), ("callback", payload["callback"])))


LETTERS: Mapping[str, Letter] = {
    "callback": Letter(
        "{% if name %}{{ name }}您好。{% endif %}"
        "{% if asked > 1 %}上次的几个问题，还等您回答。{% else %}想问您几个问题，几分钟就好。{% endif %}",
        _asked_no_more,
        "回答",
        _survey,
        more=(("不要再问", _ask_no_more),),
    ),
}
