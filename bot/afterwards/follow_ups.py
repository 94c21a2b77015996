"""Which answers to a call-back open a ticket: the one table of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from dialogs.model import Json
from storage.tickets.tickets import DANGER

Said = Mapping[str, Json]

LOW = frozenset({"s1", "s2"})
RATED = "sat_"
"""How the name of a question begins by which people rate on the scale of the sample forms."""

REFERRAL, COMPLAINT, JOB = "referral", "complaint", "job"

LEFT_OPEN = frozenset({"@skip", "skip", ""})

NOTHING = LEFT_OPEN | {"none"}

IN_WORDS = ("bad_detail", "suggestion", "words")
"""Questions that are answered in somebody's own words, whatever they are about."""


@dataclass(frozen=True, slots=True)
class FollowUp:
    """One matter that an answer opens.

    Args:
        kind: of the ticket (codes.csv, ticket_kind).
        asks: gives the questions whose answers open it, nothing where they do not.
        tells: further questions whose answers staff read with it.

    """

    kind: str
    asks: Callable[[Said], tuple[str, ...]]
    tells: tuple[str, ...] = ()


def several(said: Said, name: str) -> tuple[str, ...]:
    """Give what was chosen, without the answer that there is nothing."""
    value = said.get(name)
    chosen = value if isinstance(value, list) else [value]
    return tuple(str(each) for each in chosen if each is not None and str(each) not in NOTHING)


def _is(name: str, *values: str) -> Callable[[Said], tuple[str, ...]]:
    return lambda said: (name,) if set(several(said, name)) & set(values) else ()


def _low(said: Said) -> tuple[str, ...]:
    return tuple(name for name in said if name.startswith(RATED) and said[name] in LOW)


def _in_danger(said: Said) -> tuple[str, ...]:
    return tuple(name for name in ("area", "difficulty") if "bully" in several(said, name))


def _in_trouble(said: Said) -> tuple[str, ...]:
    """During a class: who wants help, finds it very hard or wants to leave; in danger it is another matter."""
    if said.get("trouble") not in ("some", "lot") or _in_danger(said):
        return ()
    wants = said.get("want_help") == "yes" or said["trouble"] == "lot" or "quit" in several(said, "area")
    return ("trouble",) if wants else ()


def _hard_at_work(said: Said) -> tuple[str, ...]:
    return ("difficulty",) if several(said, "difficulty") and not _in_danger(said) else ()


FOLLOW_UPS = (
    FollowUp(DANGER, _in_danger, ("trouble", "detail", "want_help", "words")),
    FollowUp("charged", _is("charged", "yes"), ("charged_amount", "charged_for")),
    FollowUp("support_broken", _is("support_delivered", "part", "none"), ("support_missing",)),
    FollowUp("suggestion", _low, IN_WORDS),
    FollowUp("trouble", _in_trouble, ("area", "detail", "want_help")),
    FollowUp("trouble", _hard_at_work, ("words",)),
)
"""What an answer opens beside what was asked for."""

NEED = "need"
"""The question what else somebody wants help with: each answer is a matter of its own."""

WISHES: Mapping[str, str] = {"want_help": JOB}
"""The same as a yes or no: question of the form after a fair -> code of follow_need."""


def kind_of_need(code: str) -> str:
    """Give the kind of ticket that a need becomes (codes.csv, follow_need)."""
    return COMPLAINT if code == COMPLAINT else REFERRAL


def told_of_need(code: str) -> tuple[str, ...]:
    """Give the questions whose answers staff read with a need: what somebody complains of."""
    return IN_WORDS if code == COMPLAINT else ()
