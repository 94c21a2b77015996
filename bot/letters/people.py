"""Letters about the person himself: who helps him, what somebody did for him, what he wished for."""

from collections.abc import Mapping
from datetime import datetime

from sqlmodel import Session

from bot.letters.letter import Letter, Payload, gone
from dialogs.talk import Begin
from storage.finding import get
from storage.tables import Relation, Wish, WishState


def _answered(session: Session, payload: Payload) -> str:
    wish = get(session, Wish, payload["wish"])
    return "" if wish is not None and wish.state is WishState.ANSWERED else "愿望已经没有了"


def _helps_on(session: Session, payload: Payload) -> str:
    relation = get(session, Relation, payload["relation"])
    stands = relation is not None and relation.revoked_at is None
    moved = relation is None or relation.ends_at != datetime.fromisoformat(payload["ends"])
    return "" if stands and not moved else "帮忙的时间已经改了"


LETTERS: Mapping[str, Letter] = {
    "wish_granted": Letter("您想学的课有了。找课就能看到。", _answered, "看一看", lambda _: Begin("browse")),
    "helper_ends": Letter(
        "{{ name }}您好。{% if helper %}{{ helper }}{% else %}有人{% endif %}帮您办事，到 {{ until | day }}为止。"
        "还要不要他帮，告诉我们。",
        _helps_on,
        "还让他帮吗",
        lambda payload: Begin("helpers", given={"which": str(payload["relation"])}),
    ),
    "helping_ends": Letter(
        "您帮{% if name %}{{ name }}{% else %}他{% endif %}办事，到 {{ until | day }}为止。"
        "{% if has_phone %}以后还帮不帮，他自己定。{% else %}还要帮，打开训桥，再选一次他。{% endif %}",
        _helps_on,
    ),
    "word_given": Letter(
        "{% if whose == 'parent' %}{{ name }}的家长同意了。{% else %}{{ name }}说想去上课。{% endif %}"
        "想看报名，打开训桥。",
        gone,
    ),
    "told": Letter(
        "{{ name }}您好。"
        "{% if act == 'withdrawn' %}有人说您不去上课了。"
        "{% elif act == 'phone' %}有人改了您的电话。"
        "{% elif act == 'corrected' %}有人改了您的信息。"
        "{% elif act == 'consent' %}有人改了您的同意。"
        "{% elif act == 'fair' %}有人帮您说了去不去招聘会。"
        "{% elif act == 'position' %}有人帮您说了想去哪个岗位。"
        "{% elif act == 'entered' %}工作人员按您说的，帮您报了名。"
        "{% else %}有人帮您改了报名。{% endif %}"
        "不是您要的，就告诉我们。",
        gone,
        "看一看",
        lambda _: Begin("mine"),
    ),
}
