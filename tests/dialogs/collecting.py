"""Finds every wording that is said to people: in the flows and kinds, in page templates, in letters."""

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jinja2 import Environment
from jinja2.ext import extract_from_ast

ROOT = Path(__file__).parents[2]
HAN = re.compile("[\u3400-\u9fff]")

VOCABULARY = ("dialogs/spoken/", "dialogs/plain_words.py", "dialogs/plain_language.py", "dialogs/dating.py")
"""What people say to us, and words about words: never said by us."""

FOR_STAFF = (
    "bot/commands/",
    "bot/console/",
    *(
        f"dialogs/xform/{name}.py"
        for name in ("calls", "checking", "expression", "functions", "reading", "tokens")
    ),
    "dialogs/xform/wordings.py",
)
"""What operators and staff read, in Chinese only."""

SAID_WHOLE = (
    "bot/channels/messenger/drawing.py",
    "bot/channels/messenger/links.py",
    "bot/channels/messenger/meaning.py",
    "bot/channels/messenger/menu.py",
    "bot/channels/messenger/talker.py",
    "bot/channels/messenger/turns.py",
    "bot/channels/web/leaving.py",
    "bot/channels/web/link_words.py",
    "bot/channels/web/saying.py",
    "bot/notices/buttons.py",
)
"""Modules of bot whose every Chinese literal is said to people."""

SAYING = frozenset({"say", "_", "Letter", "FileField"})
"""Calls anywhere in bot whose Chinese literals are said to people."""

SAID_TABLES = frozenset({"FILTERS"})
"""Tables anywhere in bot whose Chinese literals are said to people."""


@dataclass(frozen=True, slots=True)
class Found:
    """One wording, and the file it stands in."""

    text: str
    place: str


@cache
def wordings() -> Mapping[str, tuple[str, ...]]:
    """Every wording with the files it stands in, in the order of the files."""
    places: dict[str, list[str]] = {}
    for found in (*_in_code(), *_in_templates()):
        if found.place not in places.setdefault(found.text, []):
            places[found.text].append(found.place)
    return {text: tuple(files) for text, files in places.items()}


def broken_up() -> list[Found]:
    """Sentences put together from pieces: no catalogue can hold them. Jinja2 inside one literal does it."""
    found: list[Found] = []
    for path in _files("dialogs", "*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            pieces: list[ast.expr] = []
            if isinstance(node, ast.JoinedStr):
                pieces = node.values
            elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
                pieces = [node.left, node.right]
            elif isinstance(node, ast.AugAssign):
                pieces = [node.value]
            found += [Found(text, _name(path)) for piece in pieces if (text := _chinese(piece))]
    return found


def _files(folder: str, pattern: str) -> list[Path]:
    every = sorted((ROOT / folder).rglob(pattern))
    return [path for path in every if not _name(path).startswith(VOCABULARY + FOR_STAFF)]


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _in_code() -> Iterator[Found]:
    for path in (*_files("dialogs", "*.py"), *_files("bot", "*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        place = _name(path)
        if place.startswith("dialogs/") or place in SAID_WHOLE:
            literals = [text for node in tree.body for text in _literals(node)]
        else:
            literals = list(_marked(tree))
        yield from (Found(text, place) for text in dict.fromkeys(literals))


def _literals(node: ast.AST) -> Iterator[str]:
    """Chinese literals that may be said: not docstrings, keys of a mapping, or other names for an option."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return
    if isinstance(node, ast.keyword) and node.arg == "also":
        return
    if isinstance(node, (ast.Assign, ast.AnnAssign)) and _is_vocabulary(node):
        return
    if text := _chinese(node):
        yield text
        return
    children = node.values if isinstance(node, ast.Dict) else ast.iter_child_nodes(node)
    for child in children:
        yield from _literals(child)


def _is_vocabulary(node: ast.Assign | ast.AnnAssign) -> bool:
    """`EVERYWHERE`, `PAGE_WORDS` and others of that name hold what people say; so does `also`."""
    return any(name in {"EVERYWHERE", "also"} or name.endswith("WORDS") for name in _names(node))


def _names(node: ast.Assign | ast.AnnAssign) -> set[str]:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    return {target.id for target in targets if isinstance(target, ast.Name)}


def _marked(tree: ast.AST) -> Iterator[str]:
    """Literals inside a call or a table that is known to be said."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            parts: list[ast.expr] = node.args if name in SAYING else []
        elif isinstance(node, (ast.Assign, ast.AnnAssign)) and _names(node) & SAID_TABLES and node.value:
            parts = [node.value]
        else:
            continue
        for part in parts:
            yield from _literals(part)


def _in_templates() -> Iterator[Found]:
    environment = Environment(autoescape=True)
    for path in _files("bot/channels/web/templates", "*.html"):
        tree = environment.parse(path.read_text(encoding="utf-8"))
        for _, _, words in extract_from_ast(tree, gettext_functions=("_",)):
            first = words[0] if isinstance(words, tuple) else words
            if first and HAN.search(first):
                yield Found(first, _name(path))


def _chinese(node: ast.AST) -> str:
    """The literal, where it is Chinese text; else ""."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and HAN.search(node.value):
        return node.value
    return ""
