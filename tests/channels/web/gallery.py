"""Hand-made screens of every form and state, as the page may have to draw them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, cast

from bot.channels.web.pages import News, Visit
from bot.heard import Heard
from dialogs.talk import Line, Reading, Screen, Shown

if TYPE_CHECKING:
    from dialogs.screen import Place


def options(*labels: str, first: int = 1, note: str = "", picked: tuple[int, ...] = ()) -> tuple[Shown, ...]:
    return tuple(
        Shown(f"v{number}", number, label, lambda: (), number in picked, note)
        for number, label in enumerate(labels, first)
    )


def ways(*pairs: tuple[str, str], first: int = 1) -> tuple[Shown, ...]:
    return tuple(
        Shown(value, number, label, lambda: ()) for number, (value, label) in enumerate(pairs, first)
    )


def screen(form: str, text: str, **more: object) -> Screen:
    return replace(Screen(7, "apply", "it", form, text, text, number=3, total=10), **more)  # type: ignore[arg-type]


KEEP = ("@keep", "就用这个")
UNSAID = ("unsaid", "不想说")
SUPPORTS = options("要手语翻译", "要把老师的话打成字", "两个都要", "都不要")
COURSE = (
    Line("", "什么时候", "12 月 7 日到 12 月 25 日。周一至周五白天，09:00—16:30"),
    Line("", "在哪里", "武侯区红牌楼街道望锦路86号2栋3楼"),
    Line("", "要多少钱", "不收钱。每天补贴大约 20 元，以审核为准。"),
    Line("", "问谁", "武侯区残疾人就业服务所 028-00001101，短信 15400009001"),
)
ANSWERS = (
    Line("name", "名字", "王小明"),
    Line("phone", "电话", "154 0000 0001"),
    Line("needs", "要哪些帮忙", "手语翻译、把老师的话打成字、坐前面，听得清"),
)

SCREENS: Mapping[str, Screen] = {
    "choice": screen(
        "choice", "上课时，您怎么听老师讲课？", options=SUPPORTS, total_options=4, hint="选一个就行。"
    ),
    "choice_picked": screen(
        "choice",
        "您想看哪种字？",
        options=options("一般的字", "大一点的字", "English", picked=(2,)),
        total_options=3,
    ),
    "choice_error": screen(
        "choice",
        "您看东西难不难？",
        options=options("不难", "有一点难", "很难", "看不见"),
        total_options=4,
        error="没听懂“蓝色的”。说前面的数字，或者说那几个字。",
        typed="蓝色的",
    ),
    "yesno": screen(
        "choice",
        "要去上课的人，是您自己吗？",
        options=options("是", "不是"),
        total_options=2,
        can_go_back=False,
        total=None,
    ),
    "consent": screen(
        "choice",
        "我们要记下您的残疾情况。这样才能给您找手语翻译、好走的教室。只有残联和培训班的老师能看。不同意，也可以打电话报名。",
        options=options("同意", "不同意", "我想先问问"),
        total_options=3,
        private=True,
    ),
    "card": screen(
        "choice",
        "学做网店客服。您想怎么办？",
        options=options("我要报名", "看有哪些帮忙"),
        total_options=2,
        lines=COURSE,
    ),
    "pick": screen(
        "pick",
        "找到 12 个课。离您近的在前面。您想看哪一个？",
        options=options(
            "学做网店客服",
            "学盲人按摩",
            "学种大棚菜",
            "学做面包",
            first=5,
            note="成都市武侯区，12 月 7 日，星期一开课",
        ),
        total_options=12,
        page=2,
        pages=3,
        total=None,
        hint="课是这样排的：近的在前面。",
    ),
    "note": screen(
        "note",
        "报名收到了。\n报名号是 2026-0031。\n12 月 3 日前，工作人员会找您。",
        options=options("知道了"),
        total_options=1,
    ),
    "review": screen(
        "review", "看一看，对不对？", options=options("对，发出去"), total_options=1, lines=ANSWERS
    ),
    "review_long": screen(
        "review",
        "看一看，对不对？",
        options=options("对，发出去"),
        total_options=1,
        lines=(*ANSWERS, *(Line(f"more_{n}", f"第 {n} 件事", "是") for n in range(1, 9))),
    ),
    "many": screen(
        "many",
        "您来上课，要哪些方便？可以选几个。",
        options=(
            *options("我坐轮椅", "我不能走楼梯", "我要能进轮椅的厕所", "有人带路", picked=(2,)),
            *ways(UNSAID, first=0),
        ),
        total_options=8,
        page=1,
        pages=2,
    ),
    "many_error": screen(
        "many",
        "以后我们怎么告诉您消息？可以选几个。",
        options=options("发文字", "发语音", "打电话", "告诉我家里人"),
        total_options=4,
        error="还没有选。选一个，或者几个。",
    ),
    "text": screen("text", "您叫什么名字？", hint="证上怎么写，就怎么写。", options=ways(UNSAID)),
    "text_known": screen("text", "您叫什么名字？", current="王小明", options=ways(KEEP, UNSAID)),
    "text_error": screen(
        "text", "您叫什么名字？", error="太长了，有 60 个字。最多写 40 个字。", typed="王小明" * 20
    ),
    "long": screen(
        "long",
        "您遇到了什么事？写几个字，也可以说一段话。",
        files=("voice",),
        options=ways(("later", "见面再说")),
    ),
    "phone": screen("phone", "您的电话是多少？", current="154 0000 0001", options=ways(KEEP)),
    "phone_error": screen(
        "phone", "您的电话是多少？", error="这个号码好像少了几个数字。手机号有 11 个数字。", typed="1540000"
    ),
    "number": screen("number", "您今年多少岁？"),
    "date": screen("date", "哪一天方便？"),
    "date_error": screen(
        "date", "哪一天方便？", error="日历上没有这一天。看一看月和日，再写一次。", typed="2026-2-31"
    ),
    "date_typed": screen(
        "date", "哪一天方便？", error="没看懂是哪一天。写成这样：1990 年 3 月 7 日。", typed="过年以后"
    ),
    "certificate": screen("certificate", "您的残疾人证号是多少？", options=ways(UNSAID), private=True),
    "file": screen(
        "file", "照一张残疾人证的照片。", files=("photo", "document"), options=ways(("later", "以后再发"))
    ),
    "voice": screen("file", "您想学什么？说一段话也行。", files=("voice",)),
    "location": screen("location", "您住在哪里？", hint="写县、街道或者村的名字。"),
    "asking_for": screen(
        "choice",
        "他想自己去吗？",
        options=options("想去", "不想去", "我还没有告诉他"),
        total_options=3,
        asking_for="王小明",
    ),
    "continue": replace(
        screen(
            "note",
            "用另一个手机打开下面的地址，就能接着来。15 分钟内有用，只能用一次。",
            options=options("知道了"),
            total_options=1,
        ),
        flow="continue_ready",
        lines=(Line("", "地址", "/go/" + "Ab_-" * 10),),
        link="/go/" + "Ab_-" * 10,
    ),
    "continue_chat": replace(
        screen(
            "note",
            "用另一个手机打开下面的地址，就能接着来。15 分钟内有用，只能用一次。",
            hint="两个地址，用一个就行。",
            options=options("知道了"),
            total_options=1,
        ),
        flow="continue_ready",
        lines=(
            Line("", "地址", "/go/" + "Ab_-" * 8),
            Line("", "或者用 Telegram 打开", "https://t.me/xunqiao_example_bot?start=" + "Ab_-" * 8),
        ),
        link="/go/" + "Ab_-" * 8,
        chat_link="https://t.me/xunqiao_example_bot?start=" + "Ab_-" * 8,
    ),
    "english": screen(
        "choice",
        "How do you follow the teacher in class?",
        options=(
            *options("I want a sign language interpreter", "I want subtitles"),
            *ways(("v3", "都不要"), first=3),
        ),
        total_options=3,
    ),
}

HISTORY = (
    Line("reading", "看哪种字", "一般的字"),
    Line("who", "给谁报名", "给我自己"),
    Line("course", "哪个课", "学做网店客服"),
)
SAID = ("您选了：给我自己", "记下了。")
NEWS = (
    News(
        12,
        "您报的课有变化。\n上课的时间改到 12 月 8 日，星期二，上午 9 点。",
        datetime(2026, 11, 21, 10, tzinfo=UTC),
        unread=True,
        letter=31,
        button="看一看",
    ),
    News(9, "您的报名收到了。", datetime(2026, 11, 20, 9, 30, tzinfo=UTC), unread=False),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class HandMade(Heard):
    """What is shown, with a history that nobody told."""

    lines: tuple[Line, ...]

    @property
    def history(self) -> tuple[Line, ...]:
        return self.lines


def heard(name: str) -> Heard:
    """A screen of the gallery with history, statements and the reading it belongs to."""
    reading: Reading = "en" if name == "english" else "plain"
    plain_start = name in ("yesno", "choice_picked")
    return HandMade(
        screen=SCREENS[name],
        said=() if plain_start else SAID,
        size="standard",
        reading=reading,
        here=cast("Place", None),  # only the history is asked of it
        lines=() if plain_start else HISTORY,
        contact_id=None if plain_start else 1,
    )


def visit(name: str, size: str = "standard") -> Visit:
    return Visit("t" * 32, "o" * 22, size, new=name == "yesno", news=() if name == "yesno" else NEWS)
