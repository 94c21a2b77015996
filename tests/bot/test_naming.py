"""How somebody is called in a chat that is not ours."""

import pytest

from bot.naming import called


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("李小梅", "小梅"),
        ("小明", "小明"),
        ("李明", "李明"),
        ("马会", "马会"),
        ("欧阳明", "欧阳明"),
        ("欧阳小梅", "小梅"),
        ("阿依古丽·买买提", "阿依古丽"),
        ("您自己", "您自己"),
        ("", ""),
    ],
)
def test_without_the_family_name(name: str, short: str) -> None:
    assert called(name) == short
