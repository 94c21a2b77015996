"""Reads CSV text in UTF-8 (with or without a mark) or GB18030, split by commas, tabs or semicolons."""

import csv
import io

from storage.catalogue.grid import ROWS, Sheet, Value
from storage.catalogue.report import FileRefused

_DIALECT_SAMPLE = 4096


def read(data: bytes, name: str) -> Sheet:
    """Return the text as one sheet called `name`. Raises FileRefused when it is not such text."""
    text = _decode(data)
    rows: list[list[Value]] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    try:
        for row in reader:
            if len(rows) == ROWS:
                raise FileRefused(f"表里不止{ROWS}行。分成几个小文件再传。")
            rows.append([*row])
    except csv.Error:
        line = reader.line_num
        raise FileRefused(f"第{line}行读不下去，常见的原因是引号没有成对。改好引号再传。") from None
    return Sheet(name, rows)


def _decode(data: bytes) -> str:
    if b"\0" in data:
        raise FileRefused("这不是表格文件。存成 .xlsx，或者存成 CSV，再传一次。")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise FileRefused("文字的编码认不出来。存成 UTF-8 的 CSV，或者存成 .xlsx，再传一次。")


def _delimiter(text: str) -> str:
    """The separator seen most often near the start; a comma when none is."""
    start = text[:_DIALECT_SAMPLE]
    return max(",\t;", key=start.count)
