"""Who means all tables knows all of them, in a process that has imported nothing else."""

import subprocess
import sys
from pathlib import Path

import pytest

from storage.keeping.every_table import metadata

FOLDER = Path(__file__).parents[2]

WHOLE = (
    *("keeping.purge", "keeping.backup", "keeping.transfer", "keeping.limits", "joining"),
    *("migrations.draft", "catalogue.taking_back"),
)
ONLY_SOME = (
    *("tables", "classes.tables", "applications.tables", "fairs.tables", "notices.tables"),
    *("tickets.tables", "staff.upload_tables"),
)


def known_after(program: str) -> list[str]:
    """Give what a fresh process prints, one word a line."""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=FOLDER
    )
    return done.stdout.split()


@pytest.mark.parametrize("name", WHOLE)
def test_a_process_that_means_all_tables_has_imported_all(name: str) -> None:
    told = f"import storage.{name}; from sqlmodel import SQLModel; print(*SQLModel.metadata.tables)"
    assert set(known_after(told)) == set(metadata.tables)


def test_only_the_inventory_takes_all_tables_from_the_registry() -> None:
    every = FOLDER / "storage" / "keeping" / "every_table.py"
    others = [file for top in ("bot", "storage") for file in (FOLDER / top).rglob("*.py") if file != every]
    marks = (
        "SQLModel.metadata.sorted_tables",
        "SQLModel.metadata.tables.values()",
        "SQLModel.metadata.create_all",
    )
    assert not [file for file in others if any(mark in file.read_text() for mark in marks)]


@pytest.mark.parametrize("name", ONLY_SOME)
def test_a_file_of_tables_knows_what_its_foreign_keys_point_to(name: str) -> None:
    keys = "[key.column for table in SQLModel.metadata.tables.values() for key in table.foreign_keys]"
    assert known_after(f"import storage.{name}; from sqlmodel import SQLModel; {keys}; print('whole')") == [
        "whole"
    ]


def test_keys_are_changed_in_all_tables() -> None:
    sealing = (
        "from contextlib import suppress; from sqlmodel import Session, SQLModel; from storage.keeping import vault\n"
        "with suppress(Exception): vault.reseal(Session())\n"
        "print(*SQLModel.metadata.tables)"
    )
    assert set(known_after(sealing)) == set(metadata.tables)
