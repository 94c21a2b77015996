import subprocess
import sys
import threading
from datetime import timedelta

import pytest

from storage.base import Store
from storage.catalogue.shelf import Shelf
from storage.catalogue.taking_back import take_back

from .making import NOW, TODAY, csv_of, row_of, take


def test_an_empty_shelf_says_so() -> None:
    with pytest.raises(LookupError):
        _ = Shelf().current


def test_a_shelf_is_stale_when_the_day_or_an_import_changes(stocked: Store) -> None:
    shelf = Shelf()
    with stocked.writing() as session:
        assert shelf.is_stale(session, TODAY)
        shelf.rebuild(session, TODAY)
        assert not shelf.is_stale(session, TODAY)
        assert shelf.is_stale(session, TODAY + timedelta(days=1))
        take(session, csv_of([row_of("P016", capacity="30")]))
        assert shelf.is_stale(session, TODAY)
        shelf.rebuild(session, TODAY)
        take_back(session, 3, now=NOW, who="王芳")
        assert shelf.is_stale(session, TODAY)


def test_who_reads_keeps_the_old_snapshot_whole_while_a_new_one_comes(stocked: Store) -> None:
    shelf = Shelf()
    with stocked.writing() as session:
        old = shelf.rebuild(session, TODAY)
        take(session, csv_of([row_of("P016", title="油茶班", title_easy="学种树")]))
        assert shelf.current is old
        new = shelf.rebuild(session, TODAY)
    assert shelf.current is new
    assert old.find(words="学种树").exact == 0
    assert new.find(words="学种树").exact == 1


def test_answers_go_on_while_a_snapshot_is_built(stocked: Store) -> None:
    shelf = Shelf()
    with stocked.reading() as session:
        shelf.rebuild(session, TODAY)
    done = threading.Event()
    failures: list[int] = []
    answers = 0

    def read() -> None:
        nonlocal answers
        while not done.is_set():
            total = shelf.current.find(words="按摩").total
            answers += 1
            if total != 2:
                failures.append(total)

    reader = threading.Thread(target=read)
    reader.start()
    with stocked.reading() as session:
        for _ in range(5):
            before = answers
            shelf.rebuild(session, TODAY)
            while answers == before and reader.is_alive():
                done.wait(0.001)
    done.set()
    reader.join()
    assert failures == []
    assert answers >= 5


def test_looking_at_the_catalogue_does_not_load_the_spreadsheet_reader() -> None:
    code = "import storage.catalogue.importing, storage.catalogue.shelf, sys; print('python_calamine' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout == "False\n"
