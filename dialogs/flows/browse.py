"""Find a course: from one's situation, by place, kind, time, words or anything the catalogue tells."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import TypeAlias

from dialogs.facts.courses import LONGEST_WORDS, Page, catalogue, is_looked_for
from dialogs.facts.people import me, person
from dialogs.kinds import Choice, Many, Pick, Text
from dialogs.model import Answers, Flow, Json, Option, Skip
from dialogs.supports import LABELS
from dialogs.talk import Begin, World
from dialogs.words import Own

LIMIT = 60
"""How many courses a list holds at the most; more are found by narrowing it."""

ANY = Skip(label="都可以", value="any", also=("随便", "都行", "跳过", "不知道"))

SITUATIONS = (
    Option("unemployed", "没有工作", also=("没工作", "在家")),
    Option("employed", "在单位上班", also=("上班", "有工作")),
    Option("flexible", "打零工", also=("零工",)),
    Option("student", "在上学", also=("上学", "学生")),
    Option("startup", "想自己做生意", also=("自己干", "创业", "开店", "做生意")),
    Option("family", "我是家里人", also=("家属", "家里人")),
)

NEAR_WORDS = ("附近", "离家近", "近的", "离我近", "最近的", "near")

WAYS = (
    Option("words", "说想学什么", also=("想学什么", "搜索")),
    Option("near", "先看离家近的", also=NEAR_WORDS),
    Option("city", "按地方找", also=("地方",)),
    Option("category", "按学什么找", also=("种类", "按种类找")),
    Option("time", "按上课时间找", also=("时间", "什么时候")),
    Option("supports", "按能给的帮忙找", also=("帮忙", "支持")),
    Option("subsidised", "只看有补贴的", also=("补贴",)),
    Option("more", "别的办法", also=("更多",)),
)

TIMES = (
    Option("home", "在家学", also=("在家", "网上学", "线上")),
    Option("evening", "晚上", also=("晚间",)),
    Option("weekend", "星期六、星期日", also=("周末", "双休日")),
    Option("village", "送到村里、镇上", also=("村里", "镇上", "送到村")),
    Option("weekday_day", "平时白天", also=("白天", "工作日")),
)

FACETS = (
    Option("tags", "课的特点", also=("特点", "标签")),
    Option("level", "课有多难", also=("深浅", "层次", "难不难")),
    Option("subcategory", "具体学哪样", also=("小类",)),
    Option("industry", "哪一行", also=("行业",)),
    Option("audience", "给谁上的课", also=("对象",)),
    Option("venue_type", "在什么地方上", also=("场地",)),
    Option("delivery", "怎么上课", also=("方式",)),
    Option("programme", "品牌项目", also=("品牌",)),
)

TIME_FILTERS: Mapping[str, tuple[str, frozenset[str]]] = {
    "home": ("mode", frozenset({"online", "hybrid"})),
    "evening": ("time_slot", frozenset({"evening"})),
    "weekend": ("time_slot", frozenset({"weekend"})),
    "weekday_day": ("time_slot", frozenset({"weekday_day"})),
    "village": ("venue_type", frozenset({"village", "township"})),
}

FILTERS = ("words", "city", "category", "time", "supports", "facet", "facet_value")
"""Ways to narrow a search, each a question."""

WISH = "@wish"
NEAR = "@near"
"""Ways on below the courses: keep a wish, or say where one lives so that near ones come first."""

Place: TypeAlias = tuple[str, str, str]
"""Province, city and county, each "" where it is not known."""


def _facet(key: str, _: Answers, world: World) -> tuple[Option, ...]:
    """The values the catalogue has under a facet, each with how many courses it leads to."""
    shelf = catalogue(world)
    return tuple(
        Option(
            code,
            # Support has one name here and in the application (R7).
            LABELS[code].label if key == "supports" and code in LABELS else Own(*shelf.named(key, code)),
            note="有 {{ count }} 个课",
            values={"count": count},
        )
        for code, count in shelf.facets(key)
    )


def where(answers: Answers) -> Mapping[str, frozenset[str]]:
    """The filters that were chosen, as the catalogue takes them."""
    chosen: dict[str, frozenset[str]] = {}
    for key in ("city", "category"):
        if answers.text(key) not in {"", "any"}:
            chosen[key] = frozenset({answers.text(key)})
    if answers.text("time") in TIME_FILTERS:
        key, values = TIME_FILTERS[answers.text("time")]
        chosen[key] = values
    if answers.many("supports"):
        chosen["supports"] = frozenset(answers.many("supports"))
    if "subsidised" in answers.many("how"):
        chosen["subsidised"] = frozenset({"yes"})
    if answers.text("facet") and answers.text("facet_value") not in {"", "any"}:
        chosen[answers.text("facet")] = frozenset({answers.text("facet_value")})
    return chosen


def _words(answers: Answers) -> str:
    """What was said to look for; "" where anything will do."""
    said = answers.text("words")
    return "" if said == ANY.value else said


def _home(world: World) -> Place:
    """Where the person lives: by its parts where they are known, else by the address as it was said."""
    known = person(world).profile if me(world).current else {}
    parts = (str(known.get("province", "")), str(known.get("city", "")), str(known.get("district", "")))
    if parts[0]:
        return parts
    lives, hukou = (str(known.get(name) or "") for name in ("live_addr", "hukou"))
    return catalogue(world).home_in(hukou if lives in {"", "same"} else lives)


def _near_to(answers: Answers, world: World) -> tuple[Place, str]:
    """The place whose courses come first, and its name where it is not one's own: it was chosen or said just now."""
    shelf, own = catalogue(world), _home(world)
    if (lives := answers.text("lives")) not in {"", "unsaid"}:
        own = shelf.home_in(lives)
    for said in (answers.text("city"), answers.text("words")):
        chosen = tuple(part for part in shelf.home_in(said) if part)
        if chosen and own[: len(chosen)] != chosen:
            return shelf.home_in(said), chosen[-1]
    return own, ""


