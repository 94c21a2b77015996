"""Who was asked to a job fair, as a table to take away."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from sqlmodel import Session

from bot.console.fair_sight import runs
from bot.console.fair_words import INTENTIONS, LISTS, needs_words
from bot.console.inside import Inside, NotYours
from bot.console.sheets import Cell, Table
from bot.console.words import called
from storage.fairs import fairs
from storage.fairs import people as fair_people
from storage.tables import SignupState

HEADINGS = ("签到号", "姓名", "去不去", "要什么帮忙", "想看的岗位", "什么时候到的", "找到意向没有", "电话")

SAID: Mapping[SignupState, str] = {
    SignupState.INVITED: "没有回答",
    SignupState.COMING: "会来",
    SignupState.NOT_COMING: "不来",
}


def people_table(session: Session, inside: Inside, sealed: Callable[[str | None], str]) -> Table:
    """Give the list of a fair that the form names. Raises NotYours for one that this member does not run."""
    fair_id = inside.form.one("fair")
    if not fair_id:
        return Table("招聘会", HEADINGS, ())
    card = fairs.find_fair(session, fair_id, inside.now)
    if card is None or not runs(inside, card):
        raise NotYours("fair")
    kind = inside.form.one("list")
    posts = {each.position_id: each.position for each in card.positions}

    def lines() -> Iterator[Sequence[Cell]]:
        for signup, person in fair_people.every_one(session, card.fair_id, kind if kind in LISTS else "all"):
            came = signup.came_at
            yield (
                signup.number,
                called(person),
                SAID[signup.state],
                needs_words(signup.needs),
                "、".join(posts[each] for each in signup.positions if each in posts),
                f"{came.astimezone(inside.now.tzinfo):%Y-%m-%d %H:%M}" if came else "",
                INTENTIONS.get(signup.intention, ""),
                sealed(person.phone),
            )

    return Table("招聘会", HEADINGS, lines())
