"""Apply for a course: consents, support needs by function, certificate, contacts, check, send."""

from collections.abc import Mapping
from typing import cast

from dialogs.facts.applications import Clash
from dialogs.facts.courses import intake, project
from dialogs.facts.people import person
from dialogs.kinds import Note, Review, Text
from dialogs.model import Answers, Flow, Json
from dialogs.parts.background import BACKGROUND
from dialogs.parts.consent import CONSENTS
from dialogs.parts.contacts import CONTACTS, EMERGENCY
from dialogs.parts.identity import IDENTITY
from dialogs.parts.known import NOTHING
from dialogs.parts.needs import NEEDS
from dialogs.parts.parent import PARENT, PARENTS_WORD
from dialogs.parts.standing import HELPING_ROLES, finishing, grown, willing
from dialogs.talk import Begin, World


def _fills(world: World) -> Mapping[str, Json]:
    course, run, role = project(world), intake(world), person(world).role
    # A relative may come to learn where the course is for families: only then is the role a question.
    known_role = (
        "" if role == "self" and "family" in course.audience else role if role in HELPING_ROLES else "self"
    )
    return {
        "today": world.today.isoformat(),
        "starts": run.start_date.isoformat(),
        "has_subsidy": "yes" if any(kind != "none" for kind in course.subsidy_types) else "no",
        "has_lodging": "yes" if run.lodging else "no",
        "has_exam": "yes" if course.certificate_type not in {"", "none"} else "no",
        "extra": list(course.extra_questions),
        "clash": "yes" if world.facts["clash"] else "no",
        "asks_role": "no" if known_role else "yes",
        **({"applicant_role": known_role} if known_role else {}),
    }


def _clashes(_: Answers, world: World) -> Mapping[str, object]:
    clashes = cast("tuple[Clash, ...]", world.facts["clash"])
    return {"other": clashes[0].title if clashes else ""}


def _elsewhere(_: Answers, world: World) -> Mapping[str, object]:
    return {"elsewhere": not world.trusted}


def _then(a: Answers, _: World) -> Begin | None:
    return Begin("help") if a["consent_sensitive"] == "ask" else None


flow = Flow(
    "apply",
    Note(
        "start",
        "报名：{{ project | called }}。大约 25 题，要 10 分钟。随时可以停，停了会记住。",
        hint="手边最好有残疾人证。没有，也可以报名。",
    ),
    *CONSENTS,
    Note(
        "clash_note",
        "已经报了{{ other }}。日子和这个课有重的。还是可以报。",
        when=lambda a: willing(a) and a["clash"] == "yes",
        values=_clashes,
    ),
    *NEEDS,
    *IDENTITY,
    *CONTACTS,
    *PARENT,
    *BACKGROUND,
    *EMERGENCY,
    Text(
        "words",
        "还有什么话要告诉老师？写几个字，也可以说一段话。",
        when=grown,
        private=True,
        most=1000,
        long=True,
        voice=True,
        skip=NOTHING,
        brief="想说的话",
    ),
    *PARENTS_WORD,
    # Not private itself: where private answers are given on our page, what stands there is not repeated in a chat.
    Review(
        "check",
        "看一看，都对吗？对了就发出去。",
        hint="{% if elsewhere %}别的回答在我们的网页上。想看，说“换手机”。{% endif %}",
        when=finishing,
        values=_elsewhere,
        leaves_out=(),
    ),
    record="application",
    then=_then,
    facts=("person", "project", "intake", "clash", "suggested"),
    fills=_fills,
    draft=True,
    title="报名",
)
