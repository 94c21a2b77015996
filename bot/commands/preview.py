"""`preview`: every question on one page, for whoever writes or checks the words."""

from pathlib import Path

from bot.commands.telling import note, say, working


def write_preview(file: Path) -> int:
    """Write the page; no database, no server, no settings."""
    from bot.app import whole_book
    from bot.preview import draw_all

    with working("正在画每个问题"):
        drawn = draw_all(whole_book())
    file.write_text(drawn.html, encoding="utf-8")
    if drawn.missing:
        note(f"这些问题没有走到：{'、'.join(drawn.missing)}")
    say(f"画好了 {drawn.questions} 个问题，三种说法：{file}。用浏览器打开。")
    return 0
