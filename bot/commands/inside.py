"""What `doctor` looks at inside the database: whether it can be used, and whether the catalogue is true."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bot.commands.finding import Finding, fail, ok, warn
from bot.commands.guard import Sorry, told_kindly
from bot.commands.on_disk import sqlite_file

if TYPE_CHECKING:
    from sqlmodel import Session

    from bot.settings import Settings
    from storage.catalogue.cards import ProjectCard

OLD_CATALOGUE = timedelta(days=60)
"""After this long without an import somebody should look whether the catalogue is still true."""


def database(settings: "Settings") -> Iterator[Finding]:
    """It can be reached, is of this release, opens with our key and can be written; then the catalogue."""
    try:
        with told_kindly():
            file = sqlite_file(settings)
            if file is not None and not file.exists():
                yield warn("database", f"还没有数据库 {file}。", "运行 xunqiao demo，或者导入目录。")
                return
            yield from _look_inside(settings)
    except Sorry as problem:
        yield fail("database", problem.sentence, "改好以后，再运行一次 xunqiao doctor。")


def _look_inside(settings: "Settings") -> Iterator[Finding]:
    from sqlalchemy import text

    from bot.settings import Clock
    from storage import crypto
    from storage.base import Store
    from storage.schema import HEAD, revision
    from storage.tables import Vault

    store = Store(settings.url)
    kind = "SQLite" if store.is_sqlite else "PostgreSQL"
    try:
        found = revision(store)
        if found and found > HEAD:
            yield fail("database", f"数据库是 {found} 版，程序只到 {HEAD} 版。", "先升级程序。")
            return
        if found != HEAD:
            yield warn(
                "database", f"数据库是 {found or '空'} 版，程序是 {HEAD} 版。", "运行 xunqiao migrate。"
            )
            return
        crypto.use(crypto.load_ring(settings.home, settings.key_text, is_sqlite=store.is_sqlite))
        with store.transaction() as connection:
            connection.execute(text("UPDATE counter SET value = value WHERE name = ''"))  # changes nothing
        with store.reading() as session:
            session.get(Vault, "lookup")  # opens it with our key
            yield ok("database", f"{kind} 连得上，能写，是 {HEAD} 版，密钥对。")
            yield from _catalogue(session, Clock(settings).now())
    finally:
        store.close()


def _catalogue(session: "Session", now: datetime) -> Iterator[Finding]:
    from sqlmodel import col, func, select

    from storage.catalogue.snapshot import Snapshot
    from storage.catalogue.tables import CatalogueImport

    last: datetime | None = session.exec(
        select(func.max(CatalogueImport.at)).where(col(CatalogueImport.taken_back_at).is_(None))
    ).one()
    if last is None:
        yield warn("catalogue", "还没有导入过目录，一个课也没有。", "xunqiao import projects 文件")
        return
    snapshot = Snapshot.build(session, today=now.date())
    listed = [card for group in snapshot.projects_by_organiser().values() for card in group]
    taking = _taking(listed)
    told = (
        f"目录里有 {len(listed)} 个课，{taking} 个能报名。上次导入是 {last.astimezone(now.tzinfo):%Y-%m-%d}。"
    )
    if not taking:
        yield warn("catalogue", told, "没有能报名的课。导入新的班次。")
    elif now - last > OLD_CATALOGUE:
        yield warn("catalogue", told, "很久没有导入了。看一看目录还对不对。")
    else:
        yield ok("catalogue", told)


def _taking(projects: "Iterable[ProjectCard]") -> int:
    """How many of these may be applied for, if only for the waiting list."""
    from storage.catalogue.cards import Status

    return sum(any(run.status in (Status.OPEN, Status.FULL) for run in card.listed) for card in projects)
