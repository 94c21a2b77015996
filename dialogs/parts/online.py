"""Where a class is held online: for who has a seat in it, and for nobody else."""

from dialogs.facts.applications import Applied
from dialogs.model import Row
from dialogs.words import Own


def online(it: Applied) -> tuple[Row, ...]:
    """The lines that lead to an online class; none for anybody who is not accepted."""
    return (
        *((Row("网上用什么", Own(it.platform)),) if it.platform else ()),
        *((Row("上课的网页", Own(it.link)),) if it.link else ()),
    )
