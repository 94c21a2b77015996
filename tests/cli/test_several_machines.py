from contextlib import closing

import pytest
from sqlalchemy import text

from bot.sending import sole_sender
from storage.base import Store
from tests.cli.conftest import DEMO, Cli
from tests.databases import TEST_KEY, Databases


def test_a_second_sender_on_sqlite_is_told_what_to_do(cli: Cli) -> None:
    cli.home.mkdir(exist_ok=True)
    with sole_sender(cli.home, alone=False) as ours:
        assert ours
        said = cli("worker")
    assert said.code == 2
    assert "只能有一个程序发消息" in said.err
    assert "xunqiao serve 自己就发" in said.err


def test_a_sqlite_database_goes_over_to_postgresql_row_by_row(
    cli: Cli, databases: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XUNQIAO_SECRET_KEY", TEST_KEY)
    assert cli("import", "projects", DEMO / "projects.csv").code == 0
    before = cli("catalogue", "versions", "--json").json
    url = databases.make()
    with sole_sender(cli.home, alone=False):
        assert "训桥还开着" in cli("copy-to", url).err
    said = cli("copy-to", url)
    assert (said.code, "两边一样" in said.out) == (0, True)
    again = cli("copy-to", url)
    assert (again.code, "不是空的" in again.err, "新建一个空的库" in again.err) == (1, True, True)
    with closing(Store(f"sqlite:///{cli.home / 'xunqiao.db'}")) as here, closing(Store(url)) as there:
        counts = []
        for store in (here, there):
            with store.reading() as session:
                counts.append(session.execute(text("SELECT count(*) FROM project")).scalar_one())
    assert counts[0] == counts[1] > 0
    monkeypatch.setenv("XUNQIAO_DATABASE_URL", url)
    assert cli("catalogue", "versions", "--json").json == before
    assert cli("copy-to", url).code == 2
