"""Stands between a command and the person who typed it: a sentence and an exit code, never a traceback."""

import os
import re
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pydantic import ValidationError

    from bot.settings import Settings

FAILED = 1
WRONG_USAGE = 2
IN_PART = 3
INTERRUPTED = 130

LOG_FILE = "errors.log"

DATABASES = re.compile(r"^(sqlite|postgresql(\+psycopg)?)://")
BAD_DATABASE = "XUNQIAO_DATABASE_URL 看不懂。写成：postgresql://用户:密码@主机/库名。不写就用 SQLite。"
ANOTHER_ENCODING = "这个 PostgreSQL 库的编码是 {}，放不下中文。新建一个：createdb -T template0 -E UTF8 库名。"
BROKEN_DATABASE = "数据库文件坏了，或者不是训桥的。留好这个文件，用最近的备份：xunqiao restore。"


class Sorry(Exception):
    """Something that cannot be done, as a sentence for the person at the keyboard.

    Args:
        sentence: what is wrong and what to do.
        code: the exit code: 1 the work failed, 2 wrong usage or settings.

    """

    def __init__(self, sentence: str, code: int = FAILED) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.code = code


def check_is_file(file: Path) -> None:
    """Check that a file somebody named is there, before any work begins.

    Raises:
        Sorry: wrong usage: there is none of that name, or it is a folder.

    """
    if file.is_dir():
        raise Sorry(f"{file} 是一个文件夹。写里面的文件。", WRONG_USAGE)
    if not file.exists():
        raise Sorry(f"没有这个文件：{file}。看一看名字写对没有。", WRONG_USAGE)


def read_settings() -> "Settings":
    """The settings of this process.

    Raises:
        Sorry: with one line for every setting that cannot be used.

    """
    from pydantic import ValidationError

    from bot.settings import load_settings

    try:
        settings = load_settings()
    except ValidationError as problem:
        lines = "\n".join(_setting_lines(problem))
        raise Sorry(f"设置里有写得不对的，先改好再启动：\n{lines}", WRONG_USAGE) from None
    if settings.database_url and not DATABASES.match(settings.database_url):
        raise Sorry(BAD_DATABASE, WRONG_USAGE)
    return settings


_KINDS: Mapping[str, str] = {
    "int_parsing": "要写一个整数，如 8000",
    "literal_error": "只能写下面几个当中的一个",
    "path_type": "要写一个文件夹",
}


def _setting_lines(problem: "ValidationError") -> Iterator[str]:
    """One line per bad setting; its value is left out, for it may be a key."""
    for error in problem.errors(include_url=False, include_input=False):
        name = "XUNQIAO_" + "_".join(map(str, error["loc"])).upper() if error["loc"] else "XUNQIAO_…"
        said = _KINDS.get(error["type"], "")
        reason = str(error["msg"]).removeprefix("Value error, ")
        yield f"  {name}：{said}（{reason}）" if said else f"  {name}：{reason}"


@contextmanager
def told_kindly() -> Iterator[None]:
    """Turn the errors we know into sentences.

    Raises:
        Sorry: in their place.

    """
    try:
        yield
    except Sorry:
        raise
    except (BrokenPipeError, KeyboardInterrupt):
        raise
    except Exception as problem:
        known = _sentence(problem)
        if known is None:
            raise
        raise known from problem


