"""Units as Grafana knows them: those of the catalogue, its own, and the user's words."""

from __future__ import annotations

import pytest

from skillforge_mon.backends.grafana.unit_ids import is_grafana_unit
from skillforge_mon.backends.grafana.units import UNITS, grafana_unit, natural_maximum


@pytest.mark.parametrize(
    ("unit", "found", "written"),
    [
        ("", "", ""),
        ("seconds", "s", "s"),
        ("bytes_per_second", "binBps", "binBps"),
        ("jobs", "short", "suffix:jobs"),
        ("connections", "short", "suffix:connections"),
        ("jobs_per_second", "count:jobs/s", "count:jobs/s"),
        ("currencyEUR", "short", "currencyEUR"),
        ("dtdurations", "short", "dtdurations"),
        ("µs", "short", "µs"),
        ("prefix:#", "short", "prefix:#"),
        ("time:YYYY", "short", "time:YYYY"),
        ("/ sec", "short", "suffix:/ sec"),
    ],
)
def test_a_unit_is_written_in_the_words_of_grafana(unit: str, found: str, written: str) -> None:
    assert grafana_unit(unit, written=False) == found
    assert grafana_unit(unit, written=True) == written


def test_every_unit_of_the_catalogue_becomes_one_that_grafana_knows() -> None:
    assert [unit for unit in UNITS.values() if not is_grafana_unit(unit)] == []


@pytest.mark.parametrize(("unit", "whole"), [("percentunit", 1), ("percent", 100), ("bytes", None), ("", None)])
def test_only_shares_have_a_natural_maximum(unit: str, whole: int | None) -> None:
    assert natural_maximum(unit) == whole
