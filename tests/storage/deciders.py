"""A process that accepts applications as fast as it can; several of them race for the same seats."""

from contextlib import closing
from datetime import UTC, datetime
from multiprocessing.connection import Connection

from sqlmodel import col, select

from storage import crypto
from storage.applications import deciding
from storage.applications.deciding import NoSeat
from storage.base import Store
from storage.tables import Application
from tests.databases import TEST_KEY

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


def race(url: str, first: int, step: int, line: Connection) -> None:
    """Say that we are ready, wait for a word, accept every `step`th application from the `first` on, say how many."""
    crypto.use(crypto.KeyRing.parse(TEST_KEY), hash_key=b"a hash key for tests, 32 bytes..")
    accepted = 0
    with closing(Store(url)) as store:
        with store.reading() as session:
            numbers = session.exec(select(Application.id).order_by(col(Application.id))).all()
        line.send("ready")
        line.recv()
        for number in numbers[first::step]:
            try:
                with store.writing() as session:
                    deciding.accept(session, deciding.hold(session, number), "staff:1", NOW)
                accepted += 1
            except NoSeat:
                pass
    line.send(accepted)
