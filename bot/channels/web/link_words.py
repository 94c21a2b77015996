"""What the pages of one-time links say."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from bot.applications.asked_elsewhere import Link, Phone
from dialogs.talk import Reading


@dataclass(frozen=True, slots=True)
class Words:
    """What the page of a link says: its heading, what pressing does, the buttons (value, label)."""

    heading: str
    lines: tuple[str, ...]
    buttons: tuple[tuple[str, str], ...]
    values: Mapping[str, object] = field(default_factory=dict)
    """What its placeholders stand for."""
    reading: Reading = "plain"


HERE = Words(
    "在这里接着说吗？",
    ("按一下，就在这里接着说。", "这里会看到报名和回答。不是自己的手机，就不要按。"),
    (("here", "在这里接着说"),),
)

BOTH = Words(
    "在这里接着说吗？",
    (
        "这里原来也说过话。都是您自己的，就合在一起。",
        "不合在一起，这里原来说的话，就看不到了。",
        "不是自己的手机，就不要按。",
    ),
    (("both", "合在一起，都留着"), ("here", "不合，只接着说那边的")),
)
"""On a device that has a conversation of its own."""

REPLACES = "这个手机上原来说的话，就看不到了。"
"""Said where a device would stop being somebody else's."""

ANEW = Words(
    "这个地址过了时间，或者用过了",
    ("一个地址，15 分钟里能开一次。", "按一下，新的地址就发到您的聊天里。"),
    (("anew", "再发一个"),),
)
"""Of a link to a private notice; on any device, for it opens nothing."""

SENT_ANEW = ("新的地址发了", ("去您的聊天里看。", "打开新的地址，就能看消息。"))

COPY = Words(
    "存一份自己的信息吗？",
    ("按一下，就存到这里。只能存一次。", "里面有名字和电话。不是自己的手机，就不要按。"),
    (("text", "存成能读的字"), ("json", "存成给电脑用的")),
)

ASSENT = Words(
    "您想去上课吗？",
    (
        "{{ name }}您好。有人帮您报了名。",
        "想不想去，您自己定。按一下，我们问您。",
        "以后有消息，就发到这个手机。",
        "您不是{{ name }}，就不要按。",
    ),
    (("self", "我是{{ name }}，问我吧"), ("beside", "我在他旁边，读给他听")),
    reading="easy",
)
"""On the phone of somebody for whom another one applied."""

PARENT = Words(
    "您同意孩子去上课吗？",
    (
        "{{ name }}想去上课。还没到 18 岁，家长也要同意。",
        "您是爸爸、妈妈或者监护人，就按一下。我们问您。",
        "以后有消息，就发到这个手机。",
        "您不是家长，就不要按。",
    ),
    (("parent", "我是家长，问我吧"),),
)
"""On the phone of a minor's parent."""

NOT_HIS_PHONE = Words(
    "这个地址给{{ name }}用",
    ("在他自己的手机上打开，才能用。", "这个手机是帮忙的人的，什么都没有变。", "他在旁边，也可以现在问他。"),
    (("here", "就在这个手机上问他"),),
)
"""On the phone of somebody who helps the person."""

NOT_PARENTS_PHONE = Words(
    "这个地址给{{ name }}的家长用",
    ("在家长自己的手机上打开，才能用。", "这个手机不是家长的，什么都没有变。", "家长在旁边，也可以现在问。"),
    (("here", "就在这个手机上问家长"),),
)
"""On the phone on which a minor applied, or somebody for them."""


INVITED = Words(
    "您想报名上课吗？",
    (
        "{{ name }}您好。有人把您的名字写在名单上。",
        "课是：{{ title }}。",
        "写在名单上不是报名。想不想去，您自己定。",
        "您不是{{ name }}，就不要按。",
    ),
    (("yes", "想去，我现在报名"), ("no", "不想去，把我的名字去掉")),
)
"""On the phone of somebody whose name was brought on a list."""

NOT_WANTED = ("好的，不报名。", ("您的名字从名单上去掉了。", "以后想学，随时可以自己报名。"))
"""After a no: heading and sentences."""


def words_for(link: Link, purpose: str) -> Words:
    """Say what a link that asks somebody does on the phone that opened it."""
    is_parents = purpose == "parent_link"
    if link.phone is Phone.HELPERS:
        words = NOT_PARENTS_PHONE if is_parents else NOT_HIS_PHONE
    else:
        words = PARENT if is_parents else ASSENT
        if link.phone is Phone.OTHERS and not is_parents:
            words = replace(words, lines=(*words.lines, REPLACES))
    return replace(words, values={"name": link.name})
