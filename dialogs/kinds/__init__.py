"""The kinds of question, one file per family."""

from dialogs.kinds.choice import Choice, Many, Note, Pick, YesNo
from dialogs.kinds.review import Review
from dialogs.kinds.text import Text

__all__ = ["Choice", "Many", "Note", "Pick", "Review", "Text", "YesNo"]
