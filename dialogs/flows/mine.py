"""My applications and their state in words, what is next and when; change needs or phone; withdraw."""

from dataclasses import replace

from dialogs.facts.applications import Applied, application, applications
from dialogs.facts.people import person
from dialogs.kinds import Choice, Note, Phone
from dialogs.model import Answers, Flow, Option, Row
from dialogs.parts.online import online
from dialogs.stages import PROMISE, PROMISE_NOTED, TALK_OVER, next_step, stage
from dialogs.supports import LABELS
from dialogs.talk import Begin, World
from dialogs.words import Own

IN_LINE = "在排队，您是第 {{ place }} 个"


def _mine(_: Answers, world: World) -> tuple[Option, ...]:
    listed = applications(world)
    titles = [it.title for it in listed]
    rows = tuple(
        Option(
            str(it.application_id),
            _row(it, alone=titles.count(it.title) == 1),
            note=IN_LINE if it.place_in_line else stage(it.stage, it.missing),
            values={"place": it.place_in_line},
        )
        for it in listed
    )
    return (*rows, Option("more", "找别的课", also=("找课",)))


def _row(it: Applied, *, alone: bool) -> Own:
    """Call an application by its course; two of one family may have applied for the same: then the name stands first."""
    if alone:
        return Own(it.title, it.title_easy)
    return Own(f"{it.person_name}：{it.title}", f"{it.person_name}：{it.title_easy or it.title}")


def _open_one(answers: Answers, _: World) -> Begin | None:
    which = answers.text("which")
    return Begin("browse") if which == "more" else Begin("application", (("application", int(which)),))


flow = Flow(
    "mine",
    Choice("which", "{% if applications %}您想看哪一个？{% else %}您还没有报名。{% endif %}", _mine),
    then=_open_one,
    stays=("which",),
    facts=("applications",),
)


DISAGREE = Option("appeal", "不同意这个决定", also=("不同意", "申诉", "我不同意"))


OTHERS = Option("others", "找别的课", also=("别的课", "找课"))
"""The way to other courses of the same kind, for who is not taken or whose class is called off."""


WRITTEN = Option("written", "看工作人员写的", also=("原因", "为什么", "看原因"))
"""The way to what may not be said in a chat whose servers are not ours."""


WHEN = Row("什么时候上课", "{{ application.starts | period(application.ends) }}")


def _rows(_: Answers, world: World) -> tuple[Row, ...]:
    it = application(world)
    return (
        Row("报名号", "{{ application.number }}"),
        Row("谁去", "{{ application.person_name }}", private=True),
        Row("现在", stage(it.stage, it.missing)),
        *(replace(row, private=True) for row in _why(it)),
        *((Row("您排在", "第 {{ place }} 个", {"place": it.place_in_line}),) if it.place_in_line else ()),
        *((Row("位子留到", "{{ until | moment }}", {"until": it.until}),) if it.until else ()),
        Row("后面怎么办", next_step(it.stage, it.missing), {"starts": it.starts}),
        *(Row("要商量的", TALK_OVER, {"rule": rule}, private=True) for rule in it.advice),
        *(() if it.called_off else (WHEN,)),
        *((Row("在哪里", "{{ application.place }}"),) if _is_open(it) else ()),
        *online(it),
        *((Row("要带什么", "{{ application.bring | join('、') }}"),) if it.bring else ()),
        *_promises(it),
    )  # fmt: skip


def _why(it: Applied) -> tuple[Row, ...]:
    """Say why it was decided so, and who decided."""
    if not it.reason:
        return ()
    by = (Row("谁定的", Own(it.decided_by)),) if it.decided_by else ()
    return (Row("原因", Own(it.reason, it.reason_easy, it.reason_en)), *by)


def _written(_: Answers, world: World) -> tuple[Row, ...]:
    """The reason, and what becomes of each support."""
    it = application(world)
    return (*_why(it), *_promises(it))


def _promises(it: Applied) -> tuple[Row, ...]:
    """Say what becomes of each support; who is not taken reads only what could not be given, not promises."""
    return tuple(
        _promise(code, answer, note)
        for code, answer, note in it.needs
        if code in LABELS and (it.state != "declined" or answer == "cannot")
    )


