"""Which answers to a form tell who somebody is, and how they are given to who has no use for that."""

import re
from collections.abc import Collection, Mapping

from dialogs.model import Json
from dialogs.xform.asking import PRIVATE
from dialogs.xform.form import Form, Node
from storage.classes.roster import masked

NAMED = re.compile(
    r"(?:^|_)(?:name|phone|mobile|tel|cert_no|certificate|id_no|id_card|idcard)(?:$|_)|姓名|电话|手机|证号|身份证",
    re.IGNORECASE,
)
"""Fields to write in that hold a person's name, phone or certificate number, by the field's name."""

NUMBERS = "numbers"
"""The appearance of a text that is digits: phones and certificates are written so."""


def sealed_in(form: Form) -> frozenset[str]:
    """Give the names of the questions whose answers are masked until somebody asks to have them whole."""
    return frozenset(node.key for node in form.asked if _is_sealed(node))


def sealed(hidden: Collection[str], answers: Mapping[str, Json]) -> dict[str, Json]:
    """Give answers with those to these questions masked, in whatever row they stand."""
    return {
        name: masked(value) if isinstance(value, str) and name.rpartition("/")[2] in hidden else value
        for name, value in answers.items()
    }


def _is_sealed(node: Node) -> bool:
    control = node.control
    if control is None or control.kind != "text":
        return False
    return PRIVATE in control.looks or NUMBERS in control.looks or NAMED.search(node.key) is not None