def _found(answers: Answers, world: World) -> Page:
    # Who asks for what is near wants that before what suits.
    situation = "" if "near" in answers.many("how") else answers.text("situation")
    home, called = _near_to(answers, world)
    return catalogue(world).find(
        words=_words(answers),
        where=where(answers),
        home=home,
        called=called,
        situation="" if situation == "unsaid" else situation,
        limit=LIMIT,
    )


def _may_ask(answers: Answers, world: World) -> bool:
    """Whether to offer to ask where somebody lives: once, where nothing tells it (R17)."""
    (province, *_), _ = _near_to(answers, world)
    return not province and not answers.text("lives") and _found(answers, world).total > 1


def _courses(answers: Answers, world: World) -> tuple[Option, ...]:
    courses = tuple(
        Option(
            card.project_id,
            Own(card.title, card.title_easy),
            note="{% if place %}{{ place }}{% else %}在手机或电脑上{% endif %}，{{ first | day }}开课",
            values={
                "place": card.intakes[0].city + card.intakes[0].district,
                "first": card.intakes[0].start_date,
            },
        )
        for card in _found(answers, world).cards
    )
    return (
        *courses,
        *((Option(NEAR, "先看离家近的", also=NEAR_WORDS),) if _may_ask(answers, world) else ()),
        Option(
            WISH,
            "没有想学的，记下我的愿望",
            also=("没有", "愿望", "记下我的愿望", "记下愿望", "记下来", "都不要"),
        ),
    )


def _count(answers: Answers, world: World) -> Mapping[str, object]:
    page = _found(answers, world)
    between = ", " if world.reading == "en" else "、"
    return {
        "total": page.total,
        "order": page.order_en if world.reading == "en" else page.order,
        "exact": page.exact,
        "instead": between.join(page.instead),
        "read_as": between.join(page.read_as),
        "may_ask": _may_ask(answers, world),
        "unplaced": answers.text("lives") not in {"", "unsaid"} and not _near_to(answers, world)[0][0],
    }


def situation_in(profile: Mapping[str, Json]) -> str | None:
    """The situation somebody told of, looking for a course or applying for one; None where they did not."""
    if profile.get("situation"):
        return str(profile["situation"])
    known = str(profile.get("employment_status"))
    same = {"self_employed": "startup", "new_entrant": "unemployed", "rural_farm": "unemployed"}
    return same.get(known, known if known in {option.value for option in SITUATIONS} else None)


def _known_situation(world: World) -> str | None:
    return situation_in(person(world).profile) if me(world).current else None


