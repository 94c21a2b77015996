"""`copy-to`: everything of a SQLite database into an empty PostgreSQL, checked."""

from contextlib import closing

from bot.commands.database import Progress, existing
from bot.commands.guard import BAD_DATABASE, WRONG_USAGE, Sorry, read_settings
from bot.commands.on_disk import lock_folder
from bot.commands.telling import say, working

RUNNING = "训桥还开着。先停下来，再搬：搬的时候写的，不会搬过去。"
ALREADY = "现在用的不是 SQLite，不用搬。要搬 PostgreSQL，用 xunqiao backup 和 xunqiao restore。"


def copy_database(url: str) -> int:
    """Copy it, and say what was copied."""
    from bot.sending import sole_sender
    from storage.base import Store
    from storage.keeping.transfer import transfer

    settings = read_settings()
    folder = lock_folder(settings)
    if folder is None:
        raise Sorry(ALREADY, WRONG_USAGE)
    if not url.startswith(("postgresql://", "postgresql+psycopg://")):
        raise Sorry(BAD_DATABASE.replace("XUNQIAO_DATABASE_URL", "新的库"), WRONG_USAGE)
    with existing(settings) as source, sole_sender(folder, alone=True) as ours, closing(Store(url)) as target:
        if not ours:
            raise Sorry(RUNNING)
        progress = Progress()
        with working("正在搬"):
            copied = transfer(source, target, lambda table, done: progress(table, done, done))
    rows = sum(each.rows for each in copied.values())
    say(f"搬好了：{len(copied)} 张表，{rows} 行，一行一行比过，两边一样。")
    say("下面两步：XUNQIAO_DATABASE_URL 写成新的库，XUNQIAO_SECRET_KEY 写成原来的密钥。")
    return 0
