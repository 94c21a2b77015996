"""Reads the XML that pyxform makes of a sheet into a form, or says everything that keeps it from being one."""

from collections.abc import Mapping
from functools import partial
from xml.etree import ElementTree as ET

from dialogs.xform.checking import LAST_SAVED, check_form, refused_elements
from dialogs.xform.expression import Around, compile_code
from dialogs.xform.form import Code, Control, Form, Item, Node, Scope
from dialogs.xform.trouble import BadExpression, Remark, SheetRefused, Trouble
from dialogs.xform.values import Value
from dialogs.xform.wordings import XF, Library

JR = "{http://openrosa.org/javarosa}"
H = "{http://www.w3.org/1999/xhtml}"

MOST_BYTES = 4_000_000
"""The largest XML we read: 400 questions with their lists are a tenth of it."""

KINDS: Mapping[str, str] = {
    "string": "text", "int": "whole", "decimal": "decimal", "date": "date", "time": "time", "geopoint": "place",
}  # fmt: skip
"""Type of a field that is written into -> the kind of question."""

COLUMNS: Mapping[str, str] = {
    "relevant": "relevant", "calculate": "calculation", "constraint": "constraint", "required": "required",
}  # fmt: skip
"""Attribute of a field -> the column of the sheet it came from."""


def read_form(xml: str) -> tuple[Form, tuple[Remark, ...]]:
    """Read a form and what there is to mind about it.

    Raises:
        SheetRefused: with everything that keeps it from being asked.

    """
    if len(xml) > MOST_BYTES:
        raise SheetRefused([Trouble("", "", "这张表太大了。", "分成几张表。")])
    if "<!DOCTYPE" in xml or "<!ENTITY" in xml:
        raise SheetRefused([Trouble("", "", "这个文件里有不能读的东西。", "用 pyxform 重新做一份。")])
    try:
        tree = ET.fromstring(xml)  # noqa: S314 - no document type, so nothing expands
    except ET.ParseError:
        raise SheetRefused([Trouble("", "", "这个文件不完整。", "重新导入表格。")]) from None
    reader = _Reader(tree)
    try:
        form = reader.form()
    except RecursionError:
        raise SheetRefused([Trouble("", "", "组套得太深了。", "少套几层。")]) from None
    remarks = check_form(form, reader.troubles)
    if reader.troubles:
        raise SheetRefused(reader.troubles)
    return form, remarks


def _yes(_: Scope) -> Value:
    return True


def _no(_: Scope) -> Value:
    return False


