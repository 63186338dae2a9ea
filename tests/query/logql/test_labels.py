"""The labels that the series of a query can have; Loki 3.7.8 answered these queries with such series."""

from __future__ import annotations

import pytest

from skillforge_mon.query.logql import parse_logql
from skillforge_mon.query.logql.labels import result_labels
from skillforge_mon.query.logql.tree import LogLines

LINES = '{service="web"}'
COUNT = f"count_over_time({LINES}[5m])"
EACH = f"sum by (service, method) ({COUNT})"
FEW = f"sum by (method) ({COUNT})"


@pytest.mark.parametrize(
    ("query", "labels"),
    [
        (COUNT, None),
        (f"quantile_over_time(0.9, {LINES} | json | unwrap took [5m]) by (method)", {"method"}),
        (f"quantile_over_time(0.9, {LINES} | json | unwrap took [5m]) without (method)", None),
        (f"sum({COUNT})", set()),
        (FEW, {"method"}),
        (f"sum without (method) ({EACH})", {"service"}),
        (f"sum without (method) ({COUNT})", None),
        (f"topk(2, {EACH})", {"service", "method"}),
        (f"topk(2, {EACH}) by (service)", {"service", "method"}),
        (f"sort({FEW})", {"method"}),
        ('absent_over_time({service="web", level=~"error"}[5m])', {"service"}),
        (f"{FEW} > 1", {"method"}),
        (f"1 < {FEW}", {"method"}),
        ("vector(1)", set()),
        ("1 + 1", set()),
        (f"{FEW} or vector(0)", {"method"}),
        (f"{FEW} or {COUNT}", None),
        (f"{FEW} and on (method) {EACH}", {"method"}),
        (f"{EACH} unless on (method) {FEW}", {"service", "method"}),
        (f"{FEW} / {FEW}", {"method"}),
        (f"{EACH} / on (method) {EACH}", {"method"}),
        (f"{EACH} / ignoring (service) {EACH}", {"method"}),
        (f"{EACH} / on (method) group_left (team) {FEW}", {"service", "method", "team"}),
        (f"{FEW} / on (method) group_right {EACH}", {"service", "method"}),
        (f"{COUNT} / ignoring (service) {FEW}", None),
        (f"{COUNT} / on (method) group_left {FEW}", None),
        (f'label_replace({FEW}, "verb", "$1", "method", "(.*)")', {"method", "verb"}),
        (f'label_replace({COUNT}, "verb", "$1", "method", "(.*)")', None),
    ],
)
def test_the_labels_that_are_left(query: str, labels: set[str] | None) -> None:
    tree = parse_logql(query)
    assert not isinstance(tree, LogLines)
    assert result_labels(tree) == labels
