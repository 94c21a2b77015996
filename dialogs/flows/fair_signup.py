"""Going to a job fair: yes or no, which positions, which support; and the receipt with the number to show there."""

from collections.abc import Mapping, Sequence

from dialogs.facts.fairs import fair
from dialogs.facts.people import person
from dialogs.kinds import Choice, Many, Note, Review, Text, YesNo
from dialogs.model import Answers, Flow, Json, Option, Row, Skip
from dialogs.parts.calling import whom_to_call
from dialogs.parts.consent import given
from dialogs.parts.fair_words import ARRANGED, AT_FAIR, arranged, called_posts, when_and_where
from dialogs.parts.known import NO_NEED, NOTHING
from dialogs.talk import Begin, World
from dialogs.words import Own

LATER = Skip(label="到了那里再看", value="none", also=("再看", "都看", "跳过", "没有", "不选"))


def _fills(world: World) -> Mapping[str, Json]:
    it = fair(world)
    stands = it.is_open or (it.to_come and it.said == "coming")
    return {"stands": "yes" if stands else it.state or "gone", "has_posts": "yes" if it.posts else "no"}


def _stands(a: Answers) -> bool:
    return a["stands"] == "yes"


def _comes(a: Answers) -> bool:
    return _stands(a) and a["come"] == "yes"


def _helped(a: Answers) -> bool:
    """Somebody wants support, and it may be kept."""
    return _comes(a) and a["help"] == "yes" and a["consent_sensitive"] == "yes"


def _known(world: World) -> list[str]:
    """What they asked for before, here or in an application."""
    profile = person(world).profile
    said = [value for name, value in profile.items() if name.startswith("need_")]
    codes = [str(code) for value in said if isinstance(value, list) for code in value]
    if profile.get("companion") == "own":
        codes.append("companion")
    return [each.code for each in fair(world).needs] or codes


def _supports(_: Answers, world: World) -> tuple[Option, ...]:
    """Every support, those known of this person first, then those the fair has."""
    wanted, there = _known(world), fair(world).supports

    def order(code: str) -> int:
        return 0 if code in wanted else 1 if code in there else 2

    return tuple(
        Option(code, AT_FAIR[code].label, AT_FAIR[code].also, note=ARRANGED["there"] if code in there else "")
        for code in sorted(AT_FAIR, key=order)
    )


def _suggested(world: World) -> Sequence[str]:
    return [code for code in _known(world) if code in AT_FAIR]


flow = Flow(
    "fair_signup",
    Choice(
        "come",
        "{{ fair | called }}。{% if person.role == 'self' or not person.role %}您去吗？{% else %}他去吗？{% endif %}",
        (
            Option("yes", "去", also=("想去", "要去", "我去", "想参加", "参加", "好", "来", "会来")),
            Option("no", "这次不去", also=("不去", "不去了", "不想去", "不要", "不")),
        ),
        when=_stands,
        table=lambda _, world: when_and_where(fair(world)),
        brief="去不去",
    ),
    Note(
        "gone",
        "{% if not fair.state or fair.state == 'called_off' %}这个招聘会不办了。{% elif fair.state == 'over' %}这个招聘会开完了。"
        "{% else %}报名的时间过了。还想去，可以打电话问。{% endif %}",
        when=lambda a: not _stands(a),
        table=lambda _, world: (Row("问谁", Own(fair(world).phone)),) if fair(world).phone else (),
    ),
    Many(
        "positions",
        "想看哪些岗位？可以选几个。",
        lambda _, world: called_posts(fair(world).posts),
        when=lambda a: _comes(a) and a["has_posts"] == "yes",
        skip=LATER,
        brief="想看的岗位",
    ),
    YesNo(
        "help",
        "去的时候，要我们准备帮忙吗？比如手语、带路、接送。",
        (
            Option("yes", "要", also=("要的", "是", "好", "需要")),
            Option("no", "不要", also=("不", "不用", "没有")),
        ),
        when=_comes,
        brief="要不要帮忙",
    ),
    Choice(
        "consent_sensitive",
        "我们要记下您要的帮忙，才能先准备好。只有残联能看，三年后删掉。您同意吗？",
        (
            Option("yes", "同意", also=("可以", "好", "行")),
            Option("no", "不同意", also=("不", "不可以", "不行")),
        ),
        when=lambda a: _comes(a) and a["help"] == "yes",
        hint="以后随时可以看、可以改、可以不再同意。",
        settled=given("sensitive"),
        brief="记下要的帮忙",
    ),
    Note(
        "refused",
        "好的，我们不记。到了招聘会，跟工作人员说。",
        when=lambda a: _comes(a) and a["help"] == "yes" and a["consent_sensitive"] == "no",
    ),
    Many(
        "supports",
        "在招聘会上，要哪些帮忙？可以选几个。",
        _supports,
        when=_helped,
        private=True,
        skip=NO_NEED,
        suggests=_suggested,
        brief="要的帮忙",
    ),
    Text(
        "words",
        "还要别的帮忙吗？写几个字就行。",
        when=_helped,
        private=True,
        most=300,
        voice=True,
        skip=NOTHING,
        brief="别的帮忙",
    ),
    Review(
        "check",
        "看一看，都对吗？对了就发出去。",
        when=_comes,
        private=True,
        leaves_out=("refused",),
    ),
    record="fair_signup",
    fills=_fills,
    facts=("person", "fair"),
    draft=True,
    title="招聘会报名",
)


def _receipt(_: Answers, world: World) -> tuple[Row, ...]:
    it = fair(world)
    chosen = {each.position_id: each for each in it.posts}
    return (
        Row("签到号", "{{ it.number }}", {"it": it}),
        *when_and_where(it),
        *(
            Row("想看的岗位", Own(f"{chosen[number].title} {chosen[number].employer}"))
            for number in it.chosen
            if number in chosen
        ),
        *arranged(it),
        *whom_to_call(world),
    )


receipt = Flow(
    "fair_receipt",
    Note(
        "told",
        "记下了。您的签到号是 {{ fair.number }}。到了，说这个号，或者给人看。",
        hint="前一天，我们再告诉您一次。",
        table=_receipt,
    ),
    then=lambda _answers, _world: Begin("home"),
    facts=("fair", "office"),
)

not_going = Flow(
    "fair_not_going",
    Note(
        "told", "好的，这次不去。{% if fair.is_open %}{{ fair.last_day | day }}前，都可以再报名。{% endif %}"
    ),
    facts=("fair",),
)
