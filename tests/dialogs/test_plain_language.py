import pytest

from dialogs.plain_language import (
    Reading,
    check,
    check_english,
    check_error,
    check_options,
    count_hz,
)
from dialogs.plain_words import GLOSSARY, INSTEAD


def rules(text: str, reading: Reading) -> set[str]:
    return {finding.rule for finding in check(text, reading)}


BROKEN: list[tuple[str, Reading, str]] = [
    ("R2", "plain", "如果您在上课的那一天早上忽然觉得不舒服不能来上课就打电话告诉老师"),
    ("R2", "easy", "您不来上课的那一天要给我们打一个电话。"),
    ("R3", "plain", "您好。我们有课。您想学吗？可以选一个。"),
    ("R3", "easy", "您好。我们有课。您想学吗？"),
    ("R3", "easy", "您想学做面包的话可以来我们这里。" * 3),
    ("R4", "plain", "要带笔、本子、水、饭。"),
    ("R4", "easy", "要带笔，要带本子，要带水。"),
    ("R4", "easy", "带上您的书（红色的）。"),
    ("R4", "easy", "您来上课；我们等您。"),
    ("R5", "plain", "经审核合格者予以公示。"),
    ("R5", "easy", "您要准备申请材料。"),
    ("R7", "plain", "该班已经满了。"),
    ("R7", "plain", "您可以告诉其家人。"),
    ("R7", "plain", "您是否想来？"),
    ("R7", "plain", "您必须来。"),
    ("R7", "plain", "若不来，就打电话。"),
    ("R7", "plain", "学员要早一点来。"),
    ("R7", "easy", "您要填写名字。"),
    ("R8", "plain", "您不得不来一次。"),
    ("R8", "plain", "除非下雨，不然都上课。"),
    ("R8", "plain", "没有不上课的日子。"),
    ("R8", "easy", "您被老师选上了。"),
    ("R9", "plain", "小朋友，来上课。"),
    ("R9", "plain", "快来哦。"),
    ("R9", "plain", "亲，您好。"),
    ("R9", "plain", "你想来吗？"),
    ("R9", "plain", "打开 APP 看一看。"),
    ("R10", "plain", "12/3 上课。"),
    ("R10", "plain", "2026-12-03 上课。"),
    ("R10", "plain", "09:00 上课。"),
    ("R10", "plain", "本周四上课。"),
    ("R10", "plain", "3 日内告诉我们。"),
    ("R10", "plain", "大约 30% 的人来了。"),
    ("R10", "plain", "每天 ￥30。"),
    ("R10", "easy", "课有 3-5 天。"),
    ("R10", "easy", "课有 3 到 5 天。"),
    ("R20", "plain", "您好😀，来上课😀。"),
    ("R20", "plain", "😀 您好。"),
    ("R20", "plain", "按红色按钮。"),
    ("T7", "plain", "**您好**，来上课。"),
    ("T7", "plain", "点<i>这里</i>。"),
    ("T7", "plain", "看[这里](https://example.org)。"),
]

FINE: list[tuple[str, Reading, str]] = [
    ("R2", "plain", "您不来上课的那一天要给我们打一个电话。"),
    ("R2", "easy", "不来，就打电话。"),
    ("R3", "plain", "您好。我们有课。您想学吗？"),
    ("R3", "easy", "我们有课。您想学吗？"),
    ("R4", "plain", "要带笔、本子、水。"),
    ("R4", "plain", "12 月 3 日，星期四，上午 9 点，在学校上课，要带笔。"),
    ("R4", "easy", "12 月 3 日，星期四，上午 9 点半上课。"),
    ("R4", "plain", "带上您的书（红色的）。"),
    ("R5", "plain", "您可以打电话报名。"),
    ("R5", "easy", "您想学手语吗？"),
    ("R7", "plain", "您应该早一点来。"),
    ("R7", "plain", "您还有其他问题吗？"),
    ("R8", "plain", "您是不是不想来？"),
    ("R8", "plain", "您能不能不迟到？"),
    ("R8", "plain", "您被老师选上了。"),
    ("R8", "easy", "带上您的被子。"),
    ("R9", "plain", "您的亲人可以一起来。"),
    ("R9", "plain", "你们几个人来？"),
    ("R9", "plain", "证后面有字母 B。"),
    ("R10", "plain", "12 月 3 日，星期四，上午 9 点上课。"),
    ("R10", "plain", "课有 3 到 5 天。"),
    ("R10", "easy", "打 028-00001101 这个电话。"),
    ("R10", "easy", "打 154-0000-0001 这个电话。"),
    ("R10", "plain", "每天 30 元。"),
    ("R10", "plain", "看这里：https://example.org/a/2026-12-03"),
    ("R20", "plain", "您好😀。"),
    ("R20", "plain", "按“好了”。"),
    ("T7", "plain", "点<b>这里</b>，{{ name }}。"),
]


