"""Probes in the language: what is usual, who asks, and the alerts and probes that stand for others."""

from __future__ import annotations

from typing import Any

import pytest

from skillforge_mon.model.json_paths import json_path, path_parts
from skillforge_mon.model.probe_hosts import host_and_port, is_private, url_host, url_path, url_port
from skillforge_mon.model.project import Project
from skillforge_mon.spec.models.probes import HttpProbe, StatusRange
from tests.projects import project, resolved

HEAD = """\
version: 1
project: shop
targets: {TARGETS}
teams: {shop: {webhook: "http://hooks:8080/", datadog: "@shop", sentry: shop}}
escalation: {page: [{notify: shop}], night: [{notify: shop}]}
runbooks: {down: {resolve: [Look.]}}
services:
  web: {team: shop, escalation: page, runbook: down, errors: {sentry_project: web}}
"""
ALL = "prometheus: {}, blackbox: {}, datadog: {locations: [aws:eu-west-1]}, sentry: {organization: acme}"
LOCAL = "prometheus: {}, blackbox: {}"


def spec(probes: str, targets: str = LOCAL) -> str:
    return HEAD.replace("TARGETS", targets) + probes


@pytest.mark.parametrize(
    ("probe", "targets", "asking"),
    [
        ('http: "https://a.example/"', ALL, ("prometheus",)),
        ('http: "https://a.example/"', "prometheus: {}, datadog: {}", ("datadog",)),
        ('http: "https://a.example/"', "sentry: {organization: a}", ("sentry",)),
        ('http: "https://a.example/", backends: [sentry, prometheus]', ALL, ("prometheus", "sentry")),
        ('tcp: "a:1"', "sentry: {organization: a}", ()),
        ("cron: {every: 1d}", ALL, ("sentry",)),
        ("cron: {every: 1d, metric: last_success}", ALL, ("prometheus",)),
        ("cron: {every: 1d}", LOCAL, ()),
        ('browser: {url: "https://a.example/", steps: [{refresh: true}]}', ALL, ("datadog",)),
        ('browser: {url: "https://a.example/", steps: [{refresh: true}]}', LOCAL, ()),
        ("mobile: {application: a, devices: b, steps: [{back: true}]}", ALL, ("datadog",)),
    ],
)
def test_the_first_that_can_asks(probe: str, targets: str, asking: tuple[str, ...]) -> None:
    found, _ = resolved(spec(f"probes: {{p: {{{probe}}}}}\n", targets))
    assert found is not None
    assert found.probes["p"].backends == asking


@pytest.mark.parametrize(
    ("probe", "every", "timeout", "failures"),
    [
        ('tcp: "a:1"', "1m", "10s", 3),
        ('tcp: "a:1", every: 5s', "5s", "2s500ms", 3),
        ('tcp: "a:1", every: 10m, timeout: 1m, failures: 1', "10m", "1m", 1),
        ("cron: {every: 1d, metric: last_success}", "1m", "10s", 1),
        ('browser: {url: "https://a.example/", steps: [{refresh: true}]}', "15m", "1m", 3),
    ],
)
def test_what_is_usual(probe: str, every: str, timeout: str, failures: int) -> None:
    found, _ = resolved(spec(f"probes: {{p: {{{probe}}}}}\n", ALL))
    assert found is not None
    probed = found.probes["p"]
    assert (str(probed.every), str(probed.timeout), probed.failures) == (every, timeout, failures)


def alerts(found: Project) -> dict[str, tuple[str, dict[str, str], str]]:
    """Query, severities with their thresholds, and hold of each alert."""
    return {
        name: (
            alert.spec.expr or "",
            {each.severity: str(each.threshold or "") for each in alert.severities},
            str(alert.spec.for_),
        )
        for name, alert in found.alerts.items()
    }


def test_a_probe_of_prometheus_has_alerts() -> None:
    found = project(
        spec(
            """\
probes:
  api-health:
    service: web
    http: {url: "https://a.example/", certificate: {critical: 36h, warning: 14d}}
    slow: 2500ms
    failures: 4
    severity: warning
  quiet: {service: web, tcp: "a:1", alerting: false}
  rare: {service: web, tcp: "b:1", every: 5m}
  night: {service: web, escalation: night, tcp: "c:1"}
"""
        )
    )
    assert alerts(found) == {
        "ApiHealthFails": ('probe_success{probe="api-health"} == 0', {"warning": ""}, "3m"),
        "ApiHealthIsSlow": ('probe_duration_seconds{probe="api-health"}', {"warning": "> 2500ms"}, "3m"),
        "ApiHealthCertificateExpires": (
            'probe_ssl_earliest_cert_expiry{probe="api-health"} - time()',
            {"critical": "< 36h", "warning": "< 14d"},
            "10m",
        ),
        "RareFails": ('last_over_time(probe_success{probe="rare"}[10m]) == 0', {"critical": ""}, "10m"),
        "NightFails": ('probe_success{probe="night"} == 0', {"critical": ""}, "2m"),
        "WebProbesMissing": (
            'absent(probe_success{probe="api-health"})\nor absent_over_time(probe_success{probe="rare"}[10m])',
            {"warning": ""},
            "10m",
        ),
        "WebNightProbesMissing": ('absent(probe_success{probe="night"})', {"warning": ""}, "10m"),
    }
    assert found.alerts["NightFails"].severities[0].escalation is found.escalation["night"]
    assert found.alerts["RareFails"].severities[0].escalation is found.escalation["page"]


