"""Reading what people say into values, without clock, catalogue or network."""


class Misheard(ValueError):
    """What was said is not the value asked for: codes say why, and a kind of question puts them into words.

    `reason` is one of the codes its reader names. `detail` is a narrower code or "": a certificate number
    of 18 digits has the reason "length" and the detail "id_only". Take `error.detail or error.reason`.
    """

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(detail or reason)
        self.reason = reason
        self.detail = detail
