"""Draws a small picture of columns with their numbers, as PNG: nothing but digits stands in it, and no font is needed.

Pillow would bring seven megabytes and no Chinese letters, for a picture whose words stand beside it anyway.
"""

import struct
import zlib
from collections.abc import Mapping, Sequence
from typing import Any

from bot.attached import Attached

WIDE, HIGH = 640, 320

BEST = 5
"""The highest points there are."""

DIGITS = {
    "0": "01110 10001 10011 10101 11001 10001 01110",
    "1": "00100 01100 00100 00100 00100 00100 01110",
    "2": "01110 10001 00001 00110 01000 10000 11111",
    "3": "11110 00001 00001 01110 00001 00001 11110",
    "4": "00010 00110 01010 10010 11111 00010 00010",
    "5": "11111 10000 11110 00001 00001 10001 01110",
    "6": "00110 01000 10000 11110 10001 10001 01110",
    "7": "11111 00001 00010 00100 01000 01000 01000",
    "8": "01110 10001 10001 01110 10001 10001 01110",
    "9": "01110 10001 10001 01111 00001 00010 01100",
    ".": "00000 00000 00000 00000 00000 01100 01100",
}
"""Five by seven dots each."""

DOT = 4
"""Pixels of a dot."""

PAPER, INK, LINE, COLUMN = range(4)
PALETTE = bytes((255, 255, 255, 22, 34, 43, 107, 120, 130, 15, 76, 92))

FLOOR, TOP = HIGH - 56, 60
"""Where columns stand, and how high the highest may be."""


def ratings_picture(payload: Mapping[str, Any]) -> Attached:
    """Draw the months of which the weekly letter to staff tells."""
    months = [*payload["before"], *([payload["now"]] if payload["now"] else [])]
    drawn = columns([(str(each["month"]), each["points"]) for each in months], BEST)
    key = "weekly_ratings:" + ",".join(f"{each['month']}={each['points']}" for each in months)
    return Attached(key, is_photo=True, name="ratings.png", mime="image/png", body=drawn)


def columns(values: Sequence[tuple[str, float]], most: float) -> bytes:
    """Draw a column for each value, its number above and its label below.

    Args:
        values: label and value; of labels and numbers only digits and dots are drawn.
        most: the value as high as the picture.

    """
    sheet = [bytearray(WIDE) for _ in range(HIGH)]
    _fill(sheet, 20, FLOOR, WIDE - 40, 2, LINE)
    step = (WIDE - 40) // max(len(values), 4)
    for place, (label, value) in enumerate(values):
        middle = 20 + place * step + step // 2
        tall = round((FLOOR - TOP) * min(value, most) / most)
        _fill(sheet, middle - step // 4, FLOOR - tall, step // 2, tall, COLUMN)
        _write(sheet, f"{value:g}", middle, FLOOR - tall - 9 * DOT)
        _write(sheet, label, middle, FLOOR + 3 * DOT)
    return _png(sheet)


def _fill(sheet: list[bytearray], left: int, top: int, wide: int, high: int, colour: int) -> None:
    for row in sheet[top : top + high]:
        row[left : left + wide] = bytes([colour]) * wide


def _write(sheet: list[bytearray], words: str, middle: int, top: int) -> None:
    shown = [DIGITS[each].split() for each in words if each in DIGITS]
    left = middle - (len(shown) * 6 - 1) * DOT // 2
    for place, rows in enumerate(shown):
        for down, dots in enumerate(rows):
            for right, dot in enumerate(dots):
                if dot == "1":
                    _fill(sheet, left + (place * 6 + right) * DOT, top + down * DOT, DOT, DOT, INK)


def _png(sheet: list[bytearray]) -> bytes:
    """Write it in a palette of four colours, one byte a pixel (PNG 1.2, colour type 3)."""
    head = struct.pack(">IIBBBBB", WIDE, HIGH, 8, 3, 0, 0, 0)
    body = zlib.compress(b"".join(b"\0" + bytes(row) for row in sheet), 9)
    parts = ((b"IHDR", head), (b"PLTE", PALETTE), (b"IDAT", body), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in parts
    )
