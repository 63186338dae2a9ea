"""The packs by the vendors' own tools: promtool takes and proves their rules, and real exporters fill their panels."""

from __future__ import annotations

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry, Counter, Histogram, start_http_server
from prometheus_client.gc_collector import GCCollector
from prometheus_client.metrics_core import Metric
from prometheus_client.platform_collector import PlatformCollector
from prometheus_client.process_collector import ProcessCollector
from prometheus_client.registry import Collector

from skillforge_mon.compiler import Compilation, compile_project, write
from skillforge_mon.diagnostics.diagnostic import Diagnostic
from skillforge_mon.model.project import Project
from skillforge_mon.proving.case import Skipped
from skillforge_mon.proving.promtool import found_promtool
from skillforge_mon.proving.prove import prove
from skillforge_mon.query.promql import Binary, Expr, NumberLiteral, Paren, parse, print_expr, selectors, walk
from skillforge_mon.query.promql.tree import VectorSelector
from tests.packs import EVERYTHING, PACKS, using
from tests.real.exporters import Running, exporters
from tests.real.generation import Generation
from tests.real.servers import NotReadyError, alertmanager_server, asked, free_port, prometheus_server
from tests.real.tools import promtool_check_rules, tools


def compiled(text: str, folder: Path) -> Compilation:
    """The spec ``text``, compiled without a word."""
    spec = folder / "shop.yaml"
    spec.write_text(text, encoding="utf-8")
    compilation = compile_project(spec)
    assert compilation.diagnostics == ()
    return compilation


@pytest.mark.parametrize("name", PACKS)
def test_promtool_takes_every_rule_of_a_pack(name: str, generation: Generation, tmp_path: Path) -> None:
    write(compiled(using(name, EVERYTHING.get(name, "")), tmp_path), tmp_path / "out")
    rules = sorted((tmp_path / "out/shop/default/prometheus/rules").glob("*.yml"))
    result = promtool_check_rules(generation, *rules)
    assert result.exit_code == 0, result.output


NOT_PROVED = {
    "alerts.Watchdog": "it fires always, so there is no series with which it does not",
    "alerts.WebApiAlertmanagerConfigsDiffer": "the proofs make one series of a metric, and it compares several",
}
"""Alerts of packs for which `monmc test` can make no series, and why."""


@pytest.mark.parametrize("name", PACKS)
def test_promtool_proves_every_alert_of_a_pack(name: str, generation: Generation, tmp_path: Path) -> None:
    promtool = found_promtool(generation.promtool)
    assert not isinstance(promtool, Diagnostic)
    compilation = compiled(using(name, EVERYTHING.get(name, "")), tmp_path)
    assert compilation.project is not None
    outcome = prove(compilation.project, compilation.documents, promtool, chosen="alerts.*")
    assert [each for each in outcome.results if not isinstance(each, Skipped) and each.unmet] == []
    alerts = {alert.id for alert in compilation.project.alerts.values()}
    proved = {each.case.subject for each in outcome.results if not isinstance(each, Skipped)}
    assert alerts - proved == alerts & set(NOT_PROVED)


# Real exporters.

SPEC = """\
version: 1
project: shop
targets:
  prometheus: {{version: "{version}", scrape_interval: 1s, evaluation_interval: 1s, retention: 30d, scrape_self: false,
               alertmanagers: ["{alertmanager}"]}}
  alertmanager: {{version: "0.25"}}
  grafana: {{}}
teams:
  shop: {{webhook: "http://127.0.0.1:1/"}}
escalation:
  page: [{{notify: shop}}]
defaults:
  services: {{team: shop, escalation: page}}
services:
  prometheus: {{scrape: ["{prometheus}"], use: [{{pack: prometheus, with: {{heartbeat: page}}}}]}}
  alertmanager: {{scrape: ["{alertmanager}"], use: [alertmanager]}}
  web: {{scrape: ["{web}"], use: [http, python]}}
exporters:
  node: {{targets: ["{node}"], use: [go]}}
  # The load lasts some seconds, which is little in a window of a quarter of an hour.
  postgres: {{targets: ["{postgres}"], with: {{busy: 0}}}}
  redis: {{targets: ["{redis}"], with: {{busy: 0}}}}
"""

RESEND = "--rules.alert.resend-delay=2s"
ALERTMANAGER = """\
route: {{receiver: web, group_wait: 1s, group_interval: 2s, repeat_interval: 2s}}
receivers: [{{name: web, webhook_configs: [{{url: "http://127.0.0.1:{web}/"}}]}}]
"""

