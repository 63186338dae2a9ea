"""What is said of how long samples are kept."""

from __future__ import annotations

import pytest

from skillforge_mon.checks import retention_long_term_nowhere
from tests.projects import project

TOLD = (
    "MON3696",
    "it is said how long long-term stores keep samples, and Prometheus writes to none",
    "add `remote_write` or `thanos` to `targets.prometheus`, or leave this out",
)


@pytest.mark.parametrize(
    ("targets", "told"),
    [
        ("{prometheus: {}}", [TOLD]),
        ("{prometheus: {remote_write: 'http://mimir/api/v1/push'}}", []),
        ("{prometheus: {thanos: {}}}", []),
        ("{prometheus: {}, ruler: {url: 'http://mimir'}}", []),
        ("{grafana: {}}", []),
    ],
)
def test_a_long_term_store_is_one_that_something_writes_to(targets: str, told: list[tuple[str, str, str]]) -> None:
    found = project(f"version: 1\nproject: shop\ntargets: {targets}\nretention: {{metrics: 30d, long_term: 365d}}\n")
    diagnostics = list(retention_long_term_nowhere.check(found))
    assert [(each.code, each.headline, each.help) for each in diagnostics] == told
    assert [str(each.span) for each in diagnostics] == ["spec.yaml:4:38"] * len(told)
