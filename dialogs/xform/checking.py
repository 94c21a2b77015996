"""What a form may not have, what goes round in a circle, and what works but should be looked at."""

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from dialogs.xform.form import Code, Form, Node
from dialogs.xform.trouble import Remark, Trouble
from dialogs.xform.wordings import XF

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

MOST_QUESTIONS = 400
MOST_ITEMS = 2000
MOST_STEPS = 101
"""Numbers on one scale."""

LONGEST_CHAIN = 60
"""Values that hang on each other one after the other."""

MOST_SCANNED = 20_000
"""Lines of lists that are looked through on the way to one question."""

DEEPEST_REPEAT = 2
"""Repeats inside each other: 20 rows of 20 rows are more than anybody answers."""

LAST_SAVED = "__last-saved"
"""What pyxform calls the answers of the time before."""

ODK = "{http://www.opendatakit.org/xforms}"

_LOOKS = {
    "signature": "签名", "draw": "画图", "annotate": "在图上画", "image-map": "点图", "bearing": "方向",
    "query": "select_one_external",
}  # fmt: skip
"""Appearances that a chat cannot have -> what they are."""

_KNOWN_LOOKS = frozenset({
    "likert", "rating", "quick", "quickcompact", "minimal", "autocomplete", "label", "list-nolabel",
    "table-list", "numbers", "thousands-sep", "multiline", "field-list", "no-calendar", "month-year",
    "year", "columns", "columns-pack", "columns-flex", "columns-1", "columns-2", "columns-3",
    "columns-4", "columns-5", "no-buttons", "compact", "new", "new-front", "picker", "vertical",
    "hidden-from-chat", "xq-private", "pages", "w1", "w2", "w3", "w4", "w5", "w6", "w7", "w8", "w9",
    "w10", "list", "maps", "placement-map",
})  # fmt: skip

_STARTS = {"search(": "search()", "ex:": "别的手机软件", "printer:": "打印", "search (": "search()"}


def refused_elements(model: "Element", body: "Element") -> list[Trouble]:
    """Give everything in the XML that no chat can do, question by question."""
    found: list[Trouble] = []
    found += [
        Trouble(
            _user(number, body), "type", f"要用另一个文件（{number}），还不能用。", "把选项写在 choices 里。"
        )
        for each in model.findall(f"{XF}instance")
        if each.get("src") and (number := each.get("id", "")) != LAST_SAVED
    ]
    found += [
        Trouble(
            _name(each.get("ref", "")),
            "default",
            "不能用上一次的回答（last-saved）。",
            "写一个固定的值，或者空着。",
        )
        for each in (*model.iter(f"{XF}setvalue"), *body.iter(f"{XF}setvalue"))
        if LAST_SAVED in each.get("value", "")
    ]
    for tag, what, name in (
        (f"{ODK}recordaudio", "在后台录音", "background-audio"),
        (f"{ODK}setgeopoint", "在后台记位置", "start-geopoint"),
    ):
        found += [
            Trouble(_name(each.get("ref", "")), "type", f"不能{what}（{name}）。", "去掉这一行。")
            for each in (*model.iter(tag), *body.iter(tag))
        ]
    for element in model.iter():
        tag = element.tag.rpartition("}")[2]
        if tag == "entity":
            found.append(Trouble("", "", "不能用 entities。", "去掉这张表。", "entities"))
        if tag == "submission" and element.get("base64RsaPublicKey"):
            found.append(
                Trouble(
                    "", "public_key", "不能加密。这里的回答都已经加密存着。", "去掉 public_key。", "settings"
                )
            )
        if tag == "bind" and any(key.endswith("location-priority") for key in element.attrib):
            found.append(Trouble("audit", "parameters", "不能记位置。", "去掉 location 这些参数。"))
    found += [
        Trouble(_name(each.get("ref", "")), "trigger", "还不能用 trigger。", "用 relevant 或 calculation。")
        for each in (*model.iter(f"{XF}setvalue"), *body.iter(f"{XF}setvalue"))
        if each.get("event") != "odk-instance-first-load"
    ]
    for element in body.iter():
        found += _of_look(element)
    return found


def _of_look(element: "Element") -> Iterator[Trouble]:
    name = _name(element.get("ref", ""))
    look = element.get("appearance", "")
    for start, what in _STARTS.items():
        if look.startswith(start):
            yield Trouble(name, "appearance", f"不能用{what}。", "去掉 appearance 里的这个词。")
    for word in look.split():
        if word in _LOOKS:
            yield Trouble(name, "appearance", f"不能用{_LOOKS[word]}（{word}）。", "换一种问法。")
    if element.get("intent"):
        yield Trouble(name, "intent", "不能打开别的手机软件。", "去掉这一格。")


def _name(path: str) -> str:
    return path.rpartition("/")[2]


def _user(number: str, body: "Element") -> str:
    """Give the question that takes its choices from a file; the file's own name where none does."""
    for element in body.iter():
        itemset = element.find(f"{XF}itemset")
        if itemset is not None and f"instance('{number}')" in itemset.get("nodeset", ""):
            return _name(element.get("ref", ""))
    return number


