"""Our walk through forms and that of JavaRosa, ODK's own engine: they ask the same and keep the same.

JavaRosa comes inside pyxform's wheel; where there is no Java to run it, this is skipped.
"""

import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from random import Random

import pytest
import pyxform

from dialogs.kinds import Amount, Choice, Clock, Date, File, Location, Many, Note, Number
from dialogs.model import Answers, Json, Question, path
from dialogs.talk import World
from dialogs.xform import Form, flow_of, read_form
from dialogs.xform.form import Node
from dialogs.xform.held import Held, Rows, text_of
from tests.dialogs.xform.sheets import xml_of
from tests.talking import NOON

JAR = Path(pyxform.__file__).parent / "validators" / "odk_validate" / "bin" / "ODK_Validate.jar"
DEMO = Path(__file__).parents[3] / "bot" / "demo" / "forms"
SEEDS = range(6)

LISTS = """
| list_name | name | label | area |
| yn | yes | 是 | |
| yn | no | 不是 | |
| abc | a | 甲 | n |
| abc | b | 乙 | n |
| abc | c | 丙 | s |
| area | n | 北 | |
| area | s | 南 | |
"""

FORMS = {
    "conditions": """
        | type | name | label | relevant |
        | select_one yn | a | 好吗 | |
        | select_one yn | b | 好吗 | ${a} = 'yes' |
        | text | c | 说说 | ${b} != 'yes' |
        | text | d | 说说 | ${a} = 'no' or ${b} = 'no' |
        | begin_group | g | 组 | ${c} != '' |
        | text | e | 说说 | |
        | text | f | 说说 | not(${e} = '') and string-length(${e}) > 2 |
        | end_group | | | |
        | text | h | 说说 | ${e} = '' |
    """,
    "numbers": """
        | type | name | label | relevant | calculation |
        | integer | a | 几 | | |
        | decimal | b | 几 | ${a} > 2 | |
        | calculate | sum | | | ${a} + ${b} |
        | calculate | half | | | round(${a} div 2, 1) |
        | calculate | rest | | | ${a} mod 3 |
        | calculate | whole | | | int(${b} * 10) |
        | calculate | safe | | | coalesce(${b}, 0) + 1 |
        | calculate | said | | | concat('共', ${a}, '，', if(${b} > 1, '多', '少')) |
        | calculate | most | | | max(${a}, ${b}) |
        | text | c | 说说 | ${sum} >= 5 | |
        | text | d | 说说 | ${half} * 2 = ${a} | |
    """,
    "several": """
        | type | name | label | relevant | calculation |
        | select_multiple abc | m | 哪些 | | |
        | text | x | 说说 | selected(${m}, 'a') and not(selected(${m}, 'b')) | |
        | text | y | 说说 | count-selected(${m}) > 1 | |
        | calculate | first | | | selected-at(${m}, 0) |
        | calculate | name | | | jr:choice-name(selected-at(${m}, 0), '${m}') |
        | calculate | many | | | count-selected(${m}) |
    """,
    "repeat_fixed": """
        | type | name | label | repeat_count | calculation | relevant |
        | begin_repeat | kids | 孩子 | 2 | | |
        | integer | age | 几岁 | | | |
        | text | school | 在哪上学 | | | ${age} > 6 |
        | calculate | place | | | position(..) | |
        | end_repeat | | | | | |
        | calculate | total | | | sum(${age}) | |
        | calculate | many | | | count(${kids}) | |
        | calculate | second | | | indexed-repeat(${age}, ${kids}, 2) | |
        | text | old | 说说 | | | ${total} > 10 |
    """,
    "repeat_asked": """
        | type | name | label | repeat_count | calculation | relevant | required |
        | select_one yn | any | 有吗 | | | | |
        | integer | n | 几个 | | | ${any} = 'yes' | yes |
        | calculate | count | | | if(${n} > 3, 3, ${n}) | |
        | begin_repeat | kids | 孩子 | ${count} | | ${any} = 'yes' |
        | text | nick | 小名 | | | |
        | begin_group | g | 组 | | | ${nick} != '' |
        | integer | age | 几岁 | | | |
        | calculate | said | | | concat(${nick}, ${age}) | |
        | end_group | | | | | |
        | end_repeat | | | | | |
        | calculate | all | | | join(' ', ${nick}) | |
        | text | last | 说说 | | | count(${kids}) > 1 |
    """,
    "nested": """
        | type | name | label | repeat_count | calculation |
        | begin_repeat | house | 家 | 2 | |
        | text | street | 哪条街 | | |
        | begin_repeat | people | 人 | 2 | |
        | integer | age | 几岁 | | |
        | calculate | where | | | concat(${street}, position(..)) |
        | end_repeat | | | | |
        | end_repeat | | | | |
        | calculate | total | | | sum(${age}) |
    """,
    "texts": """
        | type | name | label | calculation | relevant | constraint |
        | text | a | 说说 | | | string-length(.) < 9 |
        | calculate | up | | substr(${a}, 0, 2) | | |
        | calculate | len | | string-length(${a}) | | |
        | calculate | has | | contains(${a}, 'o') | | |
        | calculate | start | | starts-with(${a}, 'h') | | |
        | calculate | tr | | translate(${a}, 'o', '0') | | |
        | calculate | trim | | normalize-space(concat('  ', ${a}, '  x ')) | | |
        | calculate | before | | substring-before(${a}, 'l') | | |
        | calculate | after | | substring-after(${a}, 'l') | | |
        | text | b | 说说 | | regex(${a}, '[a-z ]+') | . != ${a} |
    """,
    "dates": """
        | type | name | label | calculation | relevant |
        | date | a | 哪天 | | |
        | date | b | 哪天 | | ${a} > date('2025-01-01') |
        | calculate | between | | decimal-date-time(${b}) - decimal-date-time(${a}) | |
        | calculate | said | | format-date(${a}, '%Y-%m-%d') | |
        | calculate | short | | format-date(${a}, '%e.%n.%y') | |
        | calculate | grown | | int((decimal-date-time(date('2026-11-21')) - decimal-date-time(${a})) div 365.25) | |
        | text | c | 说说 | | ${grown} >= 18 |
        | time | t | 几点 | | |
    """,
    "filters": """
        | type | name | label | choice_filter | relevant |
        | select_one area | where | 哪边 | | |
        | select_one abc | one | 哪个 | area = ${where} | |
        | select_multiple abc | more | 哪些 | area = ${where} and name != ${one} | ${where} = 'n' |
        | text | x | 说说 | | ${one} = 'c' or selected(${more}, 'a') |
    """,
    "starts": """
        | type | name | label | default | calculation | relevant |
        | text | a | 说说 | 你好 | | |
        | integer | b | 几 | 7 | | |
        | calculate | c | | | ${b} * 2 | |
        | hidden | h | | 3 | | |
        | calculate | d | | | ${h} + 1 | |
        | note | n | 是${c} | | | ${b} > 3 |
        | acknowledge | ok | 好吗 | | | |
        | text | e | 说说 | | | ${ok} = 'OK' |
    """,
    "logic": """
        | type | name | label | calculation | relevant |
        | integer | a | 几 | | |
        | integer | b | 几 | | |
        | calculate | p | | ${a} > ${b} or ${a} = 5 and ${b} != 2 | |
        | calculate | q | | not(${a} < ${b}) | |
        | calculate | r | | ${a} - -${b} | |
        | calculate | s | | (${a} + 1) * (${b} - 1) div 2 | |
        | calculate | t | | boolean(${a}) | |
        | calculate | u | | checklist(1, 2, ${a} > 1, ${b} > 1, true()) | |
        | calculate | v | | pow(${a}, 2) | |
        | text | x | 说说 | | ${p} = 'true' |
        | text | y | 说说 | | ${q} |
    """,
    "geo": """
        | type | name | label | relevant |
        | geopoint | g | 哪里 | |
        | range | r | 几分 | |
        | text | a | 说说 | ${r} > 3 |
        | text | b | 说说 | ${g} = '' |
    """.replace("| relevant |", "| relevant | parameters |").replace("几分 | |", "几分 | | start=1 end=5 step=1 |"),
}  # fmt: skip

