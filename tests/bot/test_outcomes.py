from bot.outcomes import OUTCOMES
from dialogs import flows
from dialogs.book import flows_in


def test_every_record_a_flow_becomes_is_kept_by_somebody() -> None:
    records = {flow.record for flow in flows_in(flows) if flow.record is not None}
    assert records <= set(OUTCOMES)
