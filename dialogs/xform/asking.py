"""Makes of one field of a form the question that is asked about it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from dialogs.kinds import Amount, Choice, Clock, Date, File, Location, Many, Note, Number, Scale, Text
from dialogs.model import Answers, Json, Option, Question, Skip
from dialogs.talk import Reading, World
from dialogs.words import Own, Words
from dialogs.xform.expression import chosen_of
from dialogs.xform.form import Control, Item, Node, Scope, Wording
from dialogs.xform.held import SKIPPED, Held, Rows, text_of
from dialogs.xform.offering import Offered, numbers, option, typed
from dialogs.xform.scales import is_scale, steps_of, turns
from dialogs.xform.tiers import Tier
from dialogs.xform.values import as_truth

SKIP_WORDS = ("跳过", "下一题", "不答", "不想答", "不想回答", "不回答", "skip")
"""How a question of a sheet is left open; words such as 没有 may be answers of the sheet."""

LONGEST_TEXT = 1000
MOST_STEPS = 10
"""Steps of a scale that are shown as buttons; a longer one is a number to write."""

NOT_SO = "这样写不对。再看一看问题，再写一次。"
"""What is said where the sheet does not say it."""

PRIVATE = "xq-private"
"""The word of the appearance column for what is not asked on a channel whose servers are not ours."""

AGREED = Option("OK", "好的", also=("好", "知道了", "同意", "可以", "ok"))


@dataclass(frozen=True, slots=True)
class Way:
    """In which way somebody is asked; for the same way the same question is made.

    Args:
        reading: how they read.
        helping: whether they answer for somebody, or with them: they are shown what is for helpers.
        turned: whether scales begin at their other end.

    """

    reading: Reading = "plain"
    helping: bool = False
    turned: bool = False

    @classmethod
    def into(cls, world: World) -> "Way":
        """Give the way of whoever is there."""
        return cls(world.reading, bool(world.facts.get("helping")), bool(world.facts.get("turned")))


def is_fixed(node: Node) -> bool:
    """Whether the question about a field is the same whatever was answered, so that it is made only once."""
    control = node.control
    if control is None:
        return True
    words = (control.label, control.hint, control.guidance, control.wrong, control.missing)
    return (
        all(each.is_fixed for each in words)
        and control.keeps is None
        and node.default is None
        and node.calculate is None
        and not node.repeats
        and (node.required is None or not node.required.needs)
    )


class Asker:
    """Makes the question about one field, in one row.

    Args:
        node: the field.
        rows: the row of each repeat around it.
        held: the answers so far.
        way: how they are asked.
        pictures: what channels call a picture -> by the name it has in the sheet.

    """

    def __init__(
        self, node: Node, rows: Rows, held: Held, way: Way, pictures: Mapping[str, str] | None = None
    ) -> None:
        control = node.control
        if control is None:
            raise ValueError(f"nothing is asked about {node.name}")
        self._node, self._rows, self._held = node, rows, held
        self._control: Control = control
        self._scope = Scope(held, rows, rows)
        self._way = way
        self._pictures = pictures or {}
        self.key = node.key_at(rows)

    def question(self, tier: Tier | None = None) -> Question:
        """Give the question; `tier` is the part of a scale that was chosen before."""
        bare = self._bare(self._control, self.key, self._label(), tier)
        picture = self._picture(self._control.label)
        if isinstance(bare, Note):
            return replace(bare, hint=self._hint(), picture=picture)
        return replace(
            bare,
            hint=self._hint(),
            picture=picture,
            private=PRIVATE in self._control.looks,
            skip=self._skip(),
            refuses=self._refuses if self._node.constraint is not None else None,
            known=self._known(),
        )

    def _bare(self, control: Control, key: str, label: Words, tier: Tier | None) -> Question:
        """Give the question without what every kind may have."""
        match control.kind:
            case "note":
                return Note(key, label)
            case "agree":
                return Choice(key, label, (AGREED,))
            case "one" | "scale" if self.is_scale:
                if control.kind == "scale" and len(self.steps) > MOST_STEPS:
                    return self._long_range(control, key, label)
                return Scale(key, label, tuple(map(self._option, tier.items if tier else self.steps)))
            case "one":
                return Choice(key, label, self._options())
            case "many":
                return Many(key, label, self._options(), exclusive=self._alone())
            case "whole":
                return Amount(key, label, only_whole=True)
            case "decimal":
                return Amount(key, label)
            case "date":
                return Date(key, label, prefer="either")
            case "time":
                return Clock(key, label)
            case "photo" | "sound":
                return File(key, label, takes=("photo",) if control.kind == "photo" else ("voice",))
            case "place":
                return Location(key, label)
        long, spoken = "multiline" in control.looks, "numbers" not in control.looks
        return Text(key, label, most=LONGEST_TEXT, long=long, voice=spoken)

    def tier_question(self, tiers: Sequence[Tier], name: str) -> Question:
        """Give the first half of a scale in two tiers: which part of it."""
        options = tuple(Option(tier.value, tier.label) for tier in tiers)
        private = PRIVATE in self._control.looks
        return Scale(
            name,
            self._label(),
            options,
            forgets=(self.key,),
            hint=self._hint(),
            picture=self._picture(self._control.label),
            private=private,
            skip=self._skip(),
        )

    @property
    def is_scale(self) -> bool:
        """Whether the options are steps, which stay together."""
        return is_scale(self._control)

    @property
    def steps(self) -> tuple[Item, ...]:
        """The steps of a scale as they stand on the screen."""
        if self._control.kind == "scale":
            return numbers(self._control)
        steps = steps_of(tuple(self._kept()))
        return steps[::-1] if self._way.turned and turns(self._control) else steps

    # ---- words

    def _label(self) -> Words:
        own = self._control.label.said(self._scope)
        if not self._rows:
            return own
        before = "".join(
            f"{_said(repeat.title, self._scope)} {row}：" if _said(repeat.title, self._scope) else f"{row}："
            for repeat, row in zip(self._node.repeats, self._rows, strict=True)
        )
        return Own(
            before + own.plain, before + own.easy if own.easy else "", before + own.en if own.en else ""
        )

    def _hint(self) -> Words:
        hint = self._control.hint.said(self._scope)
        if not (self._way.helping and self._control.guidance):
            return hint if hint.plain else ""
        guidance = self._control.guidance.said(self._scope)
        return Own(
            *("\n".join(filter(None, pair)) for pair in zip(_three(hint), _three(guidance), strict=True))
        )

    # ---- what may be answered

    def _skip(self) -> Skip | None:
        if self.is_scale and self._control.kind == "one":
            outside = [item for item in self._kept() if item not in self.steps]
            if outside:
                return Skip(
                    label=outside[0].label.said(), value=outside[0].value, also=("不想说", *SKIP_WORDS)
                )
        if any(item.value == "skip" for item in self._control.items):
            return None  # the sheet has a way of its own to leave it open
        needed = self._node.required
        if needed is not None and as_truth(needed.run(self._scope)):
            return None
        return Skip(label="跳过", value=SKIPPED, also=SKIP_WORDS)

    def _refuses(self, value: Json, answers: Answers, world: World) -> Words:
        """Say what the sheet says about a value that may not be; "" where it may."""
        code = self._node.constraint
        if code is None or (text := text_of(value)) == "":
            return ""
        held = Held(answers, world)
        with held.leniently():
            scope = Scope(held, self._rows, self._rows, text)
            if as_truth(code.run(scope)):
                return ""
            return self._control.wrong.said(scope) if self._control.wrong else NOT_SO

    def _known(self) -> Callable[[World], Json] | None:
        """Give what the answer starts with."""
        node = self._node
        code = node.calculate or node.default
        text = node.start if code is None else self._held.text(code, self._rows)
        known = typed(self._control.kind, text) if text else None
        return None if known is None else lambda _: known

    def _kept(self) -> list[Item]:
        control = self._control
        if control.keeps is None:
            return list(control.items)
        with self._held.leniently():
            return chosen_of(control.items, control.keeps.run, self._scope)

    def _options(self) -> Sequence[Option]:
        if self._control.keeps is None:
            return tuple(map(self._option, self._control.items))
        return Offered(lambda: tuple(map(self._option, self._kept())))

    def _option(self, item: Item) -> Option:
        return replace(option(item), picture=self._picture(item.label))

    def _picture(self, wording: Wording) -> str:
        """What channels call the picture that belongs to some words; "" where there is none, or it was not brought."""
        return self._pictures.get(wording.picture(self._way.reading), "")

    def _alone(self) -> tuple[str, ...]:
        """Options that stand alone: those the constraint says are chosen with no other."""
        code = self._node.constraint
        if code is None:
            return ()
        values = [item.value for item in self._control.items]
        found: list[str] = []
        with self._held.leniently():
            for value in values:
                pair = next((each for each in values if each != value), None)
                if pair is None or not self._holds(value):
                    continue
                if not any(self._holds(f"{value} {each}") for each in values if each != value):
                    found.append(value)
        return tuple(found)

    def _holds(self, text: str) -> bool:
        code = self._node.constraint
        return code is None or as_truth(code.run(Scope(self._held, self._rows, self._rows, text)))

    @staticmethod
    def _long_range(control: Control, key: str, label: Words) -> Question:
        """Give a range with too many steps for buttons: a number to write."""
        if control.step == 1 and control.low.is_integer():
            return Number(key, label, low=int(control.low), high=int(control.high))
        return Amount(key, label)


def _said(wording: Wording | None, scope: Scope) -> str:
    return wording.said(scope).plain if wording else ""


def _three(own: Own) -> tuple[str, str, str]:
    return own.plain, own.easy, own.en
