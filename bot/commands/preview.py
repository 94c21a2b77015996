"""`preview`: every question on one page, for whoever writes or checks the words."""

from pathlib import Path

from bot.commands.guard import WRONG_USAGE, Sorry
from bot.commands.telling import note, say, working


def write_preview(file: Path) -> int:
    """Write the page; no database, no server, no settings."""
    if file.is_dir() or not file.absolute().parent.is_dir():  # said before the work, not after it
        raise Sorry(f"{file} 写不进去。写一个文件的名字，它的文件夹要有。", WRONG_USAGE)
    from bot.app import whole_book
    from bot.demo.sample_forms import sample_forms
    from bot.preview import draw_all

    with working("正在画每个问题"):
        drawn = draw_all(whole_book(), sample_forms())
    file.write_text(drawn.html, encoding="utf-8")
    if drawn.missing:
        note(f"这些问题没有走到：{'、'.join(drawn.missing)}")
    say(f"画好了 {drawn.questions} 个问题，三种说法：{file}。用浏览器打开。")
    return 0
