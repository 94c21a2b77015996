"""Whom to call about what was just told: our own number, where there is one."""

from dialogs.facts.people import office
from dialogs.model import Row
from dialogs.talk import World


def whom_to_call(world: World) -> tuple[Row, ...]:
    """The line with the number to call; none where nobody set one."""
    return (Row("打电话问", "{{ office.help_phone }}"),) if office(world).help_phone else ()
