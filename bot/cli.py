"""`xunqiao …`: the names, options and help of every command; what they do stands in bot/commands.

Nothing slow is imported here: `xunqiao --help` answers at once, and each command brings in what it needs.
"""

import sys
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from typer.core import TyperCommand, TyperGroup
from typer.exceptions import TyperException

from bot.commands.guard import WRONG_USAGE, complain, guarded

if TYPE_CHECKING:
    from typer._click import Context

DEBUG = "--debug"

IN_CHINESE = {
    "Usage:": "用法 Usage:",
    "Options:": "选项 Options:",
    "Arguments:": "要写的 Arguments:",
    "Commands:": "命令 Commands:",
    "Show this message and exit.": "看这段说明。",
    "[required]": "（一定要写）",
}
"""What typer writes into a help page -> what a clerk reads."""


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


class _Command(TyperCommand):
    """A command whose help page is in Chinese throughout."""

    def get_help(self, ctx: "Context") -> str:
        return _translated(super().get_help(ctx))


class _Group(TyperGroup):
    """The same for a group of commands."""

    def get_help(self, ctx: "Context") -> str:
        return _translated(super().get_help(ctx))


def _translated(page: str) -> str:
    for english, chinese in IN_CHINESE.items():
        page = page.replace(english, chinese)
    return page


def _group(chinese: str, english: str) -> typer.Typer:
    return typer.Typer(
        cls=_Group,
        help=f"{chinese}\n\n{english}",
        no_args_is_help=True,
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
    )


app = _group("训桥：帮残疾人找培训课、报名。", "Xunqiao: training courses and enrolment by chat.")
importing = _group("导入表格：目录，问卷。", "Import sheets: the catalogue, forms of questions.")
catalogue = _group("看目录的每一次导入，比较，撤回。", "See, compare and take back imports.")
app.add_typer(importing, name="import")
app.add_typer(catalogue, name="catalogue")
members = _group("管工作人员：加、停用、给链接。", "Staff: add, let go, give a link.")
app.add_typer(members, name="staff")

AsJson = Annotated[bool, typer.Option("--json", help="写成 JSON，给程序看。")]
Sheet = Annotated[Path, typer.Argument(metavar="FILE", help="表格文件：.xlsx 或 .csv。")]
Strict = Annotated[bool, typer.Option("--strict", help="有一行不对，就整张表都不导入。")]
Number = Annotated[int, typer.Argument(metavar="N", help="第几次导入。用 versions 看。")]


@app.callback()
def _every_command(
    *,
    _debug: Annotated[bool, typer.Option(DEBUG, help="出错时写出全部经过。")] = False,
) -> None:
    """Options of every command; `main` has already taken `--debug` out, wherever it was written."""


@app.command(cls=_Command, help="装上示例数据，打开网页。\n\nLoad made-up data and serve it.")
def demo(context: typer.Context) -> int:
    from bot.commands.serve import serve_demo

    return serve_demo(debug=bool(context.obj))


@app.command(cls=_Command, help=SERVE)
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


@app.command(cls=_Command, help=WORKER)
def worker(context: typer.Context) -> int:
    from bot.commands.worker import work

    return work(debug=bool(context.obj))


@app.command("copy-to", cls=_Command, help=COPY_TO)
def copy_to(
    url: Annotated[str, typer.Argument(metavar="URL", help="新的库：postgresql://用户:密码@主机/库名。")],
) -> int:
    from bot.commands.copying import copy_database

    return copy_database(url)


@importing.command("projects", cls=_Command, help="导入项目和班次。\n\nImport projects and their intakes.")
def import_projects(file: Sheet, *, strict: Strict = False, json: AsJson = False) -> int:
    from bot.commands.importing import take_in

    return take_in("projects", file, strict=strict, as_json=json)


@importing.command(
    "sessions", cls=_Command, help="导入课次：哪天上课。\n\nImport the dated sessions of intakes."
)
def import_sessions(file: Sheet, *, strict: Strict = False, json: AsJson = False) -> int:
    from bot.commands.importing import take_in

    return take_in("sessions", file, strict=strict, as_json=json)


@importing.command(
    "survey", cls=_Command, help="导入一张问卷（XLSForm）。\n\nImport a form of questions (XLSForm, .xlsx)."
)
def import_survey(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="表格文件：.xlsx。")], *, json: AsJson = False
) -> int:
    from bot.commands.importing import take_survey

    return take_survey(file, as_json=json)


