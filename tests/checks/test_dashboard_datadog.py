"""MON4400 to MON4403."""

from __future__ import annotations

import pytest

from skillforge_mon.checks.dashboard_datadog import check
from skillforge_mon.model.project import Project
from tests.projects import project

SPEC = """\
version: 1
project: shop
targets:
  datadog: {}
  grafana: {loki_url: "http://loki:3100"}
metrics:
  depth: {type: gauge}
dashboards:
  home:
    backends: [datadog]
    rows:
      - panels:
          - PANEL
"""


def made(panel: str) -> Project:
    return project(SPEC.replace("PANEL", panel))


def found(panel: str) -> list[tuple[str, str, str]]:
    """What is reported of ``panel``: the code, the headline and the help."""
    return [(each.code, each.headline, each.help) for each in check(made(panel))]


UNCLEAR = "it is not clear what the panel `P` shows on Datadog"
ONE_WAY = "write one `query`, or `queries` and `formulas` of their names, or `omit` with the reason"


@pytest.mark.parametrize(
    "words",
    [
        "{}",
        "{query: 'sum:a{*}', queries: {a: 'sum:a{*}'}}",
        "{query: 'sum:a{*}', omit: no}",
        "{query: 'sum:a{*}', formulas: [a]}",
        "{over: 5m, omit: nobody wants it}",
    ],
)
def test_one_way(words: str) -> None:
    assert found(f"{{title: P, query: depth, datadog: {words}}}") == [("MON4400", UNCLEAR, ONE_WAY)]


def test_a_text_has_no_query() -> None:
    help_ = "it needs no query there; write `omit` with the reason to leave it out"
    assert found("{title: P, type: text, content: a, datadog: 'sum:a{*}'}") == [("MON4400", UNCLEAR, help_)]
    assert found("{title: P, type: text, content: a, datadog: {omit: it is about Grafana}}") == []


def test_logs_have_one_search() -> None:
    help_ = "write one log search as `query`, or `omit` with the reason"
    logs = "{title: P, type: logs, query: '{a=\"b\"}', datadog: WORDS}"
    assert found(logs.replace("WORDS", "{queries: {a: 'status:error'}}")) == [("MON4400", UNCLEAR, help_)]
    assert found(logs.replace("WORDS", "'status:error'")) == []


@pytest.mark.parametrize(
    "query",
    [
        "sum:shop.jobs{*}", "avg:shop.jobs{env:prod,!queue:a} by {queue}.as_rate()", "p95:shop.time{*}",
        "count(v: v<=0.5):shop.time{*}.as_count()", "default_zero(sum:shop.jobs{*})", "top(avg:a{*} by {b}, 5, 'mean', 'asc')",
        "100 * sum:a{*} / sum:b{*}",
    ],
)  # fmt: skip
def test_metric_queries(query: str) -> None:
    assert found(f'{{title: P, query: depth, datadog: "{query}"}}') == []


@pytest.mark.parametrize(
    "query", ["shop.jobs", "sum:shop.jobs", "avg(last_5m):sum:shop.jobs{*} > 5", "sum:shop.jobs{*} > 5", "depth"]
)
def test_no_metric_queries(query: str) -> None:
    help_ = "write one such as `sum:shop.requests{env:prod} by {service}.as_count()`, without window and comparison"
    assert found(f"{{title: P, query: depth, datadog: '{query}'}}") == [
        ("MON4401", f"`{query}` is no metric query of Datadog's", help_)
    ]


def test_formulas_name_queries() -> None:
    words = "{queries: {bad: 'sum:a{*}', all: 'sum:b{*}'}, formulas: [FORMULA]}"
    panel = f"{{title: P, query: depth, datadog: {words}}}"
    assert found(panel.replace("FORMULA", "\"moving_rollup(bad, 60, 'sum') / all\"")) == []
    assert found(panel.replace("FORMULA", "al / all")) == [
        ("MON4402", "the panel `P` has no query `al`", "did you mean `all`?")
    ]


def test_words_that_nobody_reads() -> None:
    spec = SPEC.replace("backends: [datadog]", "backends: [grafana]")
    (diagnostic,) = check(project(spec.replace("PANEL", "{title: P, query: depth, datadog: 'sum:a{*}'}")))
    assert (diagnostic.code, diagnostic.headline, diagnostic.help) == (
        "MON4403",
        "the panel `P` has words for Datadog, and `home` does not go there",
        "add `backends: [grafana, datadog]` to the dashboard, or take `datadog` out of the panel",
    )
