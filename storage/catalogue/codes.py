"""The catalogue's vocabulary: every code, its words in Chinese, easy Chinese and English, and what may stand for it."""

import csv
import difflib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from itertools import groupby
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Code:
    """One word of the vocabulary. `function` and `default_for` mean something in some lists only."""

    code: str
    label: str
    label_easy: str
    label_en: str
    note: str  # of a sub-kind: the code of its category
    function: str  # of a service: what it helps with (see, hear, …)
    default_for: tuple[str, ...]  # of a service: disability categories; of a situation: fitting categories


def words(name: str) -> Mapping[str, Code]:
    """Return the codes of one list in their order. Raises KeyError for a list that does not exist."""
    return _vocabulary()[name]


def label(name: str, code: str) -> str:
    """Return the Chinese word for a code; the code itself when the list does not have it."""
    found = words(name).get(code)
    return found.label if found else code


def easy(name: str, code: str) -> str:
    """Return the easy word for a code; its plain word when there is no easier one."""
    found = words(name).get(code)
    return (found.label_easy or found.label) if found else code


def english(name: str, code: str) -> str:
    """Return the English word for a code; the code itself when the list does not have it."""
    found = words(name).get(code)
    return found.label_en if found else code


def code_of(name: str, word: str) -> str | None:
    """Return the code meant by a code, a Chinese word or an easy word; None when it is unknown."""
    return _spellings(name).get(_plain(word))


def near(name: str, word: str) -> Code | None:
    """Return the code whose word comes closest to an unknown one, or None when nothing is close."""
    spelt = _plain(word)
    spellings = _spellings(name)
    part = [s for s in spellings if len(spelt) > 1 and (spelt in s or (len(s) > 1 and s in spelt))]
    if part:
        return words(name)[spellings[part[0]]]
    labels = {_plain(code.label): code for code in words(name).values()}
    close = difflib.get_close_matches(spelt, labels, n=1, cutoff=0.5)
    return labels[close[0]] if close else None


def services() -> tuple[Code, ...]:
    """Return every support service, with its function and the categories it is suggested for."""
    return tuple(words("service").values())


def _plain(word: str) -> str:
    """Write a word in one way: half width, lower case, no spaces, plain quotes and dots."""
    spelt = unicodedata.normalize("NFKC", word).casefold()
    return "".join(c for c in spelt if not c.isspace() and c not in "\"'“”‘’。*")


@lru_cache(maxsize=1)
def _vocabulary() -> Mapping[str, Mapping[str, Code]]:
    text = files(__package__).joinpath("codes.csv").read_text(encoding="utf-8")
    rows = sorted(csv.DictReader(text.splitlines()), key=lambda row: (row["list"], int(row["order"])))
    lists = {
        name: MappingProxyType({row["code"]: _read(row) for row in of_list})
        for name, of_list in groupby(rows, key=lambda row: row["list"])
    }
    return MappingProxyType(lists)


def _read(row: dict[str, str]) -> Code:
    categories = tuple(part for part in row["default_for"].split("|") if part)
    return Code(
        row["code"],
        row["label"],
        row["label_easy"],
        row["label_en"],
        row["note"],
        row["function"],
        categories,
    )


@lru_cache(maxsize=64)
def _spellings(name: str) -> Mapping[str, str]:
    """Every way to write each code; where two share an easy word, the first keeps it."""
    found: dict[str, str] = {}
    codes = words(name).values()
    for spelling in ("code", "label", "label_easy"):
        for code in codes:
            spelt = _plain(getattr(code, spelling))
            if spelt:
                found.setdefault(spelt, code.code)
    return found