@catalogue.command(cls=_Command, help="看每一次导入。\n\nList the imports, newest first.")
def versions(*, json: AsJson = False) -> int:
    from bot.commands.versions import show_versions

    return show_versions(as_json=json)


@catalogue.command(cls=_Command, help="看一次导入改了什么。\n\nShow what an import changed.")
def compare(
    number: Number,
    since: Annotated[int | None, typer.Option(metavar="N", help="从第几次以后算起。")] = None,
    *,
    json: AsJson = False,
) -> int:
    from bot.commands.versions import show_changes

    return show_changes(number, since, as_json=json)


@catalogue.command("take-back", cls=_Command, help="撤回一次导入。\n\nUndo an import.")
def take_back(number: Number, *, json: AsJson = False) -> int:
    from bot.commands.versions import take_back_import

    return take_back_import(number, as_json=json)


@app.command(
    cls=_Command, help="看等着发的提醒：什么时候，为什么。\n\nList the reminders that are due, and why."
)
def reminders(
    most: Annotated[int, typer.Option("--most", metavar="N", min=1, help="最多看几条。")] = 50,
    *,
    not_sent: Annotated[bool, typer.Option("--not-sent", help="看没有发的，和没有发的原因。")] = False,
    json: AsJson = False,
) -> int:
    from bot.commands.reminding import show_reminders

    return show_reminders(most=most, not_sent=not_sent, as_json=json)


Who = Annotated[str, typer.Argument(metavar="NAME", help="姓名。")]


@members.command(
    "add",
    cls=_Command,
    help="加一位工作人员，印出一次性的链接。\n\nAdd a member of staff and print a one-time link.",
)
def add_staff(
    name: Who,
    *,
    role: Annotated[
        str, typer.Option(metavar="ROLE", help="clerk 经办，teacher 老师，evaluator 评估，admin 管理员。")
    ] = "clerk",
    region: Annotated[str, typer.Option(metavar="PLACE", help="管哪个地方，如 郑州市。")] = "",
    project: Annotated[
        list[str] | None, typer.Option(metavar="P025", help="老师教哪个项目。可以写几个。")
    ] = None,
) -> int:
    from bot.commands.staffing import add

    return add(name, role, region, project or [])


@members.command("list", cls=_Command, help="看有哪些工作人员。\n\nList the staff.")
def list_staff(*, json: AsJson = False) -> int:
    from bot.commands.staffing import show_all

    return show_all(as_json=json)


@members.command("link", cls=_Command, help="给一个新链接。\n\nPrint a new one-time link.")
def link_staff(
    name: Who,
    *,
    chat: Annotated[
        bool, typer.Option("--chat", help="连上聊天用的字。Print the word that links a chat.")
    ] = False,
) -> int:
    from bot.commands.staffing import chat_word, link

    return chat_word(name) if chat else link(name)


@members.command("revoke", cls=_Command, help="停用一位工作人员。\n\nEnd somebody's access at once.")
def revoke_staff(name: Who) -> int:
    from bot.commands.staffing import revoke

    return revoke(name)


@app.command(cls=_Command, help="在这里说话，和在网页上一样。\n\nHold any conversation in this terminal.")
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
    cls=_Command,
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
    cls=_Command, help="检查设置、数据库和目录，说出哪里要改。\n\nCheck settings, database and catalogue."
)
def doctor(*, json: AsJson = False) -> int:
    from bot.commands.doctor import examine

    return examine(as_json=json)


@app.command(cls=_Command, help="把旧的数据库改成这个版本的。\n\nBring the database up to this release.")
def migrate() -> int:
    from bot.commands.database import migrate_database

    return migrate_database()


@app.command(cls=_Command, help="把数据存成一个文件。\n\nPut the whole database into one file.")
def backup(file: Annotated[Path, typer.Argument(metavar="FILE", help="存到哪个文件。")]) -> int:
    from bot.commands.database import back_up

    return back_up(file)


@app.command(cls=_Command, help="从备份里取回数据。\n\nPut a backup back.")
def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="哪个备份。")],
    *,
    replace: Annotated[bool, typer.Option("--replace", help="现在有的数据都换掉。")] = False,
) -> int:
    from bot.commands.database import put_back

    return put_back(file, replace=replace)


@app.command(cls=_Command, help="看版本。\n\nShow the version.")
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
