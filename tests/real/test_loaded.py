"""What real servers have loaded is compared with what was built: quiet when it is the same, exact when it is not."""

from __future__ import annotations

import copy
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from skillforge_mon.backends.prometheus.loaded_queries import same_query
from skillforge_mon.documents.document import Document
from skillforge_mon.remote.api import Check, Difference
from skillforge_mon.remote.errors import RefusedError
from tests.backends.alertmanager.emitting import documents as alertmanager_documents
from tests.backends.prometheus.emitting import emitted
from tests.fakes.server import FakeServer
from tests.real.applying import (
    LIFECYCLE,
    Applied,
    applied,
    asked,
    changed,
    running_alertmanager,
    running_prometheus,
)
from tests.real.generation import Generation, Version
from tests.real.servers import prometheus_server
from tests.real.test_alertmanager_live import _fire
from tests.real.test_platforms import compiled
from tests.real.test_promql_against_promtool import _accepted, _rule_file
from tests.test_generated import SPECS

EVERYTHING = """\
version: 1
project: shop
targets:
  prometheus:
    version: "{prometheus}"
    scrape_interval: 20s
    scrape_timeout: 5s
    evaluation_interval: 45s
    external_labels: {{cluster: "a-b", region: eu}}
    alertmanagers: ["am-1:9093", "am-2:9093"]
    secrets_dir: {folder}/secrets
    sample_limit: 5000
    body_size_limit: 32MiB
    remote_write:
      - {{url: "http://127.0.0.1:1/push", name: long, bearer_token: "${{secret:LONG_TOKEN}}", headers: {{X-Scope-OrgID: shop}}}}
      - {{url: "http://127.0.0.1:1/other", username: shop, password: "${{secret:OTHER_PASSWORD}}"}}
  alertmanager:
    version: "{alertmanager}"
    secrets_dir: {folder}/secrets
    smtp: {{smarthost: "mail:587", from: a@example.com, username: a, password: "${{secret:SMTP_PASSWORD}}", require_tls: false}}
    slack_api_url: "${{secret:SLACK_WEBHOOK}}"
    pagerduty_url: https://events.eu.pagerduty.com/v2/enqueue
    opsgenie_url: https://api.eu.opsgenie.com/
    group_wait: 1m30s
    group_interval: 90s
    default_team: shop
metrics:
  jobs_total: {{type: counter, help: Jobs, labels: {{queue: bounded, state: bounded}}}}
  wait_seconds: {{type: histogram, unit: seconds, buckets: [0.5, 1], help: Wait, labels: {{queue: bounded}}}}
teams:
  shop: {{slack: "#shop", email: shop@example.com}}
  pager: {{pagerduty: {{routing_key: "${{secret:PAGERDUTY}}"}}, opsgenie: {{api_key: "${{secret:OPSGENIE}}", team: ops}}}}
  hook: {{webhook: "http://127.0.0.1:1/hook"{hook}}}
escalation:
  page: [{{notify: pager, timeout: 10m}}, {{notify: [hook, shop]}}]
services:
  web.one:
    team: shop
    escalation: page
    scrape:
      - {{targets: ["web:80", "web:81"], labels: {{zone: a}}}}
      - {{targets: "web:82", job: other, path: /m, scheme: https, interval: 3s, params: {{a: [b, c]}}, files: false,
         bearer_token: "${{secret:SCRAPE_TOKEN}}"}}
      - {{targets: "web:83", job: third, timeout: 4s, honor_labels: true, username: u, password: "${{secret:SCRAPE_PASSWORD}}"}}
  web.two: {{team: hook}}
alerts:
  Backlog:
    service: web.one
    severity: {{critical: "> 10", warning: "> 5"}}
    for: 90s
    keep_firing_for: 1h30m
    expr: sum by (queue) (rate(jobs_total{{state=~"a|b", queue!=""}}[5m] offset 1h)) / ignoring () sum by (queue) (rate(jobs_total[5m]))
    summary: "{{{{ labels.queue }}}} at {{{{ value }}}}"
    annotations: {{note: "it's \\"quoted\\""}}
  Often: {{service: web.two, severity: info, expr: "sum(rate(jobs_total[10m])) > 100", interval: 2m}}
recordings:
  queue-wait: {{record: queue:wait:p95, expr: "histogram_quantile(0.95, sum by (le, queue) (rate(wait_seconds_bucket[5m])))"}}
slos:
  waiting: {{service: web.one, objective: 99%, latency: {{metric: 'wait_seconds{{queue="a"}}', below: 500ms}}}}
maintenance:
  christmas: {{services: [web.one, web.two], on: 2031-12-31, from: "22:00", for: 50h, timezone: Europe/Paris}}
  weekly: {{severities: [warning], every: [saturday, sunday, monday], from: "23:30", for: 2h}}
  always: {{alerts: [Often], every: day, from: "00:00", for: 24h}}
"""
MODERN_HOOK = ', msteams: {webhook_url: "${secret:TEAMS_WEBHOOK}"}, jira: {api_url: "https://j.example.com", project: P, issue_type: Bug, api_token: "${secret:JIRA}"}'


