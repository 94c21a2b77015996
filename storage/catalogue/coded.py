"""Reads one cell as words of the vocabulary; or says which word is unknown and which one may be meant."""

import re
from dataclasses import dataclass

from storage.catalogue import codes
from storage.catalogue.cells import Unfit, said
from storage.catalogue.grid import Value


@dataclass(frozen=True, slots=True)
class OneOf:
    """Reads one code of a list, by code or word."""

    name: str

    def __call__(self, value: Value) -> str:
        found = codes.code_of(self.name, said(value))
        if found is None:
            raise _unknown(self.name, [said(value)])
        return found


@dataclass(frozen=True, slots=True)
class SomeOf:
    """Reads several codes of a list, by code or word; 不限 and 无 mean an empty list."""

    name: str

    def __call__(self, value: Value) -> list[str]:
        words = said(value)
        if words in {"any", "不限", "全部", "无"} and codes.code_of(self.name, words) is None:
            return []
        found: list[str] = []
        unknown: list[str] = []
        for part in re.split(r"[|；;\n]", words):
            _match(self.name, part.strip(), found, unknown)
        if unknown:
            raise _unknown(self.name, unknown)
        return list(dict.fromkeys(found))


def _match(name: str, words: str, found: list[str], unknown: list[str]) -> None:
    """Split by soft separators, trying the longest run first: 放慢节奏、重复讲解 is one word of the list."""
    pieces = re.split(r"([，,、/])", words)
    start = 0
    while start < len(pieces):
        for end in range(len(pieces), start, -1):
            code = codes.code_of(name, "".join(pieces[start:end]))
            if code is not None:
                found.append(code)
                break
        else:
            end = start + 1
            if pieces[start].strip():
                unknown.append(pieces[start].strip())
        start = end + 1 if end < len(pieces) else end


def _unknown(name: str, words: list[str]) -> Unfit:
    near = [close for word in words if (close := codes.near(name, word))]
    if near:
        right = "可以写" + "、".join(f"“{code.label}”（{code.code}）" for code in near)
    else:
        some = [code.label for code in codes.words(name).values()][:8]
        right = "写代码表里的词，比如" + "、".join(f"“{word}”" for word in some)
    return Unfit("代码表里没有" + "".join(f"“{word}”" for word in words), right)
