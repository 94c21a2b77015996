import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.spoken.choosing import pick_many, pick_one

NEED = [["需要", "要的", "要", "Yes, I need it"], ["不需要", "不要", "不用", "No"], ["不知道"], ["不想说"]]
WHO = [["给我自己"], ["给家里人，我帮他写"], ["我是工作人员"]]
SIGHT = [["看得见"], ["字大一点，我看得见"], ["看不见，我用手读"], ["看不见，我用耳朵听"]]
HAPPY = [["很满意", "5分"], ["满意"], ["一般"], ["不满意"], ["很不满意"]]
STAIRS = [["能"], ["能，要慢一点"], ["不能"]]
HELP = [["要手语翻译"], ["我坐轮椅，不能走楼梯"], ["大字的书"], ["发 文字"], ["都不要"]]
ALONE = frozenset({4})

ONE = [
    # the number
    (NEED, "1", 0),
    (NEED, "１", 0),
    (NEED, "①", 0),
    (NEED, "⑴", 0),
    (NEED, "1️⃣", 0),
    (NEED, "1.", 0),
    (NEED, "1、", 0),
    (NEED, "第1个", 0),
    (NEED, "第一个", 0),
    (NEED, "第一", 0),
    (NEED, "选1", 0),
    (NEED, "我选第一个", 0),
    (NEED, "选项一", 0),
    (NEED, "按1", 0),
    (NEED, "1号", 0),
    (NEED, "一", 0),
    (NEED, "就1吧", 0),
    (NEED, "option 1", 0),
    (NEED, "4", 3),
    # the number and the label
    (NEED, "1 需要", 0),
    (NEED, "1、需要", 0),
    (NEED, "一，需要", 0),
    (NEED, "需要 1", 0),
    (NEED, "需要，说一", 0),
    (NEED, "2不需要", 1),
    # the label, its first words, other words for it
    (NEED, "需要", 0),
    (NEED, "需 要！", 0),
    (NEED, "需", 0),
    (NEED, "要的", 0),
    (NEED, "yes", 0),
    (NEED, "YES I need it", 0),
    (NEED, "no", 1),
    (NEED, "不", 1),
    (NEED, "不知道啊", 2),
    (HAPPY, "满意", 1),
    (HAPPY, "满", 1),
    (HAPPY, "一般", 2),
    (HAPPY, "不满", 3),
    (HAPPY, "很不", 4),
    (HAPPY, "5分", 0),
    (STAIRS, "能", 0),
    (STAIRS, "能的", 0),
    (STAIRS, "能，要慢", 1),
    (STAIRS, "不能", 2),
    (WHO, "自己", 0),
    (WHO, "我自己", 0),
    (WHO, "家里人", 1),
    (WHO, "工作人员", 2),
    (SIGHT, "看得", 0),
    (SIGHT, "看不见，我用手", 2),
    # polite words around it
    (NEED, "我需要", 0),
    (NEED, "我要的", 0),
    (NEED, "嗯，需要的，谢谢您", 0),
    (NEED, "我选需要吧", 0),
    (NEED, "是需要", 0),
    (NEED, "我不要", 1),
    (NEED, "就不要吧", 1),
    (NEED, "不要了", 1),
    (NEED, "我选不需要", 1),
    (NEED, "不用，谢谢", 1),
]

UNCLEAR = [
    (NEED, ""),
    (NEED, "？"),
    (NEED, "0"),
    (NEED, "5"),
    (NEED, "12"),
    (NEED, "1个"),
    (NEED, "两"),
    (NEED, "壹"),
    (NEED, "1.5"),
    (NEED, "1 2"),
    (NEED, "2需要"),
    (NEED, "1 不要"),
    (NEED, "不要1"),
    (NEED, "不是1"),
    (NEED, "要不要"),
    (NEED, "我要不要"),
    (NEED, "需要不需要"),
    (NEED, "要不需要"),
    (NEED, "需要吗"),
    (NEED, "需要还是不需要"),
    (NEED, "没有"),
    (NEED, "是不是需要"),
    (WHO, "我"),
    (WHO, "我们"),
    (WHO, "他"),
    (SIGHT, "看"),
    (SIGHT, "看不见"),
    (HAPPY, "很"),
    (HAPPY, "5"),
    (NEED, "需要" * 400),
    ([], "1"),
    ([["去不了"], ["在家学"]], "去"),
    ([["两个都要"], ["都不要"]], "都"),
    ([["我想先问问"], ["同意"]], "我想想"),
    ([["同意"], ["同意"]], "同意"),
]


@pytest.mark.parametrize(("options", "said", "place"), ONE)
def test_one_option_is_understood_in_many_wordings(options: list[list[str]], said: str, place: int) -> None:
    assert pick_one(said, options) == place


@pytest.mark.parametrize(("options", "said"), UNCLEAR)
def test_what_could_mean_two_things_or_none_is_asked_again(options: list[list[str]], said: str) -> None:
    assert pick_one(said, options) is None


