"""What a listed intake can be found by: its filters, its words, its places, the situations it suits."""

from collections.abc import Iterator, Mapping
from functools import lru_cache

from storage.catalogue import codes
from storage.catalogue.cards import IntakeCard, ProjectCard

LISTS: Mapping[str, str] = {
    "category": "category",
    "subcategory": "subcategory",
    "industry": "industry",
    "level": "level",
    "audience": "audience",
    "venue_type": "venue_type",
    "delivery": "delivery",
    "programme": "programme",
    "tags": "tag",
    "mode": "mode",
    "time_slot": "time_slot",
    "supports": "service",
    "status": "project_status",
}
"""The list of the vocabulary behind each filter that has one."""

NEAR = ("county", "city", "province", "online")
_PLAIN_KEYS = ("occupation", "organiser", "subsidised", "province", "city", "district")
KEYS = frozenset({*LISTS, *_PLAIN_KEYS, "near"})
"""Every filter there is."""

_FOR_TRAINEES = frozenset({"disabled", "family"})


def situations(project: ProjectCard) -> Iterator[str]:
    """The situations a project suits, by its kind or its own words; "" for what trainees may take at all."""
    for code, situation in codes.words("situation").items():
        if project.category in situation.default_for or code in project.employment_status:
            yield code
    if _FOR_TRAINEES.intersection(project.audience):
        yield ""


def values(project: ProjectCard, intake: IntakeCard) -> Iterator[tuple[str, str]]:
    """The filters an intake passes: each with its code or word."""
    single = {
        "category": project.category,
        "subcategory": project.subcategory,
        "occupation": project.occupation,
        "industry": project.industry,
        "level": project.level,
        "delivery": project.delivery,
        "programme": project.programme,
        "organiser": project.organiser,
        "subsidised": "yes" if project.subsidised else "no",
        "province": intake.province,
        "city": intake.city,
        "district": intake.district,
        "venue_type": intake.venue_type,
        "mode": intake.mode,
        "time_slot": intake.time_slot,
        "status": intake.status.value,
    }
    yield from ((key, value) for key, value in single.items() if value)
    yield from (("tags", tag) for tag in project.tags)
    yield from (("audience", audience) for audience in project.audience)
    yield from (("supports", service) for service in intake.services)


def places(intake: IntakeCard) -> Iterator[tuple[str, ...]]:
    """The province, the city in it, and the county in that: counties of one name stand in many cities."""
    names = (intake.province, intake.city, intake.district)
    yield from (names[:depth] for depth, name in enumerate(names, 1) if name)


def texts(project: ProjectCard, intake: IntakeCard) -> Iterator[str]:
    """What free words look into."""
    yield from (project.title, project.title_easy, project.occupation, project.organiser, project.industry)
    yield from (intake.province, intake.city, intake.district, intake.place)
    yield from (intake.address, intake.platform)
    coded = [("category", project.category), ("subcategory", project.subcategory), ("mode", intake.mode)]
    coded += [("time_slot", intake.time_slot), ("programme", project.programme)]
    coded += [("delivery", project.delivery), ("venue_type", intake.venue_type)]
    coded += [("tag", tag) for tag in project.tags]
    coded += [("service", service) for service in intake.services]
    for name, code in coded:
        yield from _spoken(name, code)


@lru_cache(maxsize=1024)
def _spoken(name: str, code: str) -> tuple[str, ...]:
    return (codes.label(name, code), codes.easy(name, code)) if code else ()
