"""Who brings a sheet, and whose business they may write into."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from storage.tables import Staff


@dataclass(frozen=True, slots=True)
class Uploader:
    """One member of staff with a sheet.

    Args:
        member: who brings it.
        intakes: the classes that are theirs; None for all.
        now: the moment.

    """

    member: Staff
    intakes: Collection[int] | None
    now: datetime

    @property
    def actor(self) -> str:
        """Who it was, as the audit and the list of versions write it."""
        return f"staff:{self.member.id}"

    def holds(self, intake_id: int) -> bool:
        return self.intakes is None or intake_id in self.intakes