def test_a_number_that_is_also_another_options_amount_is_asked_again() -> None:
    children = [["0个"], ["1个"], ["2个"]]
    assert pick_one("1", children) is None
    assert pick_one("第1个", children) == 0
    assert pick_one("1个", children) == 1


def test_two_digit_numbers_choose_from_long_lists() -> None:
    many = [[f"班{letter}"] for letter in "甲乙丙丁戊己庚辛壬癸子丑"]
    assert pick_one("12", many) == 11
    assert pick_one("十二", many) == 11
    assert pick_one("第十个", many) == 9


LABELS = st.lists(
    st.text(alphabet="天地人山水火木金土日月书画字手耳目口车马牛羊", min_size=2, max_size=6),
    min_size=2,
    max_size=9,
    unique=True,
)


@given(LABELS, st.data())
def test_number_label_and_spaced_label_are_equal(labels: list[str], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(labels) - 1))
    number, label, options = place + 1, labels[place], [[label] for label in labels]
    ways = [
        str(number),
        "０１２３４５６７８９"[number],
        "零①②③④⑤⑥⑦⑧⑨"[number],
        "零一二三四五六七八九"[number],
        f"第{number}个",
        f"{number}、",
        f"{number} {label}",
        label,
        " ".join(label),
        f"“{label}”。",
    ]
    assert {pick_one(way, options) for way in ways} == {place}
    assert {pick_many(way, options) for way in ways} == {(place,)}


@given(st.text(), LABELS)
def test_no_text_breaks_choosing(said: str, labels: list[str]) -> None:
    options = [[label] for label in labels]
    one, many = pick_one(said, options), pick_many(said, options)
    assert one is None or 0 <= one < len(options)
    assert many is None or set(many) <= set(range(len(options)))


@given(
    st.sampled_from([label for option in NEED[:2] for label in option]), st.sampled_from(["不", "不是", "没"])
)
def test_a_no_in_front_never_gives_the_thing_itself(label: str, denial: str) -> None:
    positive = pick_one(label, NEED)
    assert pick_one(denial + label, NEED) != positive or positive == 1


MANY = [
    ("1 3", (0, 2)),
    ("1、3", (0, 2)),
    ("1，3", (0, 2)),
    ("1,3", (0, 2)),
    ("1.3", (0, 2)),
    ("3和1", (0, 2)),
    ("1号和3号", (0, 2)),
    ("①③", (0, 2)),
    ("13", (0, 2)),
    ("１３", (0, 2)),
    ("一三", (0, 2)),
    ("选13", (0, 2)),
    ("第一个第三个", (0, 2)),
    ("第一个和第三个", (0, 2)),
    ("1 要手语翻译 3 大字的书", (0, 2)),
    ("要手语翻译、大字的书", (0, 2)),
    ("手语翻译和大字", (0, 2)),
    ("手语翻译和大字都要", (0, 2)),
    ("1和3都要", (0, 2)),
    ("我要1和3吧", (0, 2)),
    ("1，还有3", (0, 2)),
    ("1 1 3", (0, 2)),
    ("我坐轮椅，不能走楼梯，大字的书", (1, 2)),
    ("我坐轮椅，不能走楼梯", (1,)),
    ("发文字", (3,)),
    ("3", (2,)),
    ("都要", (0, 1, 2, 3)),
    ("我全都要", (0, 1, 2, 3)),
    ("全部", (0, 1, 2, 3)),
    ("都不要", (4,)),
    ("5", (4,)),
    ("不要", (4,)),
    ("都没有", (4,)),
    ("不用了，谢谢", (4,)),
]


@pytest.mark.parametrize(("said", "places"), MANY)
def test_several_options_are_understood_in_many_wordings(said: str, places: tuple[int, ...]) -> None:
    assert pick_many(said, HELP, exclusive=ALONE) == places


@pytest.mark.parametrize(
    "said",
    [
        "",
        "1 9",
        "19",
        "11",
        "10",
        "1-3",
        "1 5",
        "1和都不要",
        "不要1",
        "不要 1",
        "除了1都要",
        "手语翻译和大字都不要",
        "1 和别的",
        "手语翻译不要",
        "1、" * 200,
    ],
)
def test_nothing_is_picked_when_a_part_is_unclear(said: str) -> None:
    assert pick_many(said, HELP, exclusive=ALONE) is None


def test_none_of_them_needs_an_option_that_says_so() -> None:
    assert pick_many("都不要", [["大字"], ["手语"]]) is None
    two_alone = [["大字"], ["手语"], ["都不要"], ["不想说"]]
    assert pick_many("都没有", two_alone, exclusive=frozenset({2, 3})) == (2,)


def test_digits_run_together_only_where_no_option_has_two() -> None:
    many = [[f"班{letter}"] for letter in "甲乙丙丁戊己庚辛壬癸子丑寅"]
    assert pick_many("13", many) == (12,)
    assert pick_many("31", many) is None
    assert pick_many("1 3", many) == (0, 2)


def test_saying_there_is_none_is_not_a_beginning_of_having_no_stairs() -> None:
    options = [["没有楼梯的教室"], ["大字的书"], ["都不要"]]
    assert pick_many("没有", options, exclusive=frozenset({2})) == (2,)
