"""The words of plain language: those we explain, those we do not use and what to say instead (R6, R7, R9)."""

from collections.abc import Mapping

GLOSSARY: Mapping[str, str] = {
    "报名": "告诉我们，您想来上课。",
    "培训": "教您做事的课。",
    "残疾": "有些事，做起来比别人难。",
    "残疾人证": "残联发的卡，上面有您的号码。",
    "残联": "帮残疾人办事的地方。",
    "手语": "用手说话。",
    "手语翻译": "把老师的话，变成手语的人。",
    "速录": "老师一边说，有人一边打成字。",
    "盲文": "看不见的人，用手读的字。",
    "读屏": "手机把上面的字读给您听。",
    "助听器": "放在耳朵里，帮您听的东西。",
    "轮椅": "坐着走的椅子。",
    "无障碍": "大家都好走，都好用。",
    "视力": "眼睛看东西。",
    "听力": "耳朵听声音。",
    "言语": "说话。",
    "肢体": "手、脚和身体。",
    "智力": "学东西，想事情。",
    "精神": "心里的感觉和想法。",
    "多重": "有两种，或者更多。",
    "监护人": "您做不了的决定，可以帮您做的人。",
    "补贴": "国家发给您的钱。",
    "低保": "家里钱少，国家每个月给的钱。",
    "社保": "上班时交钱，老了有钱用。",
    "户口": "国家记下的，您家在哪里。",
    "证书": "学会了，发给您的一张纸。",
    "就业": "有工作。",
    "岗位": "单位要找人做的工作。",
    "招聘会": "很多单位来找人工作的会。",
    "面试": "单位的人和您见面，问您几句话。",
    "合同": "写清楚工作和钱的纸。",
    "回访": "课上完了，我们再来问问您。",
    "报到": "第一天来，告诉老师您到了。",
    "候补": "班满了，您先等着。",
    "名额": "这个班能收几个人。",
    "投诉": "告诉我们，哪里做得不好。",
    "短信": "手机上收到的字。",
    "语音": "说出来，给您听的话。",
    "陪": "和您在一起，帮您。",
    "按摩": "用手让身体舒服。",
}
"""At most 40 words, each with its easy-read explanation of at most 20 Chinese characters (R6)."""

INSTEAD: Mapping[str, str] = {
    "该": "这个",
    "其": "他的、它的",
    "予以": "给",
    "逾期": "过了 3 月 5 日",
    "上述": "上面说的",
    "及其": "和",
    "是否": "……吗",
    "须": "要",
    "若": "要是",
    "参训": "上课",
    "学员": "您",
    "培训对象": "您",
    "填写": "写",
    "提交": "发",
}
"""Words that never stand in a text for people, and what to say (R7)."""

WORDS_OF_THEIR_OWN = ("应该", "其他", "其它")
"""Everyday words that only look as if they held one of `INSTEAD`."""

CHILDISH = ("小朋友", "宝贝", "乖", "亲爱的", "哦", "呀", "喔", "哟", "咯", "啦")
"""Nobody who is spoken to here is a child (R9)."""

BLAMING = ("无效", "错误", "非法", "请")
"""Not in a text about an answer that was not understood (R19)."""

ASKING_WORDS = ("申请", "邀请")
"""Everyday words that hold a 请 that orders nobody."""

JARGON: Mapping[str, str] = {
    "applicant": "you",
    "applicants": "people who apply",
    "beneficiary": "you",
    "trainee": "you",
    "commence": "start",
    "terminate": "end",
    "submit": "send",
    "submission": "what you sent",
    "utilise": "use",
    "utilize": "use",
    "facilitate": "help",
    "assistance": "help",
    "accommodation": "help, or a place to sleep",
    "eligibility": "who can come",
    "eligible": "can come",
    "modality": "way",
    "prior": "before",
    "pursuant": "by",
    "aforementioned": "this",
    "regarding": "about",
    "notification": "message",
    "authenticate": "show who you are",
    "invalid": "say what would be right",
    "illegal": "say what would be right",
}
"""English office words, and what to say."""

TELLING = (
    "盲", "聋", "哑", "残疾", "智力", "精神", "自闭", "孤独症", "脑瘫", "轮椅", "肢体", "听力", "视力", "言语",
    "blind", "deaf", "disab", "autis", "wheelchair", "hearing", "eyesight", "mental", "learning difficult",
)  # fmt: skip
"""Words that name a disability, also inside the title of a course, in small letters: kept off a lock screen."""