def everything(generation: Generation, folder: Path) -> tuple[Document, ...]:
    """The documents of a spec that says nearly all that can be said, for this generation's versions."""
    modern = generation.alertmanager >= Version(0, 28, 0)
    spec = EVERYTHING.format(
        prometheus=f"{generation.prometheus.major}.{generation.prometheus.minor}",
        alertmanager=f"{generation.alertmanager.major}.{generation.alertmanager.minor}",
        folder=folder,
        hook=MODERN_HOOK if modern else "",
    )
    return (*emitted(spec).documents.values(), *alertmanager_documents(spec))


def test_what_was_built_and_loaded_is_no_difference(generation: Generation, tmp_path: Path) -> None:
    """Of every platform and of a spec that says nearly all: Prometheus and Alertmanager, after a reload."""
    builds = {"everything": everything(generation, tmp_path / "everything")}
    for spec in SPECS:
        folder = tmp_path / spec.stem
        folder.mkdir()
        builds[spec.stem] = compiled(spec, generation, folder).documents
    found: dict[str, list[Difference]] = {}
    with ExitStack() as servers:
        running = {}
        for name, documents in builds.items():
            rules = applied(documents, generation, "prometheus", tmp_path / name)
            routes = applied(documents, generation, "alertmanager", tmp_path / name)
            prometheus = servers.enter_context(running_prometheus(generation, rules, LIFECYCLE))
            alertmanager = servers.enter_context(running_alertmanager(generation, routes))
            prometheus.reload()
            alertmanager.reload()
            running[name] = ((prometheus, rules), (alertmanager, routes))
        for name, pairs in running.items():
            found[name] = [difference for server, files in pairs for difference in server.differences(files.documents)]
    for name in builds:
        assert found[name] == []
    assert len(found) == 5


