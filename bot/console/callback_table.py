"""The call list as a table: to be phoned from, or given to an office's own caller."""

from collections.abc import Callable, Iterator, Sequence

from sqlmodel import Session

from bot.console.callback_words import KINDS
from bot.console.callbacks import about_words, lists_of
from bot.console.inside import Inside
from bot.console.sheets import Cell, Table
from bot.console.ticket_dossier import names_in
from bot.runner import Runner
from storage.afterwards import call_list
from storage.tables import Person

HEADINGS = ("姓名", "电话", "只发文字", "哪一次回访", "班", "打过几次", "什么时候打", "谁来打")


def callback_table(
    session: Session, runner: Runner, inside: Inside, sealed: Callable[[str | None], str]
) -> Table:
    """Give the list the form names, the next first.

    Args:
        session: kept open until the last line is read.
        runner: the service.
        inside: who asks, with `list` and `who` in the form.
        sealed: masks a number, unless they may see it.

    """
    kind = "later" if inside.form.one("list") == "later" else "now"
    zone = runner.settings.zone

    def lines() -> Iterator[Sequence[Cell]]:
        names = names_in(session)
        for each in lists_of(session, inside, mine=inside.form.one("who") == "mine")[kind]:
            person = session.get_one(Person, each.person_id)
            numbers = call_list.numbers_of(session, person)
            yield (
                person.name or "（已删除）",
                "，".join(f"{number.whose} {sealed(number.phone)}" for number in numbers),
                "是" if call_list.prefers_text(person) else "",
                KINDS[each.kind.value],
                about_words(session, runner.shelf.current, each),
                each.tries,
                f"{each.next_at.astimezone(zone):%Y-%m-%d %H:%M}",
                names.get(each.staff_id or 0, ""),
            )

    return Table("回访", HEADINGS, lines())
