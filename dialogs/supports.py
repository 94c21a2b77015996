"""Support needs by function, in the words of somebody who needs them; the codes are the catalogue's."""

from collections.abc import Mapping

from dialogs.model import Option

AREAS = (
    Option("see", "看"),
    Option("hear", "听"),
    Option("speak", "说话"),
    Option("move", "走路、用手", also=("走路", "用手")),
    Option("learn", "学得慢、记不住", also=("学习", "学得慢", "记不住")),
    Option("mind", "心情、休息", also=("心情", "休息")),
    Option("life", "吃住、路上", also=("吃住", "路上", "生活")),
)

BY_AREA: Mapping[str, tuple[Option, ...]] = {
    "see": (
        Option("large_print", "大字的书"),
        Option("braille", "盲文的书", also=("盲文",)),
        Option("e_text", "手机能读出来的书", also=("电子书", "读屏")),
        Option("screen_reader_pc", "会读屏的电脑"),
        Option("guide", "有人接站、带路", also=("带路", "接站")),
        Option("guide_dog", "带导盲犬", also=("导盲犬", "狗")),
        Option("assistive_device", "借工具，比如放大镜", also=("辅具", "辅助器具", "借用辅助器具")),
        Option("touch_sign", "在手心里打手语", also=("触摸手语",)),
    ),
    "hear": (
        Option("sign_interp", "手语翻译", also=("手语",)),
        Option("cart", "把老师的话打成字", also=("速录", "字幕", "打字")),
        Option("hearing_aid", "助听设备，坐前排", also=("助听器", "前排")),
        Option("text_contact", "只发文字，不打电话", also=("不打电话", "文字")),
    ),
    "speak": (
        Option("write_answer", "打字或写字回答", also=("打字", "写字")),
        Option("speak_time", "多等一会儿，让我说完", also=("多等一会儿", "慢慢说")),
    ),
    "move": (
        Option("wheelchair", "轮椅能进出", also=("轮椅", "坡道", "电梯")),
        Option("a_toilet", "无障碍厕所", also=("厕所", "卫生间")),
        Option("adj_desk", "高低合适的桌子", also=("桌子",)),
        Option("toilet_help", "上厕所有人帮"),
    ),
    "learn": (
        Option("easy_read", "简单好懂的书"),
        Option("pace", "讲慢一点，多讲几次", also=("讲慢一点", "慢一点")),
        Option("job_coach", "有人陪着学", also=("辅导员",)),
        Option("job_adapt", "学怎么适应上班"),
        Option("soc_adapt", "学怎么和人相处"),
    ),
    "mind": (
        Option("quiet_room", "安静的房间", also=("安静",)),
        Option("rest_break", "累了可以休息", also=("休息",)),
        Option("small_group", "人少的班", also=("小班",)),
        Option("psy_adapt", "有人陪我聊聊", also=("聊聊",)),
        Option("med_remind", "提醒我吃药", also=("吃药",)),
    ),
    "life": (
        Option("shuttle", "有车接送", also=("接送", "车")),
        Option("lodging_access", "方便住的房间", also=("住宿",)),
        Option("care", "吃饭、穿衣有人帮", also=("生活照顾", "照顾")),
        Option("diet", "清真饭，或者有忌口", also=("清真", "忌口")),
    ),
    "exam": (
        Option("exam_extra_time", "考试时间长一点"),
        Option("exam_format", "考试用盲文、大字或手语"),
    ),
}
"""Function -> the support one may ask for. The lists are those of the published notices, ordered by use."""

LABELS: Mapping[str, Option] = {option.value: option for options in BY_AREA.values() for option in options}