def test_a_probe_that_is_asked_seldom_does_not_delay_what_is_told_of_the_others() -> None:
    found = project(
        spec(
            """\
probes:
  often: {service: web, tcp: "a:1"}
  daily: {service: web, tcp: "b:1", every: 1d}
  nightly: {service: web, tcp: "c:1", every: 1d, escalation: night}
"""
        )
    )
    missing = {name: alert for name, alert in alerts(found).items() if "Missing" in name}
    assert missing == {
        "WebProbesMissing": ('absent(probe_success{probe="often"})', {"warning": ""}, "10m"),
        "WebProbesMissingFor2d": ('absent_over_time(probe_success{probe="daily"}[2d])', {"warning": ""}, "2d"),
        "WebNightProbesMissingFor2d": (
            'absent_over_time(probe_success{probe="nightly"}[2d])',
            {"warning": ""},
            "2d",
        ),
    }


@pytest.mark.parametrize(
    ("failures", "said"),
    [
        (1, "It failed, and is asked every 30s. Ask "),
        (2, "It has failed 2 times in a row, every 30s. Ask "),
    ],
)
def test_an_alert_says_how_often_a_probe_has_failed(failures: int, said: str) -> None:
    found = project(spec(f'probes: {{p: {{service: web, tcp: "a:1", every: 30s, failures: {failures}}}}}\n'))
    assert found.alerts["PFails"].spec.description == (
        f"{said}{{{{ labels.instance }}}} yourself, or blackbox_exporter with `debug=true`, which says why."
    )


def test_what_is_asked_more_often_than_rules_are_evaluated_has_its_rules_evaluated_as_often() -> None:
    found = project(
        spec('probes: {often: {service: web, tcp: "a:1", every: 10s}, usual: {service: web, tcp: "b:1"}}\n')
    )
    assert {name: str(alert.spec.interval) for name, alert in found.alerts.items()} == {
        "OftenFails": "10s",
        "UsualFails": "None",
        "WebProbesMissing": "None",
    }


def test_an_alert_of_the_same_name_changes_it_and_null_takes_it_out() -> None:
    text = spec(
        """\
probes: {api: {service: web, tcp: "a:1"}}
alerts:
  ApiFails: {for: 20m, labels: {tier: gold}}
  WebProbesMissing: null
"""
    )
    found = project(text)
    assert alerts(found) == {"ApiFails": ('probe_success{probe="api"} == 0', {"critical": ""}, "20m")}
    assert found.alerts["ApiFails"].spec.labels == {"tier": "gold"}


def test_a_job_is_watched_by_the_time_of_its_last_success() -> None:
    found = project(
        spec(
            'probes: {backup: {service: web, failures: 2, cron: {schedule: "0 3 * * mon-fri", margin: 10m, '
            "max_runtime: 1h, metric: 'last_success{job=\"backup\"}'}}}\n"
            "metrics: {last_success: {type: gauge, unit: seconds, help: When it last worked, labels: {job: bounded}}}\n"
        )
    )
    assert alerts(found) == {
        "BackupMissed": ('time() - last_success{job="backup"}', {"critical": "> 8710min"}, "0s"),
        "BackupUnknown": ('absent(last_success{job="backup"})', {"warning": ""}, "6d1h10m"),
    }


def test_health_endpoints_are_probes_that_can_be_changed_and_taken_out() -> None:
    text = spec(
        """\
probes:
  api-ready: {severity: info, every: 2m}
  api-full: null
"""
    ).replace(
        "  web:",
        '  api: {team: shop, escalation: page, runbook: down, health: {url: "http://api:80/base/", live: {path: /live, '
        "every: 20s, timeout: 3s, failures: 5}, ready: /ready, full: /full}}\n  web:",
    )
    found = project(text)
    assert {
        name: (probe.spec.http.url if probe.spec.http else "", str(probe.every), probe.failures, probe.spec.severity)
        for name, probe in found.probes.items()
    } == {
        "api-ready": ("http://api:80/base/ready", "2m", 3, "info"),
        "api-live": ("http://api:80/base/live", "20s", 5, "critical"),
    }
    assert str(found.probes["api-live"].timeout) == "3s"


def test_defaults_of_probes_are_those_of_health_endpoints_too() -> None:
    text = spec("defaults: {probes: {every: 30s, failures: 2, severity: info, labels: {tier: gold}}}\n").replace(
        "  web: {", '  web: {health: {url: "http://a", live: {path: /live, every: 10s}, ready: /ready}, '
    )
    found = project(text)
    assert {
        name: (str(probe.every), probe.failures, probe.spec.severity, probe.spec.labels)
        for name, probe in found.probes.items()
    } == {
        "web-live": ("10s", 2, "critical", {"tier": "gold"}),
        "web-ready": ("30s", 2, "warning", {"tier": "gold"}),
    }


