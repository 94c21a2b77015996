"""`xunqiao …`: every command by name, its options and help; what each does stands in bot/commands.

Nothing slow is imported here: `xunqiao --help` answers at once, and each command brings in what it needs.
"""

import sys
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from typer.exceptions import TyperException

from bot.commands.grouping import AsJson, Command, group
from bot.commands.guard import WRONG_USAGE, complain, guarded
from bot.commands.importing import importing
from bot.commands.staffing import members
from bot.commands.versions import catalogue

DEBUG = "--debug"

SERVE = """打开网页，等人来。

Serve the web pages and send what is due.

写了 XUNQIAO_TELEGRAM_TOKEN，也在 Telegram 上答。不写 XUNQIAO_TELEGRAM_MODE，就自己去取消息，不用公开地址。
写 XUNQIAO_TELEGRAM_MODE=webhook，Telegram 把消息送来，要有 https 的 XUNQIAO_PUBLIC_URL。
Telegram 连不上，网页照常开；它的消息留着，通了再发。用 xunqiao doctor 看一看。

With XUNQIAO_TELEGRAM_TOKEN it answers on Telegram too: by polling, or by a webhook (XUNQIAO_TELEGRAM_MODE=webhook),
which needs an https XUNQIAO_PUBLIC_URL."""


WORKER = """只发消息，不开网页。

Send what is due, and serve no pages.

用 PostgreSQL，可以开几个，也可以开在几台机器上：xunqiao serve --without-worker 开网页，xunqiao worker 发消息。
用 SQLite，只要 xunqiao serve 就够了。

Any number of them share one PostgreSQL."""

COPY_TO = """把 SQLite 的库搬到 PostgreSQL。

Copy the database into an empty PostgreSQL, checked by counts and sums.

先停下训桥，再搬。原来的库一点不改。搬完把 XUNQIAO_DATABASE_URL 写成新的库，XUNQIAO_SECRET_KEY 写成原来的密钥。"""


class Reading(StrEnum):
    """How a conversation is worded."""

    PLAIN = "plain"
    EASY = "easy"
    EN = "en"


app = group("训桥：帮残疾人找培训课、报名。", "Xunqiao: training courses and enrolment by chat.")
app.add_typer(importing, name="import")
app.add_typer(catalogue, name="catalogue")
app.add_typer(members, name="staff")


@app.callback()
def _every_command(
    *,
    _debug: Annotated[bool, typer.Option(DEBUG, help="出错时写出全部经过。")] = False,
) -> None:
    """Options of every command; `main` has already taken `--debug` out, wherever it was written."""


@app.command(cls=Command, help="装上示例数据，打开网页。\n\nLoad made-up data and serve it.")
def demo(context: typer.Context) -> int:
    from bot.commands.serve import serve_demo

    return serve_demo(debug=bool(context.obj))


@app.command(cls=Command, help=SERVE)
def serve(
    context: typer.Context,
    *,
    sends: Annotated[
        bool,
        typer.Option("--with-worker/--without-worker", help="也发消息；或者只开网页，由 xunqiao worker 发。"),
    ] = True,
) -> int:
    from bot.commands.serve import serve as serve_until_stopped

    return serve_until_stopped(debug=bool(context.obj), sends=sends)


@app.command(cls=Command, help=WORKER)
def worker(context: typer.Context) -> int:
    from bot.commands.worker import work

    return work(debug=bool(context.obj))


@app.command("copy-to", cls=Command, help=COPY_TO)
def copy_to(
    url: Annotated[str, typer.Argument(metavar="URL", help="新的库：postgresql://用户:密码@主机/库名。")],
) -> int:
    from bot.commands.copying import copy_database

    return copy_database(url)


@app.command(
    cls=Command, help="看等着发的提醒：什么时候，为什么。\n\nList the reminders that are due, and why."
)
def reminders(
    most: Annotated[int, typer.Option("--most", metavar="N", min=1, help="最多看几条。")] = 50,
    *,
    not_sent: Annotated[bool, typer.Option("--not-sent", help="看没有发的，和没有发的原因。")] = False,
    json: AsJson = False,
) -> int:
    from bot.commands.reminding import show_reminders

    return show_reminders(most=most, not_sent=not_sent, as_json=json)


