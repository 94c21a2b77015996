"""The answers so far, as the expressions of a form see them: what nobody asks about is worked out when it is asked for."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from regex import Pattern

from dialogs.model import Answers, Json, NotYet
from dialogs.talk import World
from dialogs.xform.form import Code, Node, Scope
from dialogs.xform.values import Digits, as_kept, as_number, as_text, as_truth

SKIPPED = "@skip"
"""What is kept for a question that was left open."""

LAST = 1_000_000
"""Behind every question a form can have."""

LONGEST_MATCH = 0.1
"""Seconds a pattern may take in one walk, all patterns together but for the last."""

MOST_ROWS = 20
"""Rows of one repeat."""

Rows = tuple[int, ...]


def text_of(value: Json) -> str:
    """An answer as an expression sees it: several values with spaces between, nothing for what was left open."""
    if isinstance(value, str):
        return "" if value == SKIPPED else value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return Digits(as_text(float(value)))
    if isinstance(value, list):
        return " ".join(map(str, value))
    return ""


class Held:
    """What one walk through a form knows; each value is worked out once.

    Args:
        answers: what counts so far; it grows while the walk goes on.
        world: today, and the moment.
        whole: whether the answers are all there will ever be: what is not among them is blank.

    """

    def __init__(self, answers: Answers, world: World, *, whole: bool = False) -> None:
        self.today = world.today.isoformat()
        self.now = world.now.isoformat(timespec="milliseconds")
        self.at = LAST if whole else -1
        """The order of the question the walk has come to."""
        self._lenient = whole
        self._reached: set[str] = set()
        """Names of the questions in rows of repeats it has come by; of others their order tells."""
        self._answers = answers
        self._lasting: dict[tuple[Node, Rows], str] = {}
        self._passing: dict[tuple[Node, Rows], str] = {}
        self._relevant: dict[tuple[Node, Rows], bool] = {}
        self._relevant_now: dict[tuple[Node, Rows], bool] = {}
        self._is_out_of_patience = False

    def come_to(self, node: Node, rows: Rows) -> bool:
        """Come to a question, and say whether it is asked.

        What was worked out from answers not given yet is worked out anew.
        """
        self.at = node.order
        if self._passing:
            self._passing.clear()
        if self._relevant_now:
            self._relevant_now.clear()
        if not self.relevant(node, rows):
            return False
        if rows:
            self._reached.add(node.key_at(rows))
        return True

    @contextmanager
    def leniently(self) -> Iterator[None]:
        """While a question is looked at: what is not answered yet reads as nothing."""
        before, self._lenient = self._lenient, True
        try:
            yield
        finally:
            self._lenient = before

    def value(self, node: Node, rows: Rows) -> str:
        """Give a field's value; nothing where it is hidden or not asked yet.

        Raises:
            NotYet: when it is asked before, and was not answered.

        """
        if node.control is not None and not node.repeats and node.calculate is None:
            # Nearly every look: a question outside repeats. Its answer counts only if it was asked.
            counted = self._answers.counted.get(node.key)
            if counted is not None:
                return counted if isinstance(counted, str) and counted != SKIPPED else text_of(counted)
        place = (node, rows)
        found = self._lasting.get(place)
        if found is None:
            found = self._passing.get(place)
        if found is None:
            found = self._worked_out(node, rows)
            (self._lasting if node.settled < self.at else self._passing)[place] = found
        return found

    def _worked_out(self, node: Node, rows: Rows) -> str:
        if not self.relevant(node, rows):
            return ""
        if node.control is None:
            given = self._answers.given.get(node.key_at(rows))
            if given is not None:
                return text_of(given)
            if node.calculate is not None:
                return self.text(node.calculate, rows)
            return node.start or (self.text(node.default, rows) if node.default else "")
        key = node.key_at(rows)
        if key in self._answers.counted:
            return text_of(self._answers.counted[key])
        if key in self._answers:  # one of a flow of ours, given by the system or not asked
            return text_of(self._answers[key])
        came_by = key in self._reached if rows else node.order <= self.at
        if came_by and not self._lenient:
            raise NotYet(key)
        return ""

    def text(self, code: Code, rows: Rows) -> str:
        """Work out a text; nothing where it is no number, or longer than anybody can want."""
        return as_kept(code.run(Scope(self, rows, rows)))

    def relevant(self, node: Node, rows: Rows) -> bool:
        """Whether a field is there at all: it, and everything around it."""
        if node.is_always or node.parent is None:
            return True
        above = rows[:-1] if node.is_repeat else rows
        code = node.relevant
        if code is None:
            return self.relevant(node.parent, above)
        place = (node, rows)
        kept = self._relevant if node.shown < self.at else self._relevant_now
        found = kept.get(place)
        if found is None:
            found = self.relevant(node.parent, above) and as_truth(code.run(Scope(self, rows, rows)))
            kept[place] = found
        return found

    def count(self, repeat: Node, rows: Rows) -> int:
        """How many rows a repeat has here."""
        if repeat.times is None or not self.relevant(repeat, (*rows, 1)):
            return 0
        wanted = as_number(repeat.times.run(Scope(self, rows, rows)))
        return int(max(0, min(MOST_ROWS, wanted))) if wanted == wanted else 0  # noqa: PLR0124 - not NaN

    def matches(self, text: str, pattern: Pattern[str]) -> bool:
        """Whether a whole text matches; once that took too long to tell, nothing is held against anybody."""
        if self._is_out_of_patience:
            return True
        try:
            return pattern.fullmatch(text, timeout=LONGEST_MATCH) is not None
        except TimeoutError:
            self._is_out_of_patience = True
            return True


def given_texts(given: Mapping[str, object]) -> dict[str, Json]:
    """What the system gives by name, in the shapes answers have."""
    return {
        name: [str(each) for each in value] if isinstance(value, (list, tuple)) else str(value)
        for name, value in given.items()
        if value is not None
    }
