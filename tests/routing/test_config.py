"""Any text is a configuration, or is refused with diagnostics that have a place."""

from __future__ import annotations

import json
from random import Random
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from skillforge_mon.diagnostics.diagnostic import Report
from skillforge_mon.routing.config import read_configuration
from skillforge_mon.routing.evaluate import routes_of
from tests.routing.trees import configuration, labels, text

KEYS = (
    "route", "routes", "receiver", "receivers", "name", "matchers", "match", "match_re", "group_by", "group_wait",
    "group_interval", "continue", "time_intervals", "mute_time_intervals", "times", "weekdays", "days_of_month",
    "months", "years", "location", "start_time", "inhibit_rules", "equal", "slack_configs",
)  # fmt: skip
SCALARS = st.sampled_from((None, True, 0, 1.5, "", "a", "5m", "UTC", "a=b", "monday:friday", "-1", "1:2:3", "9" * 30))
VALUES: st.SearchStrategy[Any] = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4)
)


@given(st.dictionaries(st.sampled_from(KEYS), VALUES))
def test_any_data_is_read_or_refused_with_a_place(data: dict[str, Any]) -> None:
    report = Report()
    found = read_configuration(json.dumps(data), "alertmanager.yml", report)
    assert (found is None) is (len(report) > 0)
    assert all(item.span is not None for item in report)


@given(st.integers(0, 2**32))
def test_every_alert_takes_some_route_of_any_tree(seed: int) -> None:
    random = Random(seed)  # noqa: S311 - nothing is kept secret by it
    found = read_configuration(text(configuration(random, 3, modern=True)), "alertmanager.yml", Report())
    assert found is not None
    assert routes_of(found.root, labels(random))