def _promise(code: str, answer: str, note: str) -> Row:
    """Say what becomes of a support that was asked for, with the words of whoever answered."""
    words = (PROMISE_NOTED if note else PROMISE)[answer]
    return Row(LABELS[code].label, words, {"note": note}, private=True)


def _ways(_: Answers, world: World) -> tuple[Option, ...]:
    it = application(world)
    hidden = not world.trusted and (it.reason or any(answer for _, answer, _ in it.needs))
    about_it = (*((WRITTEN,) if hidden else ()), *((DISAGREE,) if _may_disagree(it) else ()))
    if not _is_open(it):
        others = (OTHERS,) if it.state in {"declined", "not_passed"} else ()
        return (*about_it, *others, Option("course", "看这个课", also=("看课",)))
    return (
        *(
            (Option("offer", "有位子了，我来回答", also=("回答", "来不来", "有位子了", "要", "不要")),)
            if it.offer_id
            else ()
        ),
        *((Option("answer", "回答问题", also=("回答",)),) if it.asked else ()),
        *((Option("moved", "课有改动，我来回答", also=("改动", "还来不来")),) if it.moved else ()),
        *_asking(it, world),
        *about_it,
        Option("change", "改报名里写的", also=("改", "修改", "改需要")),
        Option("phone", "换电话", also=("改电话",)),
        Option("withdraw", "不去了", also=("退", "退报名")),
        Option("course", "看这个课", also=("看课",)),
    )


def _asking(it: Applied, world: World) -> tuple[Option, ...]:
    """The way to the word that is missing."""
    if it.missing == ("person",):
        label = "本人来回答" if person(world).role == "self" else "问本人"
    elif it.missing == ("parent",):
        label = "问家长"
    elif it.missing:
        label = "问本人和家长"
    else:
        return ()
    return (Option("assent", label, also=("本人", "家长")),)


def _may_disagree(it: Applied) -> bool:
    """Whether staff have said something that is not what was asked for."""
    lacks = any(answer == "cannot" for _, answer, _ in it.needs)
    decided = it.state in {"declined", "waitlisted", "not_passed"} or (_is_open(it) and lacks)
    return decided and "fill" in it.powers


def _is_open(it: Applied) -> bool:
    return it.state not in {"withdrawn", "declined", "finished", "not_passed"}


def _lead(answers: Answers, world: World) -> Begin | None:
    it = application(world)
    about = (("application", it.application_id),)
    match answers.text("do"):
        case "change":
            given = {name: value for name, value in it.answers.items() if name != "check"}
            return Begin(
                "apply", (("person", it.person_id), ("intake", it.intake_id)), {**given, "start": "read"}
            )
        case "phone":
            return Begin("phone", (("person", it.person_id),))
        case "withdraw":
            return Begin("withdraw", about)
        case "offer":
            return Begin("offer", (*about, ("offer", it.offer_id)))
        case "answer" if it.asked:
            return Begin("answer", (*about, ("question", it.asked[0].question_id)))
        case "others":
            kind = {"situation": "unsaid", "how": ["category"], "category": it.category}
            return Begin("browse", given=kind)
        case "appeal" | "written" | "moved" as way:
            return Begin(way, about)
        case "assent":
            alone = it.missing == ("person",) and person(world).role == "self"
            return Begin("assent" if alone else "ask", about)
        case _:
            return Begin("card", (("project", it.project_id),))


one = Flow(
    "application",
    Choice("do", "{{ application | called }}。您想怎么办？", _ways, table=_rows),
    then=_lead,
    stays=("do",),
    facts=("application", "person"),
)

written = Flow(
    "written",
    Note("told", "工作人员写的，都在这里。", table=_written, private=True),
    facts=("application",),
)

withdraw = Flow(
    "withdraw",
    Choice(
        "sure",
        "{{ application | called }}。这个课，真的不去上了吗？",
        (
            Option("yes", "不去了", also=("退", "是", "真的")),
            Option("no", "还是去", also=("去", "不退", "不")),
        ),
        brief="不去了",
    ),
    record="withdraw",
    facts=("application",),
)

withdrawn = Flow("withdrawn", Note("told", "好的，这个课不去了。报名号是 {{ number }}。想学了，可以再报。"))

phone = Flow(
    "phone",
    Phone("phone", "新的电话是多少？", private=True, brief="电话"),
    record="phone_change",
    facts=("person",),
)

phone_changed = Flow("phone_changed", Note("told", "电话改好了。"))
