"""A picture or a paper that goes with a message."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Attached:
    """A file as a channel sends it.

    Args:
        key: the same for the same file: a channel that has it already is not sent its bytes again.
        is_photo: whether it is shown; else it is a paper to be opened.
        name: of the file.
        mime: what opens it, such as image/jpeg.
        body: the file itself.

    """

    key: str
    is_photo: bool
    name: str
    mime: str
    body: bytes = field(repr=False)
