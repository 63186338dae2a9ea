"""Checks as modules: which probes share one, how jobs are cut, and what differs then."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from skillforge_mon.backends.blackbox import json_checks
from skillforge_mon.compiler import Compilation
from skillforge_mon.documents.document import Grade
from tests.backends.blackbox.compiled import built, read

HEAD = """\
version: 1
project: shop
targets:
  prometheus: {version: "3.5", scrape_self: SELF, sample_limit: 1000}
  blackbox: {version: "VERSION", address: "exporter:9115", ip: ip6}
teams: {shop: {webhook: "http://hooks:8080/"}}
escalation: {page: [{notify: shop}]}
runbooks: {down: {resolve: [Look.]}}
services:
  web: {team: shop, escalation: page, runbook: down}
"""


def compiled(folder: Path, probes: str, version: str = "0.28", *, scrape_self: bool = False) -> Compilation:
    head = HEAD.replace("VERSION", version).replace("SELF", str(scrape_self).lower())
    return built(folder, f"{head}probes:\n{probes}" if probes else head)


JSON_AS_TEXT = (
    "blackbox_exporter 0.26 reads no JSON, 0.27 does: the keys with their values are searched for as text, anywhere in "
    "the answer"
)
SHARED = """\
  a: {service: web, http: "http://a/"}
  b: {service: web, http: "https://b/", every: 30s}
  c: {service: web, http: {url: "http://c/", status: 2xx}}
  d: {service: web, http: {url: "http://d/", contains: ok}}
  e: {http: {url: "http://e/", contains: ok}, alerting: false}
  http: {service: web, tcp: "a:1", timeout: 5s}
  tcp: {service: web, tcp: "b:1", timeout: 4s}
