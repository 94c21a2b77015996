"""Whose course it is: by the office that ordered it, not by where it is held."""

import pytest

from storage.rules.regions import lies_in, office_area

ZHENGZHOU = ("河南省", "郑州市", "金水区")


@pytest.mark.parametrize(
    ("office", "place", "area"),
    [
        ("金水区残疾人联合会", ZHENGZHOU, ZHENGZHOU),
        ("郑州市残疾人联合会", ZHENGZHOU, ("河南省", "郑州市")),
        ("河南省残疾人就业服务中心", ZHENGZHOU, ("河南省",)),
        (
            "湘西州残疾人联合会",
            ("湖南省", "湘西土家族苗族自治州", "吉首市"),
            ("湖南省", "湘西土家族苗族自治州"),
        ),
        ("", ZHENGZHOU, ()),
        ("启程残疾人远程教育中心", ZHENGZHOU, ()),
        ("某某残疾人联合会", ("", "", ""), ()),
    ],
)
def test_an_office_is_responsible_for_the_place_it_is_named_after(
    office: str, place: tuple[str, ...], area: tuple[str, ...]
) -> None:
    assert office_area(office, place) == area


@pytest.mark.parametrize(
    "region", ["河南省", "郑州市", "河南省郑州市", "郑州市金水区", "河南省郑州市金水区", "金水区"]
)
def test_a_region_is_written_as_people_write_it(region: str) -> None:
    assert lies_in(ZHENGZHOU, region)


@pytest.mark.parametrize("region", ["", "湖南省", "州市", "郑州市二七区", "河南省金水区"])
def test_another_region_is_another(region: str) -> None:
    assert not lies_in(ZHENGZHOU, region)


def test_a_course_of_the_province_is_not_the_citys() -> None:
    assert not lies_in(office_area("河南省残疾人联合会", ZHENGZHOU), "郑州市")


def test_what_nobody_ordered_lies_nowhere() -> None:
    assert not lies_in((), "河南省")