TEXTS = ("hello", "hi", "好", "abc def", "yellow world")


@dataclass
class Walked:
    """What one engine asked, what it was answered, and what it kept."""

    asked: list[str] = field(default_factory=list)
    answers: list[tuple[str, str]] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    kept: dict[str, str] = field(default_factory=dict)


def ref_of(node: Node, rows: Rows) -> str:
    """The place of a field as JavaRosa writes it."""
    if node.parent is None:
        return f"/{node.name}"
    if node.is_repeat:
        return f"{ref_of(node.parent, rows[:-1])}/{node.name}[{rows[-1]}]"
    return f"{ref_of(node.parent, rows)}/{node.name}[1]"


def answer_to(question: Question, random: Random, options: tuple[str, ...]) -> Json:
    """Some answer; None to leave it open."""
    if isinstance(question, Note | Location):
        return None
    if question.skip is not None and question.skip.value == "@skip" and random.random() < 0.15:
        return None
    match question:
        case Many():
            return (
                list[Json](sorted(random.sample(options, random.randint(1, len(options))), key=options.index))
                if options
                else None
            )
        case Choice():
            return random.choice(options) if options else None
        case Amount(only_whole=True):
            return random.randint(0, 12)
        case Amount():
            return random.choice((0.5, 1.25, 3.75))
        case Number():
            return random.randint(question.low, question.high)
        case Date():
            return random.choice(("2024-02-29", "1990-03-07", "2026-11-20"))
        case Clock():
            return "09:30"
        case File():
            return None
    words = (*TEXTS, "15400001234", "99000119850612002912")
    return random.choice(words)


