"""Of what is built, only durations are quickened: in the files, and in their queries."""

from __future__ import annotations

from tests.real.escalation import quickened

CONTENT = {
    "global": {"scrape_interval": "15s", "external_labels": {"cluster": "5m"}},
    "groups": [
        {
            "name": "slo slow",
            "interval": "2m",
            "rules": [
                {
                    "record": "slo:error_ratio:rate1d",
                    "expr": 'sum_over_time(slo:bad:rate5m{slo="a:b"}[1d:5m] offset 1w) * 300'
                    ' / sum(rate(b{c=~"x{2}"}[5m]))',
                },
                {"alert": "Slow", "expr": "predict_linear(a[6h], 3600 * 24) < b offset 10m", "for": "1h"},
            ],
        }
    ],
}


def test_ranges_steps_offsets_and_waits_are_divided_and_nothing_else() -> None:
    assert quickened(CONTENT, 60, least=1500) == {
        "global": {"scrape_interval": "1s500ms", "external_labels": {"cluster": "5m"}},
        "groups": [
            {
                "name": "slo slow",
                "interval": "2s",
                "rules": [
                    {
                        "record": "slo:error_ratio:rate1d",
                        "expr": 'sum_over_time(slo:bad:rate5m{slo="a:b"}[24m:5s] offset 2h48m) * 300'
                        ' / sum(rate(b{c=~"x{2}"}[5s]))',
                    },
                    {"alert": "Slow", "expr": "predict_linear(a[6m], 3600 * 24) < b offset 10s", "for": "1m"},
                ],
            }
        ],
    }