def _chosen(way: str) -> Callable[[Answers], bool]:
    return lambda a: way in a.many("how")


def _said_at_once(said: str, world: World) -> Mapping[str, Json] | None:
    """Words that say at once what to look for, where only the way to look was asked."""
    return {"how": ["words"], "words": said.strip()} if is_looked_for(said, world) else None


def _said_first(said: str, world: World) -> Mapping[str, Json] | None:
    found = _said_at_once(said, world)
    return {"situation": "unsaid", **found} if found else None


QUESTIONS = (
    Choice(
        "situation",
        "{% if me.ward and me.ward.role != 'self' %}他现在做什么？{% else %}您现在做什么？{% endif %}"
        "我先给您看合适的课。",
        SITUATIONS,
        skip=Skip(),
        brief="现在做什么",
        settled=_known_situation,
        understands=_said_first,
    ),
    Many(
        "how",
        "您想怎么找课？可以选几个。",
        WAYS,
        skip=Skip(label="看全部的课", value="all", also=("全部", "都看", "所有", "跳过")),
        brief="怎么找",
        forgets=FILTERS,
        understands=_said_at_once,
    ),
    Text(
        "lives",
        "{% if me.ward and me.ward.role != 'self' %}他住在哪里？{% else %}您住在哪里？{% endif %}写城市的名字也行。",
        when=lambda a: "near" in a.many("how") and a["home_known"] == "no",
        skip=Skip(),
        most=60,
        brief="住处",
    ),
    Text(
        "words",
        "想学什么？写几个字，比如“按摩”或者“成都”。",
        when=_chosen("words"),
        skip=ANY,
        most=LONGEST_WORDS,
        brief="想学什么",
    ),
    Choice("city", "在哪里上课？", partial(_facet, "city"), when=_chosen("city"), skip=ANY, brief="地方"),
    Choice(
        "category",
        "学哪一种？",
        partial(_facet, "category"),
        when=_chosen("category"),
        skip=ANY,
        brief="种类",
    ),
    Choice("time", "什么时候、怎么上课合适？", TIMES, when=_chosen("time"), skip=ANY, brief="时间"),
    Many(
        "supports",
        "上课要哪些帮忙？可以选几个。",
        partial(_facet, "supports"),
        when=_chosen("supports"),
        skip=ANY,
        brief="帮忙",
    ),
    Choice("facet", "想按什么找？", FACETS, when=_chosen("more"), brief="按什么找"),
    Choice(
        "facet_value",
        "选哪一个？",
        lambda a, world: _facet(a.text("facet"), a, world),
        when=_chosen("more"),
        skip=ANY,
        brief="选的是",
    ),
    Pick(
        "project",
        "{% if instead and exact %}“{{ instead }}”的课只有 {{ exact }} 个。加上差不多的，有 {{ total }} 个。您想看哪一个？"
        "{% elif instead %}没找到“{{ instead }}”。和它差不多的，有 {{ total }} 个课。您想看哪一个？"
        "{% elif read_as %}找的是“{{ read_as }}”。找到 {{ total }} 个课。您想看哪一个？"
        "{% elif total %}找到 {{ total }} 个课。您想看哪一个？"
        "{% else %}没有找到合适的课。可以返回，换个办法找。{% endif %}",
        _courses,
        hint="{% if unplaced %}没看出“{{ lives }}”在哪里。{% endif %}{% if total %}课是这样排的：{{ order }}{% endif %}"
        "{% if may_ask %}想先看离家近的，就说“近的”。{% endif %}",
        values=_count,
        brief="课",
    ),
)


def _fills(world: World) -> Mapping[str, Json]:
    return {"home_known": "yes" if _home(world)[0] else "no"}


def _then(answers: Answers, _: World) -> Begin | None:
    chosen = answers.text("project")
    if chosen == NEAR:
        return Begin("browse", given={"how": [*answers.many("how"), "near"]})
    if chosen != WISH:
        return Begin("card", (("project", chosen),))
    said = _words(answers)
    return Begin("wish", given={"wish": said} if said else {})


flow = Flow(
    "browse",
    *QUESTIONS,
    record="looking",
    then=_then,
    fills=_fills,
    stays=("project",),
    facts=("me", "person", "catalogue"),
    title="找课",
)
