"""What the checks of queries say of Prometheus, said by Prometheus: promtool evaluates the bad and the good query."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TypeAlias

from tests.real.tools import Generation, Result, promtool_test_rules

SERIES = {
    'requests{code="200", job="web"}': "10 10 10",
    'requests{code="500", job="web"}': "5 5 5",
    'before{job="web"}': "0 0 0",
    'idle{job="web"}': "0 0 0",
    'up{job="web"}': "0 0 0",
}
Expected: TypeAlias = dict[str, dict[str, float]]
"""By query, the values that it returns by their labels."""
NOTHING: dict[str, float] = {}


def evaluated(generation: Generation, folder: Path, expected: Expected, interval: str = "1m", at: str = "1m") -> Result:
    """Hold ``expected`` against what the queries return at ``at``; series have a sample every ``interval``."""
    (folder / "rules.yml").write_text("groups: []\n", encoding="utf-8")
    test = folder / "test.yml"
    expectations = [
        {
            "expr": query,
            "eval_time": at,
            "exp_samples": [{"labels": labels, "value": value} for labels, value in samples.items()],
        }
        for query, samples in expected.items()
    ]
    series = [{"series": name, "values": values} for name, values in SERIES.items()]
    tests = [{"interval": interval, "input_series": series, "promql_expr_test": expectations}]
    test.write_text(json.dumps({"rule_files": ["rules.yml"], "tests": tests}), encoding="utf-8")
    return promtool_test_rules(generation, test)


def assert_returned(generation: Generation, folder: Path, expected: Expected, **times: str) -> None:
    result = evaluated(generation, folder, expected, **times)
    assert result.exit_code == 0, result.output


def test_sides_that_differ_in_a_label_never_meet(generation: Generation, tmp_path: Path) -> None:
    expected: Expected = {
        "sum by (code) (requests) / sum(requests)": NOTHING,
        "sum by (code) (requests) / ignoring (code) group_left sum(requests) > 0.5": {'{code="200"}': 10 / 15},
        "up and requests": NOTHING,
        "count(up unless requests)": {"{}": 1},
        "sum by (code) (requests) > vector(5)": NOTHING,
    }
    assert_returned(generation, tmp_path, expected)


def test_operands_that_change_nothing(generation: Generation, tmp_path: Path) -> None:
    expected: Expected = {
        "vector(0) or sum(requests)": {"{}": 0},
        "sum(requests) or vector(0)": {"{}": 15},
        "requests unless requests": NOTHING,
        "count(requests > 4 or requests > 6)": {"{}": 2},
        "count(requests > 6 or requests > 4)": {"{}": 2},
    }
    assert_returned(generation, tmp_path, expected)


def test_several_series_for_one_match_are_refused(generation: Generation, tmp_path: Path) -> None:
    result = evaluated(generation, tmp_path, {"requests / ignoring (code) before": NOTHING})
    assert result.exit_code == 1
    assert "multiple matches for labels" in result.output


def test_what_is_divided_by_zero_exceeds_everything_but_zero_itself(generation: Generation, tmp_path: Path) -> None:
    expected: Expected = {
        "count(sum by (job) (requests) / before > 1e300)": {"{}": 1},
        "count(idle / before > 0)": NOTHING,
        "count(idle / before < 1)": NOTHING,
        "count(sum by (job) (requests) / (before > 0) > 3)": NOTHING,
    }
    assert_returned(generation, tmp_path, expected)


def test_comparisons_that_nothing_stands(generation: Generation, tmp_path: Path) -> None:
    expected: Expected = {
        "count(up == 1) == 0": NOTHING,
        "count(up == 1) < 1": NOTHING,
        "(count(up == 1) or vector(0)) == 0": {"{}": 0},
        "day_of_week(vector(0)) == 4": {"{}": 4},
        "day_of_week(vector(259200)) == 0": {"{}": 0},
        "count(absent(up) == 1)": NOTHING,
        "count(absent(nothing) == 1)": {"{}": 1},
    }
    assert_returned(generation, tmp_path, expected)


def test_a_sample_is_looked_for_in_the_last_five_minutes(generation: Generation, tmp_path: Path) -> None:
    assert_returned(generation, tmp_path, {"count(requests)": NOTHING}, interval="10m", at="6m")
    assert_returned(generation, tmp_path, {"count(requests)": {"{}": 2}}, interval="10m", at="4m")
    assert_returned(generation, tmp_path, {"count(last_over_time(requests[10m]))": {"{}": 2}}, interval="10m", at="6m")
