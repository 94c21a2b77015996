"""A process that accepts applications as fast as it can: `python -m tests.storage.deciders URL FIRST STEP`.

It prints how many it could accept; several of them race for the same seats.
"""

import sys
from contextlib import closing
from datetime import UTC, datetime

from sqlmodel import col, select

from storage import crypto, deciding
from storage.base import Store
from storage.deciding import NoSeat
from storage.tables import Application
from tests.databases import TEST_KEY

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


def main(url: str, first: int, step: int) -> int:
    """Accept every `step`th application from the `first` on; give how many got a seat."""
    crypto.use(crypto.KeyRing.parse(TEST_KEY), hash_key=b"a hash key for tests, 32 bytes..")
    accepted = 0
    with closing(Store(url)) as store:
        with store.reading() as session:
            numbers = session.exec(select(Application.id).order_by(col(Application.id))).all()
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        sys.stdin.readline()
        for number in numbers[first::step]:
            try:
                with store.writing() as session:
                    deciding.accept(session, deciding.hold(session, number), "staff:1", NOW)
                accepted += 1
            except NoSeat:
                pass
    return accepted


if __name__ == "__main__":
    sys.stdout.write(str(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))))
