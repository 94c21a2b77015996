"""Reads the sheets of a file that was handed in; what cannot be read is refused in one sentence."""

from pathlib import PurePath

from storage.catalogue.grid import Sheet
from storage.catalogue.report import FileRefused, Note

FILE_BYTES = 20 * 1024 * 1024
"""Largest file taken in."""


def read_sheets(data: bytes, name: str) -> tuple[list[Sheet], list[Note]]:
    """Return the sheets of an .xlsx or CSV file, and what was left out.

    Raises FileRefused, with one sentence saying why and what to do, for any other file, for one that is
    too big (20 MB, 100 MB unpacked, 20,000 rows), and for one that is broken.
    """
    from storage.catalogue import csvfile, xlsxfile  # not before a file is really read: pages start fast

    if len(data) > FILE_BYTES:
        raise FileRefused(f"文件有{len(data) / 1024 / 1024:.0f}兆，最多20兆。分成几个小文件再传。")
    if not data.strip():
        raise FileRefused("文件是空的。表里要有表头和数据。")
    if data.startswith(b"PK\x03\x04"):
        return xlsxfile.read(data)
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise FileRefused("这是旧的 .xls 文件，或者加了密码。去掉密码，另存为 .xlsx 再传。")
    return [csvfile.read(data, PurePath(name).stem)], []
