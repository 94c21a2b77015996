"""Who may be asked what: consent given, the person willing, old enough, with a disability or a relative."""

from datetime import date

from dialogs.model import Answers

YOUNGEST = 14
"""Under this age nothing is kept and a parent is called (personal information law, article 31)."""

ADULT = 18
"""From this age on, no parent has to agree (access.md F12)."""

HELPING_ROLES = frozenset({"family", "guardian", "helper"})


def agreed(a: Answers) -> bool:
    return a["consent_sensitive"] == "yes"


def helping(a: Answers) -> bool:
    """Somebody applies for another."""
    return agreed(a) and a["applicant_role"] in HELPING_ROLES


def willing(a: Answers) -> bool:
    """Consent is given, and the person who would go has not said no."""
    return agreed(a) and not (helping(a) and a["self_agreed"] == "no")


def trainee(a: Answers) -> bool:
    """The one who learns has a disability (a relative may come to learn too)."""
    return willing(a) and a["applicant_role"] != "family_self"


def age(a: Answers) -> int:
    """Whole years on the day of asking; 99 where it was not said."""
    number = a.text("cert_no")
    if len(number) >= 20:
        today = date.fromisoformat(a.text("today"))
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
        return today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    years = a["age"]
    return years if isinstance(years, int) else 99


def grown(a: Answers) -> bool:
    return willing(a) and age(a) >= YOUNGEST


def minor(a: Answers) -> bool:
    """From 14 to 17: their own word and a parent's are needed."""
    return grown(a) and age(a) < ADULT


def parent_asked(a: Answers) -> bool:
    """A minor's parent has to agree, and is not the one who applies."""
    if not minor(a):
        return False
    return a["applicant_role"] != "guardian" and not (helping(a) and a["helper_relation"] == "parent")


def finishing(a: Answers) -> bool:
    """There is something to send: a parent who was asked did not say no."""
    return grown(a) and not (parent_asked(a) and a["parent_agreed"] == "no")


def studies(a: Answers) -> bool:
    return grown(a) and (a["employment_status"] == "student" or "student" in a.many("extra"))


def has_extra(section: str, a: Answers) -> bool:
    """Whether the project asks for an extra section (学生、在岗、创业、带头人、非遗)."""
    return grown(a) and section in a.many("extra")
