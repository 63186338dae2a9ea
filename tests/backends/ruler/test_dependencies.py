"""Which rules read what others write: by the metric, and by the labels whose values are known."""

from __future__ import annotations

import pytest

from skillforge_mon.backends.ruler.dependencies import Rule, in_order, read, together, written

RECORDED: Rule = {"record": "slo:errors:rate5m", "expr": "vector(1)", "labels": {"slo": "web"}}
ALERT: Rule = {"alert": "Down", "expr": "up == 0", "labels": {"severity": "critical", "queue": "{{ $labels.queue }}"}}


@pytest.mark.parametrize(
    ("expr", "reads_recorded", "reads_alert"),
    [
        ("slo:errors:rate5m", True, False),
        ('slo:errors:rate5m{slo="web"}', True, False),
        ('sum(rate(slo:errors:rate5m{slo="web", job="x"}[5m]))', True, False),
        ('slo:errors:rate5m{slo="api"}', False, False),
        ('slo:errors:rate5m{slo=~"api|web"}', True, False),
        ('{__name__=~"slo:.*", slo="web"}', True, True),
        ('{__name__="slo:errors:rate5m", slo="api"}', False, False),
        ("ALERTS", False, True),
        ('ALERTS{alertname="Down", severity="critical", queue="a"}', False, True),
        ('ALERTS{alertname="Up"}', False, False),
        ('ALERTS_FOR_STATE{severity="warning"}', False, False),
        ("sum(", True, True),
        ("vector(1)", False, False),
    ],
)
def test_a_rule_reads_what_its_selectors_may_select(expr: str, reads_recorded: bool, reads_alert: bool) -> None:
    found = read({"record": "x", "expr": expr})
    assert any(series.may_be(written(RECORDED)) for series in found) == reads_recorded
    assert any(series.may_be(written(ALERT)) for series in found) == reads_alert


def test_rules_of_two_slos_do_not_belong_together() -> None:
    rules: list[Rule] = [
        {"record": kind, "expr": f'{of}{{slo="{slo}"}}', "labels": {"slo": slo}}
        for slo in ("web", "api")
        for kind, of in (("slo:rate5m", "requests_total"), ("slo:rate1h", "slo:rate5m"))
    ]
    assert together(rules) == [[0, 1], [2, 3]]


def test_parts_stand_behind_what_they_read_otherwise_as_they_are() -> None:
    first = [{"record": "a", "expr": "b + c"}]
    second = [{"record": "b", "expr": "c"}]
    third = [{"record": "c", "expr": "x"}, {"alert": "A", "expr": "c > 1"}]
    other = [{"record": "d", "expr": "x"}]
    assert in_order([first, other, second, third]) == [1, 3, 2, 0]
    assert in_order([[{"record": "a", "expr": "b"}], [{"record": "b", "expr": "a"}], other]) == [2, 0, 1]
