"""From a turn to a reply: promised in its transaction, drawn for the chat, drawn anew when it was cut off."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlmodel import Session

from bot.attached import Attached
from bot.channels.messenger.drawing import Button, draw, draw_neutral, tells
from bot.channels.messenger.underway import Drawn, Promised
from bot.channels.pacing import TELEGRAM_PACE
from bot.forms import pictures as form_pictures
from bot.going_on import REPLY
from bot.heard import Address, Heard
from bot.runner import Runner
from dialogs.talk import Screen
from storage import gotokens, outbox, pace
from storage.outbox import Claimed
from storage.tables import Account, Channel, Lane, Outbox

LEASE = timedelta(seconds=20)
"""How long a reply is this worker's before another one takes it up."""

UNSEEN = 0
"""The number that stands for a question nobody has seen yet: whatever is said, it is no answer to one."""

MOVED_ON = "已经接着说了"
GONE = "这个聊天已经没有了"


def promise(
    session: Session,
    runner: Runner,
    account: Account,
    heard: Heard,
    said: Sequence[str],
    now: datetime,
    worker: str,
    offer: Button | None = None,
) -> Promised:
    """Promise a reply in the turn's transaction, as this worker's own; it is drawn already.

    The offer is a button for what a statement asks; it stands above the answers.
    """
    payload = _payload(heard, said)
    number = outbox.promise(
        session,
        account.contact_id,
        REPLY,
        payload,
        now=now,
        account_id=account.id,
        claimed_by=worker,
        claimed_until=now + LEASE,
    )
    if number is None:
        raise RuntimeError("a promise without a key is always a new one")
    claimed = Claimed(
        id=number,
        lane=Lane.REPLY,
        contact_id=account.contact_id,
        account_id=account.id,
        kind=REPLY,
        payload=payload,
        promised_at=now,
        due_at=now,
        not_after=None,
        attempts=0,
        interrupted=False,
    )
    drawn = _draw(session, runner, account, heard, said, now)
    if offer is not None:
        drawn = replace(drawn, card=replace(drawn.card, rows=((offer,), *drawn.card.rows)))
    return Promised(claimed, drawn)


def promise_later(
    session: Session,
    account: Account,
    heard: Heard,
    said: Sequence[str],
    now: datetime,
    due_at: datetime,
) -> None:
    """Promise a reply nobody waits for any more: the postman draws and sends it, when it is due."""
    outbox.promise(
        session,
        account.contact_id,
        REPLY,
        _payload(heard, said),
        now=now,
        due_at=due_at,
        account_id=account.id,
    )


def draw_anew(session: Session, runner: Runner, claimed: Claimed, now: datetime) -> Drawn | str:
    """Draw what is on the screen now, unless the conversation went on without this reply."""
    account = session.get(Account, claimed.account_id) if claimed.account_id is not None else None
    if account is None or not account.reachable:
        return GONE
    if outbox.is_overtaken(session, claimed):
        return MOVED_ON
    heard = runner.look_in(session, Address(Channel.TELEGRAM, account.address))
    if claimed.payload.get("prompt", heard.screen.prompt) != heard.screen.prompt:
        return MOVED_ON
    # More than when it was claimed, perhaps.
    said = session.get_one(Outbox, claimed.id).payload.get("said", ())
    drawn = _draw(session, runner, account, heard, said, now)
    if "prompt" not in claimed.payload and tells(drawn.card):
        # Nobody said a word in this chat: what comes now by itself may be read on a lock screen.
        neutral = draw_neutral(heard.screen, runner.book.voice(heard.reading))
        return replace(drawn, card=neutral, prompt=UNSEEN)
    return drawn


def _draw(
    session: Session, runner: Runner, account: Account, heard: Heard, said: Sequence[str], now: datetime
) -> Drawn:
    settings, on_page = runner.settings, heard.screen.form == "private"
    link = ""
    if on_page and settings.private_where == "web":
        link = f"{settings.address}/go/{gotokens.make_token(session, account.contact_id, 'answer', now)}"
    card = draw(
        heard,
        runner.book.voice(heard.reading),
        said,
        address=settings.address,
        link=link,
        office=settings.office,
    )
    card = replace(card, photos=tuple(_photos(session, heard.screen)))
    not_before = pace.stopped_until(session, TELEGRAM_PACE)
    prompt, before = heard.screen.prompt, account.shown_message
    return Drawn(int(account.address), card, tuple(said), prompt, on_page, not_before, before)


def _photos(session: Session, screen: Screen) -> Iterator[tuple[Attached, str]]:
    """Give the picture of a question, and of each answer on this page with its words; once, not at every tick."""
    if screen.error or any(option.picked for option in screen.options):
        return
    wanted = [(screen.picture, "")] if screen.page == 1 else []
    wanted += [(option.picture, f"{option.number} {option.label}") for option in screen.options]
    for key, words in wanted:
        if key and (found := form_pictures.find(session, key)) is not None:
            yield found, words


def _payload(heard: Heard, said: Sequence[str]) -> dict[str, object]:
    return {"prompt": heard.screen.prompt, "said": list(said)}
