"""The same questions as a Telegram chat shows them: the real messages and buttons, in bubbles of our own."""

from dataclasses import dataclass

from markupsafe import Markup

from bot.channels.messenger.drawing import Button, draw
from bot.heard import Heard
from bot.preview.sample import ADDRESS, LINK, OFFICE
from dialogs.screen import Place, show
from dialogs.state import State


@dataclass(frozen=True, slots=True)
class Chat:
    """What one question is in a chat: the messages, HTML as Telegram takes it, and the rows of buttons."""

    lang: str
    texts: tuple[Markup, ...]
    rows: tuple[tuple[Button, ...], ...]


def chat_of(here: Place, state: State) -> Chat:
    """Draw a question for Telegram; a private one is answered on our page, as `XUNQIAO_PRIVATE_ANSWERS=web` has it."""
    reading, voice = here.world.reading, here.voice
    heard = Heard(show(here, state), (), "standard", reading, here, contact_id=1)
    card = draw(heard, voice, (), address=ADDRESS, link=LINK, office=OFFICE)
    # Only what Telegram would show as bold is a tag in it; everything else was escaped when it was drawn.
    texts = tuple(Markup(text) for text in card.texts)  # noqa: S704 - escaped by `draw`
    return Chat("en" if reading == "en" else "zh-Hans", texts, card.rows)
