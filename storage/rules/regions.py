"""Which place an office is responsible for, and whether that lies in a member of staff's region."""

from collections.abc import Sequence

SAME = 2
"""Characters after which two names of a place count as one: 湘西州 is 湘西土家族苗族自治州."""


def office_area(office: str, place: Sequence[str]) -> tuple[str, ...]:
    """Give the area an office is responsible for, as far as its name says.

    Args:
        office: the office that ordered a course (commissioned_by), such as 金水区残疾人联合会.
        place: province, city and district of the course.

    Returns:
        The beginning of the place that the office names: (河南省, 郑州市, 金水区). Empty when nobody ordered the
        course, or when the name fits no part of the place: then only an admin has it.

    """
    known = [part for part in place if part]
    for depth in range(len(known), 0, -1):
        part = known[depth - 1]
        if office.startswith(part) or (len(part) > SAME and office.startswith(part[:SAME])):
            return tuple(known[:depth])
    return ()


def lies_in(area: Sequence[str], region: str) -> bool:
    """Say whether an area lies in a region such as 河南省, 郑州市, 长沙市雨花区 or 河南省郑州市."""
    if not region:
        return False
    wholes = (
        "".join(area[start:end]) for start in range(len(area)) for end in range(start + 1, len(area) + 1)
    )
    return region in wholes