@app.command(cls=Command, help="在这里说话，和在网页上一样。\n\nHold any conversation in this terminal.")
def chat(
    flow: Annotated[
        str,
        typer.Argument(
            metavar="FLOW", show_default=False, help="从哪个对话开始，如 browse。不写就接着上次。"
        ),
    ] = "",
    *,
    reading: Annotated[Reading | None, typer.Option(help="plain 一般的字，easy 简单的话，en 英文。")] = None,
    about: Annotated[
        list[str] | None, typer.Option(help="关于什么，如 intake=3。可以写几个。", metavar="NAME=VALUE")
    ] = None,
    name: Annotated[
        str, typer.Option("--as", metavar="NAME", show_default=False, help="您是谁：一个名字一份对话。")
    ] = "local",
) -> int:
    from bot.commands.chat import hold

    return hold(flow, about or [], reading.value if reading else None, name)


@app.command(
    cls=Command,
    help="把每个问题画在一个网页里，三种说法并排。\n\nDraw every question on one page, in all wordings.",
)
def preview(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", show_default=False, help="写到哪个文件。不写就是 preview.html。")
    ] = Path("preview.html"),
) -> int:
    from bot.commands.preview import write_preview

    return write_preview(file)


@app.command(
    cls=Command, help="检查设置、数据库和目录，说出哪里要改。\n\nCheck settings, database and catalogue."
)
def doctor(*, json: AsJson = False) -> int:
    from bot.commands.doctor import examine

    return examine(as_json=json)


@app.command(
    cls=Command,
    help="""把旧的数据库改成这个版本的。

Bring the database up to this release.

换密钥：写成 2:新的,1:旧的，重新启动训桥，再运行一次。全换成新的，旧的就可以拿掉。

With two keys, everything is sealed with the newer; then the older may go.""",
)
def migrate() -> int:
    from bot.commands.database import migrate_database

    return migrate_database()


@app.command(
    cls=Command,
    help="""把数据存成一个文件。

Put the whole database into one file.

不用先停下训桥。密钥不在里面，要另外存好。

The key is not in it; keep that as well.""",
)
def backup(file: Annotated[Path, typer.Argument(metavar="FILE", help="存到哪个文件。")]) -> int:
    from bot.commands.database import back_up

    return back_up(file)


@app.command(
    cls=Command,
    help="""从备份里取回数据。

Put a backup back.

先停下训桥。换了电脑，先把备份时的密钥放好：XUNQIAO_HOME 里的 secret.key，或者 XUNQIAO_SECRET_KEY。

Stop the service, and bring the key that was used, first.""",
)
def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="哪个备份。")],
    *,
    replace: Annotated[bool, typer.Option("--replace", help="现在有的数据都换掉。")] = False,
) -> int:
    from bot.commands.database import put_back

    return put_back(file, replace=replace)


@app.command(cls=Command, help="看版本。\n\nShow the version.")
def version() -> int:
    from importlib.metadata import version as version_of

    from bot.commands.telling import say

    say(f"xunqiao {version_of('xunqiao')}")
    return 0


def run(words: Sequence[str]) -> int:
    """Run one command line and give its exit code. `--debug` is understood wherever it is written."""
    debug = DEBUG in words
    words = [word for word in words if word != DEBUG]
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # an old terminal shows ? instead of failing
    return guarded(lambda: _typed(words, debug=debug), debug=debug)


def _typed(words: Sequence[str], *, debug: bool) -> int:
    command = typer.main.get_command(app)
    try:
        code = command.main(list(words), prog_name="xunqiao", standalone_mode=False, obj=debug)
    except TyperException as wrong:
        if wrong.exit_code != WRONG_USAGE:
            raise
        if not words or words[-1] in ("import", "catalogue", "staff"):
            complain(wrong.format_message())
        else:
            complain(f"这条命令没看懂：{wrong.format_message()}\n看怎么写：xunqiao --help")
        return WRONG_USAGE
    return int(code or 0)


def main() -> None:
    """The script's entry."""
    sys.exit(run(sys.argv[1:]))