class _Reader:
    """Reads one form; what is wrong is collected, so that it is said all at once."""

    def __init__(self, tree: ET.Element) -> None:
        model, body = tree.find(f"{H}head/{XF}model"), tree.find(f"{H}body")
        main = None if model is None else model.find(f"{XF}instance/*")
        if model is None or body is None or main is None:
            raise SheetRefused([Trouble("", "", "这不是一张完整的表。", "重新导入表格。")])
        self._model, self._body, self._main = model, body, main
        self._title = tree.findtext(f"{H}head/{H}title") or ""
        self.troubles: list[Trouble] = refused_elements(model, body)
        self._library = Library(model)
        self._nodes: list[Node] = []
        self._lists: dict[str, tuple[Item, ...]] = {}

    def form(self) -> Form:
        repeats = {each.get("nodeset", "") for each in self._body.iter(f"{XF}repeat")}
        root = self._node(self._main, None, repeats)
        self._lists = {
            name: tuple(self._items(instance))
            for instance in self._model.findall(f"{XF}instance")
            if (name := instance.get("id", ""))
        }
        by_path = {node.path: node for node in self._nodes}
        self._name(root)
        binds = [
            (by_path[path], bind)
            for bind in self._model.findall(f"{XF}bind")
            if (path := bind.get("nodeset", "")) in by_path
        ]
        for node, bind in binds:
            node.type = bind.get("type", "string")
        self._controls(self._body, by_path)
        for node, bind in binds:
            self._bind(node, bind)
        for value in self._model.findall(f"{XF}setvalue"):
            if LAST_SAVED in value.get("value", ""):
                continue  # refused already
            if (starting := by_path.get(value.get("ref", ""))) is not None:
                starting.default = self._code(starting, "default", value.get("value", "''"))
        return Form(
            self._main.get("id", ""), self._main.get("version", ""), self._title.strip(), root, self._lists
        )

    # ---- fields

    def _node(self, element: ET.Element, parent: Node | None, repeats: set[str]) -> Node:
        name = element.tag.rpartition("}")[2]
        node = Node(name, parent, len(self._nodes), start=(element.text or "").strip())
        node.is_repeat = node.path in repeats
        above = parent.repeats if parent else ()
        node.repeats = (*above, node) if node.is_repeat else above
        self._nodes.append(node)
        for child in element:
            tag = child.tag.rpartition("}")[2]
            if tag != "meta" and tag not in node.children:  # the second of a repeat is its first row
                node.children[tag] = self._node(child, node, repeats)
        node.last = len(self._nodes) - 1
        return node

    def _name(self, root: Node) -> None:
        """Give every field the name its answer is kept under: its own where that is the only one, else its path."""
        names = [node.name for node in self._nodes]
        for node in self._nodes:
            if names.count(node.name) == 1 or node is root:
                node.key = node.name
            else:
                node.key = node.path.removeprefix(f"{root.path}/")

    def _bind(self, node: Node, bind: ET.Element) -> None:
        for attribute, column in COLUMNS.items():
            if (text := bind.get(attribute)) and text not in ("true()", "false()"):
                setattr(node, attribute, self._code(node, column, text))
            elif text == "true()" or (text == "false()" and attribute == "relevant"):
                setattr(node, attribute, Code(text, _yes if text == "true()" else _no, ()))

    # ---- questions

    def _controls(self, element: ET.Element, by_path: Mapping[str, Node]) -> None:
        for child in element:
            tag = child.tag.rpartition("}")[2]
            node = by_path.get(child.get("ref", ""))
            if tag == "repeat":
                self._repeat(child, by_path)
            if tag in ("group", "repeat"):
                if node is not None and (label := child.find(f"{XF}label")) is not None:
                    node.title = self._library.wording(label, partial(self._code, node, "label"))
                self._controls(child, by_path)
            elif node is not None:
                control = self._control(tag, child, node)
                if control is not None:
                    node.control = control

    def _repeat(self, element: ET.Element, by_path: Mapping[str, Node]) -> None:
        node, count = by_path.get(element.get("nodeset", "")), element.get(f"{JR}count")
        if node is None:
            return
        if count is None:
            self.troubles.append(
                Trouble(
                    node.name, "repeat_count", "没有说要重复几次。", "在 repeat_count 里写一个数，比如 3。"
                )
            )
            return
        node.times = self._code(node, "repeat_count", count)

    def _control(self, tag: str, element: ET.Element, node: Node) -> Control | None:
        kind = self._kind(tag, element, node)
        if kind is None:
            self.troubles.append(
                Trouble(node.name, "type", "还不会问这一种题。", "换成 text、select_one 这些。")
            )
            return None
        label = element.find(f"{XF}label")
        hint = element.find(f"{XF}hint")
        bind = self._bind_of(node)
        code = partial(self._code, node, "label")
        items, keeps = self._offered(element, node)
        return Control(
            kind=kind,
            label=self._library.wording(label, code),
            hint=self._library.wording(hint, partial(self._code, node, "hint")),
            guidance=self._library.wording(hint, partial(self._code, node, "guidance_hint"), "guidance"),
            wrong=self._library.named(
                bind.get(f"{JR}constraintMsg", ""), partial(self._code, node, "constraint_message")
            ),
            missing=self._library.named(
                bind.get(f"{JR}requiredMsg", ""), partial(self._code, node, "required_message")
            ),
            items=items,
            keeps=keeps,
            low=float(element.get("start", "0")),
            high=float(element.get("end", "0")),
            step=float(element.get("step", "1")),
            looks=frozenset(element.get("appearance", "").split()),
        )

    def _bind_of(self, node: Node) -> ET.Element:
        found = self._model.find(f"{XF}bind[@nodeset='{node.path}']")
        return ET.Element("bind") if found is None else found

    def _kind(self, tag: str, element: ET.Element, node: Node) -> str | None:
        media = element.get("mediatype", "")
        match tag:
            case "select1":
                return "one"
            case "select":
                return "many"
            case "range":
                return "scale"
            case "trigger":
                return "agree"
            case "upload":
                return {"image/*": "photo", "audio/*": "sound"}.get(media)
            case "input" if self._bind_of(node).get("readonly") == "true()":
                return "note"
            case "input":
                return KINDS.get(node.type)
        return None

    def _offered(self, element: ET.Element, node: Node) -> tuple[tuple[Item, ...], Code | None]:
        """The list a question offers, and which lines of it."""
        itemset = element.find(f"{XF}itemset")
        if itemset is None:
            inline = [self._inline(item, node) for item in element.findall(f"{XF}item")]
            return tuple(inline), None
        name, _, rest = itemset.get("nodeset", "").removeprefix("instance('").partition("')")
        if name not in self._lists:
            self.troubles.append(
                Trouble(node.name, "type", "选项的来源还不能用。", "把选项写在 choices 里。")
            )
            return (), None
        test = rest.partition("[")[2].rpartition("]")[0]
        keeps = self._code(node, "choice_filter", test, in_list=True) if test else None
        return self._lists[name], keeps

    def _inline(self, item: ET.Element, node: Node) -> Item:
        value = (item.findtext(f"{XF}value") or "").strip()
        label = self._library.wording(item.find(f"{XF}label"), partial(self._code, node, "label"))
        return Item(value, label, {"name": value})

    def _items(self, instance: ET.Element) -> list[Item]:
        found: list[Item] = []
        for item in instance.iter(f"{XF}item"):
            columns = {each.tag.rpartition("}")[2]: (each.text or "").strip() for each in item}
            key, text = columns.get("itextId", ""), columns.get("label", "")
            label = self._library.of(key, self._no_code) if key else self._library.named(text, self._no_code)
            found.append(Item(columns.get("name", ""), label, columns))
        return found

    # ---- expressions

    def _code(self, node: Node, column: str, text: str, *, in_list: bool = False) -> Code:
        try:
            # A constraint that cannot be worked out refuses nobody.
            otherwise = column == "constraint" or ""
            itself = column not in ("calculation", "relevant", "repeat_count")
            around = Around(self._nodes[0], node, self._lists, in_list, itself)
            return compile_code(text, around, otherwise)
        except BadExpression as problem:
            self.troubles.append(Trouble(node.name, column, problem.wrong, problem.right))
            return Code(text, lambda _: "", ())

    def _no_code(self, text: str) -> Code:
        self.troubles.append(Trouble("", "label", "选项里不能有 ${ }。", "把它写到题里。", "choices"))
        return Code(text, lambda _: "", ())
