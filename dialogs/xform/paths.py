"""Which answers a path of an expression means, rows of repeats included."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from dialogs.xform.form import Node, Scope
from dialogs.xform.values import Value, as_truth


@dataclass(frozen=True, slots=True)
class Steps:
    """A path on the way from the field an expression belongs to.

    Args:
        node: where it has come to.
        bound: how many of the repeats around it are those of the field itself, in the same row.
        tests: what is asked of each row of the others, None where nothing.
        context: the repeats of the field an absolute path belongs to: it means the same row of them.

    """

    node: Node
    bound: int
    tests: tuple[Callable[[Scope], Value] | None, ...] = ()
    context: tuple[Node, ...] = ()

    @classmethod
    def begin(cls, node: Node, *, bound: int, context: tuple[Node, ...] = ()) -> "Steps":
        return cls(node, bound, (), context)

    @property
    def is_plain(self) -> bool:
        """Whether it is one field outside every repeat."""
        return not self.node.repeats

    def up(self) -> "Steps":
        parent = self.node.parent or self.node
        return replace(self, node=parent, bound=min(self.bound, len(parent.repeats)))

    def down(self, child: Node) -> "Steps":
        if not child.is_repeat:
            return replace(self, node=child)
        depth = len(child.repeats)
        if not self.tests and self.bound == depth - 1 and self.context[depth - 1 : depth] == (child,):
            return replace(self, node=child, bound=depth)
        return replace(self, node=child, tests=(*self.tests, None))

    def where(self, test: Callable[[Scope], Value]) -> "Steps":
        depth = len(self.node.repeats)
        tests = (*self.tests[:-1], test) if self.tests else (test,)
        return replace(self, bound=min(self.bound, depth - 1), tests=tests)


def nodes_at(steps: Steps, scope: Scope, rows: tuple[int, ...]) -> list[tuple[int, ...]]:
    """Give the rows a path leads to, as far as a row of every repeat around it is known."""
    found = [rows[: steps.bound]]
    for repeat, test in zip(steps.node.repeats[steps.bound :], steps.tests, strict=True):
        found = [(*row, number) for row in found for number in range(1, scope.held.count(repeat, row) + 1)]
        if test is not None:
            found = [row for row in found if _holds(test, scope, row)]
    return found


def _holds(test: Callable[[Scope], Value], scope: Scope, row: tuple[int, ...]) -> bool:
    verdict = test(Scope(scope.held, row, scope.outer, scope.own, scope.item, scope.reading))
    return verdict == row[-1] if isinstance(verdict, float) else as_truth(verdict)


def value_at(steps: Steps, *, outer: bool) -> Callable[[Scope], Value]:
    """Give the function that reads what a path means: one answer, or those of all rows it leads to."""
    node, bound = steps.node, steps.bound
    if not node.repeats:
        return lambda s: s.held.value(node, ())
    if not steps.tests:
        if outer:
            return lambda s: s.held.value(node, s.outer[:bound])
        return lambda s: s.held.value(node, s.rows[:bound])

    def several(s: Scope) -> Value:
        return [s.held.value(node, row) for row in nodes_at(steps, s, s.outer if outer else s.rows)]

    return several
