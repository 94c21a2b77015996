"""Expressions of a sheet: XPath 1.0 as ODK has it, read once and turned into functions; nothing else is let in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from dialogs.xform.calls import called
from dialogs.xform.form import Code, Item, Node, Scope
from dialogs.xform.operators import ORDER, SUMS, Part, Run, compared, ordered, reckoned
from dialogs.xform.paths import Steps, value_at
from dialogs.xform.tokens import BRACKETS, LIKE_THIS, WORDS, tokens_of
from dialogs.xform.trouble import BadExpression
from dialogs.xform.values import TooLong, Value, as_number, as_truth

LONGEST = 2000
"""Characters of an expression."""

DEEPEST = 40
"""How deep an expression may be nested."""


@dataclass(frozen=True, slots=True)
class Around:
    """What an expression may look at.

    Args:
        root: the form.
        here: the field it belongs to.
        lists: the lists to choose from.
        in_list: whether it filters a list, so that bare names are columns.
        itself: whether it may look at the field it belongs to by its name; what works that field out waits for it.

    """

    root: Node
    here: Node
    lists: Mapping[str, tuple[Item, ...]]
    in_list: bool = False
    itself: bool = True


MOST_PIECES = 500
"""Words and signs of an expression: a chain of more would nest deeper than Python goes."""

IMPOSSIBLE = (TooLong, RecursionError, OverflowError)
"""What an expression may end in that was taken in all the same, for it hangs on what somebody answers."""


def compile_code(text: str, around: Around, otherwise: Value = "") -> Code:
    """Read an expression; what cannot be worked out when the time comes is worth `otherwise`.

    Raises:
        BadExpression: with what is wrong in a sentence.

    """
    if len(text) > LONGEST:
        raise BadExpression(f"这里有 {len(text)} 个字。", f"最多 {LONGEST} 个字。分成几个 calculate。")
    tokens = tokens_of(text)
    if len(tokens) > MOST_PIECES:
        raise BadExpression(
            f"这里有 {len(tokens)} 个词和符号。", f"最多 {MOST_PIECES} 个。分成几个 calculate。"
        )
    reader = _Reader(tokens, around)
    run = reader.whole()

    def safely(scope: Scope) -> Value:
        try:
            return run(scope)
        except IMPOSSIBLE:
            return otherwise

    return Code(text.strip(), safely, tuple(dict.fromkeys(reader.needs)), reader.scans)


@dataclass(slots=True)
class _Reader:
    """Reads tokens from left to right, the loosest binding first."""

    tokens: Sequence[tuple[str, str]]
    around: Around
    place: int = 0
    depth: int = 0
    needs: list[Node] = field(default_factory=list)
    scans: int = 0
    """Lines of lists it looks through."""

    def whole(self) -> Run:
        if not self.tokens:
            raise BadExpression("这里是空的。", LIKE_THIS)
        run = self._or().run
        if self.place < len(self.tokens):
            raise BadExpression(f"“{self.tokens[self.place][1]}”放错了地方。", BRACKETS)
        return run

    # ---- operators

    def _or(self) -> Part:
        self.depth += 1
        if self.depth > DEEPEST:
            raise BadExpression("括号套得太深了。", f"最多 {DEEPEST} 层。分成几个 calculate。")
        parts = [self._and()]
        while self._take("or"):
            parts.append(self._and())
        self.depth -= 1
        if len(parts) == 1:
            return parts[0]
        runs = [part.run for part in parts]
        return Part(lambda s: any(as_truth(run(s)) for run in runs))

    def _and(self) -> Part:
        parts = [self._equality()]
        while self._take("and"):
            parts.append(self._equality())
        if len(parts) == 1:
            return parts[0]
        runs = [part.run for part in parts]
        return Part(lambda s: all(as_truth(run(s)) for run in runs))

    def _equality(self) -> Part:
        left = self._relation()
        while (mark := self._peek()) in ("=", "!="):
            self.place += 1
            left = compared(left, self._relation(), equal=mark == "=")
        return left

    def _relation(self) -> Part:
        left = self._sum()
        while (mark := self._peek()) in ORDER:
            self.place += 1
            left = Part(ordered(left.run, self._sum().run, ORDER[mark]))
        return left

    def _sum(self) -> Part:
        left = self._product()
        while (mark := self._peek()) in ("+", "-"):
            self.place += 1
            left = Part(reckoned(left.run, self._product().run, SUMS[mark]))
        return left

    def _product(self) -> Part:
        left = self._minus()
        while (mark := self._peek()) in ("*", "div", "mod") and self.tokens[self.place][0] == "mark":
            self.place += 1
            left = Part(reckoned(left.run, self._minus().run, SUMS[mark]))
        return left

    def _minus(self) -> Part:
        many = 0
        while self._take("-"):
            many += 1
        part = self._primary()
        if not many:
            return part
        run, sign = part.run, -1.0 if many % 2 else 1.0
        return Part(lambda s: sign * as_number(run(s)))

    # ---- values

    def _primary(self) -> Part:
        kind, word = self._next()
        if kind == "number":
            number = float(word)
            return Part(lambda _: number)
        if kind == "text":
            text = word[1:-1]
            return Part(lambda _: text, literal=text)
        if word == "(":
            inside = self._or()
            self._expect(")")
            return Part(inside.run)
        if kind == "name" and self._peek() == "(":
            return self._call(word)
        if word in (".", "..", "/") or kind == "name":
            self.place -= 1
            return self.path()
        if word in ("//", "::", "@", "|", "$"):
            raise BadExpression(f"这里不能用“{word}”。", LIKE_THIS)
        raise BadExpression(f"“{word}”放错了地方。", BRACKETS)

    def _call(self, name: str) -> Part:
        self._expect("(")
        if name == "instance":
            return self._list()
        if name == "current":
            self._expect(")")
            self._expect("/")
            return self.path(current=True)
        arguments: list[Part] = []
        if not self._take(")"):
            arguments.append(self._or())
            while self._take(","):
                arguments.append(self._or())
            self._expect(")")
        return called(name, arguments, self._quoted)

    def _quoted(self, text: str) -> Part:
        return _Reader(tokens_of(text), self.around).path()

    # ---- paths

    def path(self, *, current: bool = False) -> Part:
        """A path to a field: absolute, relative, or a column of the list that is filtered."""
        around = self.around
        absolute = not current and self._take("/")
        if around.in_list and not absolute and not current:
            return self._column()
        if absolute:
            kind, name = self._next()
            if kind != "name" or name != around.root.name:
                raise BadExpression(f"没有“/{name}”。", LIKE_THIS)
            steps = Steps.begin(around.root, bound=0, context=around.here.repeats)
        else:
            steps = self._step(Steps.begin(around.here, bound=len(around.here.repeats)))
        while self._take("/"):
            steps = self._step(steps)
        if steps.node is around.here:
            if absolute and not around.itself:
                raise BadExpression(f"“{around.here.name}”在等它自己。", "写别的题的名字。")
            return Part(lambda s: s.own, steps=steps)
        self.needs.append(steps.node)
        return Part(value_at(steps, outer=current), steps=steps)

    def _step(self, steps: Steps) -> Steps:
        kind, word = self._next()
        if word == ".":
            return steps
        if word == "..":
            if steps.node.parent is None:
                raise BadExpression("“..”太多了。", LIKE_THIS)
            return steps.up()
        if kind != "name":
            raise BadExpression(f"这里不能用“{word}”。", LIKE_THIS)
        child = steps.node.children.get(word)
        if child is None:
            raise BadExpression(f"没有叫“{word}”的题。", "看一看名字写对没有。")
        steps = steps.down(child)
        if self._take("["):
            if not child.is_repeat:
                raise BadExpression(f"“{word}”不是重复的，不能写 [ ]。", "去掉 [ ]。")
            inside = _Reader(
                self.tokens, Around(self.around.root, child, self.around.lists), self.place, self.depth
            )
            test = inside._or().run
            self.place = inside.place
            self.needs += inside.needs
            self.scans += inside.scans
            self._expect("]")
            steps = steps.where(test)
        return steps

    def _column(self) -> Part:
        kind, word = self._next()
        if kind != "name":
            raise BadExpression(f"这里不能用“{word}”。", "写 choices 里一列的名字。")
        return Part(lambda s: s.item.get(word, ""))

    def _list(self) -> Part:
        """instance('list')/root/item[…]/column: lines of a list."""
        kind, word = self._next()
        name = word[1:-1]
        if kind != "text" or name not in self.around.lists:
            raise BadExpression(f"没有叫“{name}”的选项。", "看一看 choices 里的 list_name。")
        if self.around.in_list:
            raise BadExpression("筛选里面不能再查一张表。", "先用 calculate 算好。")
        for mark in (")", "/", "root", "/", "item"):
            self._expect(mark)
        items, test = self.around.lists[name], None
        self.scans += len(items)
        if self._take("["):
            inside = _Reader(
                self.tokens,
                Around(self.around.root, self.around.here, self.around.lists, in_list=True),
                self.place,
                self.depth,
            )
            test = inside._or().run
            self.place = inside.place
            self.needs += inside.needs
            self.scans += inside.scans
            self._expect("]")
        column = ""
        if self._take("/"):
            _, column = self._next()

        def run(s: Scope) -> Value:
            return [each.columns.get(column, "") for each in chosen_of(items, test, s)]

        return Part(run)

    # ---- tokens

    def _peek(self) -> str:
        return (
            self.tokens[self.place][1]
            if self.place < len(self.tokens) and self.tokens[self.place][0] != "text"
            else ""
        )

    def _next(self) -> tuple[str, str]:
        if self.place >= len(self.tokens):
            raise BadExpression("后面少了东西。", BRACKETS)
        self.place += 1
        return self.tokens[self.place - 1]

    def _take(self, word: str) -> bool:
        if self._peek() != word or (word in WORDS and self.tokens[self.place][0] != "mark"):
            return False
        self.place += 1
        return True

    def _expect(self, word: str) -> None:
        if not self._take(word):
            found = self.tokens[self.place][1] if self.place < len(self.tokens) else "末尾"
            raise BadExpression(f"“{found}”前面少了“{word}”。", BRACKETS)


def chosen_of(items: Sequence[Item], test: Run | None, scope: Scope) -> list[Item]:
    """The lines of a list that a filter lets through."""
    if test is None:
        return list(items)
    found: list[Item] = []
    for place, item in enumerate(items, 1):
        inside = Scope(scope.held, scope.rows, scope.rows, scope.own, item.columns, scope.reading)
        verdict = test(inside)
        if (verdict == place) if isinstance(verdict, float) else as_truth(verdict):
            found.append(item)
    return found
