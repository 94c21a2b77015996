"""Draws every page: templates, words in the reader's mode, the language of each part."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Literal

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from bot.channels.web.drawing import Drawn, draw, qr_code
from bot.channels.web.linking import dialled, linker, organiser_path
from bot.channels.web.precompiled import Precompiled
from bot.channels.web.static import static_url
from bot.channels.web.visitors import SIZES
from bot.heard import Heard
from dialogs.facts.people import Office
from dialogs.talk import Reading
from dialogs.words import Voice, Words

LANGUAGES: Mapping[Reading, str] = {"plain": "zh-Hans", "easy": "zh-Hans", "en": "en"}
HAN = re.compile(r"[\u3400-\u9fff]")
LATIN = re.compile(r"[A-Za-z]{3}")
SCANNED = frozenset({"continue_ready", "continue_page", "assent_link_ready", "parent_link_ready"})
"""Flows that give a link for another device: it is a picture to scan, too."""


@dataclass(frozen=True, slots=True)
class News:
    """One message that came by itself.

    Args:
        number: which message it is.
        text: what it says.
        at: when it came.
        unread: whether it was not seen yet.
        letter: what its button sends back, 0 where it has none.
        button: source wording of the button.
        more: source wordings of further buttons; the second one sends back `letter`:1.
        file: "photo" or "paper" where one goes with it; it is at /news/<number>/file.
        file_words: what is on it.

    """

    number: int
    text: str
    at: datetime
    unread: bool
    letter: int = 0
    button: str = ""
    more: tuple[str, ...] = ()
    file: Literal["", "photo", "paper"] = ""
    file_words: str = ""


@dataclass(frozen=True, slots=True)
class Visit:
    """What a page needs besides the question: the form's proofs, the size of letters, messages.

    Args:
        token: the visitor's form token.
        once: a number for this page, so that a second press counts once.
        size: standard, large or huge.
        new: whether nothing is kept of this visitor yet.
        news: messages, newest first.

    """

    token: str = ""
    once: str = ""
    size: str = "standard"
    new: bool = False
    news: Sequence[News] = ()

    @property
    def unread(self) -> int:
        return sum(each.unread for each in self.news)


class Pages:
    """All templates, with one set of voices, one office and one address.

    Args:
        voices: reading mode -> voice.
        office: whom to call.
        address: where people find us, for links that leave the page (a QR code).

    """

    def __init__(self, voices: Mapping[Reading, Voice], office: Office, address: str) -> None:
        self.voices = voices
        self.office = office
        self.address = address
        self._link = linker(address)

    def screen(self, heard: Heard, visit: Visit) -> str:
        """Draw the chat page: the one open question, with all that stands around it."""
        drawn = draw(heard.screen, self.address)
        values = {
            "heard": heard,
            "screen": heard.screen,
            "drawn": drawn,
            "visit": visit,
            "codes": _codes(drawn) if heard.screen.flow in SCANNED else (),
        }
        return self.render("chat.html", values, reading=heard.reading, size=visit.size)

    def question(self, heard: Heard, once: str) -> Markup:
        """Draw the one open question for a page that has its own form around it."""
        values = {"screen": heard.screen, "drawn": draw(heard.screen, self.address), "once": once}
        drawn = self.render("question.html", values, reading=heard.reading)
        return Markup(drawn)  # noqa: S704 - a page of ours, drawn with everything escaped

    def render(
        self,
        template: str,
        values: Mapping[str, object],
        *,
        reading: Reading = "plain",
        size: str = "standard",
    ) -> str:
        """Draw a template with its values, in a reading mode and a size of letters."""
        voice = self.voices[reading]
        around = {"voice": voice, "lang": LANGUAGES[reading], "reading": reading, "size": size}
        ours = {"office": self.office, "linked": self._linked}
        return _templates().get_template(template).render({**around, **ours, **values})

    @pass_context
    def _linked(self, context: Context, text: str) -> Markup:
        """Words to read, in which what can be opened or called is a link; never inside a button."""
        drawn = context.get("drawn")
        given = (drawn.link, drawn.chat_link) if drawn else ()
        return _marked(self._link(text, given), text, context)


@cache
def _templates() -> Environment:
    """The templates, each compiled once in this process: that takes ten times as long as drawing a page."""
    folder = Path(__file__).parent / "templates"
    jinja = Environment(
        loader=FileSystemLoader(folder),
        bytecode_cache=Precompiled(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,  # a page of the next release is not mixed with the program of this one
    )
    jinja.globals.update(
        _=_say,
        words=_words,
        static=static_url,
        organiser_path=organiser_path,
        sizes=SIZES,
    )
    jinja.filters["dialled"] = dialled
    return jinja


def _codes(drawn: Drawn) -> tuple[tuple[str, Markup], ...]:
    """The pictures to scan, each with what it opens: "page" or "chat"."""
    links = (("page", drawn.link), ("chat", drawn.chat_link))
    return tuple((opens, qr_code(link)) for opens, link in links if link)


@pass_context
def _words(context: Context, text: str) -> Markup:
    """Words that are not the page's own: another language is marked as such."""
    return _marked(escape(text), text, context)


def _marked(html: Markup, text: str, context: Context) -> Markup:
    other = _other_language(text, context["lang"])
    return Markup('<span lang="{}">{}</span>').format(other, html) if other else html


@pass_context
def _say(context: Context, text: Words, **values: object) -> str:
    voice: Voice = context["voice"]
    return voice.say(text, values)


def _other_language(text: str, lang: str) -> str:
    """The language of words that are not in the page's language, or ""."""
    if HAN.search(text):
        return "" if lang == "zh-Hans" else "zh-Hans"
    return "en" if lang == "zh-Hans" and LATIN.search(text) else ""
