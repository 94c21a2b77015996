"""The list of those a notice did not reach: to be phoned, or sent an SMS by the office's own sender."""

from collections.abc import Callable, Iterator, Sequence
from itertools import chain

from sqlmodel import Session

from bot.console.courses import number_in
from bot.console.inside import Inside
from bot.console.notice_sight import find_notice, own_of
from bot.console.notice_telling import FATES
from bot.console.sheets import Cell, Table
from bot.naming import called
from bot.notices.posts import off_screen
from storage.notices import listing as notice_list
from storage.notices import notices
from storage.notices import told as notice_told
from storage.notices.notices import NOT_REACHED
from storage.tables import Fate

HEADINGS = ("姓名", "电话", "怎么没收到", "为什么", "短信", "电话里怎么说")


def call_list(session: Session, inside: Inside, sealed: Callable[[str | None], str]) -> Table:
    """Give those the notice of the form did not reach, and those who were meant and have nobody to read for them.

    Args:
        session: kept open until the last line is read.
        inside: who asks. Raises NotYours for another region's notice.
        sealed: masks a number, unless they may see it.

    """
    number = number_in(inside.form.one("notice"))
    if not number:
        return Table("没收到通知的人", HEADINGS, ())
    notice = find_notice(session, number, inside)
    text = notices.text_of(session, number)
    left = (*NOT_REACHED, Fate.UNSURE)

    def lines() -> Iterator[Sequence[Cell]]:
        alone = (each for _, each in notice_told.alone(session, notice, inside.now, own_of(inside)))
        for each in chain(notice_list.to_phone(session, number, inside.now, left), alone):
            yield (
                each.name,
                sealed(each.phone),
                FATES[each.fate],
                each.reason,
                off_screen(text.sms, called(each.name)),
                off_screen(text.call_script, each.name),
            )

    return Table("没收到通知的人", HEADINGS, lines())
