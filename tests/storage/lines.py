"""The line to a database, which tests cut or slow down, as a network and a disk do."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import MethodType

from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import PoolProxiedConnection

from storage.base import Store


class Line:
    """The line to a database: `cut` before a commit, nothing is kept; after it, nobody hears that it was.

    Args:
        cut: says of each commit, by its number, what happens: "" or "before" or "after".

    """

    def __init__(self, cut: Callable[[int], str]) -> None:
        self.cut, self.commits, self.kept = cut, 0, 0


@contextmanager
def cut_off(store: Store, cut: Callable[[int], str]) -> Iterator[Line]:
    """Let commits fail as they do when the connection to the server is lost."""
    line, dialect = Line(cut), store.engine.dialect
    commit = dialect.do_commit

    def do_commit(_: object, connection: DBAPIConnection | PoolProxiedConnection) -> None:
        line.commits += 1
        what = line.cut(line.commits)
        if what != "before":
            commit(connection)  # type: ignore[arg-type]  # it is the pool's
            line.kept += 1
        if what:
            raise dialect.loaded_dbapi.OperationalError("the connection was lost")

    dialect.do_commit = MethodType(do_commit, dialect)  # type: ignore[method-assign]  # the driver's side of the line
    try:
        yield line
    finally:
        dialect.do_commit = commit  # type: ignore[method-assign]