def test_every_change_of_rules_and_jobs_is_told(generation: Generation, tmp_path: Path) -> None:
    files = applied(everything(generation, tmp_path), generation, "prometheus", tmp_path)
    # What is read from target files is known only seconds later, and has a test of its own.
    files = Applied(tuple(each for each in files.documents if "/targets/" not in each.path), tmp_path)
    contents: dict[str, Any] = {document.path: copy.deepcopy(document.content) for document in files.documents}
    config = contents["prometheus/prometheus.yml"]
    config["global"]["evaluation_interval"] = "30s"
    jobs = {job["job_name"]: job for job in config["scrape_configs"]}
    jobs["other"]["scrape_interval"] = "4s"
    alerts = contents["prometheus/rules/web.one.alerts.yml"]["groups"][0]["rules"]
    alerts[0]["for"] = "2m"
    alerts[1]["expr"] = alerts[1]["expr"].replace("> 10", "> 11")
    del alerts[2]
    contents["prometheus/rules/recordings.yml"]["groups"][0]["limit"] = 7
    wanted = files.documents
    for path, content in contents.items():
        wanted = changed(wanted, path, content)
    with running_prometheus(generation, files) as server:
        found = {(each.kind, each.name): (each.live, each.wanted) for each in server.differences(wanted)}
    alert = "web.one.alerts.yml / web.one / Backlog"
    assert set(found) == {
        ("setting", "global"),
        ("scrape job", "other"),
        ("rule group", "recordings.yml / recordings"),
        ("rule group", "web.one.alerts.yml / web.one"),
        ("alert rule", f"{alert} (critical, level 1)"),
        ("alert rule", f"{alert} (critical, level 2)"),
        ("alert rule", f"{alert} (warning, level 1)"),
    }
    live, said = found["rule group", "recordings.yml / recordings"]
    assert (live, said) == ({"interval": "45s", "limit": 0}, {"interval": "30s", "limit": 7})
    first: Any = found["alert rule", f"{alert} (critical, level 1)"]
    assert (first[0]["for"], first[1]["for"]) == ("1m30s", "2m")
    second: Any = found["alert rule", f"{alert} (critical, level 2)"]
    assert (second[0]["expr"].count("> 10"), second[1]["expr"].count("> 11")) == (1, 1)
    assert found["alert rule", f"{alert} (warning, level 1)"][1] is None


def test_every_change_of_routes_receivers_and_intervals_is_told(generation: Generation, tmp_path: Path) -> None:
    files = applied(everything(generation, tmp_path), generation, "alertmanager", tmp_path)
    config: Any = copy.deepcopy(files.documents[0].content)
    config["global"]["smtp_from"] = "b@example.com"
    config["route"]["group_wait"] = "2m"
    config["route"]["routes"][0]["group_wait"] = "20s"
    receivers = {receiver["name"]: receiver for receiver in config["receivers"]}
    receivers["page-level-1"]["pagerduty_configs"][0]["class"] = "other"
    receivers["page-level-2"]["webhook_configs"][0]["send_resolved"] = False
    intervals = {interval["name"]: interval for interval in config["time_intervals"]}
    intervals["weekly"]["time_intervals"][0]["times"] = [{"start_time": "01:00", "end_time": "02:00"}]
    config["inhibit_rules"][0]["equal"] = ["alertname"]
    with running_alertmanager(generation, files) as server:
        found = list(server.differences(changed(files.documents, "alertmanager/alertmanager.yml", config)))
    assert [(each.kind, each.name) for each in found] == [
        ("setting", "global"),
        ("setting", "inhibit_rules"),
        ("receiver", "page-level-1"),
        ("receiver", "page-level-2"),
        ("setting", "route"),
        ("time interval", "weekly"),
    ]


def test_what_prometheus_prints_of_any_query_is_the_query(generation: Generation, tmp_path: Path) -> None:
    queries = _accepted(generation)
    _rule_file(tmp_path, queries)
    config = tmp_path / "prometheus.yml"
    config.write_text("rule_files: [rules.yml]\n")
    with prometheus_server(generation, config, tmp_path) as address, asked("Prometheus", address) as service:
        answer = service.request("GET", "/api/v1/rules")
    printed = [rule["query"] for rule in answer.body["data"]["groups"][0]["rules"]]
    assert [(query, text) for query, text in zip(queries, printed, strict=True) if not same_query(text, query)] == []