@pytest.mark.parametrize(("rule", "reading", "text"), BROKEN)
def test_each_rule_finds_what_breaks_it(rule: str, reading: Reading, text: str) -> None:
    assert rule in rules(text, reading)


@pytest.mark.parametrize(("rule", "reading", "text"), FINE)
def test_each_rule_lets_good_sentences_pass(rule: str, reading: Reading, text: str) -> None:
    assert rule not in rules(text, reading)


def test_every_forbidden_word_is_found_in_both_readings() -> None:
    for word in INSTEAD:
        for reading in ("plain", "easy"):
            found = [f for f in check(f"您好，{word}。", reading) if f.rule == "R7"]
            assert any(f"“{word}”" in finding.why for finding in found), word


def test_a_finding_names_the_sentence_and_says_what_to_do() -> None:
    found = check("您好。该班满了。", "plain")
    assert [(finding.rule, finding.sentence, finding.why) for finding in found] == [
        ("R7", "该班满了。", "不说“该”，说“这个”。")
    ]


def test_hard_words_are_named_unless_they_are_explained_or_names() -> None:
    text = "您可以去眉山学按摩。"
    (finding,) = check(text, "easy", glossary=())
    assert finding.rule == "R5"
    assert "按摩" in finding.why
    assert check(text, "easy", names=["眉山"]) == []


def test_names_are_not_judged_by_words_and_formats() -> None:
    assert check("“AI 学员班 9:30”有位子。", "plain", names=["AI 学员班 9:30"]) == []


def test_the_options_count_towards_the_grade_of_what_is_read() -> None:
    text = "上面写的是哪一类？"
    assert [finding.rule for finding in check(text, "plain")] == ["R5"]
    assert check(text, "plain", options=["看东西", "听声音", "说话", "走路和用手"]) == []


def test_a_consent_text_may_have_one_sentence_more() -> None:
    text = "我们记下您的事。只有老师看。不记也可以。您同意吗？"
    assert [finding.rule for finding in check(text, "plain")] == ["R3"]
    assert check(text, "plain", consent=True) == []


def test_what_a_template_fills_in_is_not_judged() -> None:
    assert check("{{ name }}您好，{{ when | moment }}上课。", "easy") == []


def test_too_many_options_are_found_and_ways_out_do_not_count() -> None:
    four = ["1 很好", "2 好", "3 一般", "4 不好"]
    assert [finding.rule for finding in check_options(four, "easy")] == ["R11"]
    assert check_options([*four[1:], "4 我不知道", "返回", "找人帮忙"], "easy") == []
    assert check_options([*four, "5 很不好", "6 不想说"], "plain") == []
    assert [finding.rule for finding in check_options([*four, "5 差", "6 很差"], "plain")] == ["R11"]


def test_a_long_label_is_a_soft_finding() -> None:
    (finding,) = check_options(["我要一个能进轮椅的大教室和厕所"], "plain")
    assert (finding.rule, finding.soft) == ("T4", True)


@pytest.mark.parametrize(
    ("label", "rule"), [("😀 好", "R20"), ("★ 好", "R20"), ("填写名字", "R7"), ("好（一般）", "R4")]
)
def test_labels_follow_the_rules_for_words_and_pictures(label: str, rule: str) -> None:
    assert [finding.rule for finding in check_options([label], "easy")] == [rule]


@pytest.mark.parametrize(
    "text",
    [
        "号码无效。",
        "日期错误。",
        "请再写一次。",
        "这个数太大。写小一点。再写一次。",
    ],
)
def test_an_error_text_that_blames_or_orders_is_found(text: str) -> None:
    assert {finding.rule for finding in check_error(text)} == {"R19"}


def test_an_error_text_that_says_what_would_be_right_passes() -> None:
    assert check_error("这个数太大了。写 1 到 10 中的一个数。") == []
    assert check_error("没找到您的申请。") == []


def test_english_is_checked_for_length_and_office_words() -> None:
    long = "If you want to come to the course next week you can call us or write to us or just come by then."
    assert [finding.rule for finding in check_english(long)] == ["R2"]
    assert [finding.rule for finding in check_english("Submit your form.")] == ["R7"]
    assert [finding.rule for finding in check_english("Bring food, e.g. bread.")] == ["R9"]
    assert check_english("Do you want to come? You can write to {{ name }} at https://example.org/x.") == []


