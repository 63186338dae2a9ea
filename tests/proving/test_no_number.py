"""What is computed of values that are no finite number: as Prometheus does, and without an error of ours.

The expectations are what promtool 2.42 and 3.5 answer to the same queries over the same series.
"""

from __future__ import annotations

import pytest

from skillforge_mon.proving.evaluate import Clock, Evaluator
from skillforge_mon.proving.traffic import InputSeries, Piece
from skillforge_mon.query.promql import parse


def series(name: str, value: float, **labels: str) -> InputSeries:
    return InputSeries({"__name__": name, **labels}, (Piece(2, value),))


SERIES = [
    series("zero", 0.0),
    series("huge", 1e9),
    series("mixed", 0.0, of="zero"),
    series("mixed", 3.0, of="three"),
    series("most", 1.0, of="a"),
    series("most", 1.0, of="b"),
    series("seconds_bucket", 0.0, le="1"),
    series("seconds_bucket", 5.0, le="2"),
    series("seconds_bucket", 5.0, le="+Inf"),
]


@pytest.mark.parametrize(
    ("query", "value"),
    [
        ("histogram_quantile(0, seconds_bucket)", "nan"),
        ("clamp(zero / 0, 1, 2)", "nan"),
        ("clamp_min(zero / 0, 1)", "nan"),
        ("clamp_max(zero / 0, 1)", "nan"),
        ("ceil(huge / 0)", "inf"),
        ("floor(-huge / 0)", "-inf"),
        ("sgn(zero / 0)", "nan"),
        ("exp(huge)", "inf"),
        ("ln(zero)", "-inf"),
        ("log2(zero)", "-inf"),
        ("log10(zero)", "-inf"),
        ("min(mixed / mixed)", "1.0"),
        ("max(mixed / mixed)", "1.0"),
        ("sum(-1 / zero) + sum(1 / zero)", "nan"),
        ("sum(ln(mixed) / 0)", "nan"),
        ("avg(1 / mixed)", "inf"),
    ],
)
def test_values_that_are_no_finite_number(query: str, value: str) -> None:
    found = Evaluator(SERIES, Clock(30_000, left_open=True)).vector(parse(query), 30_000)
    assert [str(each) for _, each in found] == [value]


def test_nothing_matches_nothing_even_where_two_series_would_be_one() -> None:
    assert Evaluator(SERIES, Clock(30_000, left_open=True)).vector(parse("nowhere + on () group_left () most"), 0) == []
