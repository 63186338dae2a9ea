"""The spec that the examples of checks about PagerDuty start from: it builds without a problem."""

from __future__ import annotations

from skillforge_mon.checks.examples import changed

ON_CALL = "{pagerduty: {users: ann@example.com}}"
ROTA = "{pagerduty: {schedule: {start: 2026-01-05, users: [ann@example.com, bob@example.com]}}}"
PAGED = changed(
    ("  prometheus: {}\n", "  prometheus: {}\n  alertmanager: {}\n  pagerduty: {}\n"),
    ('{webhook: "http://hooks:8080/"}', ON_CALL),
)
ON_ROTA = changed((ON_CALL, ROTA), text=PAGED)