"""


def test_probes_that_differ_only_in_whom_they_ask_share_a_module(tmp_path: Path) -> None:
    found = compiled(tmp_path, SHARED)
    assert found.diagnostics == ()
    assert list(read(found, "blackbox/blackbox.yml")["modules"]) == ["http", "d", "tcp", "tcp-2"]


def test_a_job_is_for_a_module_and_an_interval(tmp_path: Path) -> None:
    found = compiled(tmp_path, SHARED)
    jobs = {job["job_name"]: job for job in read(found, "prometheus/prometheus.yml")["scrape_configs"]}
    assert {name: (job["params"]["module"], job["scrape_interval"]) for name, job in jobs.items()} == {
        "probe-http": (["http"], "1m"),
        "probe-http-30s": (["http"], "30s"),
        "probe-d": (["d"], "1m"),
        "probe-tcp": (["tcp"], "1m"),
        "probe-tcp-2": (["tcp-2"], "1m"),
    }
    assert jobs["probe-tcp"] == {
        "job_name": "probe-tcp",
        "scrape_interval": "1m",
        "scrape_timeout": "5s500ms",
        "metrics_path": "/probe",
        "params": {"module": ["tcp"]},
        "relabel_configs": [
            {"source_labels": ["__address__"], "target_label": "__param_target"},
            {"source_labels": ["__param_target"], "target_label": "instance"},
            {"target_label": "__address__", "replacement": "exporter:9115"},
        ],
        "file_sd_configs": [{"files": ["targets/probe-tcp.json"]}],
    }
    assert read(found, "prometheus/targets/probe-d.json") == [
        {"targets": ["http://d/"], "labels": {"probe": "d", "service": "web"}},
        {"targets": ["http://e/"], "labels": {"probe": "e"}},
    ]


def test_a_service_that_has_the_name_of_a_job_keeps_it(tmp_path: Path) -> None:
    probes = '  a: {service: web, tcp: "a:1"}\n'
    text = HEAD.replace("VERSION", "0.28").replace("SELF", "false")
    text = text.replace("  web: {", '  probe-tcp: {team: shop, scrape: "x:1"}\n  web: {')
    found = built(tmp_path, f"{text}probes:\n{probes}")
    names = [job["job_name"] for job in read(found, "prometheus/prometheus.yml")["scrape_configs"]]
    assert names == ["probe-tcp", "probe-tcp-2"]


def test_a_ping_of_an_address_of_ipv6_has_no_brackets(tmp_path: Path) -> None:
    """blackbox_exporter looks the host up as it stands, and no name has brackets."""
    found = compiled(tmp_path, '  a: {service: web, icmp: "[2001:db8::1]"}\n')
    assert read(found, "prometheus/targets/probe-icmp.json") == [
        {"targets": ["2001:db8::1"], "labels": {"probe": "a", "service": "web"}}
    ]


def test_the_exporter_is_scraped_too(tmp_path: Path) -> None:
    jobs = read(compiled(tmp_path, "", scrape_self=True), "prometheus/prometheus.yml")["scrape_configs"]
    assert [job["static_configs"][0]["targets"] for job in jobs if job["job_name"] == "blackbox"] == [["exporter:9115"]]


@pytest.mark.parametrize(
    ("probe", "version", "grade", "field", "reason"),
    [
        ('http: {url: "http://a/", json: {ok: true}}', "0.27", Grade.EXACT, "", ""),
        (
            'http: {url: "http://a/", json: {ok: true}}, approximate: [prometheus]',
            "0.26",
            Grade.APPROXIMATE,
            "http.json",
            JSON_AS_TEXT,
        ),
        ('http: {url: "https://a/", http_version: "3"}', "0.28", Grade.EXACT, "", ""),
        (
            'http: {url: "https://a/", http_version: "3"}',
            "0.27",
            Grade.UNTRANSLATABLE,
            "http.http_version",
            "blackbox_exporter speaks HTTP/3 from 0.28 on",
        ),
        (
            'tcp: "a:1", every: 10s, timeout: 9800ms, approximate: [prometheus]',
            "0.28",
            Grade.APPROXIMATE,
            "timeout",
            "an answer may take 9s500ms, not 9s800ms: the exporter needs 500ms of the interval",
        ),
        (
            'http: "https://${env:HOST}/x"',
            "0.28",
            Grade.UNTRANSLATABLE,
            "http",
            "nothing puts in `${env:HOST}` where the exporter is told whom to ask",
        ),
        (
            'tcp: "a:1", every: 500ms',
            "0.28",
            Grade.UNTRANSLATABLE,
            "every",
            "the exporter needs 500ms of the interval, and nothing is left for an answer",
        ),
        (
            "dns: {name: a.example}",
            "0.28",
            Grade.UNTRANSLATABLE,
            "dns",
            "blackbox_exporter asks a name server, and the probe names none",
        ),
        ('dns: {name: a.example, server: "10.0.0.2", matches: "^10[.]|^11[.]"}', "0.28", Grade.EXACT, "", ""),
        (
            'dns: {name: a.example, server: "10.0.0.2", matches: "(^10|^11)[.]"}',
            "0.28",
            Grade.UNTRANSLATABLE,
            "dns.matches",
            "blackbox_exporter matches whole records, and `^` stands within the pattern",
        ),
        (
            'browser: {url: "https://a/", steps: [{refresh: true}]}',
            "0.28",
            Grade.UNTRANSLATABLE,
            "browser",
            "blackbox_exporter makes no journeys",
        ),
        (
            "cron: {every: 1d}",
            "0.28",
            Grade.UNTRANSLATABLE,
            "cron",
            "Prometheus asks, and a job that has ended does not answer",
        ),
        ("cron: {every: 1d, metric: probe_success}", "0.28", Grade.EXACT, "", ""),
        ('cron: {schedule: "0 3 * * *", metric: probe_success}', "0.28", Grade.EXACT, "", ""),
        (
            'cron: {schedule: "0 3 * * *", timezone: Europe/Paris, metric: probe_success}, approximate: [prometheus]',
            "0.28",
            Grade.APPROXIMATE,
            "cron.schedule",
            "on the days on which clocks change in Europe/Paris it may be told an hour too soon",
        ),
        (
            'cron: {schedule: "0 3 * * mon-fri", metric: probe_success}, approximate: [prometheus]',
            "0.28",
            Grade.APPROXIMATE,
            "cron.schedule",
            "the runs of `0 3 * * mon-fri` are 1d to 3d apart: one that is missed is told as late as one after 3d",
        ),
    ],
)
def test_differences_are_told(probe: str, version: str, grade: Grade, field: str, reason: str, tmp_path: Path) -> None:
    verdict = _verdict(tmp_path, f"  p: {{service: web, backends: [prometheus], {probe}}}\n", version)
    assert (verdict.grade, verdict.field, verdict.reason) == (grade, field, reason)


def _verdict(folder: Path, probes: str, version: str) -> Any:
    """What Prometheus or the exporter say of the probe ``p``; a build with such a verdict may have failed."""
    from skillforge_mon.backends.blackbox import emit as blackbox
    from skillforge_mon.backends.prometheus import emit as prometheus
    from skillforge_mon.diagnostics.diagnostic import Report
    from skillforge_mon.lower.lowering import Lowering

    project = compiled(folder, probes, version).project
    assert project is not None
    report = Report()
    lowering = Lowering(project, report)
    documents = [*blackbox.emit(project, lowering, report), *prometheus.emit(project, lowering, report)]
    (verdict,) = [each for item in documents for each in item.verdicts if each.object_id == "probes.p"]
    return verdict


@pytest.mark.parametrize(
    ("expected", "expression", "patterns"),
    [
        ({"status": "ok"}, 'body.status == "ok"', [r'"status"\s*:\s*"ok"']),
        (
            {"checks.db[0].ok": True, '["a.b"].in': 1.5},
            'body.checks.db[0].ok == true && body["a.b"]["in"] == 1.5',
            [r'"ok"\s*:\s*true', r'"in"\s*:\s*1\.5'],
        ),
        (
            {"name": 'a"\\\U00010000'},
            'body.name == "a\\"\\\\\U00010000"',
            ['"name"\\s*:\\s*"a\\\\"\\\\\\\\\U00010000"'],
        ),
    ],
)
def test_values_in_json(expected: dict[str, Any], expression: str, patterns: list[str]) -> None:
    assert (json_checks.cel(expected), json_checks.patterns(expected)) == (expression, patterns)
