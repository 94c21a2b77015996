"""Who goes to the course: the name, the certificate, the age where the certificate does not tell it."""

from dialogs.facts.people import person
from dialogs.kinds import Certificate, Choice, Name, Note, Number
from dialogs.model import Option, Skip
from dialogs.parts.known import UNSAID, known
from dialogs.parts.standing import YOUNGEST, age, trainee, willing

IDENTITY = (
    Name(
        "name",
        "{% if person.role == 'self' %}您叫什么名字？{% else %}去上课的人，叫什么名字？{% endif %}写证件上的名字。",
        when=willing,
        private=True,
        most=30,
        brief="名字",
        known=lambda world: person(world).name or None,
    ),
    Choice(
        "cert_have",
        "有残疾人证吗？拿补贴要看证。没有，也可以报名。",
        (
            Option("yes", "有", also=("有证", "是")),
            Option("none", "没有", also=("没有证", "还没办")),
            Option("unsaid", "不想说", also=("不说", "跳过")),
        ),
        when=trainee,
        private=True,
        brief="残疾人证",
        known=lambda world: "yes" if person(world).certificate else person(world).profile.get("cert_have"),
    ),
    Certificate(
        "cert_no",
        "残疾人证上的号码是多少？有 20 位。",
        when=lambda a: a["cert_have"] == "yes",
        private=True,
        hint="后面要是还有字母 B 和数字，也写上。",
        skip=Skip(
            label="现在不在手边",
            value="later",
            also=("跳过", "以后再说", "没带", "没有", "不想说", "不说", "忘了", "不记得", "不知道"),
        ),
        brief="残疾人证号",
        known=lambda world: person(world).certificate or None,
    ),
    Number(
        "age",
        "{% if person.role == 'self' %}您今年多大？{% else %}去上课的人，今年多大？{% endif %}",
        when=lambda a: willing(a) and len(a.text("cert_no")) < 20,
        private=True,
        low=1,
        high=120,
        skip=UNSAID,
        brief="年龄",
        known=known("age"),
    ),
    Note(
        "too_young",
        "还不到 14 岁，要和爸爸妈妈商量。我们什么都不记，工作人员会帮您。",
        when=lambda a: willing(a) and age(a) < YOUNGEST,
        private=True,
    ),
)
