"""Proper names and published words in the sample worlds, which the rules of plain language do not judge."""

from bot.preview.courses import INTAKE, OTHERS, PROJECT
from bot.preview.sample import CERTIFICATE, CHAT_LINK, LINK, MINORS_CERTIFICATE, NUMBER, OFFICE, RULE
from dialogs.spoken.certificate import group
from storage.catalogue import codes
from storage.catalogue.traits import LISTS

PUBLISHED = tuple(
    word
    for key, code in (
        ("category", PROJECT.category), ("level", PROJECT.level), ("delivery", PROJECT.delivery),
        ("programme", PROJECT.programme), ("tags", PROJECT.tags[0]), ("venue_type", INTAKE.venue_type),
    )
    for word in (codes.label(LISTS[key], code), codes.easy(LISTS[key], code))
)  # fmt: skip
"""Values of the catalogue's filters."""

NAMES: tuple[str, ...] = (
    *(word for card in OTHERS for word in (card.title, card.title_easy)), *PUBLISHED,
    CHAT_LINK, group(CERTIFICATE), group(MINORS_CERTIFICATE), INTAKE.city, INTAKE.district, PROJECT.subcategory, PROJECT.industry,
    OFFICE.name, PROJECT.title, PROJECT.title_easy, PROJECT.certificate_name, INTAKE.schedule_text, INTAKE.address,
    INTAKE.how_to_get_there, INTAKE.contact_dept, INTAKE.contact_phone, INTAKE.contact_sms, OFFICE.supervision_phone,
    INTAKE.city + INTAKE.district, *PROJECT.documents_to_bring, "王小明", "李小红", "李大梅", NUMBER, LINK, RULE,
    "名额满了", "训桥",
)  # fmt: skip
"""Proper names and published words in the samples: said as they stand, judged where they come from."""
