"""The one table of what finished flows become: the kind of record -> the function that keeps it."""

from collections.abc import Mapping

from bot.acts import arriving
from bot.submitted import Outcome, Submitted

__all__ = ["OUTCOMES", "Outcome", "Submitted"]

OUTCOMES: Mapping[str, Outcome] = {
    "reading": arriving.reading,
    "newcomer": arriving.newcomer,
    "ward": arriving.ward,
    "whose": arriving.whose,
}
