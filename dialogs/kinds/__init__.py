"""The kinds of question, one file per family."""

from dialogs.kinds.amounts import Amount, Clock
from dialogs.kinds.choice import Choice, Many, Note, Pick, YesNo
from dialogs.kinds.relay import Relay
from dialogs.kinds.review import Review
from dialogs.kinds.scale import Scale
from dialogs.kinds.text import Name, Text
from dialogs.kinds.things import File, Location
from dialogs.kinds.values import Certificate, Date, Number, Phone

__all__ = [
    "Amount", "Certificate", "Choice", "Clock", "Date", "File", "Location", "Many", "Name", "Note", "Number", "Phone", "Pick",
    "Relay", "Review", "Scale", "Text", "YesNo",
]  # fmt: skip
