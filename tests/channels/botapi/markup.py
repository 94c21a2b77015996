"""Reads a text with HTML the way Telegram does: words and entities, or its complaint with the byte it stands at."""

import re
from dataclasses import dataclass
from html import unescape
from itertools import takewhile

from tests.channels.botapi.refusing import Refused, bad

KINDS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "code": "code",
    "pre": "pre",
    "a": "text_link",
    "blockquote": "blockquote",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
}
NAMED = re.compile(r"&(lt|gt|amp|quot|#\d{1,7}|#[xX][0-9a-fA-F]{1,6});")
ATTRIBUTE = re.compile(r"""\s*([^\s=>]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+))""")


@dataclass(frozen=True, slots=True)
class Entity:
    """One mark over a piece of text; offset and length count UTF-16 units, as Telegram counts."""

    type: str
    offset: int
    length: int
    url: str = ""

    def as_json(self) -> dict[str, str | int]:
        bare: dict[str, str | int] = {"type": self.type, "offset": self.offset, "length": self.length}
        return {**bare, "url": self.url} if self.url else bare


def units(text: str) -> int:
    """Count UTF-16 units."""
    return len(text.encode("utf-16-le")) // 2


def _cannot(words: str) -> Refused:
    return bad(f"can't parse entities: {words}")


@dataclass(slots=True)
class _Reader:
    source: str
    at: int = 0
    words: str = ""

    def byte(self, position: int) -> int:
        return len(self.source[:position].encode())

    def until(self, stops: str) -> str:
        begin = self.at
        while self.at < len(self.source) and self.source[self.at] not in stops:
            self.at += 1
        return self.source[begin : self.at]


def parse_html(source: str) -> tuple[str, tuple[Entity, ...]]:
    """Take the marks out of a text.

    Returns:
        the words, not yet trimmed, and the entities in order of their beginning.

    Raises:
        Refused: "can't parse entities: …", in Telegram's words.

    """
    reader = _Reader(source)
    open_tags: list[tuple[str, int, str]] = []
    entities: list[Entity] = []
    while reader.at < len(source):
        sign = source[reader.at]
        named = NAMED.match(source, reader.at) if sign == "&" else None
        if named:
            reader.words += unescape(named[0])
            reader.at = named.end()
        elif sign != "<":
            reader.words += sign
            reader.at += 1
        elif source[reader.at + 1 : reader.at + 2] == "/":
            _close(reader, open_tags, entities)
        else:
            _open(reader, open_tags)
    if open_tags:
        raise _cannot(f'Can\'t find end tag corresponding to start tag "{open_tags[-1][0]}"')
    return reader.words, tuple(sorted(entities, key=lambda found: (found.offset, -found.length)))


def _open(reader: _Reader, open_tags: list[tuple[str, int, str]]) -> None:
    begin = reader.at
    reader.at += 1
    tag = reader.until(" \t\r\n>").lower()
    if reader.at == len(reader.source):
        raise _cannot(f"Unclosed start tag at byte offset {reader.byte(begin)}")
    if tag not in KINDS:
        raise _cannot(f'Unsupported start tag "{tag}" at byte offset {reader.byte(begin)}')
    attributes: dict[str, str] = {}
    while found := ATTRIBUTE.match(reader.source, reader.at):
        attributes[found[1].lower()] = unescape(found[2] or found[3] or found[4] or "")
        reader.at = found.end()
    if reader.until(">").strip():
        raise _cannot(
            f'Expected equal sign in declaration of an attribute of the tag "{tag}" '
            f"at byte offset {reader.byte(begin)}"
        )
    if reader.at == len(reader.source):
        raise _cannot(f"Unclosed start tag at byte offset {reader.byte(begin)}")
    if tag == "span" and attributes.get("class") != "tg-spoiler":
        raise _cannot(f'Tag "span" must have class "tg-spoiler" at byte offset {reader.byte(begin)}')
    reader.at += 1
    open_tags.append((tag, len(reader.words), attributes.get("href", "")))


def _close(reader: _Reader, open_tags: list[tuple[str, int, str]], entities: list[Entity]) -> None:
    begin = reader.at
    if not open_tags:
        raise _cannot(f"Unexpected end tag at byte offset {reader.byte(begin)}")
    reader.at += 2
    found = reader.until(" \t\r\n>").lower()
    if reader.until(">").strip() or reader.at == len(reader.source):
        raise _cannot(f"Unclosed end tag at byte offset {reader.byte(begin)}")
    reader.at += 1
    tag, start, url = open_tags.pop()
    if found not in ("", tag):
        raise _cannot(
            f'Unmatched end tag at byte offset {reader.byte(begin)}, expected "</{tag}>", found "</{found}>"'
        )
    before, inside = reader.words[:start], reader.words[start:]
    if inside and (tag != "a" or url):
        entities.append(Entity(KINDS[tag], units(before), units(inside), url))


def trim(words: str, entities: tuple[Entity, ...]) -> tuple[str, tuple[Entity, ...]]:
    """Take white space off both ends, as Telegram does, and move the entities with it."""
    lost = units("".join(takewhile(str.isspace, words)))
    kept = words.strip()
    whole = units(kept)
    moved = []
    for entity in entities:
        begin = max(entity.offset - lost, 0)
        end = min(entity.offset + entity.length - lost, whole)
        if end > begin:
            moved.append(Entity(entity.type, begin, end - begin, entity.url))
    return kept, tuple(moved)
