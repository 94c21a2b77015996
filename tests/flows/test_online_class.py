"""The address of an online class: for who is accepted, in what they open themselves, and nowhere else."""

from collections.abc import Callable

from sqlmodel import Session, select

from bot.classes.moving import move_class
from bot.letters.letter import write
from bot.letters.table import LETTERS
from bot.runner import Runner
from storage.catalogue.tables import Intake
from storage.tables import Outbox, Staff
from tests.staff_side import StaffSide
from tests.visiting import APPLICATION, Visitor

Visit = Callable[..., Visitor]

LINK = "https://example.invalid/class/1"


def put_online(runner: Runner, intake: int) -> None:
    """Hold the class online."""

    def change(session: Session) -> None:
        run = session.get_one(Intake, intake)
        run.link, run.platform = LINK, "灵山直播教室"

    runner.desk.do_now(change)
    runner.desk.read(lambda session: runner.shelf.rebuild(session, runner.clock.now().date()))


def files(visit: Visit, intake: int, key: str = "a-visitor", channel: str = "web") -> Visitor:
    me = visit(key, channel=channel).tap("plain", "self")
    number = me.heard.here.world.facts["me"].current  # type: ignore[attr-defined]
    me.begin("apply", (("person", number), ("intake", intake)))
    return me.answer(**APPLICATION).tap("send")


def test_only_who_is_accepted_reads_where_the_class_is(visit: Visit, runner: Runner, intake: int) -> None:
    put_online(runner, intake)
    me = files(visit, intake)
    staff = StaffSide(runner)

    def seen(who: Visitor) -> str:
        """Everything that is shown of the application, and of the course to anybody."""
        who.begin("application", (("application", 1),))
        lines = str(who.screen)
        who.begin("card", (("project", "P003"),))
        return lines + str(who.screen)

    assert LINK not in seen(me)
    staff.put_on_list()
    assert LINK not in seen(me)
    staff.accept()
    me.begin("application", (("application", 1),))
    assert (me.lines["上课的网页"], me.lines["网上用什么"]) == (LINK, "灵山直播教室")
    me.begin("class", (("application", 1),))
    assert LINK in str(me.screen), "the reminder's page leads there too"
    me.begin("card", (("project", "P003"),))
    assert LINK not in str(me.screen), "a course looks the same for everybody"
    stranger = visit("another-phone").tap("plain", "self")
    assert LINK not in seen(stranger)
    assert LINK not in repr(runner.shelf.current.project("P003"))
    staff.decline("不办了")
    assert LINK not in seen(me)


def test_no_letter_carries_it(visit: Visit, runner: Runner, intake: int) -> None:
    put_online(runner, intake)
    files(visit, intake)
    staff = StaffSide(runner)
    staff.accept()

    def move(session: Session) -> None:
        member = session.get_one(Staff, staff.member)
        move_class(session, intake, member, {"address": "示例路 8 号"}, note="", now=staff.now)

    runner.desk.do_now(move)
    voice = runner.book.voice("plain")
    with runner.desk.store.reading() as session:
        rows = session.exec(select(Outbox)).all()
    assert {"decided", "changed"} <= {row.kind for row in rows}
    for row in rows:
        assert LINK not in str(row.payload)
        if row.kind in LETTERS:
            assert LINK not in write(LETTERS[row.kind], row.payload, voice)
