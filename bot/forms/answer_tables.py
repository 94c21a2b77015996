"""Answers as tables: one row for each set of answers, a table of its own for each repeat."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from bot.afterwards.rated import SCALES, questions_in
from dialogs.model import Answers
from dialogs.talk import World
from dialogs.xform.form import Form, Node
from dialogs.xform.held import Held, Rows
from storage.tables import AnswerSet

Cell = str | int | float

OURS = (
    "xq_answered_by", "xq_person", "xq_intake", "xq_complete", "xq_channel", "xq_scales", "xq_contradicts",
    "xq_application", "xq_state", "xq_callback",
)  # fmt: skip
"""What we know beside the answers: who answered for whom, about which class, to the end or not, and where; from which
end scales were seen (listed or turned); which questions their opposite form contradicts; the number of an application
and where it stands; which call-back it answers: of several the last one counts."""


@dataclass(frozen=True, slots=True)
class Layout:
    """How one tool lays its tables out.

    Args:
        between: what stands between a group and a question.
        first: columns before the answers.
        last: columns after them.
        child: columns of a repeat's table, after its answers.
        is_central: whether geopoints are four columns and repeats are found by keys.

    """

    between: str
    first: tuple[str, ...]
    last: tuple[str, ...]
    child: tuple[str, ...]
    is_central: bool


KOBO = Layout(
    "/",
    (),
    (
        "_id",
        "_uuid",
        "_submission_time",
        "_validation_status",
        "_notes",
        "_status",
        "_submitted_by",
        "__version__",
        "_tags",
        "meta/instanceID",
        *OURS,
        "_index",
    ),
    ("_index", "_parent_table_name", "_parent_index", "_submission__id", "_submission__uuid"),
    is_central=False,
)
"""As formpack writes them (kobotoolbox/formpack, tests/test_exports.py)."""

CENTRAL = Layout(
    "-",
    ("SubmissionDate", "meta-instanceID"),
    (
        "KEY",
        "SubmitterID",
        "SubmitterName",
        "AttachmentsPresent",
        "AttachmentsExpected",
        "Status",
        "ReviewState",
        "DeviceID",
        "Edits",
        "FormVersion",
        *OURS,
    ),
    ("PARENT_KEY", "KEY"),
    is_central=True,
)
"""As ODK Central writes them (getodk/central-backend, test/integration/api/submissions.js)."""

POINT = ("Latitude", "Longitude", "Altitude", "Accuracy")


@dataclass(slots=True)
class Table:
    """One table: its name, its headings, its rows."""

    name: str
    heads: list[str]
    rows: list[list[Cell]] = field(default_factory=list)

    def as_csv(self) -> bytes:
        """Give it as CSV in UTF-8 with a mark at the start, so that Excel and WPS read Chinese."""
        kept = io.StringIO()
        writer = csv.writer(kept, lineterminator="\r\n")
        writer.writerow(self.heads)
        writer.writerows([[_harmless(cell) for cell in row] for row in self.rows])
        return kept.getvalue().encode("utf-8-sig")


def _harmless(cell: Cell) -> Cell:
    """A text that a spreadsheet would run as a formula, as a text."""
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell


def held_of(given: AnswerSet) -> Held:
    """Give what was answered, what the system gave by name, and everything that is worked out from both."""
    return Held(Answers(counted=given.answers, given=given.answers), World(given.at), whole=True)


def leaves(group: Node) -> Iterator[Node]:
    """Give the fields of a table: those inside a group, not those of a repeat inside it."""
    for node in group.children.values():
        if node.is_repeat:
            continue
        if node.children:
            yield from leaves(node)
        elif node.control is None or node.control.kind != "note":
            yield node


def repeats_in(group: Node) -> Iterator[Node]:
    """Give the repeats directly inside a group or repeat."""
    for node in group.children.values():
        if node.is_repeat:
            yield node
        elif node.children:
            yield from repeats_in(node)


def tables(
    name: str, versions: Mapping[str, Form], given: Sequence[AnswerSet], layout: Layout
) -> list[Table]:
    """Lay answers out; the columns are those of all versions, in order."""
    made = _Making(name, versions, layout)
    newest = next(iter(versions.values()))
    for each in given:
        made.add(versions.get(each.version, newest), each)
    return made.finished()


class _Making:
    """The tables while they grow."""

    def __init__(self, name: str, versions: Mapping[str, Form], layout: Layout) -> None:
        self._name, self._layout = name, layout
        self._columns: dict[str, dict[str, None]] = {name: {}}
        self._rows: dict[str, list[dict[str, Cell]]] = {name: []}
        for form in versions.values():
            self._learn(form.root, name, form)
        self._asked = {id(form): questions_in(form) for form in versions.values()}
        self._nodes = {id(form): {node.key: node for node in leaves(form.root)} for form in versions.values()}
        self._forms = tuple(versions.values())

    def _contradicted(self, form: Form, given: AnswerSet) -> str:
        return " ".join(self._asked[id(form)].contradicted(given.answers))

    def _learn(self, group: Node, table: str, form: Form) -> None:
        heads = self._columns.setdefault(table, {})
        self._rows.setdefault(table, [])
        for node in leaves(group):
            heads |= dict.fromkeys(self._heads(node, form))
        for repeat in repeats_in(group):
            self._learn(repeat, self._table(repeat), form)

    def _table(self, repeat: Node) -> str:
        return f"{self._name}-{repeat.name}" if self._layout.is_central else repeat.name

    def _head(self, node: Node, form: Form) -> str:
        within = node.path.removeprefix(f"{form.root.path}/")
        if self._layout.is_central and node.repeats:
            within = node.path.removeprefix(f"{node.repeats[-1].path}/")
        return within.replace("/", self._layout.between)

    def _heads(self, node: Node, form: Form) -> list[str]:
        head, control = self._head(node, form), node.control
        if control is not None and control.kind == "many":
            return [head, *(f"{head}/{item.value}" for item in control.items)]
        if control is not None and control.kind == "place" and self._layout.is_central:
            return [f"{head}-{part}" for part in POINT]
        return [head]

    def add(self, form: Form, given: AnswerSet) -> None:
        """Add one set of answers."""
        held = held_of(given)
        number = len(self._rows[self._name]) + 1
        row = {**self._before(form, given, held), **self._cells(form.root, (), held, form)}
        when = given.at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        row |= {
            "xq_answered_by": given.answered_by.value, "xq_person": given.person_id or "", "xq_intake": given.intake_id or "",
            "xq_complete": "yes" if given.complete else "no", "xq_channel": given.channel,
            "xq_scales": given.about.get(SCALES, ""), "xq_contradicts": self._contradicted(form, given),
            "xq_application": given.about.get("number", ""), "xq_state": given.about.get("state", ""),
            "xq_callback": given.about.get("callback", ""),
        }  # fmt: skip
        if self._layout.is_central:
            row |= {
                "SubmissionDate": when,
                "meta-instanceID": given.key,
                "KEY": given.key,
                "FormVersion": given.version,
            }
            row |= {"AttachmentsPresent": 0, "AttachmentsExpected": 0, "Edits": 0}
        else:
            uuid = given.key.removeprefix("uuid:")
            row |= {"_id": given.id, "_uuid": uuid, "_submission_time": when, "__version__": given.version}
            row |= {"_status": "submitted_via_web", "meta/instanceID": given.key, "_index": number}
        self._rows[self._name].append(row)
        self._repeats(form.root, (), held, form, given, (self._name, number, given.key))

    def _before(self, form: Form, given: AnswerSet, held: Held) -> dict[str, Cell]:
        """What was answered to a version in use before, and is not asked in the one it was sent with."""
        left = given.answers.keys() - self._nodes[id(form)].keys()
        found: dict[str, Cell] = {}
        for other in self._forms if left else ():
            for node in (node for key, node in self._nodes[id(other)].items() if key in left):
                found |= self._cell(node, (), held, other)
        return found

    def _repeats(
        self, group: Node, rows: Rows, held: Held, form: Form, given: AnswerSet, parent: tuple[str, int, str]
    ) -> None:
        for repeat in repeats_in(group):
            table = self._table(repeat)
            for place in range(1, held.count(repeat, rows) + 1):
                inside = (*rows, place)
                row = self._cells(repeat, inside, held, form)
                index, key = len(self._rows[table]) + 1, f"{parent[2]}/{repeat.name}[{place}]"
                if self._layout.is_central:
                    row |= {"PARENT_KEY": parent[2], "KEY": key}
                else:
                    row |= {"_index": index, "_parent_table_name": parent[0], "_parent_index": parent[1]}
                    row |= {"_submission__id": given.id, "_submission__uuid": given.key.removeprefix("uuid:")}
                self._rows[table].append(row)
                self._repeats(repeat, inside, held, form, given, (table, index, key))

    def _cells(self, group: Node, rows: Rows, held: Held, form: Form) -> dict[str, Cell]:
        found: dict[str, Cell] = {}
        for node in leaves(group):
            found |= self._cell(node, rows, held, form)
        return found

    def _cell(self, node: Node, rows: Rows, held: Held, form: Form) -> dict[str, Cell]:
        value, heads, control = held.value(node, rows), self._heads(node, form), node.control
        if control is not None and control.kind == "many" and value:
            chosen = set(value.split())
            ticked = {
                head: int(item.value in chosen) for head, item in zip(heads[1:], control.items, strict=True)
            }
            return {heads[0]: value, **ticked}
        if control is not None and control.kind == "place":
            return _point(value, heads)
        return {heads[0]: value.removeprefix("file:")}

    def finished(self) -> list[Table]:
        """Give the tables, the answers first."""
        made: list[Table] = []
        for name, heads in self._columns.items():
            layout = self._layout
            around = (layout.first, layout.last) if name == self._name else ((), layout.child)
            every = [*around[0], *heads, *around[1]]
            made.append(
                Table(name, every, [[row.get(head, "") for head in every] for row in self._rows[name]])
            )
        return made


def _point(value: str, heads: Sequence[str]) -> dict[str, Cell]:
    """A place: as words where it was said in words, as numbers where a phone shared it."""
    parts = value.replace(",", " ").split()
    if len(parts) == 2 and all(part.replace(".", "", 1).lstrip("-").isdigit() for part in parts):
        numbers: list[Cell] = [*parts, "0", "0"]
        if len(heads) == 1:
            return {heads[0]: " ".join(map(str, numbers))}
        return dict(zip(heads, numbers, strict=True))
    return {heads[0]: value}
