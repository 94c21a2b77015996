"""Reading what people say into values, without clock, catalogue or network."""


class Misheard(ValueError):
    """What was said is not the value asked for: a code says why, and a kind of question puts it into words.

    `reason` is one of the codes its reader names. `family` is the wider code it belongs to, or the same: a
    certificate number of 18 digits has the reason "id_only" of the family "length".
    """

    def __init__(self, reason: str, family: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.family = family or reason
