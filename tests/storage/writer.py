"""A program that keeps writing through the desk and says on stdout what was acknowledged: it is to be killed."""

import sys
import threading
from contextlib import closing
from functools import partial
from itertools import count

from sqlmodel import Session

from storage.base import Store
from storage.desk import Desk
from storage.tables import Counter


def main(url: str) -> None:
    with closing(Desk(Store(url))) as desk:
        hands = [threading.Thread(target=_write, args=(desk, name)) for name in "abcdefgh"]
        for hand in hands:
            hand.start()
        for hand in hands:
            hand.join()


def _write(desk: Desk, name: str) -> None:
    for number in count():
        row = Counter(name=f"{name}{number}", value=number)
        said = f"{row.name}\n"
        desk.do_now(partial(_add, row=row))
        sys.stdout.write(said)
        sys.stdout.flush()


def _add(session: Session, row: Counter) -> None:
    session.add(row)


if __name__ == "__main__":
    main(sys.argv[1])
