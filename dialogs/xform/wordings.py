"""The words of a form in every language it has: which of them is easy-read, and what stands in for a gap."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dialogs.xform.form import Code, Wording

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

XF = "{http://www.w3.org/2002/xforms}"
EASY = "易读"
"""How the name of a language begins that is easy-read."""

_ENGLISH = re.compile(r"english|.*\(en\)", re.IGNORECASE)
_ITEXT = re.compile(r"jr:itext\(\s*'([^']*)'\s*\)")
_PICTURE = "jr://images/"

GAP = "-"
"""What pyxform writes where a language has no words."""

Pieces = tuple[str | Code, ...]
Compile = Callable[[str], Code]


@dataclass(frozen=True, slots=True)
class Said:
    """One text of the sheet: for each language the element of each form it has (plain, guidance, image)."""

    forms: Mapping[str, "Element"]


class Library:
    """All texts of a form by their key, language by language."""

    def __init__(self, model: "Element") -> None:
        translations = model.findall(f"{XF}itext/{XF}translation")
        own = next((each for each in translations if each.get("default")), None)
        self.languages = tuple(str(each.get("lang", "")) for each in translations)
        self._texts: dict[str, dict[str, Mapping[str, Element]]] = {}
        for translation in translations:
            reading = _reading(str(translation.get("lang", "")), is_own=translation is own)
            for text in translation.findall(f"{XF}text"):
                forms = {value.get("form", ""): value for value in text.findall(f"{XF}value")}
                # Of two languages for one reading the first is taken.
                self._texts.setdefault(str(text.get("id")), {}).setdefault(reading, forms)

    def wording(self, element: "Element | None", code: Compile, form: str = "") -> Wording:
        """Give the words of a label or a hint; nothing where there are none."""
        if element is None:
            return Wording()
        found = _ITEXT.fullmatch(element.get("ref", "").strip())
        if found is None:
            return Wording(_pieces(element, code)) if not form else Wording()
        return self.of(found[1], code, form)

    def named(self, reference: str, code: Compile) -> Wording:
        """Give a message that stands in an attribute, as it is or by its key."""
        found = _ITEXT.fullmatch(reference.strip())
        return self.of(found[1], code) if found else Wording((reference,) if reference else ())

    def of(self, key: str, code: Compile, form: str = "") -> Wording:
        """Give the words under a key."""
        readings = self._texts.get(key, {})
        pieces = {reading: _pieces(forms[form], code) for reading, forms in readings.items() if form in forms}
        pictures = {
            reading: address.removeprefix(_PICTURE)
            for reading, forms in readings.items()
            if "image" in forms and (address := (forms["image"].text or "").strip()).startswith(_PICTURE)
        }
        plain = pieces.get("plain", ())
        if _is_gap(plain):
            plain = next((each for each in pieces.values() if not _is_gap(each)), ())
        own = {reading: each for reading, each in pieces.items() if not _is_gap(each)}
        return Wording(plain, own.get("easy", ()), own.get("en", ()), {} if form else pictures)


def _reading(language: str, *, is_own: bool) -> str:
    if language.startswith(EASY):
        return "easy"
    if _ENGLISH.fullmatch(language):
        return "plain" if is_own else "en"
    return "plain" if is_own else f"other {language}"


def _is_gap(pieces: Sequence[str | Code]) -> bool:
    return not pieces or (len(pieces) == 1 and isinstance(pieces[0], str) and pieces[0].strip() in ("", GAP))


def _pieces(element: "Element", code: Compile) -> Pieces:
    """The text of an element, with an expression wherever it puts out a value."""
    found: list[str | Code] = [element.text or ""]
    for output in element:
        found += [code(output.get("value", "''")), output.tail or ""]
    return tuple(piece for piece in found if piece != "")
