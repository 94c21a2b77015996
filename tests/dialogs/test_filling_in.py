"""Placeholders that are bare names are filled in without Jinja: with what Jinja would have made of them."""

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from jinja2 import UndefinedError
from jinja2.sandbox import SandboxedEnvironment

import dialogs
from dialogs.words import Voice

LOCALE = Path(dialogs.__file__).parent / "locale"


def _as_written(text: str) -> str:
    return text


def test_every_wording_with_bare_names_reads_as_jinja_fills_it_in() -> None:
    voice, jinja = Voice("plain", _as_written), SandboxedEnvironment()
    tried = 0
    for file in LOCALE.glob("*/LC_MESSAGES/*.po"):
        with file.open("rb") as opened:
            messages = list(read_po(opened))
        for text in (each for message in messages for each in (message.id, message.string)):
            names = re.findall(r"{{ (\w+) }}", str(text))
            if names and str(text).count("{") == 2 * len(names):
                values = {name: f"<{name}> {{{{ 7 }}}} {n}" for n, name in enumerate(names)}
                assert voice.say(str(text), values) == jinja.from_string(str(text)).render(values), text
                tried += 1
    assert tried > 100


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("{{ n }}", "7"),
        ("{{n}} 和 {{ n }}", "7 和 7"),
        ("{{ n }}\n", "7"),
        ("{{ n }}{# 没有 #}", "7"),
        ("{{ true }} {{ n }}", "True 7"),
        ("{% if n %}{{ n }}{% endif %}", "7"),
    ],
)
def test_what_is_no_bare_name_is_still_filled_in(text: str, wanted: str) -> None:
    assert Voice("plain", _as_written).say(text, {"n": 7, "true": "no"}) == wanted


def test_a_placeholder_without_a_value_is_an_error_and_no_gap() -> None:
    with pytest.raises(UndefinedError, match="gone"):
        Voice("plain", _as_written).say("{{ n }} {{ gone }}", {"n": 7})
