"""Notices from a chat: written, mended, planned beside, sent once, watched, and told of when they are over."""

from collections.abc import Callable

from sqlmodel import Session, col, select, update

from bot.letters.opening import opened
from bot.letters.table import LETTERS
from bot.notices.planning import Planning
from bot.runner import Runner
from dialogs.talk import Begin
from storage.notices import groups as notice_groups
from storage.notices import mailing, notices
from storage.notices.audience import Choice
from storage.notices.tables import NoticeText
from storage.staff import staff
from storage.tables import Audit, Contact, ContactRole, Fate, Notice, NoticeState, Outbox, Staff, StaffRole
from tests.databases import on_both
from tests.flows.test_staff_chat import applies, audited, member
from tests.visiting import Visitor

__all__ = ["member"]

HARD = "逾期未提交上述材料的，须予以补正。"
EASY = "12 月 3 日上午有招聘会。您想来吗？"


def lists(runner: Runner, worker: str = "test") -> bool:
    """Make a list that waits, as a process that sends does."""
    return Planning(runner.desk, runner.shelf, worker, runner.clock.now).make_one()


def newest(runner: Runner) -> Notice:
    wanted = select(Notice).order_by(col(Notice.id).desc())
    return runner.desk.read(lambda session: session.exec(wanted.limit(1)).one())


def letters(runner: Runner, kind: str) -> list[Outbox]:
    wanted = select(Outbox).where(Outbox.kind == kind).order_by(col(Outbox.id))
    return list(runner.desk.read(lambda session: session.exec(wanted).all()))


def known(session: Session) -> None:
    """Let those who applied have said who they are."""
    theirs = update(Contact).where(col(Contact.role) == ContactRole.UNKNOWN)
    session.connection().execute(theirs.values(role=ContactRole.SELF))


def pressed(runner: Runner, letter: Outbox, way: int) -> Begin:
    begun = runner.desk.read(lambda s: opened(s, letter.id, letter.contact_id or 0, way))
    assert begun is not None
    return begun


@on_both
def test_a_clerk_writes_mends_chooses_sends_once_watches_and_is_told(
    runner: Runner, visit: Callable[..., Visitor], member: Callable[..., Visitor]
) -> None:
    for number in range(2):
        applies(visit, f"me-{number}")
    runner.desk.do_now(known)
    wang = member().say("通知")
    assert (wang.asking, wang.screen.text) == ("staff_notices.do", "您还没有写过通知。您想做什么？")
    wang.tap("write", "jobs").say("郑州招聘会").send("voice", b"OggS a voice")
    assert wang.screen.error == "这里听不了声音。写出来，或者用键盘说话。"
    wang.say(HARD)
    assert wang.asking == "staff_notice_mend.do"
    assert "不说“逾期”" in wang.lines[HARD.rstrip("。")], "each sentence once, with all that is hard in it"
    wang.tap("mend")
    assert (wang.asking, wang.lines["刚才写的"]) == ("staff_notice_write.words", HARD)
    wang.say(EASY)
    assert wang.asking == "staff_notice_whom.who"
    wang.tap("all")
    assert wang.screen.text == "在排名单。排好了告诉您，现在还不发。"
    wang.tap("read")
    assert wang.lines["现在"] == "在排名单"
    assert lists(runner)
    assert not lists(runner, "another")
    (ready,) = letters(runner, "notice_listed")
    assert (ready.contact_id, ready.payload["count"]) == (wang.heard.contact_id, 2)
    assert wang.do(pressed(runner, ready, 1)).screen.text == "好的，先不发。想发的时候，写“通知”。"
    wang.tap("read")
    assert wang.lines["还要发"] == "2 个人"
    for words in ("开始发了。想看到哪里了，写“通知”。", "已经发过了，没有再发。"):
        assert wang.do(pressed(runner, ready, 0)).screen.text == words
        wang.tap("read")
    number = newest(runner).id
    wang.tap(f"pause-{number}")
    assert (newest(runner).state, wang.screen.text) == (NoticeState.PAUSED, "停住了。想接着发，写“通知”。")
    wang.tap("read", f"resume-{number}", "read", f"stop-{number}", "no")
    assert newest(runner).state is NoticeState.SENDING
    wang.tap(f"stop-{number}", "yes")
    assert newest(runner).state is NoticeState.STOPPED
    now = runner.clock.now()
    runner.desk.do_now(lambda session: mailing.close_stopped(session, now))
    (over,) = letters(runner, "notice_over")
    assert {name: over.payload[name] for name in ("reached", "missed", "stopped")} == {
        "reached": 0,
        "missed": 2,
        "stopped": "yes",
    }
    assert pressed(runner, over, 0) == Begin("staff_console")
    wang.tap("read")
    assert (wang.lines["现在"], wang.lines["没有收到"]) == ("停下了", "2 个人")
    acts = ("wrote", "chose for", "sent", "pause", "resume", "stop")
    assert [len(audited(runner, f"{each} notice")) for each in acts] == [1] * 6


