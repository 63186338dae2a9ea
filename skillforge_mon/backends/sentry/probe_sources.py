"""What Sentry asks, and which jobs it waits for: the ``dataSources`` and the ``config`` of a detector.

[provider] jianyuan/terraform-provider-sentry: ``resource_uptime_monitor_impl.go``, ``resource_cron_monitor_impl.go``,
and ``uptime_assertion_schema.go`` for assertions; [server] getsentry/sentry, ``uptime`` and ``monitors``.
"""

from __future__ import annotations

import json
import re
from typing import Final

from skillforge_mon.backends.sentry.differences import Differences
from skillforge_mon.backends.sentry.rounding import rounded
from skillforge_mon.documents.document import Plain
from skillforge_mon.model.cron import NAMES
from skillforge_mon.model.json_paths import json_path
from skillforge_mon.model.project import Probe, Project
from skillforge_mon.spec.models.probes import CronProbe, HttpProbe, StatusRange
from skillforge_mon.spec.overlay import DEFAULT_ENVIRONMENT
from skillforge_mon.spec.quantities import Duration

UPTIME: Final = "uptime_domain_failure"
CRON: Final = "monitor_check_in_failure"

INTERVALS: Final = tuple(Duration.of(minutes=minutes) for minutes in (1, 5, 10, 20, 30, 60))
"""How often Sentry asks. [server] uptime.models.UptimeSubscription.IntervalSeconds"""
SHORTEST_TIMEOUT: Final = Duration.of(seconds=1)
LONGEST_TIMEOUT: Final = Duration.of(seconds=60)
REQUEST_BYTES: Final = 1000
"""Largest request, with its address, headers and body. [server] uptime.endpoints.validators.MAX_REQUEST_SIZE_BYTES"""
LONGEST_URL: Final = 255
MANUAL: Final = 1
"""``config.mode`` of a monitor that somebody made. [server] uptime.types.UptimeMonitorMode"""
LONGEST_SLUG: Final = 50
LONGEST_MARGIN: Final = 40_320
LONGEST_RUNTIME: Final = 10_080
"""In minutes. [server] monitors.validators: ``MAX_MARGIN`` and ``MAX_TIMEOUT`` of newer servers"""
UNITS: Final = (("week", 7 * 86_400_000), ("day", 86_400_000), ("hour", 3_600_000), ("minute", 60_000))
"""Units of an interval, in milliseconds. [server] monitors.validators.INTERVAL_NAMES"""
_MINUTE: Final = 60_000
ASK_ELSEWHERE: Final = "let blackbox_exporter or Datadog ask it"


def uptime_source(http: HttpProbe, probe: Probe, differences: Differences) -> dict[str, Plain]:
    """What Sentry asks for. What it cannot is told to ``differences``."""
    _unsaid(http, probe, differences)
    every = rounded(probe.every, INTERVALS, differences, "every", "it is asked every")
    timeout = min(max(probe.timeout, SHORTEST_TIMEOUT), LONGEST_TIMEOUT)
    if timeout != probe.timeout:
        differences.approximate(f"an answer may take {timeout} instead of {probe.timeout}", at="timeout")
    headers: list[Plain] = [[name, value] for name, value in sorted(http.headers.items())]
    size = len(http.url.encode()) + len((http.body or "").encode()) + len(http.method)
    size += sum(len(name.encode()) + len(value.encode()) + 4 for name, value in http.headers.items())
    if size > REQUEST_BYTES or len(http.url) > LONGEST_URL:
        differences.untranslatable(
            f"the request has {size} bytes, its address {len(http.url)} characters: Sentry sends {REQUEST_BYTES} and "
            f"{LONGEST_URL} at most",
            at="http",
            instead=ASK_ELSEWHERE,
        )
    return {
        "url": http.url,
        "method": http.method,
        "headers": headers,
        "body": http.body,
        "intervalSeconds": int(every) // 1000,
        "timeoutMs": int(timeout),
        "traceSampling": False,
        "assertion": _assertion(http, differences),
    }


def uptime_config(project: Project, probe: Probe) -> dict[str, Plain]:
    """How many times in a row it must fail, and in which environment its issues are."""
    target = project.targets.sentry
    named = target.environment if target is not None else None
    usual = "production" if project.environment == DEFAULT_ENVIRONMENT else project.environment
    return {
        "mode": MANUAL,
        "environment": named or usual,
        "downtimeThreshold": probe.failures,
        "recoveryThreshold": 1,
    }


