"""Job fairs and positions in words: when and where, which support is there, why one is shown."""

from collections.abc import Mapping, Sequence

from dialogs.facts.fairs import JobFair, Post, Suits
from dialogs.model import Option, Row
from dialogs.supports import LABELS
from dialogs.words import Own, Words

SUITS = (
    "{% if why == 'trained' %}和您学的有关{% elif why == 'wished' %}和您想学的有关{% elif why == 'district' %}离您家近"
    "{% elif why == 'city' %}就在您的城市{% elif why == 'province' %}就在您的省{% elif why == 'home' %}可以在家做"
    "{% elif why == 'online' %}在网上，不用出门{% elif why == 'support' %}有您要的帮忙{% elif why == 'looking' %}您在找工作"
    "{% endif %}"
)
"""Why something is shown, in a few words."""

FAIR_NOTE = (
    "{{ starts | day }}。{% if said == 'coming' %}您说了去。{% elif why == 'trained' %}和您学的有关。"
    "{% elif why == 'wished' %}和您想学的有关。{% elif why == 'district' %}离您家近。{% elif why == 'city' %}就在您的城市。"
    "{% elif why == 'province' %}就在您的省。{% elif why == 'online' %}在网上，不用出门。{% endif %}"
)
"""The second line of a fair in a list: the day, and why it is there."""

POST_NOTE = (
    "{{ employer }}{% if home and why != 'home' %}，可以在家做{% elif internship %}，实习{% endif %}。"
    "{% if wanted %}您说了想去。{% elif why == 'trained' %}和您学的有关。{% elif why == 'wished' %}和您想学的有关。"
    "{% elif why == 'district' %}离您家近。{% elif why == 'city' %}就在您的城市。{% elif why == 'province' %}就在您的省。"
    "{% elif why == 'home' %}可以在家做。{% endif %}"
)
"""The second line of a position in a list: who offers it, and why it is there."""

AT_FAIR: Mapping[str, Option] = {
    option.value: option
    for option in (
        Option("sign_interp", "手语翻译", also=("手语",)),
        Option("cart", "把说的话打成字", also=("速录", "字幕", "打字")),
        Option("text_contact", "用打字来谈", also=("文字",)),
        Option("guide", "有人接站、带路", also=("带路", "接站")),
        Option("shuttle", "有车接送", also=("接送", "车")),
        Option("companion", "家里人陪我去", also=("陪同", "家里人", "有人陪")),
        Option("wheelchair", "轮椅能进出", also=("轮椅", "坡道", "电梯")),
        Option("a_toilet", "无障碍厕所", also=("厕所", "卫生间")),
        Option("large_print", "大字的岗位表", also=("大字",)),
        Option("braille", "盲文的岗位表", also=("盲文",)),
        Option("e_text", "手机能读的岗位表", also=("读屏", "电子版")),
        Option("easy_read", "简单好懂的岗位表", also=("简单",)),
        Option("quiet_room", "安静的房间", also=("安静",)),
        Option("touch_sign", "在手心里打手语", also=("触摸手语",)),
    )
}
"""The support one may ask for at a fair, ordered by use; the codes are the catalogue's."""

ARRANGED: Mapping[str, str] = {
    "there": "这次有",
    "can": "安排好了",
    "discuss": "要和您商量",
    "cannot": "这次做不到",
    "": "工作人员在安排",
}
"""What becomes of a support somebody asked for."""

ARRANGED_NOTED: Mapping[str, str] = {
    "can": "安排好了。{{ note }}",
    "discuss": "要和您商量。{{ note }}",
    "cannot": "这次做不到。{{ note }}",
}
"""The same with the words of whoever answered."""


def named(code: str) -> Words:
    """What a support is called at a fair."""
    option = AT_FAIR.get(code) or LABELS.get(code)
    return option.label if option is not None else ""


def first_why(reasons: Sequence[Suits]) -> str:
    """The strongest reason, "" for none."""
    return next((each.why for each in reasons if each.why != "looking"), "")


def when_and_where(it: JobFair) -> tuple[Row, ...]:
    """When a fair is, where, and how to get there."""
    values = {"it": it}
    return (
        Row("哪天", "{{ it.starts | period(it.ends) }}", values),
        Row("几点", "{{ it.begins | clock }}到{{ it.until | clock }}", values),
        *((Row("在哪里", Own(it.place)),) if it.place else ()),
        *((Row("怎么去", Own(it.way)),) if it.way else ()),
        *((Row("路费和接送", Own(it.travel)),) if it.travel else ()),
        *((Row("要带什么", "{{ it.bring | join('、') }}", values),) if it.bring else ()),
    )


def why_shown(reasons: Sequence[Suits]) -> tuple[Row, ...]:
    """Say why something is shown, a line for each reason."""
    return tuple(Row("为什么给您看", SUITS, {"why": each.why}) for each in reasons)


def arranged(it: JobFair) -> tuple[Row, ...]:
    """Say what becomes of the support somebody asked for, to who may know; it tells of them, so it is private."""
    if not it.needs_told:
        return ()
    return tuple(
        Row(
            named(each.code),
            ARRANGED_NOTED[each.answer] if each.note else ARRANGED[each.answer],
            {"note": each.note},
            private=True,
        )
        for each in it.needs
        if named(each.code)
    )


def called_posts(posts: Sequence[Post]) -> tuple[Option, ...]:
    """Positions to choose from, each with who offers it and why it is shown."""
    return tuple(
        Option(
            each.position_id,
            Own(each.title),
            note=POST_NOTE,
            values={
                "employer": each.employer,
                "home": each.home,
                "internship": each.internship,
                "wanted": each.wanted,
                "why": first_why(each.reasons),
            },
        )
        for each in posts
    )