def ours(form: Form, seed: int) -> Walked:
    """Walk a form as our engine does, and answer as chance has it."""
    random, flow, world, walked = Random(seed), flow_of(form), World(NOON), Walked()
    places = {
        node.key_at(rows): (node, rows)
        for node in form.asked
        for rows in product(range(1, 5), repeat=len(node.repeats))
    }
    said: dict[str, Json] = {}
    while (question := (way := path(flow, said, {}, world)).next) is not None:
        node, rows = places[question.name]
        ref = ref_of(node, rows)
        walked.asked.append(ref)
        options = tuple(option.value for option in question.options_in(way.answers, world))
        value = answer_to(question, random, options)
        while value is not None:
            walked.answers.append((ref, text_of(value)))
            if question.refuses is None or not question.refuses(value, way.answers, world):
                break
            walked.refused.append(ref)
            value = answer_to(question, random, options)
        if value is None and question.known is not None:
            value = question.known(world)  # left open, what it starts with stays
        said[question.name] = "read" if isinstance(question, Note) else "@skip" if value is None else value
    for note in way.closing:
        walked.asked.append(ref_of(*places[note.name]))
    held = Held(Answers(counted=dict(way.answers.counted)), world, whole=True)
    walked.kept = dict(kept(form.root, (), held))
    return walked


def kept(group: Node, rows: Rows, held: Held) -> Iterator[tuple[str, str]]:
    for node in group.children.values():
        if node.is_repeat:
            for row in range(1, held.count(node, rows) + 1):
                yield from kept(node, (*rows, row), held)
        elif not held.relevant(node, rows):
            continue
        elif node.children:
            yield from kept(node, rows, held)
        else:
            is_note = node.control is not None and node.control.kind == "note"
            value = "" if is_note else str(held.value(node, rows))
            yield ref_of(node, rows), f"{value}:00.000Z" if node.type == "time" and value else value


@pytest.fixture(scope="session")
def engine(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The command that runs JavaRosa's walk, compiled here."""
    java, javac = shutil.which("java"), shutil.which("javac")
    if java is None or javac is None or not JAR.exists():
        pytest.skip("no Java here to run JavaRosa with")
    folder = tmp_path_factory.mktemp("javarosa")
    source = Path(__file__).with_name("Walk.java")
    subprocess.run([javac, "-cp", str(JAR), "-d", str(folder), str(source)], check=True, timeout=240)
    return [java, "-XX:+UseSerialGC", "-cp", f"{JAR}:{folder}", "Walk"]


def theirs(engine: list[str], folder: Path, walks: list[tuple[str, Walked]]) -> list[Walked]:
    """Walk the same forms with JavaRosa, given the same answers."""
    words: list[str] = []
    for number, (xml, walked) in enumerate(walks):
        form, script = folder / f"{number}.xml", folder / f"{number}.txt"
        form.write_text(xml, encoding="utf-8")
        script.write_text("".join(f"{ref}\t{text}\n" for ref, text in walked.answers), encoding="utf-8")
        words += [str(form), str(script)]
    done = subprocess.run(
        [*engine, *words], capture_output=True, text=True, check=True, encoding="utf-8", timeout=240
    )
    found: list[Walked] = []
    for line in done.stdout.splitlines():
        kind, _, rest = line.partition("\t")
        if kind == "FORM":
            found.append(Walked())
        elif kind == "ASK":
            found[-1].asked.append(rest)
        elif kind == "NO":
            found[-1].refused.append(rest)
        elif kind == "VAL" and "/meta[1]" not in rest:
            ref, _, text = rest.partition("\t")
            found[-1].kept[ref] = text
    return found


def test_both_engines_ask_the_same_and_keep_the_same(engine: list[str], tmp_path: Path) -> None:
    from pyxform.xls2xform import convert

    names: list[str] = []
    walks: list[tuple[str, Walked]] = []
    sheets = {name: xml_of(survey, LISTS) for name, survey in FORMS.items()}
    for file in sorted(DEMO.glob("*.xlsx")):
        sheets[file.stem] = str(convert(file.read_bytes(), file_type=".xlsx", form_name="xq_form").xform)
    for name, xml in sheets.items():
        form, _ = read_form(xml)
        for seed in SEEDS:
            names.append(f"{name} {seed}")
            walks.append((xml, ours(form, seed)))
    differ: list[object] = []
    for name, (_, mine), other in zip(names, walks, theirs(engine, tmp_path, walks), strict=True):
        for what in ("asked", "refused", "kept"):
            one, two = getattr(mine, what), getattr(other, what)
            if one != two:
                differ.append((name, what, _apart(one, two), mine.answers))
    assert not differ, "\n".join(str(each) for each in differ)


def _apart(one: object, two: object) -> object:
    """Where two accounts of a walk part, for whoever reads the failure."""
    if isinstance(one, dict) and isinstance(two, dict):
        return {key: (one.get(key), two.get(key)) for key in {*one, *two} if one.get(key) != two.get(key)}
    return one, two