def cron_source(project: Project, cron: CronProbe, probe: Probe, differences: Differences) -> dict[str, Plain]:
    """The job that must check in, under a slug by which it says which one it is."""
    config: dict[str, Plain] = {
        "schedule_type": "crontab" if cron.schedule is not None else "interval",
        "schedule": _schedule(cron, differences),
        "checkin_margin": _minutes(cron.margin, LONGEST_MARGIN, "cron.margin", differences),
        "max_runtime": _minutes(cron.max_runtime, LONGEST_RUNTIME, "cron.max_runtime", differences),
        "timezone": cron.timezone,
        "failure_issue_threshold": probe.failures,
        "recovery_threshold": 1,
    }
    slug = cron_slug(project, probe)
    if len(slug) > LONGEST_SLUG:
        differences.untranslatable(
            f"its slug `{slug}` has {len(slug)} characters, and Sentry takes {LONGEST_SLUG}", instead="a shorter name"
        )
    return {"name": slug, "slug": slug, "config": config}


def cron_slug(project: Project, probe: Probe) -> str:
    """``shop-backup``, and ``shop-staging-backup`` in a named environment: slugs are unique in an organisation."""
    parts = [project.name, *([] if project.environment == DEFAULT_ENVIRONMENT else [project.environment]), probe.name]
    return re.sub(r"[^a-z0-9_-]+", "-", "-".join(parts).lower()).strip("-")


def _schedule(cron: CronProbe, differences: Differences) -> Plain:
    if cron.schedule is not None:
        return NAMES.get(cron.schedule.strip().lower(), cron.schedule)
    every = int(cron.every or 0)
    for unit, length in UNITS:
        if every % length == 0 and every:
            return [every // length, unit]
    minutes = -(-every // _MINUTE)
    differences.approximate(f"it must run every {minutes} min instead of {cron.every}", at="cron.every")
    return [minutes, "minute"]


def _minutes(length: Duration, most: int, key: str, differences: Differences) -> int:
    minutes = min(most, -(-int(length) // _MINUTE))
    if minutes * _MINUTE != int(length):
        differences.approximate(
            f"{Duration.of(minutes=minutes)} instead of {length}: Sentry takes whole minutes up to {most}", at=key
        )
    return minutes


def _unsaid(http: HttpProbe, probe: Probe, differences: Differences) -> None:
    """What the probe says and Sentry cannot."""
    stops = {
        "http.contains": (http.contains, "Sentry does not search the answer for a text; it reads JSON"),
        "http.matches": (http.matches, "Sentry does not match the answer with a regular expression; it reads JSON"),
        "http.not_matches": (http.not_matches, "Sentry does not match the answer with a regular expression"),
        "http.follow_redirects": (not http.follow_redirects, "Sentry follows redirects"),
        "http.basic": (http.basic, "Sentry shows the headers that it sends to everybody: it can keep no secret"),
        "http.bearer_token": (
            http.bearer_token,
            "Sentry shows the headers that it sends to everybody: it can keep no secret",
        ),
        "http.tls": (http.is_https and http.tls.insecure, "Sentry verifies every certificate"),
        "http.http_version": (http.http_version, "Sentry does not say in which version of HTTP it was answered"),
    }
    for key, (said, reason) in stops.items():
        if said:
            differences.untranslatable(reason, at=key, instead=ASK_ELSEWHERE)
    if http.certificate:
        differences.approximate("Sentry tells of a certificate only when it has ended", at="http.certificate")
    if probe.spec.slow is not None:
        differences.approximate(
            f"`slow: {probe.spec.slow}` is left out: Sentry only asks whether there is an answer", at="slow"
        )


def _assertion(http: HttpProbe, differences: Differences) -> Plain:
    """What a good answer is; None where that is what Sentry takes for one anyway, any 2xx."""
    if not http.status and not http.json_:
        return None
    ranges = [_in_range(status) for status in http.statuses]
    children = [ranges[0] if len(ranges) == 1 else _joined("or", ranges)]
    for path, value in http.json_.items():
        text = value if isinstance(value, str) else json.dumps(value)
        if text != value:
            differences.approximate(
                f"`{path}` is compared with the text `{text}`: Sentry knows no other values", at="http.json"
            )
        children.append(
            {
                "op": "json_path",
                "operand": {"jsonpath_op": "literal", "value": text},
                "operator": {"cmp": "equals"},
                "value": json_path(path),
            }
        )
    return {"root": _joined("and", children)}


def _in_range(status: StatusRange) -> Plain:
    if status[0] == status[1]:
        return _status("equals", status[0])
    return _joined("and", [_status("greater_than", status[0] - 1), _status("less_than", status[1] + 1)])


def _status(comparison: str, code: int) -> Plain:
    return {"op": "status_code_check", "operator": {"cmp": comparison}, "value": code}


def _joined(op: str, children: list[Plain]) -> Plain:
    return {"op": op, "children": children}