def test_a_server_says_itself_why_it_does_not_take_a_file(generation: Generation, tmp_path: Path) -> None:
    documents = everything(generation, tmp_path)
    rules = applied(documents, generation, "prometheus", tmp_path)
    routes = applied(documents, generation, "alertmanager", tmp_path)
    with running_prometheus(generation, rules, LIFECYCLE) as prometheus:
        (tmp_path / "prometheus" / "prometheus.yml").write_text("globe: {}\n")
        with pytest.raises(RefusedError, match=r"(?s)Prometheus .* 500 .*/-/reload: failed to reload config: "):
            prometheus.reload()
        checks = {check.subject: check for check in prometheus.health()}
        assert not checks["configuration"].ok
        rules.write()
        prometheus.reload()
        assert {check.subject: check for check in prometheus.health()}["configuration"].ok
    with running_alertmanager(generation, routes) as alertmanager:
        (tmp_path / "alertmanager" / "alertmanager.yml").write_text("route: {}\n")
        with pytest.raises(RefusedError, match=r"(?s)Alertmanager .* 500 .*/-/reload: failed to reload config: "):
            alertmanager.reload()
        assert not {check.subject: check for check in alertmanager.health()}["configuration"].ok


def test_a_server_that_does_not_reload_on_request_is_said_how_to(generation: Generation, tmp_path: Path) -> None:
    files = applied(everything(generation, tmp_path), generation, "prometheus", tmp_path)
    with running_prometheus(generation, files) as server, pytest.raises(RefusedError) as refused:
        server.reload()
    assert str(refused.value) == (
        "Prometheus does not reload on request: start it with `--web.enable-lifecycle`, or send its process SIGHUP "
        "(`docker compose kill --signal=SIGHUP prometheus`)"
    )


SICK = """\
version: 1
project: shop
targets:
  prometheus: {scrape_interval: 1s, evaluation_interval: 1s, alertmanagers: ["127.0.0.1:1"], version: "2.42",
               scrape_self: false}
services:
  web: {scrape: {targets: ["127.0.0.1:1", "127.0.0.1:2"], files: false}}
recordings:
  twice: {expr: up + on () up}
"""


def test_health_says_what_is_down_and_what_fails(generation: Generation, tmp_path: Path) -> None:
    files = applied(tuple(emitted(SICK).documents.values()), generation, "prometheus", tmp_path)
    with running_prometheus(generation, files) as server:
        assert list(server.differences(files.documents)) == []
        give_up = time.monotonic() + 20
        checks: dict[str, Check] = {}
        while "rule group recordings" not in checks or "targets" in checks:
            assert time.monotonic() < give_up, checks
            time.sleep(0.2)
            checks = {check.subject: check for check in server.health()}
    assert {subject for subject, check in checks.items() if not check.ok} == {
        "target web 127.0.0.1:1",
        "target web 127.0.0.1:2",
        "rule group recordings",
    }
    assert checks["target web 127.0.0.1:1"].detail.endswith("connection refused")
    assert checks["rule group recordings"].detail.startswith("twice: found duplicate series")
    assert checks["alertmanagers"].detail == "http://127.0.0.1:1/api/v2/alerts"
    assert checks["storage"] == Check("storage", ok=True, detail="no failure since it started")


UNHEARD = """\
version: 1
project: shop
targets:
  alertmanager: {version: "0.25", group_wait: 0s, default_team: rest}
teams:
  rest: {webhook: "URL/rest"}
"""


def test_health_says_which_notifications_fail(generation: Generation, tmp_path: Path) -> None:
    """The receiver answers 404, which Alertmanager does not try again."""
    with FakeServer().started() as receiver:
        files = applied(
            alertmanager_documents(UNHEARD.replace("URL", receiver.url)), generation, "alertmanager", tmp_path
        )
        with running_alertmanager(generation, files) as server:
            assert [(check.subject, check.detail) for check in server.health()] == [
                ("ready", ""),
                ("cluster", "alone"),
                ("silences", "0 active, 0 pending"),
                ("configuration", "loaded"),
                ("notifications", "0 sent, none failed"),
            ]
            _fire(server._service.base_url, [{"alertname": "A"}])
            give_up = time.monotonic() + 20
            while all(check.ok for check in server.health()) and time.monotonic() < give_up:
                time.sleep(0.1)
            failing = [check for check in server.health() if not check.ok]
    assert [(check.subject.split()[:2], check.detail) for check in failing] == [
        (["notifications", "webhook"], "1 of 1 have failed since it started")
    ]
