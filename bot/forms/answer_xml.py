"""One set of answers as an XForm submission, the way Collect sends it (OpenRosa, ODK XForms specification)."""

from xml.etree import ElementTree as ET

from bot.forms.answer_tables import held_of
from dialogs.xform.form import Form, Node
from dialogs.xform.held import Held, Rows
from storage.tables import AnswerSet

ORX = "http://openrosa.org/xforms"

ET.register_namespace("orx", ORX)


def submission(form: Form, given: AnswerSet) -> str:
    """Give the instance: what is not relevant is left out, and meta/instanceID names it."""
    held = held_of(given)
    root = ET.Element(form.root.name, {"id": form.name, "version": given.version})
    _inside(root, form.root, (), held)
    meta = ET.SubElement(root, f"{{{ORX}}}meta")
    ET.SubElement(meta, f"{{{ORX}}}instanceID").text = given.key
    return ET.tostring(root, encoding="unicode")


def _inside(element: ET.Element, group: Node, rows: Rows, held: Held) -> None:
    for node in group.children.values():
        if node.is_repeat:
            for place in range(1, held.count(node, rows) + 1):
                _inside(ET.SubElement(element, node.name), node, (*rows, place), held)
        elif not held.relevant(node, rows):
            continue
        elif node.children:
            _inside(ET.SubElement(element, node.name), node, rows, held)
        else:
            is_note = node.control is not None and node.control.kind == "note"
            text = "" if is_note else _legal(held.value(node, rows).removeprefix("file:"))
            ET.SubElement(element, node.name).text = text or None


def _legal(text: str) -> str:
    """A text without the characters XML cannot hold."""
    return "".join(each for each in text if each in "\t\n\r" or " " <= each < "\ud800" or each > "\udfff")
