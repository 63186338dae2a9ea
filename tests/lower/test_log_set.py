"""``use: logs``: what is shown of the lines of a service."""

from __future__ import annotations

from skillforge_mon.lower.log_set import log_set
from tests.projects import project

SPEC = """\
version: 1
project: shop
targets: {loki: {}, grafana: {}}
services: {web: {}, db: {}, api: {}}
logs:
  web: {service: web}
  db: {service: db, format: plain}
"""


def test_the_lines_of_a_service_by_level() -> None:
    found = project(SPEC)
    shown = log_set(found, found.services["web"])
    assert [(draft.panel.type, draft.panel.title, draft.panel.queries[0].text) for draft in shown.drafts] == [
        (
            "timeseries",
            "Errors and warnings",
            'sum by (level) (rate({service="web", level=~"error|warning"}[$__auto]))',
        ),
        ("timeseries", "Lines", 'sum by (level) (rate({service="web"}[$__auto]))'),
        ("timeseries", "Volume", 'sum by (level) (bytes_rate({service="web"}[$__auto]))'),
        ("logs", "Latest lines", '{service="web"}'),
    ]
    assert {draft.panel.of_logs for draft in shown.drafts} == {True}


def test_without_a_service_every_stream_is_shown() -> None:
    shown = log_set(project(SPEC), None)
    assert [draft.panel.title for draft in shown.drafts] == [
        "Errors and warnings",
        "Lines",
        "Volume",
        "web: lines",
        "db: lines",
    ]
    assert [query.legend for query in shown.drafts[1].panel.queries] == [
        "web {{ labels.level }}",
        "db {{ labels.detected_level }}",
    ]


def test_a_service_without_lines_says_what_is_missing() -> None:
    found = project(SPEC)
    assert [missing.help for missing in log_set(found, found.services["api"]).missing] == [
        "declare a stream of `api` under `logs`, and `targets.loki`"
    ]
