"""Keeps templates compiled beside them, as Python keeps its modules: the first page does not wait for a compiler."""

import os
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from pickle import UnpicklingError

from jinja2 import BytecodeCache
from jinja2.bccache import Bucket


class Precompiled(BytecodeCache):
    """One file per template in a folder's `__pycache__`, made anew where the template's text is another.

    Nothing is written where Python itself would write no bytecode, or where the folder is not ours to write to.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "__pycache__"

    def get_cache_key(self, name: str, filename: str | None = None) -> str:  # noqa: ARG002 - the folder says it
        """Call a template by its name alone: it is kept where it stands."""
        return name.replace("/", "-")

    def load_bytecode(self, bucket: Bucket) -> None:
        """Take what is kept of a template, where it was made from this very text by this Python."""
        with suppress(OSError, EOFError, UnpicklingError), self._file(bucket).open("rb") as kept:
            bucket.load_bytecode(kept)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep a template; whoever reads meanwhile finds the whole of the old one or the whole of this."""
        if sys.dont_write_bytecode:
            return
        with suppress(OSError):
            self._folder.mkdir(exist_ok=True)
            made, name = tempfile.mkstemp(dir=self._folder)
            with os.fdopen(made, "wb") as kept:
                bucket.write_bytecode(kept)
            Path(name).chmod(0o644)  # as modules are: another user of the same program may read it
            Path(name).replace(self._file(bucket))

    def _file(self, bucket: Bucket) -> Path:
        return self._folder / f"{bucket.key}.{sys.implementation.cache_tag}.jinja"