def test_without_an_exporter_health_endpoints_are_no_probes() -> None:
    text = spec("", "prometheus: {}").replace("  web: {", '  web: {health: {url: "http://a", live: /live}, ')
    assert project(text).probes == {}


@pytest.mark.parametrize(
    ("written", "said"),
    [(200, (200, 200)), ("404", (404, 404)), ("2xx", (200, 299)), ("200-204", (200, 204)), ("200-299", (200, 299))],
)
def test_status_codes(written: Any, said: tuple[int, int]) -> None:
    (found,) = HttpProbe.model_validate({"url": "https://a.example/", "status": written}).statuses
    assert found == StatusRange(said)


@pytest.mark.parametrize("wrong", ["6xx", "204-200", "20", "2x", "-1", "abc", 99, 600, True, None, 1.5])
def test_what_is_no_status_code(wrong: Any) -> None:
    from pydantic import ValidationError

    with pytest.raises(ValidationError):
        HttpProbe.model_validate({"url": "https://a.example/", "status": [wrong]})


@pytest.mark.parametrize(
    ("path", "parts", "json"),
    [
        ("status", ("status",), "$.status"),
        ("checks.database.status", ("checks", "database", "status"), "$.checks.database.status"),
        ("items[0].name", ("items", 0, "name"), "$.items[0].name"),
        ("[2]", (2,), "$[2]"),
        ('["a.b"].c', ("a.b", "c"), '$["a.b"].c'),
        ("a-b", ("a-b",), '$["a-b"]'),
    ],
)
def test_paths_into_json(path: str, parts: tuple[str | int, ...], json: str) -> None:
    assert (path_parts(path), json_path(path)) == (parts, json)


@pytest.mark.parametrize("wrong", [".a", "a..b", "a b", "a[", "a[x]", "a[0]b", 'a["b'])
def test_what_is_no_path(wrong: str) -> None:
    with pytest.raises(ValueError, match="is no path"):
        path_parts(wrong)


@pytest.mark.parametrize(
    ("probe", "code"),
    [
        ('tcp: "a:65535", slow: 1s', None),
        ('tcp: "a:65536"', "MON1107"),
        ('grpc: "a:0"', "MON1107"),
        ('icmp: "2001:db8::1"', "MON1107"),
        ('http: "http://a:65535/?b#c"', None),
        ('http: "http://me@[2001:db8::1]:80"', None),
        ('http: "http://a:65536/"', "MON1107"),
        ('http: "http://a:b/"', "MON1107"),
        ('http: "http://[::1/"', "MON1107"),
        ('http: "http://::1/"', "MON1107"),
        ('http: "http://$HOST/"', "MON1107"),
        ('browser: {url: "http://a:b", steps: [{refresh: true}]}, backends: [datadog]', "MON1107"),
        ('icmp: "a", slow: 0s', "MON1105"),
    ],
)
def test_what_nobody_can_ask_is_told(probe: str, code: str | None) -> None:
    _, found = resolved(spec(f"probes: {{p: {{service: web, {probe}}}}}\n"))
    assert [each.code for each in found] == ([code] if code else [])


@pytest.mark.parametrize(
    ("url", "parts"),
    [
        ("https://shop.example", ("shop.example", 443, "")),
        ("http://Shop.Example:8080/cart?all=1", ("Shop.Example", 8080, "/cart?all=1")),
        ("http://me:word@[2001:db8::1]:81/a@b:7", ("2001:db8::1", 81, "/a@b:7")),
        ("https://${env:HOST}.example:${env:PORT}/a", ("${env:HOST}.example", 443, "/a")),
    ],
)
def test_parts_of_an_address(url: str, parts: tuple[str, int, str]) -> None:
    assert (url_host(url), url_port(url), url_path(url)) == parts


@pytest.mark.parametrize(
    ("address", "host", "port"),
    [
        ("mail:25", "mail", 25),
        ("mail", "mail", 53),
        ("[2001:db8::1]:54", "2001:db8::1", 54),
        ("[2001:db8::1]", "2001:db8::1", 53),
        ("2001:db8::1", "2001:db8::1", 53),
    ],
)
def test_hosts_and_ports(address: str, host: str, port: int) -> None:
    assert host_and_port(address) == (host, port)


@pytest.mark.parametrize(
    ("host", "private"),
    [
        ("web", True),
        ("${env:HOST}", False),
        ("web.shop.svc.cluster.local", True),
        ("web.shop.svc", True),
        ("10.0.0.1", True),
        ("127.0.0.1", True),
        ("::1", True),
        ("fd00::1", True),
        ("printer.home", True),
        ("shop.example", False),
        ("shop.example.", False),
        ("8.8.8.8", False),
        ("2001:4860:4860::8888", False),
    ],
)
def test_private_hosts(host: str, private: bool) -> None:
    assert is_private(host) is private
