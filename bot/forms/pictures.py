"""Pictures of a form: brought in one .zip with its sheet, looked at closely, and found again by what channels call them."""

import hashlib
import io
import struct
import zipfile
import zlib
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from threading import Lock

from sqlmodel import Session

from bot.attached import Attached
from bot.channels.web.posted import kind_of
from dialogs.xform import Form
from storage import forms
from storage.catalogue.report import FileRefused
from storage.tables import SheetForm

MOST_PICTURES = 400
MOST_EACH = 300 * 1024
"""Bytes of one picture: a phone on a slow line waits for each."""

MOST_UNPACKED = 8 * 1024 * 1024
"""Bytes of everything in the .zip."""

MOST_ENTRIES = 1000
LONGEST_NUMBER = 10
MOST_ACROSS = 3000
"""Pixels across or down: an old phone unfolds a picture in memory whole."""

MIMES: Mapping[str, str] = {"image/png": ".png", "image/jpeg": ".jpg", "image/webp": ".webp"}

WORKBOOK = "[content_types].xml"
"""The part by which a workbook, which is a zip itself, is told from a zip that holds one."""

UTF8 = 0x800
_SCRAPS = ("__MACOSX/", ".", "~$")
"""How names begin that a computer put into the zip by itself."""

_BROKEN = "这个 .zip 打不开，可能坏了，或者有密码。重新压缩一次。"
_TOO_LARGE = "这个 .zip 解开以后太大，最多 8 兆。把图片改小一点。"


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture as it was brought."""

    mime: str
    body: bytes = field(repr=False)

    @property
    def mark(self) -> str:
        """The same for the same picture: by it an address never shows another one."""
        return hashlib.sha256(self.body).hexdigest()[:20]


@dataclass(frozen=True, slots=True)
class Brought:
    """What is in a file: the workbook, its pictures by name, and why others are of no use."""

    workbook: bytes = field(repr=False)
    pictures: Mapping[str, Picture] = field(default_factory=dict)
    useless: Mapping[str, str] = field(default_factory=dict)

    def find(self, name: str) -> Picture | None:
        """Find a picture by the name a sheet has for it; large and small letters are the same."""
        return self.pictures.get(name.casefold())


def unpack(data: bytes) -> Brought:
    """Take a file apart: a workbook as it is, or a .zip with a workbook and its pictures.

    Raises:
        FileRefused: when it is a .zip that cannot be opened, holds too much, or not one workbook.

    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            entries = [entry for entry in packed.infolist() if not entry.is_dir()]
            if any(entry.filename.lower() == WORKBOOK for entry in entries):
                return Brought(data)
            if len(entries) > MOST_ENTRIES or sum(each.file_size for each in entries) > MOST_UNPACKED:
                raise FileRefused(_TOO_LARGE)
            return _sorted(dict(_unpacked(packed, entries)))
    except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError, OSError):
        raise FileRefused(_BROKEN) from None


def _unpacked(packed: zipfile.ZipFile, entries: Sequence[zipfile.ZipInfo]) -> Iterator[tuple[str, bytes]]:
    """Give the files by name, folders left away; an entry that lies about its size ends at the limit."""
    room, seen = MOST_UNPACKED, set[str]()
    for entry in entries:
        path = _name(entry)
        name = path.replace("\\", "/").rpartition("/")[2].casefold()
        if path.startswith(_SCRAPS[0]) or name.startswith(_SCRAPS[1:]):
            continue
        if name in seen:
            raise FileRefused(f"有两个文件都叫“{name[:60]}”。改一个名字。")
        seen.add(name)
        with packed.open(entry) as part:
            body = part.read(room + 1)
        room -= len(body)
        if room < 0:
            raise FileRefused(_TOO_LARGE)
        yield name, body


def _name(entry: zipfile.ZipInfo) -> str:
    """The name as whoever packed it wrote it: old Windows writes Chinese in its own code, and does not say so."""
    if entry.flag_bits & UTF8:
        return entry.filename
    try:
        raw = entry.filename.encode("cp437")
    except UnicodeEncodeError:
        return entry.filename
    for code in ("utf-8", "gb18030"):
        try:
            return raw.decode(code)
        except UnicodeDecodeError:
            continue
    return entry.filename


def _sorted(files: Mapping[str, bytes]) -> Brought:
    workbooks = [name for name in files if name.endswith(".xlsx")]
    if len(workbooks) != 1:
        raise FileRefused(f"这个 .zip 里有 {len(workbooks)} 个 .xlsx。要正好一个，再加图片。")
    pictures: dict[str, Picture] = {}
    useless: dict[str, str] = {}
    for name, body in files.items():
        if name in workbooks:
            continue
        mime = kind_of(body, "")[1]
        why = _why_not(mime, body)
        if why:
            useless[name] = why
        else:
            pictures[name] = Picture(mime, body)
    if len(pictures) > MOST_PICTURES:
        raise FileRefused(f"有 {len(pictures)} 张图片，最多 {MOST_PICTURES} 张。")
    return Brought(files[workbooks[0]], pictures, useless)


