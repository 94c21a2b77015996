"""What comes after an answer about an application: the application itself, as it stands now."""

from dialogs.facts.applications import application
from dialogs.model import Answers
from dialogs.talk import Begin, World


def see_application(_: Answers, world: World) -> Begin | None:
    """Open the application that the flow was about; who may not see it goes back to what was open before."""
    number = application(world).application_id
    return Begin("application", (("application", number),)) if number else None
