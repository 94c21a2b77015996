"""What is wrong in the cells of a form's workbook as they stand, all of it at once: pyxform stops at the first thing it finds."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from storage.catalogue.grid import Sheet
from storage.catalogue.report import Problem

NAME = re.compile(r"[^\W\d][\w.-]*")
"""What a question may be called: what XML lets stand as a name."""

REFERS = re.compile(r"\$\{\s*(?:last-saved#)?([^}]*?)\s*\}")

SELECTS = ("select_one", "select_multiple", "select one", "select multiple", "select1", "rank")
"""Types that name a list of choices after them."""

BEGINS = re.compile(r"(begin|end)[_ ](group|repeat)\b")

REFUSED: Mapping[str, str] = {
    "audit": "不能记别人怎么答的（audit）",
    "background-geopoint": "不能在后台记位置（background-geopoint）",
    "start-geopoint": "不能在后台记位置（start-geopoint）",
    "background-audio": "不能在后台录音（background-audio）",
    "select_one_external": "不能用 select_one_external 和 external_choices",
    "begin_kobomatrix": "不能用 KoboToolbox 自己的题（kobomatrix）",
    "end_kobomatrix": "不能用 KoboToolbox 自己的题（kobomatrix）",
    "begin_score": "不能用 KoboToolbox 自己的题（score）",
    "begin_rank": "不能用 KoboToolbox 自己的题（rank）",
    "begin_loop": "不能用 loop",
    "q": "不能用老的写法（q …）",
    "osm": "不能用地图上的东西（osm）",
}
"""First word of a type that pyxform trips over -> why it is not asked here."""

ASKS = frozenset({
    *("text", "integer", "int", "decimal", "date", "time", "image", "audio", "geopoint", "note"),
    *("range", "acknowledge", "select_one", "select_multiple"),
})  # fmt: skip
"""First words of types that are read out, so that they need words."""

UNNAMED = frozenset({*REFUSED, "note", "audit"})
"""First words of types that stand without a name."""

WORDS = ("label", "hint", "media", "image", "audio", "video")
"""How the headings begin under which stands what is read out or shown."""

ANOTHER = "去掉这一行，或者换成 text、select_one 这些"
ONCE = "每个名字只用一次"
SMALL = "用小写字母和 _，不要空格，不要数字开头"


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a sheet: its number as a spreadsheet shows it, and its cells by heading in small letters."""

    row: int
    cells: Mapping[str, str]

    def at(self, *headings: str) -> str:
        return next((self.cells[each] for each in headings if self.cells.get(each)), "")


def slips(sheets: Sequence[Sheet]) -> list[Problem]:
    """Give every problem that can be told from the cells alone, in the order of the sheets and their rows."""
    by_name = {sheet.name.strip().lower(): sheet for sheet in sheets}
    if "survey" not in by_name:
        names = "、".join(sheet.name for sheet in sheets)
        return [Problem("survey", 1, "type", f"没有 survey 这张表，只有：{names}", "写题的表要叫 survey")]
    heads, lines = _lines(by_name["survey"])
    if "type" not in heads or "name" not in heads:
        lacks = "type" if "type" not in heads else "name"
        return [Problem("survey", 1, lacks, f"第一行没有 {lacks}", "第一行写 type、name、label 这些")]
    _, choices = _lines(by_name["choices"]) if "choices" in by_name else ([], [])
    _, settings = _lines(by_name["settings"]) if "settings" in by_name else ([], [])
    found = [*_of_questions(lines), *_of_lists(lines, choices), *_unpaired(lines), *_strangers(lines)]
    found.sort(key=lambda each: each.row)
    may_repeat = any(line.at("allow_choice_duplicates").lower() in ("yes", "true") for line in settings)
    many = {kind.split(" ")[-1] for line in lines if (kind := line.at("type")).startswith("select_multiple ")}
    return [*found, *_of_choices(choices, many, may_repeat=may_repeat)]


def _lines(sheet: Sheet) -> tuple[list[str], list[Line]]:
    heads = [str(head or "").strip().lower() for head in next(iter(sheet.rows), [])]
    lines = []
    for number, row in enumerate(sheet.rows[1:], 2):
        cells = {
            head: str(cell).strip()
            for head, cell in zip(heads, row, strict=False)
            if head and cell is not None
        }
        if any(cells.values()):
            lines.append(Line(number, cells))
    return heads, lines


