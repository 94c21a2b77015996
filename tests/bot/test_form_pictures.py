"""What a .zip with a sheet and its pictures may hold."""

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping

import pytest

from bot.forms import pictures as form_pictures
from bot.forms.pictures import MOST_EACH, MOST_UNPACKED, unpack
from storage.catalogue.report import FileRefused


def png(across: int = 2, down: int = 2, filler: int = 0) -> bytes:
    """A black picture of so many pixels; with `filler` bytes that say nothing."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", across, down, 8, 0, 0, 0, 0))
    rows = zlib.compress((b"\0" + b"\0" * across) * min(down, 64))
    return (
        b"\x89PNG\r\n\x1a\n"
        + head
        + chunk(b"tEXt", b"x" * filler)
        + chunk(b"IDAT", rows)
        + chunk(b"IEND", b"")
    )


JPEG = (
    b"\xff\xd8\xff\xe0\x00\x10JFIF\0"
    + b"\0" * 9
    + b"\xff\xc0\x00\x11\x08"
    + struct.pack(">HH", 40, 30)
    + b"\0" * 20
)
WEBP = b"RIFF\x24\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0" + (299).to_bytes(3, "little") + (199).to_bytes(3, "little")


def packed(
    files: Mapping[str, bytes], body: bytes = b"PK the workbook", *, sheet: str = "form.xlsx"
) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as file:
        for name, part in ({sheet: body} | dict(files)).items():
            file.writestr(name, part)
    return kept.getvalue()


def test_pictures_are_what_their_bytes_say_and_not_what_they_are_called() -> None:
    found = unpack(
        packed(
            {
                "图片/Dog.PNG": png(),
                "a.jpg": JPEG,
                "b.webp": WEBP,
                "not.png": b"<svg onload='alert(1)'/>",
                "move.png": b"GIF89a....",
                "vast.png": png(50_000, 50_000),
                "heavy.png": png(filler=MOST_EACH),
                "cut.jpg": b"\xff\xd8\xff\xe0\x00\x10",
                "__MACOSX/._Dog.PNG": b"scraps",
                ".DS_Store": b"scraps",
            }
        )
    )
    assert found.workbook == b"PK the workbook"
    assert {name: each.mime for name, each in found.pictures.items()} == {
        "dog.png": "image/png", "a.jpg": "image/jpeg", "b.webp": "image/webp",
    }  # fmt: skip
    assert found.find("DOG.png") is not None
    assert form_pictures.size_of("image/jpeg", JPEG) == (30, 40)
    assert form_pictures.size_of("image/webp", WEBP) == (300, 200)
    assert {name: why[:6] for name, why in found.useless.items()} == {
        "not.png": "不是 png", "move.png": "不是 png", "vast.png": "的大小不对，", "heavy.png": "有 300 ", "cut.jpg": "打不开",
    }  # fmt: skip


def test_chinese_names_are_read_as_old_windows_writes_them() -> None:
    body = packed({"AAAA.png": png()})
    assert unpack(body.replace(b"AAAA", "小狗".encode("gb18030"))).find("小狗.png") is not None


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (packed({"bomb.png": b"\0" * (MOST_UNPACKED + 1)}), "太大"),
        (packed({}, sheet="notes.txt"), "有 0 个 .xlsx"),
        (packed({"other.xlsx": b"PK"}), "有 2 个 .xlsx"),
        (packed({"a/x.png": png(), "b/X.png": png()}), "都叫"),
        (packed({f"{n}.png": b"x" for n in range(1001)}), "太大"),
        (packed({"a.png": png()})[:-30], "打不开"),
        (b"PK\x03\x04 nothing", "打不开"),
    ],
    ids=["bomb", "no sheet", "two sheets", "twice", "many", "cut", "nothing"],
)
def test_what_cannot_be_taken_in_is_refused_with_a_sentence(body: bytes, why: str) -> None:
    with pytest.raises(FileRefused, match=why):
        unpack(body)


def test_an_entry_that_lies_about_its_size_ends_at_the_limit() -> None:
    body = bytearray(packed({"bomb.png": b"\0" * (MOST_UNPACKED + 1000)}))
    honest = struct.pack("<I", MOST_UNPACKED + 1000)
    while (place := body.find(honest)) >= 0:
        body[place : place + 4] = struct.pack("<I", 10)
    with pytest.raises(FileRefused):
        unpack(bytes(body))
