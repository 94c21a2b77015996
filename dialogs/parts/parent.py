"""A parent's word for somebody of 14 to 17: how to get it, and the question itself where they are here (F12)."""

from dialogs.kinds import Choice, Name, Note, Phone
from dialogs.model import Option, Skip
from dialogs.parts.known import LATER, UNSAID, known
from dialogs.parts.standing import parent_asked

PARENT = (
    Choice(
        "parent_how",
        "还没到 18 岁，家长也要同意。怎么问家长？",
        (
            Option("beside", "家长在旁边", also=("在旁边", "旁边")),
            Option("phone", "家长不在，留个电话", also=("不在", "留电话", "打电话")),
        ),
        when=parent_asked,
        private=True,
        hint="家长是爸爸、妈妈或者监护人。",
        skip=LATER,
        brief="怎么问家长",
    ),
    Name(
        "parent_name",
        "家长叫什么名字？",
        when=lambda a: a["parent_how"] in ("beside", "phone"),
        private=True,
        most=30,
        brief="家长的名字",
        skip=UNSAID,
        known=known("parent_name"),
    ),
    Phone(
        "parent_phone",
        "家长的电话是多少？",
        when=lambda a: a["parent_how"] == "phone",
        private=True,
        brief="家长的电话",
        skip=Skip(label="没有电话", value="none", also=("没有", "不想说", "跳过")),
        known=known("parent_phone"),
    ),
)

PARENTS_WORD = (
    Choice(
        "parent_agreed",
        "这一题给家长看。孩子去上这个课，您同意吗？",
        (
            Option("yes", "同意", also=("可以", "好", "行")),
            Option("no", "不同意", also=("不", "不可以", "不行")),
            Option("ask", "我想先问问", also=("问问", "先问问")),
        ),
        when=lambda a: a["parent_how"] == "beside",
        private=True,
        brief="家长同意吗",
    ),
    Note(
        "parent_refused",
        "好的，先不报名。工作人员会找你们，一起商量。",
        when=lambda a: a["parent_agreed"] == "no",
        private=True,
    ),
)
