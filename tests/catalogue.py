"""The sample catalogue, for tests of the whole service."""

from importlib.resources import files

from bot.settings import Clock, Settings
from storage.base import Store
from storage.catalogue.importing import import_projects

SAMPLE_DAY = "2026-11-21T10:00"
"""When its courses are open."""


def put_catalogue(store: Store) -> None:
    """Import it into a database."""
    with store.writing() as session:
        data = (files("bot") / "demo" / "projects.csv").read_bytes()
        import_projects(
            session, data, "projects.csv", now=Clock(Settings(clock=SAMPLE_DAY)).now(), who="test"
        )
