"""The format of a backup: a zip with a manifest and one file of JSON lines per table, from any database the same.

What is sealed stays sealed. A row is a list in the order of its table's columns; bytes are base64, times ISO.
"""

import base64
import hashlib
import json
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime, time
from functools import cache
from pathlib import Path
from typing import Any, Self

from sqlalchemy import Column, Date, LargeBinary, MetaData, String, Table, Time
from sqlalchemy.types import TypeEngine
from sqlmodel import AutoString

from storage.base import UTCDateTime
from storage.crypto import Sealed
from storage.tables import Code

FORMAT = "xunqiao-backup-1"
MANIFEST = "manifest.json"
KEY_NOTE = "备份里没有密钥。没有密钥，打不开里面的内容。密钥要另外存好。"

Row = list[Any]
"""Values in the order of the columns, as the driver gives them."""


class BackupError(Exception):
    """A backup cannot be made or put back; its words are for the operator."""


@dataclass(frozen=True, slots=True)
class Part:
    """One table of a backup: its columns, how many rows, the SHA-256 of its lines, the last number given."""

    columns: tuple[str, ...]
    rows: int
    sha256: str
    last_number: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds: when it was made, of which revision, the numbers of the keys that open it."""

    made_at: str
    revision: str
    keys: tuple[int, ...]
    tables: dict[str, Part]
    format: str = FORMAT
    note: str = KEY_NOTE

    @classmethod
    def parse(cls, text: bytes) -> Self:
        """Read one. Raises BackupError when it is not ours."""
        try:
            read = json.loads(text)
            if read["format"] != FORMAT:
                raise BackupError(f"这个备份的格式是 {read['format']}。现在只认 {FORMAT}。")
            tables = {
                name: Part(**(part | {"columns": tuple(part["columns"])}))
                for name, part in read["tables"].items()
            }
            return cls(**(read | {"keys": tuple(read["keys"]), "tables": tables}))
        except (KeyError, TypeError, AttributeError, ValueError):
            raise BackupError("这个文件里的清单读不懂。它不是训桥的备份。") from None

    def dump(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False, indent=1)


@cache  # a table made anew has its statements compiled anew too: twice the cost of a backup
def raw_table(table: Table) -> Table:
    """Give the same table as the database sees it: nothing is sealed or opened on the way."""
    return Table(
        table.name,
        MetaData(),
        *(Column(column.name, _raw(column.type), primary_key=column.primary_key) for column in table.columns),
    )


def _raw(kind: TypeEngine[Any]) -> TypeEngine[Any]:
    if isinstance(kind, Sealed):
        return LargeBinary()
    return String() if isinstance(kind, (Code, AutoString)) else kind


def write_part(archive: zipfile.ZipFile, table: Table, rows: Iterable[Row]) -> tuple[int, str]:
    """Write a table's rows; give how many and their SHA-256."""
    count, digest = 0, hashlib.sha256()
    with archive.open(_member(table.name), "w", force_zip64=True) as out:
        for row in rows:
            line = json.dumps([_encode(value) for value in row], ensure_ascii=False).encode() + b"\n"
            digest.update(line)
            out.write(line)
            count += 1
    return count, digest.hexdigest()


def read_part(archive: zipfile.ZipFile, table: Table) -> Iterator[dict[str, Any]]:
    """Read a table's rows, ready to be inserted into `raw_table`."""
    columns = list(table.columns)
    with archive.open(_member(table.name)) as lines:
        for line in lines:
            yield {
                column.name: _decode(value, column.type)
                for column, value in zip(columns, json.loads(line), strict=True)
            }


def check_sums(archive: zipfile.ZipFile, manifest: Manifest) -> None:
    """Compare every part with its sum. Raises BackupError naming the first that differs."""
    if set(archive.namelist()) != {MANIFEST, *map(_member, manifest.tables)}:
        raise BackupError("备份里的文件和清单对不上。换一份完好的备份。")
    for name, part in manifest.tables.items():
        digest, rows = hashlib.sha256(), 0
        try:
            with archive.open(_member(name)) as lines:
                for line in lines:
                    digest.update(line)
                    rows += 1
        except (zipfile.BadZipFile, OSError):
            rows = -1
        if (digest.hexdigest(), rows) != (part.sha256, part.rows):
            raise BackupError(f"备份里的 {name} 坏了，或者被改过。换一份完好的备份。")


def open_archive(file: Path) -> zipfile.ZipFile:
    """Open a backup for reading. Raises BackupError."""
    try:
        return zipfile.ZipFile(file)
    except FileNotFoundError:
        raise BackupError(f"没有这个文件：{file}") from None
    except zipfile.BadZipFile:
        raise BackupError(f"{file} 不是备份，或者没有存完。") from None


def read_manifest(archive: zipfile.ZipFile) -> Manifest:
    """Give what the backup says of itself. Raises BackupError."""
    try:
        return Manifest.parse(archive.read(MANIFEST))
    except (KeyError, zipfile.BadZipFile):
        raise BackupError("这个文件里没有清单。它不是训桥的备份。") from None


def _member(table: str) -> str:
    return f"tables/{table}.jsonl"


def _encode(value: Any) -> Any:  # noqa: ANN401 - JSON
    if isinstance(value, (bytes, memoryview)):
        return base64.b64encode(value).decode()
    return value.isoformat() if isinstance(value, (datetime, date, time)) else value


def _decode(value: Any, kind: TypeEngine[Any]) -> Any:  # noqa: ANN401 - JSON
    if value is None:
        return None
    if isinstance(kind, LargeBinary):
        return base64.b64decode(value, validate=True)
    if isinstance(kind, UTCDateTime):
        return datetime.fromisoformat(value)
    if isinstance(kind, Date):
        return date.fromisoformat(value)
    return time.fromisoformat(value) if isinstance(kind, Time) else value
