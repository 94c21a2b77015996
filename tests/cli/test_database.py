import zipfile
from pathlib import Path

import pytest

from bot.sending import sole_sender
from storage.base import Store
from storage.crypto import new_key
from tests.cli.conftest import DEMO, Cli
from tests.databases import TEST_KEY, Databases


@pytest.fixture
def full(either: Cli) -> Cli:
    """A database with the catalogue in it, of each kind."""
    assert either("import", "projects", DEMO / "projects.csv").code == 0
    return either


def versions(cli: Cli) -> list[str]:
    return [each["file"] for each in cli("catalogue", "versions", "--json").json]


def test_a_backup_comes_back_into_an_empty_database_of_either_kind(
    full: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, databases: Databases
) -> None:
    file = tmp_path / "all.zip"
    made = full("backup", file)
    assert made.code == 0
    assert "备份里没有密钥" in made.out
    assert "XUNQIAO_SECRET_KEY" in made.out
    for url in (f"sqlite:///{tmp_path / 'other.db'}", databases.make()):
        monkeypatch.setenv("XUNQIAO_DATABASE_URL", url)
        assert full("restore", file).code == 0
        assert versions(full) == ["projects.csv"]
        if url.startswith("postgresql"):
            databases.drop(url)


def test_what_is_there_is_replaced_only_when_asked(full: Cli, tmp_path: Path) -> None:
    file = tmp_path / "all.zip"
    full("backup", file)
    full("import", "sessions", DEMO / "sessions.csv")
    refused = full("restore", file)
    assert refused.code == 1
    assert "不是空的" in refused.err
    assert len(versions(full)) == 2
    assert full("restore", file, "--replace").code == 0
    assert versions(full) == ["projects.csv"]


def test_the_key_is_not_in_the_backup_and_it_says_where_it_is(cli: Cli, tmp_path: Path) -> None:
    cli("import", "projects", DEMO / "projects.csv")
    key = (cli.home / "secret.key").read_text().strip()
    said = cli("backup", tmp_path / "all.zip")
    assert str(cli.home / "secret.key") in said.out
    with zipfile.ZipFile(tmp_path / "all.zip") as archive:
        everything = b"".join(archive.read(name) for name in archive.namelist())
    assert key.partition(":")[2].encode() not in everything


def test_a_backup_needs_its_key(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cli("import", "projects", DEMO / "projects.csv")
    cli("backup", tmp_path / "all.zip")
    monkeypatch.setenv("XUNQIAO_HOME", str(tmp_path / "elsewhere"))
    without = cli("restore", tmp_path / "all.zip")
    assert without.code == 1
    assert str(tmp_path / "elsewhere" / "secret.key") in without.err
    assert not (tmp_path / "elsewhere" / "secret.key").exists()
    monkeypatch.setenv("XUNQIAO_SECRET_KEY", TEST_KEY)
    wrong = cli("restore", tmp_path / "all.zip")
    assert wrong.code == 2
    assert "密钥" in wrong.err


@pytest.mark.usefixtures("begun")
def test_a_file_that_is_there_is_never_written_over(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "all.zip").write_text("mine")
    said = cli("backup", tmp_path / "all.zip")
    assert said.code == 1
    assert "换一个名字" in said.err
    assert (tmp_path / "all.zip").read_text() == "mine"


@pytest.mark.usefixtures("begun")
def test_a_folder_that_is_not_there_is_told(cli: Cli, tmp_path: Path) -> None:
    said = cli("backup", tmp_path / "none" / "all.zip")
    assert said.code == 2
    assert "没有这个文件夹" in said.err


def test_nothing_to_back_up_is_told_and_nothing_is_made(cli: Cli, tmp_path: Path) -> None:
    said = cli("backup", tmp_path / "all.zip")
    assert said.code == 1
    assert "还没有数据库" in said.err
    assert not cli.home.exists()


def test_a_sqlite_file_of_its_own_name_is_looked_for_too(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XUNQIAO_DATABASE_URL", f"sqlite:///{tmp_path / 'mine.db'}")
    assert "mine.db" in cli("backup", tmp_path / "all.zip").err
    assert "mine.db" in cli("doctor").out
    assert not (tmp_path / "mine.db").exists()


def test_what_is_no_backup_is_refused(full: Cli, tmp_path: Path) -> None:
    for body in (b"", b"not a zip", b"PK\x03\x04 broken"):
        (tmp_path / "bad.zip").write_bytes(body)
        assert full("restore", tmp_path / "bad.zip", "--replace").code == 1
    for wrong in (tmp_path / "none.zip", tmp_path):
        assert full("restore", wrong, "--replace").code == 2
    assert versions(full) == ["projects.csv"]


def test_migrating_makes_the_tables_and_again_changes_nothing(either: Cli) -> None:
    assert either("migrate").code == 0
    said = either("migrate")
    assert (said.code, "和程序一样" in said.out) == (0, True)


def test_a_database_of_a_newer_release_is_refused(cli: Cli) -> None:
    cli("migrate")
    store = Store(f"sqlite:///{cli.home / 'xunqiao.db'}")
    with store.transaction() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    store.close()
    said = cli("migrate")
    assert said.code == 1
    assert "先升级程序" in said.err
    said = cli("doctor")
    assert said.code == 1
    assert "先升级程序" in said.out
    assert "运行 xunqiao migrate" not in said.out


def test_a_file_that_is_no_database_is_told_by_every_command(cli: Cli) -> None:
    cli.home.mkdir(exist_ok=True)
    (cli.home / "xunqiao.db").write_bytes(b"holiday pictures")
    for command in ("migrate", "doctor"):
        said = cli(command)
        assert said.code == 1
        assert "数据库文件坏了，或者不是训桥的" in said.out + said.err
    assert not (cli.home / "errors.log").exists()


def test_nothing_is_put_back_under_a_running_service(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "all.zip"
    cli("import", "projects", DEMO / "projects.csv")
    cli("backup", file)
    with sole_sender(cli.home, alone=False):
        said = cli("restore", file, "--replace")
    assert said.code == 1
    assert "先停下来" in said.err
    assert cli("restore", file, "--replace").code == 0


def test_a_key_is_changed_and_the_old_one_is_needed_no_more(
    full: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = full.home / "secret.key"
    older = file.read_text().strip() if file.exists() else TEST_KEY
    newer = new_key(2)
    monkeypatch.setenv("XUNQIAO_SECRET_KEY", f"{newer},{older}")
    said = full("migrate")
    assert said.code == 0
    assert "换成了 2 号密钥" in said.out
    monkeypatch.setenv("XUNQIAO_SECRET_KEY", newer)
    assert full("staff", "add", "王芳", "--role", "admin").code == 0
    assert "换成了" not in full("migrate").out
