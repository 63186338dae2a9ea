"""How the bound of a bucket is written, by every exporter and by every version of Prometheus."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillforge_mon.lower.slo_events import le_matcher
from skillforge_mon.query.bucket_bounds import go_float, normalised_bound
from skillforge_mon.query.promql import Matcher

BOUNDS = st.decimals(min_value="1e-12", max_value="1e15", allow_nan=False, places=12).map(lambda d: d.normalize())


@pytest.mark.parametrize(
    ("number", "text"),
    [
        ("0.5", "0.5"),
        ("1", "1"),
        ("100000", "100000"),
        ("1000000", "1e+06"),
        ("1234567", "1.234567e+06"),
        ("5242880", "5.24288e+06"),
        ("0.0001", "0.0001"),
        ("0.000025", "2.5e-05"),
        ("123456789.5", "1.234567895e+08"),
    ],
)
def test_floats_are_written_as_go_writes_them(number: str, text: str) -> None:
    """Held against strconv.FormatFloat(x, 'g', -1, 64)."""
    assert go_float(Decimal(number)) == text


@given(BOUNDS)
def test_a_written_float_is_the_same_number(bound: Decimal) -> None:
    assert float(go_float(bound)) == float(bound)


@pytest.mark.parametrize(
    ("bound", "new", "old"),
    [
        ("0.25", '="0.25"', '="0.25"'),
        ("1", r'=~"1|1\.0"', r'=~"1|1\.0"'),
        ("10", r'=~"10|10\.0"', r'=~"10|10\.0"'),
        ("1000000", r'=~"1000000|1e\+06"', r'=~"1e\+06|1000000|1000000\.0"'),
    ],
)
def test_the_matcher_fits_the_version(bound: str, new: str, old: str) -> None:
    texts = []
    for version in ((3, 0), (2, 55)):
        matcher = le_matcher(Decimal(bound), version)
        assert matcher.label == "le"
        texts.append(f'{matcher.op}"{matcher.value}"')
    assert texts == [new, old]


@given(BOUNDS)
def test_every_spelling_matches_and_no_other_number(bound: Decimal) -> None:
    before, since = le_matcher(bound, (2, 53)), le_matcher(bound, (3, 0))
    of_otlp = f"{bound.normalize():f}"
    matches(before, bound, (go_float(bound), repr(float(bound))))
    matches(since, bound, (normalised_bound(bound), of_otlp))


def matches(matcher: Matcher, bound: Decimal, spellings: tuple[str, ...]) -> None:
    pattern = matcher.value if matcher.op == "=~" else re.escape(matcher.value)
    for spelling in spellings:
        assert re.fullmatch(pattern, spelling)
    for other in (bound * 10, bound + 1):
        assert not re.fullmatch(pattern, go_float(other))
