"""Made-up job fairs and positions for the preview, in every state that changes what is asked or said."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from dialogs.facts.fairs import AtFair, JobFair, Post, Promised, Suits
from dialogs.model import Json
from dialogs.parts.fair_words import ARRANGED_NOTED, AT_FAIR

WHYS = ("trained", "wished", "district", "city", "province", "home", "online", "looking", "support")
REASONS = tuple(Suits(why, "中原区") for why in WHYS)

POST = Post(
    "F01-01",
    "在线客服",
    "郑州禾禧电子商务有限公司",
    "F01",
    headcount=10,
    asks="会打字，每分钟40字以上",
    pay="3200-4500",
    hours="8:30-17:30，周末轮休",
    place="郑州市金水区",
    insurance=True,
    adjusted="文字沟通，工位可进轮椅",
    reasons=REASONS,
    fits=True,
)
AT_HOME = replace(POST, position_id="F01-02", title="插画助理", home=True, reasons=(REASONS[5],))
INTERN = replace(
    POST, position_id="P-03", title="家电维修学徒", fair_id="", internship=True, dormitory=True,
    open_until=date(2026, 12, 20), reasons=(), fits=False,
)  # fmt: skip
POSTS = (
    POST,
    AT_HOME,
    INTERN,
    *(
        replace(POST, position_id=f"F01-1{n}", title=f"库管员{sign}", reasons=(why,))
        for n, (sign, why) in enumerate(zip("甲乙丙丁戊", REASONS[1:6], strict=True))
    ),
    replace(POST, position_id="F01-06", title="档案扫描员", wanted=True),
)

FAIR = JobFair(
    "F01",
    "郑州市国际残疾人日专场招聘会",
    "郑州招聘会",
    "open",
    date(2026, 12, 3),
    date(2026, 12, 3),
    time(9),
    time(12),
    date(2026, 12, 1),
    town="郑州市",
    place="中原区林山寨街道建设路100号市人力资源市场一楼大厅",
    way="地铁5号线月季公园站D口，步行约400米；大厅无台阶，有无障碍卫生间",
    supports=("sign_interp", "cart", "guide", "wheelchair"),
    travel="凭残疾人证领取30元交通补助；轮椅学员可预约接送",
    bring=("身份证", "残疾人证"),
    on_site=("求职登记", "职业指导"),
    employers=26,
    jobs=158,
    phone="0371-00001601",
    posts=POSTS[:3],
    reasons=REASONS[2:3],
)
COMING = replace(
    FAIR,
    said="coming",
    number=108,
    needs=(Promised("sign_interp", "there"), Promised("shuttle"), Promised("companion")),
    words="要早一点进去",
    chosen=("F01-01",),
)
ANSWERED = replace(
    COMING,
    state="closed",
    needs=tuple(
        Promised(code, answer, note)
        for (code, answer), note in zip(
            zip(AT_FAIR, (*ARRANGED_NOTED, *ARRANGED_NOTED), strict=False),
            ("", "", "", *["老师会等您。"] * 3),
            strict=True,
        )
    ),
)
ONLINE = replace(
    FAIR,
    fair_id="F04",
    title="江西省残疾人线上招聘周（视频面试）",
    title_easy="江西网上招聘",
    ends=date(2026, 12, 9),
    online=True,
    place="线上视频面试间（报名后发送链接和面试时间）",
    way="",
    travel="",
    bring=(),
    on_site=(),
    employers=0,
    posts=(),
    supports=(),
    reasons=(),
    phone="",
)
GONE = replace(ONLINE, fair_id="", title="", title_easy="", state="")

LISTED = (
    FAIR,
    replace(COMING, fair_id="F02", title="湖南省就业援助月残疾人专场招聘会（长沙）", title_easy="长沙招聘会"),
    ONLINE,
)

FACTS: Mapping[str, tuple[object, ...]] = {
    "fairs": (
        LISTED,
        *((replace(FAIR, reasons=(why,)),) for why in REASONS),
        (),
    ),
    "fair": (
        FAIR,
        COMING,
        ANSWERED,
        ONLINE,
        *(replace(FAIR, state=state) for state in ("closed", "running", "over", "called_off")),
        replace(COMING, state="running"),
        replace(FAIR, state="over", posts=()),
        GONE,
    ),
    "posts": (POSTS, ()),
    "post": (
        POST,
        AT_HOME,
        INTERN,
        replace(INTERN, is_open=False),
        replace(POST, wanted=True),
        replace(POST, wanted=True, told_employer=True),
        Post("", "", ""),
    ),
    "at_fair": (
        (),
        (
            AtFair(
                5,
                "王小明",
                FAIR.title,
                FAIR.title_easy,
                datetime(2026, 11, 21, 9, tzinfo=ZoneInfo("Asia/Shanghai")),
            ),
        ),
    ),
}
"""Fact -> its states, the everyday one first."""

GIVEN: Mapping[str, tuple[Mapping[str, Json], ...]] = {
    "fair_soon_answered": ({"come": "yes"}, {"come": "no"}, {"come": "stop"}),
    "position_wanted": ({"number": "T2026-0012", "due": "2026-11-27"},),
    "arrived_fair": ({"number": 108, "name": "王小明"},),
}
"""What a flow is begun with by an outcome: flow -> states."""