NO_SUCH_SERIES = {
    "alertmanager_cluster_members": "the Alertmanager of the test runs alone, without a cluster",
    "node_md_disks": "the machine of the test has no RAID",
    "node_nf_conntrack_entries": "a kernel without the module nf_conntrack",
    "node_nf_conntrack_entries_limit": "a kernel without the module nf_conntrack",
    "node_pressure_cpu_waiting_seconds_total": "a kernel without pressure stall information",
    "node_pressure_io_waiting_seconds_total": "a kernel without pressure stall information",
    "node_pressure_memory_waiting_seconds_total": "a kernel without pressure stall information",
    "node_vmstat_oom_kill": "a kernel that does not count it",
    "pg_replication_lag_seconds": "postgres_exporter before 0.12 does not tell it",
    "pg_replication_slots_active": "postgres_exporter 0.16 and later have another name for it",
    "pg_replication_slot_slot_is_active": "postgres_exporter before 0.12 has another name for it",
    "redis_master_link_up": "the Redis of the test has no replica",
}
"""Series that an exporter of the test may not have, and why: what reads them can return nothing here."""

NO_SUCH_EVENT = {
    "alerts.HostNetworkErrors": "node_exporter 1.5 leaves the loopback device out, and no other one has traffic here",
}
"""What needs an event that cannot be had here."""


@dataclass(frozen=True, slots=True)
class Live:
    """A project that runs: what it was compiled from, and the Prometheus that scrapes it."""

    project: Project
    address: str


