"""From a screen to what its page shows: heading, options and ways, fields, links."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from markupsafe import Markup

from dialogs.talk import Screen, Shown

BY_BUTTONS = frozenset({"choice", "pick", "note", "review"})
"""Forms whose every way to answer is a numbered button."""

BY_CHOOSING = BY_BUTTONS | {"many"}
"""Forms whose options show by themselves what was answered before."""

WRITTEN_TOO = frozenset({"choice", "pick", "many"})
"""Forms of options that may be answered in words just as well (R12); what is only read, or checked, is not."""

BY_PARTS = frozenset({"date", "file"})
"""Forms with several fields, so that a hint belongs to all of them together."""

MOST_NUMBER = 10**6
"""More options than any list has."""

DAY = re.compile(r"^\s*(\d{4})?\s*[-年./]?\s*(\d{1,2})?\s*[-月./]?\s*(\d{1,2})?\s*[日号]?\s*$")
LINK = re.compile(r"(?:/go|/console/enter)/[A-Za-z0-9_-]{16,100}")
CHAT_LINK = re.compile(r"https://t\.me/[A-Za-z0-9_]{1,64}\?start=[A-Za-z0-9_-]{16,64}")

ACCEPTED = {
    "photo": "image/*",
    "voice": "audio/*",
    "document": ".pdf,.doc,.docx,.xls,.xlsx,.txt,application/pdf,image/*",
}


@dataclass(frozen=True, slots=True)
class FileField:
    """One way to send a file: take a picture, record, or choose one that is there."""

    name: str
    label: str
    accept: str
    capture: Literal["", "environment", "user"] = ""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A screen laid out for the page.

    Args:
        heading: the question itself.
        body: what else it says, line by line.
        answers: options to choose from.
        ways: options that are no answer to choose: keep what is known, leave it open.
        has_field: whether there is one field to write into, to which the hint belongs.
        can_write: whether there is a field beside the options, for who rather writes or dictates.
        shows_known: whether the answer we already have stands above the field, or the options of another page.
        day: year, month and day as typed, each "" where it was not.
        files: ways to send a file.
        link: our own one-time link, whole, where the screen gives one.
        chat_link: the same for a chat on Telegram.

    """

    heading: str
    body: tuple[str, ...]
    answers: tuple[Shown, ...]
    ways: tuple[Shown, ...]
    day: tuple[str, str, str]
    files: tuple[FileField, ...]
    link: str
    chat_link: str
    has_field: bool
    can_write: bool
    shows_known: bool


def draw(screen: Screen, address: str) -> Drawn:
    """Lay a screen out; `address` is where people find us."""
    lines = [line.strip() for line in screen.text.splitlines() if line.strip()] or [""]
    # Ways are numbered on from the last option, or 0 where the options are cut into pages.
    last = MOST_NUMBER if screen.form in BY_BUTTONS else screen.total_options
    answers = tuple(option for option in screen.options if 0 < option.number <= last)
    return Drawn(
        heading=lines[0],
        body=tuple(lines[1:]),
        answers=answers,
        ways=screen.options[len(answers) :],
        day=_day(screen.typed),
        files=_files(screen.files),
        link=address + screen.link if LINK.fullmatch(screen.link) else "",
        chat_link=screen.chat_link if CHAT_LINK.fullmatch(screen.chat_link) else "",
        has_field=screen.form not in BY_CHOOSING | BY_PARTS,
        can_write=screen.form in WRITTEN_TOO,
        shows_known=bool(screen.current) and not (screen.form in BY_CHOOSING and _shows_by_itself(screen)),
    )


def _shows_by_itself(screen: Screen) -> bool:
    """Whether what was answered before is marked among the options: on another page of theirs nobody sees it."""
    return screen.pages == 1 or any(option.picked for option in screen.options)


def qr_code(link: str) -> Markup:
    """A link as a picture another phone can read: black on white in any theme, without a style of its own."""
    import segno  # slow to import, and the first page does not need it

    code = segno.make(link, error="m", micro=False)
    drawn = code.svg_inline(border=4, omitsize=True, dark="#000", light="#fff", lineclass=None, svgclass=None)
    return Markup(drawn)  # noqa: S704 - segno draws it, nothing typed is in it


def _day(typed: str) -> tuple[str, str, str]:
    match = DAY.match(typed) if typed else None
    return (match[1] or "", match[2] or "", match[3] or "") if match else ("", "", "")


def _files(kinds: Sequence[str]) -> tuple[FileField, ...]:
    if not kinds:
        return ()
    fields = []
    # A page cannot offer the camera and the album in one field: with `capture` a phone opens the camera only.
    if "photo" in kinds:
        fields.append(FileField("camera", "拍一张照片", ACCEPTED["photo"], "environment"))
    if "voice" in kinds:
        fields.append(FileField("recorder", "录一段话", ACCEPTED["voice"], "user"))
    if set(kinds) != {"voice"}:
        accept = ",".join(dict.fromkeys(ACCEPTED[kind] for kind in kinds if kind in ACCEPTED))
        fields.append(FileField("album", "选一个已经有的", accept))
    return tuple(fields)