def _of_questions(lines: Iterable[Line]) -> Iterator[Problem]:
    """Say of each row whose type or name cannot be."""
    inside: list[set[str]] = [set()]
    for line in lines:
        kind, name = line.at("type"), line.at("name")
        first = kind.split(" ")[0].lower()
        if first in REFUSED or first.startswith("kobo--"):
            why = REFUSED.get(first, f"不能用 KoboToolbox 自己的题（{first}）")
            yield Problem("survey", line.row, "type", why, ANOTHER)
        if line.at("appearance").startswith(("search(", "search (")):
            yield Problem("survey", line.row, "appearance", "不能用 search()", "把选项写在 choices 里")
        if first in ASKS and not any(head.startswith(WORDS) for head, cell in line.cells.items() if cell):
            yield Problem("survey", line.row, "label", "没有写问题", "在 label 里写一句话")
        if not kind:
            yield Problem("survey", line.row, "type", "没有写 type", "写 text、select_one 这些")
        begins = BEGINS.match(kind.lower())
        if begins and begins[1] == "end":
            if len(inside) > 1:
                inside.pop()
            continue
        if name and not NAME.fullmatch(name):
            yield Problem("survey", line.row, "name", f"“{name}”不能当名字", SMALL)
        elif name in inside[-1]:
            yield Problem("survey", line.row, "name", f"名字“{name}”用了两次", ONCE)
        elif not name and kind and first not in UNNAMED:
            yield Problem("survey", line.row, "name", "没有名字", f"在 name 里写一个名字，{SMALL}")
        inside[-1].add(name)
        if begins:
            inside.append(set())


def _of_lists(lines: Iterable[Line], choices: Iterable[Line]) -> Iterator[Problem]:
    """Say of each question that names a list which is not there, or none."""
    known = {line.at("list_name", "list name") for line in choices}
    for line in lines:
        kind = line.at("type")
        select = next((each for each in SELECTS if kind == each or kind.startswith(f"{each} ")), None)
        if select is None:
            continue
        words = kind.removeprefix(select).split()
        if not words:
            yield Problem("survey", line.row, "type", f"{kind} 后面没有写选项的名字", "写成 select_one 名字")
        elif words[0] not in known and not words[0].startswith("${"):
            right = "看一看 choices 里的 list_name"
            yield Problem("survey", line.row, "type", f"choices 里没有“{words[0]}”这一组选项", right)


def _unpaired(lines: Iterable[Line]) -> Iterator[Problem]:
    """Say of each begin without its end, and the other way round."""
    open_ones: list[tuple[str, Line]] = []
    for line in lines:
        found = BEGINS.match(line.at("type").lower())
        if found is None:
            continue
        if found[1] == "begin":
            open_ones.append((found[2], line))
        elif open_ones and open_ones[-1][0] == found[2]:
            open_ones.pop()
        else:
            wrong = f"前面没有对应的 begin_{found[2]}"
            yield Problem("survey", line.row, "type", wrong, "begin 和 end 要成对")
    for kind, line in open_ones:
        wrong, right = f"begin_{kind} 没有结束", f"在后面写一行 end_{kind}"
        yield Problem("survey", line.row, "type", wrong, right)


def _strangers(lines: Sequence[Line]) -> Iterator[Problem]:
    """Say of each ${name} that no question has."""
    known = {line.at("name") for line in lines}
    for line in lines:
        for heading, cell in line.cells.items():
            for name in dict.fromkeys(REFERS.findall(cell)):
                if name not in known:
                    wrong = f"${{{name}}} 这个名字没有找到"
                    yield Problem("survey", line.row, heading, wrong, "看一看 name 里的名字写对没有")


def _of_choices(lines: Iterable[Line], many: Collection[str], *, may_repeat: bool) -> Iterator[Problem]:
    """Say of each choice without a name or a list, that is there twice, or has a gap where `many` are ticked."""
    seen: set[tuple[str, str]] = set()
    for line in lines:
        of, name = line.at("list_name", "list name"), line.at("name", "value")
        if not of:
            yield Problem(
                "choices", line.row, "list_name", "没有写是哪一组的选项", "在 list_name 里写组的名字"
            )
        if not name:
            yield Problem("choices", line.row, "name", "选项没有名字", "在 name 里写一个名字")
        elif of in many and any(sign.isspace() for sign in name):
            yield Problem("choices", line.row, "name", f"选项“{name}”里有空格", "名字里不要空格，用 _")
        elif (of, name) in seen and not may_repeat:
            yield Problem("choices", line.row, "name", f"选项“{name}”在这一组里有两个", ONCE)
        seen.add((of, name))