def _why_not(mime: str, body: bytes) -> str:
    """Say why a file is no picture for a phone; "" where it is one."""
    if mime not in MIMES:
        return "不是 png、jpg、webp 图片"
    if len(body) > MOST_EACH:
        return f"有 {len(body) // 1024} KB，最多 {MOST_EACH // 1024} KB"
    across, down = size_of(mime, body)
    if not (0 < across <= MOST_ACROSS and 0 < down <= MOST_ACROSS):
        return f"的大小不对，长和宽最多 {MOST_ACROSS} 点" if across and down else "打不开"
    return ""


def size_of(mime: str, body: bytes) -> tuple[int, int]:
    """Give how many pixels a picture has across and down, as its first bytes say; (0, 0) where they do not."""
    try:
        if mime == "image/png":
            return struct.unpack(">II", body[16:24])
        return _of_jpeg(body) if mime == "image/jpeg" else _of_webp(body)
    except (struct.error, IndexError):
        return 0, 0


def _of_jpeg(body: bytes) -> tuple[int, int]:
    """From segment to segment, to the one a picture begins with (ITU T.81, B.2.2)."""
    place = 2
    while body[place] == 0xFF:
        marker = body[place + 1]
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            down, across = struct.unpack(">HH", body[place + 5 : place + 9])
            return across, down
        place += 2 + struct.unpack(">H", body[place + 2 : place + 4])[0]
    return 0, 0


def _of_webp(body: bytes) -> tuple[int, int]:
    """By the first chunk (RFC 9649)."""
    match body[12:16]:
        case b"VP8 ":
            across, down = struct.unpack("<HH", body[26:30])
            return across & 0x3FFF, down & 0x3FFF
        case b"VP8L":
            bits = struct.unpack("<I", body[21:25])[0]
            return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
        case b"VP8X":
            return int.from_bytes(body[24:27], "little") + 1, int.from_bytes(body[27:30], "little") + 1
    return 0, 0


# ---- of the forms that are kept


def names_in(form: Form) -> frozenset[str]:
    """Give the names of all pictures a form has."""
    controls = [node.control for node in form.asked if node.control is not None]
    wordings = [control.label for control in controls]
    wordings += [item.label for control in controls for item in control.items]
    return frozenset(name for wording in wordings for name in wording.pictures.values())


def keys_of(row: SheetForm, form: Form, sheet: bytes | None = None) -> Mapping[str, str]:
    """Give what channels call the pictures of a form, by the name they have in the sheet: only those that were brought.

    With `sheet`, as they would be called if that file stood for this version.
    """
    names = names_in(form)
    if not names:
        return {}  # the file is not even read
    brought = unpack(row.sheet if sheet is None else sheet)
    found = {name: brought.find(name) for name in names}
    return {name: f"{row.id}-{picture.mark}" for name, picture in found.items() if picture is not None}


class _Shown:
    """Pictures that were shown lately, so that fifty phones do not have one form unpacked fifty times."""

    def __init__(self, room: int) -> None:
        self._room = room
        self._kept: OrderedDict[str, Attached] = OrderedDict()
        self._lock = Lock()

    def find(self, key: str) -> Attached | None:
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
            return found

    def keep(self, pictures: Iterable[Attached]) -> None:
        with self._lock:
            self._kept |= {each.key: each for each in pictures}
            while sum(len(each.body) for each in self._kept.values()) > self._room:
                self._kept.popitem(last=False)


_shown = _Shown(2 * MOST_UNPACKED)


def find(session: Session, key: str) -> Attached | None:
    """Find a picture by what channels call it; None where there is none of this name any more."""
    known = _shown.find(key)
    if known is not None:
        return known
    number = key.partition("-")[0]
    if not (number.isascii() and number.isdecimal() and len(number) < LONGEST_NUMBER):
        return None
    sheet = forms.sheet_of(session, int(number))
    pictures = () if sheet is None else unpack(sheet).pictures.values()
    found = {f"{number}-{picture.mark}": picture for picture in pictures}
    if key not in found:
        return None
    _shown.keep(_attached(name, picture) for name, picture in found.items())
    return _attached(key, found[key])


def _attached(key: str, picture: Picture) -> Attached:
    name = f"picture{MIMES[picture.mime]}"
    return Attached(key, is_photo=True, name=name, mime=picture.mime, body=picture.body)
