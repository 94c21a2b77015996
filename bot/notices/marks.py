"""The words of a notice with what is wrong marked where it stands, and why beside it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.notices.checks import FIELDS, Fault
from storage.notices.notices import Words

_NOT_JUDGED = r"(?:\s|\{\{.*?\}\}|\{%.*?%\}|https?://[^\s]+)+"
"""What the rules see as a space: spaces, gaps that are filled in later, addresses."""

_GOES_ON = re.compile(r"[。！？!?\n]\s*\S")
"""Where a second sentence begins."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text.

    Args:
        text: as it was written.
        why: what is wrong with it, and what would be right; () where nothing is.

    """

    text: str
    why: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Marked:
    """One field's text with what is wrong marked.

    Args:
        pieces: the whole text in order.
        whole: what is wrong with the text as a whole.

    """

    pieces: tuple[Piece, ...]
    whole: tuple[str, ...]

    @property
    def count(self) -> int:
        """How many places there are to mend."""
        return sum(bool(each.why) for each in self.pieces) + len(self.whole)


def marked(words: Words, found: Sequence[Fault]) -> Mapping[str, Marked]:
    """Give each field in which something is wrong with that marked, by its name in FIELDS."""
    by_field = {name: [each for each in found if each.field == name] for name in FIELDS}
    return {name: mark(getattr(words, name), faults) for name, faults in by_field.items() if faults}


def mark(text: str, found: Sequence[Fault]) -> Marked:
    """Mark in a text what is wrong with it; what no part of it is to blame for is told of the whole."""
    spans: list[tuple[int, int, list[str]]] = []
    whole: list[str] = []
    for each in found:
        place = _place(text, each.sentence)
        if place is None:
            whole.append(each.why)
            continue
        met = [span for span in spans if span[0] < place[1] and place[0] < span[1]]
        spans = [span for span in spans if span not in met]
        start, end = min([place[0], *(span[0] for span in met)]), max([place[1], *(span[1] for span in met)])
        spans.append((start, end, [*(why for span in met for why in span[2]), each.why]))
    pieces, done = [], 0
    for start, end, why in sorted(spans):
        pieces += [Piece(text[done:start]), Piece(text[start:end], tuple(dict.fromkeys(why)))]
        done = end
    pieces.append(Piece(text[done:]))
    return Marked(tuple(each for each in pieces if each.text), tuple(dict.fromkeys(whole)))


def _place(text: str, sentence: str) -> tuple[int, int] | None:
    """Find where a sentence stands as it was written; None where it is the whole text, or nowhere."""
    parts = [re.escape(part) for part in sentence.split()]
    found = re.search(_NOT_JUDGED.join(parts), text, re.DOTALL) if parts else None
    if found is None:
        return None
    is_all = found.group().strip() == text.strip()
    return None if is_all and _GOES_ON.search(text.strip()) else found.span()


def told(found: Mapping[str, Marked]) -> str:
    """Say in one sentence what there is to mend, for who does not see the marks."""
    places = "，".join(f"{FIELDS[name]} {each.count} 处" for name, each in found.items())
    return f"可以改的：{places}。" if places else "没有要改的了。"