@pytest.fixture(scope="module", params=["old", "new"])
def live(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """node_exporter, postgres_exporter and redis_exporter with their servers under load, scraped by a Prometheus."""
    generation = tools(request.param)
    folder = tmp_path_factory.mktemp("packs")
    with ExitStack() as running:
        found = running.enter_context(exporters(request.param, folder, "--maxmemory", "64mb"))
        web = start_web()
        (folder / "am.yml").write_text(ALERTMANAGER.format(web=web), encoding="utf-8")
        alertmanager = running.enter_context(alertmanager_server(generation, folder / "am.yml", folder))
        own = free_port()
        text = SPEC.format(
            version=".".join(str(part) for part in generation.prometheus[:2]),
            alertmanager=alertmanager.removeprefix("http://"),
            prometheus=f"127.0.0.1:{own}",
            web=f"127.0.0.1:{web}",
            **{name: found.addresses[name].removeprefix("http://") for name in ("node", "postgres", "redis")},
        )
        compilation = compiled(text, folder)
        assert compilation.project is not None
        write(compilation, folder / "out")
        config = folder / "out/shop/default/prometheus/prometheus.yml"
        address = running.enter_context(prometheus_server(generation, config, folder, RESEND, port=own))
        put_under_load(found)
        wait_for_samples(address, 6)
        yield Live(compilation.project, address)


def start_web() -> int:
    """A service with the usual metrics of HTTP requests and of Python, in this process; its port."""
    registry = CollectorRegistry()
    for collector in (ProcessCollector, PlatformCollector, GCCollector):
        collector(registry=registry)
    requests = Counter("http_requests_total", "Requests", ["status"], registry=registry)
    duration = Histogram("http_request_duration_seconds", "Time", registry=registry)
    for status in ("200", "500"):
        requests.labels(status).inc()
    port = free_port()
    start_http_server(port, "127.0.0.1", registry)

    class Counting(Collector):
        """Each scrape is a hundred requests more, so that rates are well above what is too quiet to be judged."""

        def collect(self) -> Iterator[Metric]:
            for status in ("200", "500"):
                requests.labels(status).inc(100)
                duration.observe(0.2)
            return iter(())

    registry.register(Counting())
    return port


def put_under_load(found: Running) -> None:
    """Reads, writes, transactions and a replication slot that nobody reads."""
    environment = {**os.environ, **found.libraries}
    programs = found.programs / "usr/lib/postgresql/15/bin"
    server = ["-h", "127.0.0.1", "-p", str(found.postgres), "-U", "postgres"]

    def run(*command: str | Path) -> None:
        subprocess.run(command, env=environment, check=True, capture_output=True, timeout=60)

    slot = "SELECT pg_create_physical_replication_slot('standby', true)"
    run(programs / "psql", *server, "-c", slot, "postgres")
    run(programs / "pgbench", "-i", "-q", *server, "postgres")
    benchmark: list[str | Path] = [
        found.programs / "usr/bin/redis-benchmark",
        "-p",
        str(found.redis),
        "-n",
        "20000",
        "-r",
        "100",
        "-q",
    ]
    pgbench: list[str | Path] = [programs / "pgbench", "-T", "8", "-c", "2", *server, "postgres"]
    with subprocess.Popen(
        pgbench, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as transactions:
        for _ in range(3):
            run(*benchmark, "-t", "set,get")
            time.sleep(2)
        assert transactions.wait(60) == 0


def wait_for_samples(address: str, count: int) -> None:
    """Until every target was scraped ``count`` times. Raises NotReadyError."""
    give_up = time.monotonic() + 60
    while time.monotonic() < give_up:
        found = asked(address, "query", query="min(sum_over_time(up[1m]))")["result"]
        if found and float(found[0]["value"][1]) >= count:
            return
        time.sleep(0.2)
    raise NotReadyError(f"the targets were not scraped {count} times: {asked(address, 'targets')}")


def values_of(expr: Expr) -> Iterator[Expr]:
    """The values that a query compares: both sides of a set operation, and of a comparison what is no number."""
    while isinstance(expr, Paren):
        expr = expr.expr
    if isinstance(expr, Binary) and expr.op in {"and", "or", "unless", "==", "!=", ">", "<", ">=", "<="}:
        for side in (expr.lhs, expr.rhs):
            if not isinstance(side, NumberLiteral):
                yield from values_of(side)
    else:
        yield expr


def questions(project: Project) -> Iterator[tuple[str, Expr]]:
    """Every value that an alert or a panel of the project reads, with the id of what reads it."""
    for alert in project.alerts.values():
        assert alert.query is not None
        assert alert.query.expr is not None
        for value in values_of(alert.query.expr):
            yield alert.id, value
    for dashboard in project.dashboards.values():
        for row in dashboard.rows:
            for panel in row.panels:
                for query in panel.queries:
                    assert query.expr is not None
                    for value in values_of(query.expr):
                        yield f"{dashboard.id}: {panel.spec.title}", value


def looks_back(expr: Expr) -> bool:
    """Whether the query reads what was an hour or longer ago, which nothing here has."""
    return any(isinstance(node, VectorSelector) and node.offset is not None for node in walk(expr))


def test_real_exporters_fill_every_panel_and_every_rule(live: Live) -> None:
    asked_for = list(questions(live.project))
    assert len(asked_for) > 130
    empty: list[str] = []
    filled = 0
    for owner, expr in asked_for:
        text = print_expr(expr)
        if asked(live.address, "query", query=text)["result"]:
            filled += 1
            continue
        missing = {
            selector.name or ""
            for selector in selectors(expr)
            if not asked(live.address, "query", query=f"count({selector.name})")["result"]
        }
        if not looks_back(expr) and not missing & set(NO_SUCH_SERIES) and owner not in NO_SUCH_EVENT:
            empty.append(f"{owner}: {text}")
    assert "\n".join(empty) == ""
    assert filled > 0.85 * len(asked_for)


def test_every_rule_of_the_packs_is_evaluated_without_an_error(live: Live) -> None:
    groups = asked(live.address, "rules")["groups"]
    rules = [rule for group in groups for rule in group["rules"]]
    assert len(rules) > 70
    assert [(rule["name"], rule.get("lastError")) for rule in rules if rule["health"] != "ok"] == []
    firing = {
        alert["labels"]["alertname"] for alert in asked(live.address, "alerts")["alerts"] if alert["state"] == "firing"
    }
    assert "Watchdog" in firing


def test_the_port_of_the_web_service_answers(live: Live) -> None:
    (target,) = (each for each in asked(live.address, "targets")["activeTargets"] if each["labels"]["job"] == "web")
    host, _, port = target["discoveredLabels"]["__address__"].partition(":")
    socket.create_connection((host, int(port)), timeout=5).close()
    assert target["health"] == "up"


def test_ready_made_rows_of_the_packs_have_data_too(live: Live) -> None:
    from skillforge_mon.diagnostics.diagnostic import Report
    from skillforge_mon.lower.lowering import Lowering

    layouts = {layout.dashboard.name: layout for layout in Lowering(live.project, Report()).dashboards}
    hosts = next(row for row in layouts["node-hosts"].rows if row.title == "Utilisation")
    shown = {panel.title: [query.expr for query in panel.queries] for panel in hosts.panels}
    assert set(shown) >= {"CPU", "Load per CPU", "Memory", "Disk space", "Disk time", "Network"}
    for title, queries in shown.items():
        for expr in queries:
            assert expr is not None
            text = print_expr(expr).replace("4m59s999ms", "1m")
            parse(text)
            assert asked(live.address, "query", query=text)["result"], (title, text)