def test_what_cannot_be_sent_is_mended_and_what_is_hard_may_stay(
    runner: Runner, member: Callable[..., Visitor]
) -> None:
    wang = member().say("通知").tap("write", "own").say("课").say("{{ phone }}，您好。")
    assert [each.value for each in wang.screen.options] == ["mend", "none"] or wang.asking == (
        "staff_notice_mend.do"
    )
    assert "keep" not in [each.value for each in wang.screen.options]
    wang.tap("mend").say(HARD).tap("keep")
    assert wang.asking == "staff_notice_whom.who"
    wang.tap("none")
    assert wang.lines["现在"] == "还没有选发给谁"
    (text,) = runner.desk.read(lambda s: s.exec(select(NoticeText)).all())
    assert (text.plain, text.buttons) == (HARD, [])


def test_a_saved_group_is_chosen_and_an_older_list_sends_nothing(
    runner: Runner, visit: Callable[..., Visitor], member: Callable[..., Visitor]
) -> None:
    applies(visit)
    runner.desk.do_now(known)
    wang, now = member(), runner.clock.now()

    def keep(session: Session) -> int:
        clerk = session.get_one(Staff, 1)
        return notice_groups.keep_group(session, clerk, "长沙的人", Choice(place="长沙市").kept(), now).id

    group = runner.desk.do_now(keep)
    boss = member("陈静", StaffRole.ADMIN).say("通知").tap("write", "jobs").say("周末招聘会").say(EASY)
    wang.say("通知").tap("write", "jobs").say("周末招聘会").say(EASY)
    firsts = [next(each.label for each in who.screen.options if each.value == "all") for who in (wang, boss)]
    assert firsts == ["我们地区的每个人", "每个人"], "who writes to all regions is told so"
    wang.tap("all", "read")
    assert lists(runner)
    number = newest(runner).id
    wang.say("通知").tap(f"whom-{number}", str(group))
    assert lists(runner)
    first, second = letters(runner, "notice_listed")
    assert [each.payload["count"] for each in (first, second)] == [1, 0]
    useless = LETTERS["notice_listed"].useless
    told = runner.desk.read(lambda s: [useless(s, each.payload) for each in (first, second)])
    assert told == ["已经发了，或者另选了人", ""]
    assert wang.do(pressed(runner, first, 0)).screen.text == "名单改过了，没有发。先看一看新的数。"
    assert newest(runner).state is NoticeState.PLANNED


def test_another_regions_notice_and_one_who_is_let_go_reach_nothing(
    runner: Runner, member: Callable[..., Visitor]
) -> None:
    wang, far = member(), member("周敏", region="成都市")
    teacher = member("陈静", StaffRole.TEACHER, "")
    assert "通知" not in [each.label for each in teacher.screen.options]
    wang.say("通知").tap("write", "jobs").say("周末招聘会").say(EASY).tap("all", "read")
    about = (("notice", newest(runner).id),)
    for other in (far, teacher):
        other.do(Begin("staff_notice_do", about, {"do": "send", "asking": 1}))
        assert other.asking == "staff_refused.told"
        other.tap("read").do(Begin("staff_notice_whom", about, {"who": "all"}))
        assert other.asking == "staff_refused.told"
    now = runner.clock.now()
    runner.desk.do_now(lambda s: staff.revoke_staff(s, s.get_one(Staff, 1), now, actor="test"))
    assert lists(runner)
    found = newest(runner)
    assert (found.state, found.halted) == (NoticeState.DRAFT, "选人的同事不在了，名单没有排。再选一次。")
    assert letters(runner, "notice_listed") == []
    assert runner.desk.read(lambda s: s.exec(select(Outbox).where(Outbox.fate == Fate.WAITING)).all()) == []
    assert runner.desk.read(lambda s: s.exec(select(Audit).where(Audit.action == "refused")).all())
    assert not runner.desk.do_now(lambda s: notices.send(s, found.id, 1, now))
