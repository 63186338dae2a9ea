"""Where a platform's document shows a query that cannot work, the spec has the one that it means."""

from __future__ import annotations

import pytest

from skillforge_mon.query.promql import print_expr
from skillforge_mon.query.types import infer
from tests.specs.compiled import compiled, project

SHARES = [
    ("tutoring.yaml", "HighErrorRate"),
    ("tutoring.yaml", "LowCacheHitRate"),
    ("jac.yaml", "HighErrorRate"),
    ("toolboxai.yaml", "HighErrorRate"),
    ("skillforge", "ElevatedErrorRate"),
    ("skillforge", "AIModelInferenceTimeout"),
    ("skillforge", "PaymentFailures"),
    ("skillforge", "LowJobMatchRate"),
]


@pytest.mark.parametrize(("name", "alert"), SHARES)
def test_what_is_compared_with_a_percentage_is_a_share(name: str, alert: str) -> None:
    found = project(name)
    query = found.alerts[alert].query
    assert query is not None
    assert query.expr is not None
    assert infer(query.expr, found.catalogue).share


@pytest.mark.parametrize("name", ["tutoring.yaml", "jac.yaml", "toolboxai.yaml", "skillforge"])
def test_response_times_are_seconds(name: str) -> None:
    found = project(name)
    query = found.alerts["HighResponseTime"].query
    assert query is not None
    assert query.expr is not None
    assert infer(query.expr, found.catalogue).unit == "seconds"


def test_jac_counts_the_errors_that_its_middleware_counts() -> None:
    query = project("jac.yaml").alerts["HighErrorRate"].query
    assert query is not None
    assert query.expr is not None
    assert print_expr(query.expr) == (
        'sum by (job) (rate(http_requests_total{status="error"}[5m])) / sum by (job) (rate(http_requests_total[5m]))'
    )


def test_toolboxai_declares_the_metric_that_its_alert_needs_and_its_code_lacks() -> None:
    metric = project("toolboxai.yaml").catalogue.metric("database_connections_max")
    assert metric is not None
    assert (metric.type, metric.unit, metric.service) == ("gauge", "connections", "api")


def test_unusual_data_access_is_a_monitor_that_datadog_takes() -> None:
    alert = project("skillforge").alerts["UnusualDataAccessPattern"]
    assert alert.backends == ("datadog",)
    own = alert.spec.datadog
    assert own is not None
    assert own.query == (
        "avg(last_4h):anomalies(avg:skillforge.data.access_rate{*} by {role}, 'basic', 2, direction='both', "
        "interval=60, alert_window='last_1h', count_default_zero='true') >= 1"
    )
    assert own.threshold_windows == {"trigger_window": "last_1h", "recovery_window": "last_15m"}


def test_sentry_watches_each_project_for_errors_slowness_and_attacks() -> None:
    watched = {}
    for alert in project("skillforge").alerts.values():
        if (own := alert.spec.sentry) is not None:
            assert alert.service is not None
            errors = alert.service.spec.errors
            slug = own.project or (errors.sentry_project if errors is not None else "")
            watched[alert.name] = (slug, "issue" if own.issue is not None else "metric")
    assert watched == {
        "FrontendErrorHitsManyUsers": ("frontend", "issue"),
        "BackendFatalError": ("backend", "issue"),
        "AIServicesFatalError": ("ai-services", "issue"),
        "BackendErrorSpike": ("backend", "metric"),
        "FrontendPagesSlow": ("frontend", "metric"),
        "BackendTransactionsSlow": ("backend", "metric"),
        "AIServicesInferenceSlow": ("ai-services", "metric"),
        "BackendSecurityError": ("backend", "issue"),
        "AIServicesSecurityError": ("ai-services", "issue"),
    }


def test_staging_promises_less_and_wakes_nobody_of_production() -> None:
    staging, production = (compiled("skillforge", name).project for name in ("staging", "production"))
    assert staging is not None
    assert production is not None
    keys = {
        found.environment: {
            name: team.spec.pagerduty.routing_key
            for name, team in found.teams.items()
            if team.spec.pagerduty is not None
        }
        for found in (staging, production)
    }
    assert keys == {
        "staging": {
            "on-call-engineer": "${secret:PAGERDUTY_STAGING_KEY}",
            "security-team": "${secret:PAGERDUTY_STAGING_KEY}",
        },
        "production": {
            "on-call-engineer": "${secret:PAGERDUTY_ROUTING_KEY}",
            "security-team": "${secret:PAGERDUTY_SECURITY_KEY}",
        },
    }
    objectives = {
        found.environment: str(found.slos["backend-availability"].spec.objective) for found in (staging, production)
    }
    assert objectives == {"staging": "0.99", "production": "0.999"}