def test_every_glossary_word_has_a_short_easy_explanation() -> None:
    assert len(GLOSSARY) <= 40
    for word, explanation in GLOSSARY.items():
        assert count_hz(explanation) <= 20, word
        assert check(explanation, "easy") == [], word
        assert word not in explanation


SAMPLES: list[tuple[str, Reading, str, list[str]]] = [
    ("1", "plain", "您给谁报名？", ["给我自己", "给家里人", "我是工作人员"]),
    ("1", "easy", "谁去上课？", ["我自己去", "我家里的人去"]),
    (
        "2",
        "plain",
        "残疾人证上写的是哪一类？可以选几个。",
        ["视力", "听力", "言语", "肢体", "智力", "精神", "多重", "没有证，或者不想说"],
    ),
    ("2", "easy", "您看东西难不难？", ["不难", "有一点难", "很难", "看不见"]),
    (
        "3",
        "plain",
        "上课时，您怎么听老师讲课？",
        ["要手语翻译", "要把老师的话打成字", "两个都要", "都不要"],
    ),
    ("3", "easy", "老师说话，您听得见吗？", ["听得见", "听不见，我看手语", "听不见，我看字"]),
    ("4", "plain", "您想用哪种书？", ["一般的书", "大字的书", "盲文书", "手机能读出来的书"]),
    (
        "4",
        "easy",
        "书上的字，您看得见吗？",
        ["看得见", "字大一点，我看得见", "看不见，我用手读", "看不见，我用耳朵听"],
    ),
    (
        "5",
        "plain",
        "您来上课，要哪些方便？可以选几个。",
        ["我坐轮椅", "我不能走楼梯", "我要能进轮椅的厕所", "都不要"],
    ),
    ("5", "easy", "您能自己上楼吗？", ["能", "能，要慢一点", "不能"]),
    ("6", "plain", "上课的时候，要有人陪您吗？", ["要，家里人来陪", "要，请你们找人", "不要"]),
    ("6", "easy", "您一个人来上课，行吗？", ["行", "不行，家里人来陪我", "不行，请你们找人陪我"]),
    (
        "7",
        "plain",
        (
            "我们要记下您的残疾情况。这样才能给您找手语翻译、好走的教室。"
            "只有残联和培训班的老师能看。不同意，也可以打电话报名。"
        ),
        ["同意", "不同意", "我想先问问"],
    ),
    (
        "7",
        "easy",
        "我们想记下您要什么帮忙。只有残联和老师能看。不记，也可以打电话报名。",
        ["可以记", "不要记", "我想先问问"],
    ),
    ("8", "plain", "要去上课的人，他自己想去吗？", ["想去", "不想去", "我还没有告诉他"]),
    ("8", "easy", "有人帮您报了名，学做面包。您想去吗？", ["想去", "不想去", "我还没想好"]),
    ("9", "plain", "以后我们怎么告诉您消息？可以选几个。", ["发文字", "发语音", "打电话", "告诉我家里人"]),
    ("9", "easy", "有事的时候，我们怎么告诉您？", ["发字给您看", "发声音给您听", "打电话", "告诉您家里人"]),
    ("10", "plain", "这次培训，您满意吗？", ["满意", "一般", "不满意", "不想说"]),
    ("10", "easy", "这次上课，好不好？", ["好", "一般", "不好", "不想说"]),
]
# The sample of categories is shown on two pages of four; three easy samples have four choices where the rule
# allows three and a way out.
TOO_MANY_CHOICES = {("2", "plain"), ("2", "easy"), ("4", "easy"), ("9", "easy")}


@pytest.mark.parametrize(("number", "reading", "text", "labels"), SAMPLES)
def test_the_sample_questions_pass(number: str, reading: Reading, text: str, labels: list[str]) -> None:
    found = check(text, reading, options=labels, consent=number == "7") + check_options(labels, reading)
    expected = ["R11"] if (number, reading) in TOO_MANY_CHOICES else []
    assert [finding.rule for finding in found] == expected


@pytest.mark.parametrize(
    "text", ["填报主体：本人、监护人、受托人", "残疾类别及等级", "生活照料及陪同", "总体满意度评价"]
)
def test_the_official_wording_does_not_pass(text: str) -> None:
    assert check(text, "easy") != []