def _sentence(problem: Exception) -> Sorry | None:
    from sqlalchemy.exc import (
        ArgumentError,
        DatabaseError,
        InterfaceError,
        InternalError,
        NoSuchModuleError,
        OperationalError,
        ProgrammingError,
    )

    from storage.base import CannotHoldChinese
    from storage.catalogue.report import FileRefused
    from storage.catalogue.taking_back import CannotTakeBack
    from storage.crypto import SecretError
    from storage.keeping.archive import BackupError

    match problem:
        case SecretError():
            return Sorry(str(problem), WRONG_USAGE)
        case FileRefused() | CannotTakeBack() | BackupError():
            return Sorry(str(problem))
        case ArgumentError() | NoSuchModuleError():
            return Sorry(BAD_DATABASE, WRONG_USAGE)
        case OperationalError() | InterfaceError() | InternalError() | ProgrammingError():
            return Sorry(_database(str(problem.orig)))
        case CannotHoldChinese():
            return Sorry(ANOTHER_ENCODING.format(problem), WRONG_USAGE)
        case DatabaseError() if _is_broken(str(problem.orig)):
            return Sorry(BROKEN_DATABASE)
        case OSError() if problem.filename:
            return Sorry(f"打不开 {problem.filename}：{_why(problem)}。")
    if type(problem).__module__ == "alembic.util.exc":
        return Sorry(f"数据库是更新的版本做的，这个程序太旧。先升级程序。（{problem}）")
    return None


def _why(problem: OSError) -> str:
    match problem:
        case FileNotFoundError():
            return "没有这个文件夹，或者没有这个文件"
        case PermissionError():
            return "没有权限。看一看它让谁读，让谁写"
        case IsADirectoryError():
            return "这是一个文件夹，要写文件的名字"
    return problem.strerror or str(problem)


def _is_broken(said: str) -> bool:
    """Whether SQLite says that the file is damaged, or none of its own."""
    return "not a database" in said or "malformed" in said


def _database(said: str) -> str:
    """What a database's complaint comes to; only its first line, for the others may quote what was written."""
    reason = (said.strip().splitlines() or [""])[0]
    if "database is locked" in reason:
        return "数据库正忙：别的程序正在写。等一会儿再试。"
    if "full" in reason:
        return "磁盘满了，写不进数据库。先腾出地方。"
    if "readonly" in reason or "read-only" in reason or "permission denied" in reason:
        return f"数据库只能读，不能写。看一看它和文件夹让谁写。（{reason}）"
    return f"数据库连不上。看一看它开着没有，XUNQIAO_DATABASE_URL 写对没有。（{reason}）"


def guarded(run: Callable[[], int], *, debug: bool) -> int:
    """Run a command and give its exit code; whatever happens, no traceback without `--debug`."""
    try:
        with told_kindly():
            return run()
    except Sorry as sorry:
        complain(sorry.sentence)
        if debug and sorry.__cause__ is not None:
            traceback.print_exception(sorry.__cause__)
        return sorry.code
    except BrokenPipeError:
        # Whoever read our output has heard enough; Python must not try to flush the rest at exit.
        with suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except KeyboardInterrupt:
        complain("停下来了。")
        return INTERRUPTED
    except Exception as problem:  # noqa: BLE001 - the last door before the person at the keyboard
        if debug:
            traceback.print_exc()
            return FAILED
        file = _write_down(problem)
        complain("出了没想到的问题。" + (f"已经记在 {file}。" if file else ""))
        complain("加上 --debug 再运行一次，就能看到全部。")
        return FAILED


def complain(sentence: str) -> None:
    """Say it where results do not go."""
    print(sentence, file=sys.stderr, flush=True)  # noqa: T201 - this is where commands speak


def _write_down(problem: Exception) -> Path | None:
    """Keep where it happened, readable by the owner only, and without the error's text: it may quote people."""
    home = Path(os.environ.get("XUNQIAO_HOME") or "data")
    file = home / LOG_FILE
    steps = "".join(traceback.format_tb(problem.__traceback__))
    now = datetime.now(UTC).isoformat(timespec="seconds")  # noqa: TID251 - the log tells the machine's own time
    try:
        home.mkdir(parents=True, exist_ok=True)
        with os.fdopen(
            os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a", encoding="utf-8"
        ) as out:
            out.write(f"{now} {type(problem).__module__}.{type(problem).__qualname__}\n{steps}\n")
    except OSError:
        return None
    return file
