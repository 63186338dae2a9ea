"""Indexes of logs."""

from __future__ import annotations

import json
from typing import Any

import pytest
from datadog_api_client.v1.model.logs_index import LogsIndex
from hypothesis import given
from hypothesis import strategies as st

from skillforge_mon.backends.datadog.logs.indexes import DAYS, index_name
from skillforge_mon.documents.document import Grade, Reference, Resource, Verdict
from tests.backends.datadog.logs.specs import HEAD, compiled
from tests.fakes.datadog_models import understood
from tests.projects import project

SPEC = """\
retention: {logs: {default: 30d, error: 90d, debug: 3d}}
logs:
  web:
    service: web
    drop: [{level: debug, fields: {path: [/health, ready]}}]
    index:
      daily_limit: 1000000
      exclude: [{name: good, lines: {level: info, without: [slow]}, keep: 10%}]
"""


def test_a_level_that_is_kept_for_another_time_has_an_index_before_that_of_its_stream() -> None:
    documents = compiled(SPEC)
    bodies: dict[str, Any] = {
        path: document.content for path, document in documents.items() if path.startswith("logs/indexes/")
    }
    exclusions = [
        {
            "name": "drop 1",
            "is_enabled": True,
            "filter": {"query": 'status:debug @path:("/health" OR ready)', "sample_rate": 1},
        },
        {
            "name": "good",
            "is_enabled": True,
            "filter": {"query": 'status:(notice OR info OR ok) -"slow"', "sample_rate": 0.9},
        },
    ]
    common = {"exclusion_filters": exclusions, "tags": ["project:shop", "service:web"], "daily_limit": 1000000}
    assert bodies == {
        "logs/indexes/shop-web-error.json": {
            "name": "shop-web-error",
            "filter": {"query": "service:web status:(emergency OR alert OR critical OR error)"},
            "num_retention_days": 90,
            **common,
        },
        "logs/indexes/shop-web-debug.json": {
            "name": "shop-web-debug",
            "filter": {"query": "service:web status:debug"},
            "num_retention_days": 3,
            **common,
        },
        "logs/indexes/shop-web.json": {
            "name": "shop-web",
            "filter": {"query": "service:web"},
            "num_retention_days": 30,
            **common,
        },
    }
    for body in bodies.values():
        assert understood(json.loads(json.dumps(body)), LogsIndex, "index") == []
    assert documents["logs/order/indexes.json"].content == {
        "index_names": ["shop-web-error", "shop-web-debug", "shop-web"]
    }
    assert documents["logs/order/pipelines.json"].content == {
        "pipeline_ids": [{"$ref": {"kind": "log_pipeline", "key": "logs.web"}}]
    }
    assert documents["logs/order/pipelines.json"].resource == Resource(
        "datadog", "log_pipeline_order", "order", (Reference("log_pipeline", "logs.web"),)
    )


def test_a_daily_limit_is_that_of_each_index_and_it_is_told() -> None:
    reasons = [verdict.reason for verdict in compiled(SPEC)["logs/pipelines/web.json"].verdicts]
    limit = "`daily_limit` holds for each of its 3 indexes: `error`, `debug` are kept for another time"
    assert [limit in reason for reason in reasons] == [True]
    alike = compiled(SPEC.replace("{default: 30d, error: 90d, debug: 3d}", "30d"))
    assert "daily_limit" not in alike["logs/pipelines/web.json"].verdicts[0].reason


@pytest.mark.parametrize(("said", "days"), [("1d", 3), ("7d", 7), ("14d", 15), ("100d", 180), ("2y", 360)])
def test_days_that_are_not_to_be_had_become_the_next_more(said: str, days: int) -> None:
    documents = compiled(f"logs: {{web: {{service: web, retention: {said}}}}}\n")
    body: Any = documents["logs/indexes/shop-web.json"].content
    assert body["num_retention_days"] == days
    (verdict,) = documents["logs/pipelines/web.json"].verdicts
    shown = "730d" if said == "2y" else said
    reason = f"lines are kept for {days} days and not for {shown}: Datadog has 3, 7, 15, 30, 45, 60, 90, 180, 360"
    exact = Verdict("datadog", "logs.web", Grade.EXACT)
    assert verdict == (exact if said == "7d" else Verdict("datadog", "logs.web", Grade.APPROXIMATE, reason))


def test_levels_of_plain_text_cannot_be_told_apart() -> None:
    documents = compiled("retention: {logs: {default: 3d, error: 7d}}\nlogs: {web: {service: web, format: plain}}\n")
    (verdict,) = documents["logs/pipelines/web.json"].verdicts
    reason = "its lines have no level that can be read, so that all of them are kept for 3d"
    assert verdict == Verdict("datadog", "logs.web", Grade.APPROXIMATE, reason)
    body: Any = documents["logs/indexes/shop-web.json"].content
    assert body["num_retention_days"] == 3


def test_without_a_retention_the_plan_decides() -> None:
    body: Any = compiled("logs: {web: {service: web}}\n")["logs/indexes/shop-web.json"].content
    assert "num_retention_days" not in body
    assert sorted(DAYS) == list(DAYS)


@given(st.from_regex(r"[A-Za-z][A-Za-z0-9_.-]{0,40}", fullmatch=True))
def test_every_name_is_one_that_datadog_takes(name: str) -> None:
    """[api] LogsIndex: ``^[a-z][a-z0-9-]*$`` (the message of the API to a name that is not)."""
    found = project(HEAD + f"logs: {{'{name}': {{}}}}\n", "production")
    made = index_name(found, found.logs[name])
    assert made[0].isalpha()
    assert set(made) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
