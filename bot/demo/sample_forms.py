"""The forms of the sample data, as they are read from their sheets."""

from pathlib import Path

from bot.forms.surveys import read_survey
from dialogs.xform import Form

FORMS = Path(__file__).parent / "forms"


def sample_forms() -> tuple[Form, ...]:
    """Read every form of the demo, by file name.

    Raises:
        RuntimeError: when one is broken; they are part of the release.

    """
    return tuple(_whole(file) for file in sorted(FORMS.glob("*.xlsx")))


def _whole(file: Path) -> Form:
    found = read_survey(file.read_bytes())
    if found.form is None:
        raise RuntimeError(f"the demo's {file.name} is broken: {found.problems[0]}")
    return found.form
