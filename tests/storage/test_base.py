from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from storage.base import Store, UTCDateTime


def test_both_databases_answer(store: Store) -> None:
    with store.writing() as session:
        assert session.execute(text("SELECT 1")).scalar_one() == 1


def test_a_time_without_a_zone_is_refused(store: Store) -> None:
    naive = datetime(2026, 11, 21, 9, 0, tzinfo=UTC).replace(tzinfo=None)
    with pytest.raises(ValueError, match="without a zone"):
        UTCDateTime().process_bind_param(naive, store.engine.dialect)