def check_form(form: Form, troubles: list[Trouble]) -> tuple[Remark, ...]:
    """Add everything that is wrong with a form as a whole; give what should be looked at."""
    asked = form.asked
    if not asked:
        troubles.append(Trouble("", "", "这张表里没有题。", "至少写一个题。"))
    if len(asked) > MOST_QUESTIONS:
        troubles.append(Trouble("", "", f"有 {len(asked)} 个题。", f"最多 {MOST_QUESTIONS} 个。分成几张表。"))
    if (many := sum(map(len, form.lists.values()))) > MOST_ITEMS:
        troubles.append(Trouble("", "", f"有 {many} 个选项。", f"最多 {MOST_ITEMS} 个。", "choices"))
    scans = sum(code.scans for node in form.root.every() for code in _codes(node))
    if scans > MOST_SCANNED:
        troubles.append(
            Trouble("", "calculation", f"查选项表要看 {scans} 行。", f"最多 {MOST_SCANNED} 行。少查几次。")
        )
    deep = next((node for node in form.root.every() if len(node.repeats) > DEEPEST_REPEAT), None)
    if deep is not None:
        troubles.append(Trouble(deep.name, "type", "重复里套得太深了。", f"最多 {DEEPEST_REPEAT} 层。"))
    _settle(form, troubles)
    troubles += [
        Trouble(node.name, "calculation", "用到了后面重复的题。", "把这一行放到那一组后面。")
        for node in form.root.every()
        if node.calculate is not None and any(_is_repeated_after(node, each) for each in node.calculate.needs)
    ]
    for node in asked:
        troubles.extend(_of_question(node))
    return tuple(remark for node in asked for remark in _remarks(node))


def _is_repeated_after(node: Node, need: Node) -> bool:
    return any(each not in node.repeats and each.order > node.order for each in need.repeats)


def _codes(node: Node) -> Iterator[Code]:
    """Give the expressions of a field that are worked out on the way to every question."""
    for code in (node.relevant, node.calculate, node.default, node.times, node.required):
        if code is not None:
            yield code


def _of_question(node: Node) -> Iterator[Trouble]:
    control = node.control
    if control is None:
        return
    if not control.label:
        yield Trouble(node.name, "label", "没有写问题。", "在 label 里写一句话。")
    if control.kind in ("one", "many") and not control.items:
        yield Trouble(node.name, "type", "没有选项。", "在 choices 里写至少一个。")
    if control.kind == "scale":
        steps = (control.high - control.low) / control.step if control.step > 0 else math.inf
        if not 0 < steps < MOST_STEPS:
            yield Trouble(
                node.name, "parameters", "start、end、step 不对。", "写成这样：start=1 end=5 step=1。"
            )


def _remarks(node: Node) -> Iterator[Remark]:
    control = node.control
    if control is None:
        return
    if node.constraint is not None and not control.wrong:
        yield Remark(node.name, "constraint_message", "没有写答错时说什么。别人不知道怎么改。")
    for look in sorted(control.looks - _KNOWN_LOOKS):
        yield Remark(node.name, "appearance", f"“{look}”在这里没有作用。")
    for column, code in (
        ("relevant", node.relevant),
        ("calculation", node.calculate),
        ("choice_filter", control.keeps),
    ):
        if code and any(each.control is not None and each.order > node.order for each in code.needs):
            yield Remark(node.name, column, "用到了后面的题。问到这里时，后面的还没有答。")


def _settle(form: Form, troubles: list[Trouble]) -> None:
    """Find out when every value is known, and refuse values that wait for each other."""
    known: dict[Node, int] = {}
    chain: dict[Node, int] = {}
    for node in form.root.every():
        circle = _visit(node, known, chain)
        if circle:
            names = "、".join(dict.fromkeys(each.name for each in circle))
            first = min(circle, key=lambda each: each.order)
            column = "calculation" if first.calculate else "repeat_count" if first.times else "relevant"
            troubles.append(
                Trouble(first.name, column, f"这几个互相等：{names}。", "去掉其中一个对另一个的引用。")
            )
            return
        if chain[node] > LONGEST_CHAIN:
            troubles.append(
                Trouble(
                    node.name, "calculation", "一个等一个，排得太长了。", f"最多连着 {LONGEST_CHAIN} 个。"
                )
            )
            return
        if (
            node.is_repeat
            and node.times is not None
            and any(each.order > node.order for each in _leaves(node.times))
        ):
            troubles.append(
                Trouble(node.name, "repeat_count", "要等后面的题才知道几次。", "把那个题放到前面。")
            )
    for node in form.root.every():
        node.settled = known[node]
        above = node.parent
        node.is_always = node.relevant is None and (above is None or above.is_always)
        needs = node.relevant.needs if node.relevant else ()
        node.shown = max((known[each] for each in needs), default=-1)
        if above is not None:
            node.shown = max(node.shown, above.shown)


def _leaves(code: Code) -> Iterator[Node]:
    """Questions an expression hangs on, through calculates."""
    for need in code.needs:
        if need.calculate is not None and need.control is None:
            yield from _leaves(need.calculate)
        elif need.control is not None:
            yield need


def _hangs_on(node: Node) -> Iterator[Node]:
    if node.parent is not None:
        yield node.parent
    for code in (node.relevant, node.calculate, node.times):
        if code is not None:
            yield from code.needs


def _visit(start: Node, known: dict[Node, int], chain: dict[Node, int]) -> list[Node]:
    """Settle a field and all it hangs on, without calling itself: a chain may be as long as the form.

    Gives the fields of a circle, or nothing.
    """
    way = [] if start in known else [start]
    stack = [(node, _hangs_on(node)) for node in way]
    on_way = set(way)
    while stack:
        node, rest = stack[-1]
        following = next((each for each in rest if each not in known), None)
        if following is not None:
            if following in on_way:
                return way[way.index(following) :]
            stack.append((following, _hangs_on(following)))
            way.append(following)
            on_way.add(following)
            continue
        own = node.repeats[0].last if node.repeats else node.order if node.control is not None else -1
        known[node] = max(own, *(known[each] for each in _hangs_on(node)), -1)
        # An answer is there without working anything out: a chain begins anew behind a question.
        links = () if node.control is not None else tuple(chain[each] for each in _hangs_on(node))
        chain[node] = 1 + max(links, default=0)
        stack.pop()
        way.pop()
        on_way.discard(node)
    return []
