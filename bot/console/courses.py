"""Courses as staff call them."""

from storage.catalogue.snapshot import Snapshot


def course_words(catalogue: Snapshot, intake_id: int) -> str:
    """Name an intake: 盲人按摩班（第 1 班）; "" for one that does not exist."""
    run = catalogue.intake(intake_id)
    card = catalogue.project(run.project_id) if run else None
    return f"{card.title}（第 {run.intake_no} 班）" if run and card else ""


def number_in(text: str) -> int:
    """Read a number from an address or a form; 0 for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
