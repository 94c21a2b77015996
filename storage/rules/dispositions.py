"""Where a call-back may stand, what may follow what, and how many answered of those who were to be asked.

Rates follow AAPOR, Standard Definitions: Final Dispositions of Case Codes and Outcome Rates for Surveys (10th
edition, 2023), for samples of persons known by name: nobody's eligibility is unknown (UH = UO = 0). Complete is
I, partial P, refused R, unreached NC. Who named another time was spoken to and has not answered (O); who is asked
or to be phoned counts as not reached until they are. Planned ones are not in the field yet, and what was dropped
was never to be asked, so neither is in any rate.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from storage.tables import CallResult, Disposition

PLANNED, ASKED, LATER, TO_CALL = (
    Disposition.PLANNED,
    Disposition.ASKED,
    Disposition.LATER,
    Disposition.TO_CALL,
)
PARTIAL, COMPLETE, REFUSED = Disposition.PARTIAL, Disposition.COMPLETE, Disposition.REFUSED
UNREACHED, DROPPED = Disposition.UNREACHED, Disposition.DROPPED

OPEN = frozenset({PLANNED, ASKED, LATER, TO_CALL})
"""Nobody has answered, and somebody is still to be asked."""

ANSWERED = frozenset({PARTIAL, COMPLETE})

_ENDS = frozenset({PARTIAL, COMPLETE, REFUSED, UNREACHED, DROPPED})

FOLLOWS: Mapping[Disposition, frozenset[Disposition]] = {
    PLANNED: _ENDS | {ASKED, LATER, TO_CALL},
    ASKED: _ENDS | {LATER, TO_CALL},
    LATER: _ENDS | {ASKED, TO_CALL},
    TO_CALL: _ENDS | {LATER},
    PARTIAL: frozenset({COMPLETE, TO_CALL}),  # the rest is asked another time
    COMPLETE: frozenset(),
    REFUSED: ANSWERED,  # who changes their mind may answer
    UNREACHED: ANSWERED | {REFUSED, TO_CALL},  # a number corrected later is phoned once more
    DROPPED: ANSWERED | {PLANNED},  # a class that takes place after all
}
"""State -> what may come next. An answer is never turned away, and a full one never undone."""


class CannotFollow(ValueError):
    """A call-back cannot go from where it stands to there."""


def follow(before: Disposition, after: Disposition) -> Disposition:
    """Give the next state, which may be the same. Raises CannotFollow."""
    if after is not before and after not in FOLLOWS[before]:
        raise CannotFollow(f"{before.value} to {after.value}")
    return after


AFTER: Mapping[CallResult, Disposition] = {
    CallResult.DONE: COMPLETE,
    CallResult.PROXY: COMPLETE,
    CallResult.TEXT_DONE: COMPLETE,
    CallResult.PARTIAL: PARTIAL,
    CallResult.CALLBACK: TO_CALL,
    CallResult.NO_ANSWER: TO_CALL,
    CallResult.OFF: TO_CALL,
    CallResult.TEXT_ONLY: TO_CALL,
    CallResult.WRONG: UNREACHED,
    CallResult.DEAD: UNREACHED,
    CallResult.REFUSE: REFUSED,
}
"""How a try went -> where the call-back stands then; with another try planned it stays on the list."""


@dataclass(frozen=True, slots=True)
class Rates:
    """Rates between 0 and 1 of the call-backs that are in the field or over; None where there are none.

    Args:
        eligible: how many these are.
        response: RR1, those who answered to the end.
        with_partial: RR2, those who answered to the end or in part.
        contact: CON1, those who were spoken to at all.
        refusal: REF1.

    """

    eligible: int
    response: float | None
    with_partial: float | None
    contact: float | None
    refusal: float | None


def rates(counts: Mapping[Disposition, int]) -> Rates:
    """Work out the rates from how many stand where."""
    interviews, partly, refused = (counts.get(each, 0) for each in (COMPLETE, PARTIAL, REFUSED))
    other = counts.get(LATER, 0)
    not_reached = sum(counts.get(each, 0) for each in (UNREACHED, ASKED, TO_CALL))
    eligible = interviews + partly + refused + other + not_reached
    if not eligible:
        return Rates(0, None, None, None, None)
    return Rates(
        eligible,
        interviews / eligible,
        (interviews + partly) / eligible,
        (eligible - not_reached) / eligible,
        refused / eligible,
    )
