"""The pages of tables that staff bring, and of the catalogue's versions they become."""

from collections.abc import Sequence

from bot.console.bringing import Bringing
from bot.console.imports import Imports
from bot.console.inside import Page
from bot.console.pages import ConsolePages
from bot.console.permissions import Act
from bot.console.versions import Versions
from bot.runner import Runner


def table_pages(runner: Runner, pages: ConsolePages) -> Sequence[Page]:
    """Every page from a file that is chosen to a version that is taken back."""
    imports, versions = Imports(runner, pages, Bringing(runner)), Versions(runner, pages)
    return (
        Page("/imports", Act.SHEETS, imports.show_all),
        Page("/imports", Act.SHEETS, imports.bring, "POST", file=True),
        Page("/imports/versions", Act.IMPORT, versions.show_all),
        Page("/imports/versions/{version}", Act.IMPORT, versions.show),
        Page("/imports/versions/{version}/take-back", Act.IMPORT, versions.take_back, "POST"),
        Page("/imports/{upload}", Act.SHEETS, imports.show),
        Page("/imports/{upload}/progress", Act.SHEETS, imports.progress),
        Page("/imports/{upload}/confirm", Act.SHEETS, imports.confirm, "POST"),
        Page("/imports/{upload}/drop", Act.SHEETS, imports.drop, "POST"),
    )
