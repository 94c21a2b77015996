"""Proper names and published words in the sample worlds, which the rules of plain language do not judge."""

from bot.preview.at_work import CONSOLE_LINK, OTHER_NUMBER
from bot.preview.courses import INTAKE, OTHERS, PROJECT
from bot.preview.job_fairs import FAIR, LISTED, ONLINE, POST, POSTS
from bot.preview.sample import (
    CERTIFICATE,
    CHAT_LINK,
    LINK,
    MINORS_CERTIFICATE,
    NOW_THERE,
    NUMBER,
    OFFICE,
    RULE,
    TICKETS,
)
from dialogs.spoken.certificate import group
from storage.catalogue import codes
from storage.catalogue.traits import LISTS

PUBLISHED = tuple(
    word
    for key, code in (
        *(("category", card.category) for card in (PROJECT, *OTHERS)),
        ("level", PROJECT.level), ("delivery", PROJECT.delivery), ("programme", PROJECT.programme),
        ("tags", PROJECT.tags[0]), ("venue_type", INTAKE.venue_type),
        ("subcategory", PROJECT.subcategory), ("industry", PROJECT.industry),
    )
    for word in (codes.label(LISTS[key], code), codes.easy(LISTS[key], code))
)  # fmt: skip
"""Values of the catalogue's filters."""

PLACES = tuple(
    place
    for run in (card.first for card in (PROJECT, *OTHERS))
    for place in (run.city, run.district, run.city + run.district)
)
COURSES = tuple(title for card in (PROJECT, *OTHERS) for title in (card.title, card.title_easy))
PEOPLE = ("王小明", "李小红", "李大梅")

FAIRS = (
    *(name for fair in (FAIR, ONLINE, *LISTED) for name in (fair.title, fair.title_easy)),
    *(name for post in POSTS for name in (post.title, post.employer, post.asks, post.hours, post.place, post.adjusted)),
    POST.pay, FAIR.place, FAIR.way, FAIR.travel, FAIR.phone, ONLINE.place, *FAIR.bring, *FAIR.on_site, "老师会等您。",
)  # fmt: skip
"""Names and published words of the fairs and positions in the samples."""

NAMES: tuple[str, ...] = (
    *COURSES, *PLACES, *PEOPLE, *PUBLISHED, *PROJECT.documents_to_bring, PROJECT.certificate_name,
    group(CERTIFICATE), group(MINORS_CERTIFICATE), NUMBER, LINK, CHAT_LINK, OFFICE.name, OFFICE.supervision_phone,
    INTAKE.schedule_text, INTAKE.address, INTAKE.how_to_get_there,
    INTAKE.contact_dept, INTAKE.contact_phone, INTAKE.contact_sms, RULE, "名额满了", "训桥",
    *(each.number for each in TICKETS), "0123 4567", "门口有台阶。", "好的，明天修好。", "谢谢。",
    *filter(None, FAIRS), NOW_THERE.place, "教室在修。", CONSOLE_LINK, OTHER_NUMBER,
)  # fmt: skip
"""Proper names and published words in the samples: said as they stand, judged where they come from."""
