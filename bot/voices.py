"""The voices of the service: gettext catalogues read from dialogs/locale, one per reading mode."""

import gettext
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from dialogs.talk import Reading
from dialogs.words import Voice

LOCALES: Mapping[Reading, str] = {"easy": "zh_Hans_CN@easy", "en": "en"}
"""Reading mode -> locale; plain Chinese is the source and needs no catalogue."""


@cache
def wordings(locale: str) -> Mapping[str, str]:
    """Source wording -> wording in a locale, as the .po file says."""
    from babel.messages.pofile import read_po

    source = files("dialogs") / "locale" / locale / "LC_MESSAGES" / "messages.po"
    with source.open("rb") as file:
        catalogue = read_po(file)
    return {str(message.id): str(message.string) for message in catalogue if message.id and message.string}


class _Lazy(gettext.NullTranslations):
    """Reads its catalogue when the first word in its mode is wanted: the first page is plain and must be fast."""

    def __init__(self, locale: str) -> None:
        super().__init__()
        self._locale = locale

    def gettext(self, message: str) -> str:
        return wordings(self._locale).get(message, message)


def load_voices() -> dict[Reading, Voice]:
    """Plain, easy-read and English; a wording missing in a catalogue is said as in the source."""
    voices: dict[Reading, Voice] = {"plain": Voice("plain", lambda words: words)}
    for reading, locale in LOCALES.items():
        voices[reading] = Voice(reading, _Lazy(locale).gettext)
    return voices
