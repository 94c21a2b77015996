"""What a reminder is about, as flows speak of it: a class, a part of one, a certificate; where somebody is reached."""

from dataclasses import replace

from bot.applications.applied import blank
from bot.asking import Asking
from dialogs.facts.applications import Applied
from dialogs.facts.classes import Certificate, Part
from storage import people
from storage.applications import enrolment
from storage.classes import certificates
from storage.classes import reminders as class_reminders
from storage.finding import get
from storage.tables import Reminder


def class_told(asking: Asking) -> Applied:
    """Give the class a reminder is about: when, where, what to bring.

    Who is only reminded as well reads no more than that: neither the support somebody asked for, nor what was
    decided, nor the way into an online class (access.md F3, F8).
    """
    filed = asking.reminded
    if filed is None:
        return blank(asking.now.date())
    told = asking.told(filed)
    if asking.filed is not None:
        return told
    return replace(
        blank(asking.now.date()),
        application_id=told.application_id,
        title=told.title,
        title_easy=told.title_easy,
        state=told.state,
        starts=told.starts,
        ends=told.ends,
        begins=told.begins,
        place=told.place,
        way=told.way,
        bring=told.bring,
        powers=told.powers & {"fill"},
    )


def part(asking: Asking) -> Part:
    """Give the part of a class that a reminder is about; one that does not stand where there is none."""
    number, filed = asking.about.get("reminder"), asking.reminded
    row = get(asking.session, Reminder, int(number)) if number is not None else None
    if row is not None and filed is not None and row.about.get("application") == filed.id:
        found = class_reminders.part_of(asking.session, row, filed)
        if found is not None:
            intake, _ = enrolment.course_of(asking.session, filed.intake_id)
            place = found.venue or intake.address
            is_exam = row.kind == class_reminders.EXAM
            return Part(True, found.mode, found.starts, found.ends, found.begins, place, is_exam)
    today = asking.now.date()
    return Part(False, "", today, today, None, "")


def certificate(asking: Asking) -> Certificate:
    """Give the certificate of an application, and who keeps it until it is collected."""
    filed = asking.filed
    if filed is None or not certificates.is_ready(asking.session, filed.id):
        return Certificate(is_ready=False)
    intake, project = enrolment.course_of(asking.session, filed.intake_id)
    return Certificate(
        is_ready=True,
        name=project.certificate_name,
        keeper=intake.contact_dept or project.organiser,
        phone=intake.contact_phone,
        sms=intake.contact_sms,
    )


def reached_on(asking: Asking) -> tuple[str, ...]:
    """Give on which channels the person is reached, on all their own phones together."""
    if asking.whom is None:
        return ()
    own = people.own_contacts(asking.session, asking.whom[0].id, asking.now)
    found = {each.channel.value for one in own for each in people.accounts_of(asking.session, one)}
    return tuple(sorted(found))
