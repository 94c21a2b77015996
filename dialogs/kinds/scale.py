"""Questions answered on a scale: all steps stand together, and are never cut into pages."""

from dataclasses import dataclass
from typing import ClassVar

from dialogs.kinds.choice import Choice


@dataclass(frozen=True, slots=True)
class Scale(Choice):
    """One step of a scale, in order; whoever sees only half of it cannot weigh."""

    kind: ClassVar[str] = "scale"
    whole: ClassVar[bool] = True
