"""Health says whether Datadog answers, and which key or permission is missing."""

from __future__ import annotations

from skillforge_mon.remote.api import Check
from tests.backends.datadog.bodies import MONITOR
from tests.backends.datadog.live import connected, datadog, made
from tests.fakes.datadog import SCOPES


def test_all_is_well_and_what_the_project_has_not_is_not_asked_for() -> None:
    with datadog() as (server, api):
        none = "the project has none in Datadog"
        assert list(api.health()) == [
            Check("API key", ok=True, detail=f"accepted by {server.url}"),
            Check("monitors", ok=True, detail="can be read; push also needs `monitors_write`"),
            Check("SLOs", ok=True, detail=none, skipped=True),
            Check("downtimes", ok=True, detail=none, skipped=True),
            Check("dashboards", ok=True, detail=none, skipped=True),
            Check("log pipelines", ok=True, detail=none, skipped=True),
            Check("log indexes", ok=True, detail=none, skipped=True),
            Check("scanning groups", ok=True, detail=none, skipped=True),
        ]
        assert [request.path for request in server.requests] == ["/api/v1/validate", "/api/v1/monitor"]


def test_a_wrong_api_key_is_told_first_and_nothing_else_is_asked() -> None:
    with datadog() as (server, _api):
        (check,) = connected(server, DD_API_KEY="another-key").health()
        assert (check.subject, check.ok, check.help) == (
            "API key",
            False,
            "set `DD_API_KEY`, or `targets.datadog.api_key`, to an API key of the organisation, and check `site`",
        )
        assert "another-key" not in check.detail


def test_a_missing_permission_is_named() -> None:
    with datadog() as (server, api):
        server.scopes = SCOPES - {"monitors_read"}
        _key, monitors, *_rest = api.health()
        assert not monitors.ok
        assert monitors.help == (
            "`DD_APP_KEY` must be an application key of the organisation that may use `monitors_read` and "
            "`monitors_write`"
        )


def test_the_limits_that_datadog_tells_are_kept_to() -> None:
    with datadog() as (server, api):
        server.limit_as_datadog_does()
        made(api, "monitor", MONITOR, "key")
        list(api.list("slo"))
        assert [limit.refused for limit in server.limits] == [0, 0]
