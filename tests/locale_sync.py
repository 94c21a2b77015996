"""Brings the catalogues of dialogs/locale up to date with the wordings in the source: `make locale`."""

import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from bot.voices import LOCALES
from tests.dialogs.collecting import ROOT, wordings

SOURCE = ROOT / "dialogs" / "locale"

HEADER = """\
# A message is keyed by its Chinese wording; Jinja2 inside. `make locale` adds and drops messages.
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"

"""


def catalogue_path(locale: str) -> Path:
    return SOURCE / locale / "LC_MESSAGES" / "messages.po"


def read_catalogue(locale: str) -> Catalog:
    with catalogue_path(locale).open("rb") as file:
        return read_po(file)


def renew(locale: str) -> tuple[list[str], list[str]]:
    """Add what is new with no translation, drop what is gone; give both."""
    old = read_catalogue(locale)
    new = Catalog(fuzzy=False)
    added: list[str] = []
    for text, places in wordings().items():
        known = old.get(text)
        string = known.string if known else ""
        new.add(text, string, locations=[(place, 0) for place in places], flags=())
        if not string:
            added.append(text)
    for message in new:
        message.flags.clear()  # Babel takes "{% if" for a Python format
    dropped = [str(message.id) for message in old if message.id and message.id not in new]
    with catalogue_path(locale).open("wb") as file:
        file.write(HEADER.encode())
        write_po(file, new, width=0, omit_header=True, include_lineno=False)
    return added, dropped


def main() -> int:
    missing = 0
    for locale in LOCALES.values():
        added, dropped = renew(locale)
        missing += len(added)
        for text in added:
            sys.stdout.write(f"{locale}: to translate: {text!r}\n")
        for text in dropped:
            sys.stdout.write(f"{locale}: gone: {text!r}\n")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
