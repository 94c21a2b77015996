"""Words for people: Chinese source text, its easy-read and English twins, Jinja2 inside."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from jinja2 import StrictUndefined, Template
from jinja2.sandbox import SandboxedEnvironment

from dialogs.dating import (
    clock,
    clock_en,
    day,
    day_en,
    moment,
    moment_en,
    period,
    period_en,
    weekdays,
    weekdays_en,
)
from dialogs.talk import Reading


@dataclass(frozen=True, slots=True)
class Own:
    """Wording that brings its own easy-read and English text: from the catalogue, a sheet or staff.

    It is said as it stands: nothing inside it is a placeholder.
    """

    plain: str
    easy: str = ""
    en: str = ""


Words: TypeAlias = str | Own

_PLACE = re.compile(r"{{ ?([a-z]\w*) ?}}", re.ASCII)
"""A placeholder that is a bare name: filled in without Jinja, which takes ten times as long."""

_NO_NAMES = frozenset({"true", "false", "none", "self"})
"""What Jinja itself understands where a name could stand."""

_LONG_NUMBER = re.compile(r"(?<![\w/.:-])[0-9][0-9X -]{3,}[0-9](?![\w/.:-])", re.ASCII)
"""A telephone number, a certificate or another that is no amount; not a part of an address."""


class Titled(Protocol):
    """What has a title, and an easy one."""

    @property
    def title(self) -> str: ...
    @property
    def title_easy(self) -> str: ...


class Voice:
    """One reading mode: finds the wording, fills it in.

    Args:
        reading: plain, easy or en.
        translate: source wording -> wording in this mode (gettext of the mode's catalogue).

    """

    def __init__(self, reading: Reading, translate: Callable[[str], str]) -> None:
        self.reading = reading
        self._translate = translate
        self._templates: dict[str, Template] = {}
        self._plain: dict[str, tuple[str, ...]] = {}
        # What staff and sheets write is rendered here too: sandboxed; a missing name is an error, not a gap.
        self._jinja = SandboxedEnvironment(
            undefined=StrictUndefined, autoescape=False, keep_trailing_newline=False
        )
        # Texts are filled with what is handed in and nothing else; each would carry a copy of Jinja's own names.
        self._jinja.globals.clear()
        english = reading == "en"
        self._jinja.filters["day"] = day_en if english else day
        self._jinja.filters["moment"] = moment_en if english else moment
        self._jinja.filters["period"] = period_en if english else period
        self._jinja.filters["clock"] = clock_en if english else clock
        self._jinja.filters["weekdays"] = weekdays_en if english else weekdays
        self._jinja.filters["called"] = self.called

    def own(self, words: Words) -> str:
        """The wording for this mode, unfilled."""
        if isinstance(words, Own):
            return {"plain": words.plain, "easy": words.easy or words.plain, "en": words.en or words.plain}[
                self.reading
            ]
        return self._translate(words) if words else ""

    def called(self, titled: Titled) -> str:
        """The title of a course or a fair as this reader reads it."""
        return (titled.title_easy or titled.title) if self.reading == "easy" else titled.title

    def say(self, words: Words, values: Mapping[str, object] | None = None) -> str:
        """The wording for this mode with its placeholders filled.

        Raises:
            jinja2.UndefinedError: when a placeholder has no value.

        """
        text = self.own(words)
        if isinstance(words, Own) or "{" not in text:
            return text
        parts = self._plain.get(text)
        if parts is None:
            parts = self._plain[text] = _parts(text)
        if parts and values:
            try:
                return "".join([str(values[part]) if n % 2 else part for n, part in enumerate(parts)])
            except KeyError:
                pass  # Jinja says which one
        template = self._templates.get(text)
        if template is None:
            template = self._templates[text] = self._jinja.from_string(text)
        return template.render(values or {})


def _parts(text: str) -> tuple[str, ...]:
    """Cut a wording at its placeholders, text and names in turn; () where only Jinja can fill it in."""
    parts = tuple(_PLACE.split(text))
    between, names = parts[::2], parts[1::2]
    simple = not (text.endswith("\n") or any(sign in part for part in between for sign in "{}\r"))
    return parts if simple and _NO_NAMES.isdisjoint(names) else ()


def spoken(
    text: str,
    options: Iterable[tuple[int, str]],
    voice: Voice,
    *,
    hint: str = "",
    lines: Iterable[tuple[str, str]] = (),
) -> str:
    """A question as it is read aloud: the option before its number, long numbers digit by digit (R22)."""
    colon, end = (": ", ".") if voice.reading == "en" else ("：", "。")
    said = [text, hint] if hint else [text]
    for label, value in lines:
        said.append(f"{label}{colon}{value.rstrip('。.')}{end}")
    for number, label in options:
        said.append(voice.say("{{ label }}，说 {{ number }}。", {"label": label, "number": number}))
    return _LONG_NUMBER.sub(_digit_by_digit, "\n".join(said))


def _digit_by_digit(number: re.Match[str]) -> str:
    return ", ".join(" ".join(group) for group in re.split("[ -]+", number[0]))
