"""How flows from sheets are called: what those need that only tell them from ours, and never read a sheet."""

from collections.abc import Mapping

PREFIX = "survey:"
"""How the name of a flow begins that came from a sheet."""

RECORD = "survey"
"""What is recorded at the end of each of them."""

EXTENDS: Mapping[str, str] = {"application_form": "apply", "apply": "apply"}
"""The form_id of a sheet -> the flow of ours it adds questions to."""


def revision_of(flow: str, form: str = "", version: str = "") -> str:
    """Say which form was filled in: a flow of ours, and the version of the sheet that added questions to it."""
    return f"{flow} {form} {version}" if form else flow


def flow_in(revision: str) -> str:
    """Give the flow that was filled in, whichever sheet added questions to it."""
    return revision.partition(" ")[0]


def version_in(revision: str) -> str:
    """Give the version of the sheet that added questions; "" where none did."""
    return "".join(revision.split(" ", 2)[2:])


def flow_name(form: str) -> str:
    """Give the name of the flow a form is asked as, by its form_id."""
    return EXTENDS.get(form) or f"{PREFIX}{form}"
