"""Logs, pushed: what is made, that nothing is left to do then, and that others' pipelines keep their places."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.backends.datadog.logs.specs import compiled
from tests.backends.datadog.logs.test_indexes import SPEC
from tests.backends.datadog.logs.test_monitors import SPEC as MONITORS
from tests.backends.datadog.logs.test_pipelines import EVERYTHING
from tests.backends.datadog.pushing import Place, placed, writes

SPECS = {
    "levels": SPEC,
    "monitors": MONITORS,
    "everything": f"logs: {{web: {{service: web, {EVERYTHING}}}}}\n",
    "two": "logs: {web: {service: web}, jobs: {service: web, format: logfmt}}\n",
}


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    with placed(tmp_path) as found:
        yield found


@pytest.mark.parametrize("spec", SPECS.values(), ids=SPECS)
def test_pushed_means_nothing_left_to_do(place: Place, spec: str) -> None:
    documents = list(compiled(spec, "production").values())
    outcome = place.push(documents)
    assert {event.what for event in outcome.events} == {"done"}
    assert place.plan(documents).work == ()
    before = len(writes(place.server))
    place.push(documents)
    assert len(writes(place.server)) == before


def test_indexes_are_asked_in_the_order_of_the_spec_and_others_stay_where_they_are(place: Place) -> None:
    theirs: Any = {"name": "main", "filter": {"query": "*"}}
    place.server.objects["log_index"]["main"] = {
        **theirs,
        "exclusion_filters": [],
        "daily_limit": None,
        "num_retention_days": 15,
        "num_flex_logs_retention_days": 0,
        "is_rate_limited": False,
    }
    documents = list(compiled(SPEC, "production").values())
    place.push(documents)
    names = [f"shop-production-web{level}" for level in ("-error", "-debug", "")]
    assert list(place.server.objects["log_index"]) == ["main", *names]
    place.server.objects["log_index"] = dict(reversed(place.server.objects["log_index"].items()))
    place.push(documents)
    assert list(place.server.objects["log_index"]) == [*names, "main"]


def test_a_stream_that_is_gone_takes_its_pipeline_along_and_not_its_index(place: Place) -> None:
    place.push(list(compiled(SPECS["two"], "production").values()))
    assert len(place.server.objects["log_pipeline"]) == 2
    place.push(list(compiled("logs: {web: {service: web}}\n", "production").values()))
    assert len(place.server.objects["log_pipeline"]) == 1
    assert list(place.server.objects["log_index"]) == ["shop-production-web", "shop-production-jobs"]
