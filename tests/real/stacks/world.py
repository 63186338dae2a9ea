"""Everything that both platforms watch, and the servers that watch it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tests.real.escalation import Servers
from tests.real.exporters import _SERVERS as SERVERS
from tests.real.exporters import EXPORTERS, RELEASES, _unpacked
from tests.real.generation import Generation
from tests.real.stacks import history, hosts, people, platforms, postgres, proxy, pushes, redis, shops, web
from tests.real.stacks.hosts import Host
from tests.real.stacks.people import People
from tests.real.stacks.platforms import Built, Pod
from tests.real.stacks.postgres import Postgres
from tests.real.stacks.proxy import Nginx
from tests.real.stacks.pushes import Pipeline
from tests.real.stacks.redis import Redis
from tests.real.stacks.shops import Application, Jac
from tests.real.stacks.web import Blackbox, Site

RELEASE = "new"
"""The programs are of the versions that both specs are written for; of an older exporter, metrics have other names."""
OTHERS = ("prometheus-nginx-exporter", "prometheus-pushgateway")
JAC, TOOLBOXAI = "jac", "toolboxai"


@dataclass(frozen=True, slots=True)
class Watched:
    """What can break. ``weak`` and ``strained`` are hosts and Redis servers of which one is worse off than the other.

    ``spans``, ``containers`` and ``cluster`` are the pages of a collector, of cAdvisor and of kube-state-metrics;
    ``secrets`` is ToolboxAI's folder of them.
    """

    jac: Jac
    toolboxai: Application
    spans: Application
    containers: Application
    cluster: Application
    nginx: Nginx
    pipeline: Pipeline
    secrets: Path
    site: Site
    weak: Host
    strained: Host
    full: Redis
    filling: Redis
    primary: Postgres
    replica: Postgres
    blackbox: Blackbox


@dataclass(frozen=True, slots=True)
class Stack:
    """A platform with the servers that watch it, and the people who are told."""

    built: Built
    servers: Servers
    people: People


@dataclass(frozen=True, slots=True)
class World:
    """All of it. ``stacks`` by the platforms' names."""

    watched: Watched
    stacks: Mapping[str, Stack]


@contextmanager
def world(generation: Generation, folder: Path) -> Iterator[World]:
    """Both stacks, over the same hosts and databases, for as long as the block lasts."""
    programs = _unpacked(RELEASE, [f"prometheus-{name}-exporter" for name in EXPORTERS], RELEASES[RELEASE]) / "usr/bin"
    others = _unpacked("stacks", OTHERS, RELEASES[RELEASE]) / "usr/bin"
    servers = _unpacked("servers", SERVERS, RELEASES["old"])
    exporter = {name: programs / f"prometheus-{name}-exporter" for name in EXPORTERS}
    with ExitStack() as running:
        jac, toolboxai = shops.jac(), shops.toolboxai()
        spans, containers, cluster = shops.spans(), shops.containers(), shops.cluster()
        services = [jac.backend, jac.frontend, jac.celery, toolboxai, spans, containers, cluster]
        running.enter_context(shops.running(services))
        nginx = running.enter_context(proxy.nginx(others / OTHERS[0], folder / "nginx-exporter.log"))
        pipeline = running.enter_context(pushes.pipeline(others / OTHERS[1], folder / "pushgateway.log"))
        site = running.enter_context(web.site(folder))
        weak, strained = (Host(folder / name) for name in ("weak", "strained"))
        for host in (weak, strained):
            running.enter_context(hosts.watched(exporter["node"], host, folder / f"node-{host.port}.log"))
        full, filling = (
            running.enter_context(redis.redis(servers, exporter["redis"], folder / name))
            for name in ("full", "filling")
        )
        primary, replica = running.enter_context(
            postgres.postgres(servers, exporter["postgres"], folder, (JAC, TOOLBOXAI))
        )
        trusted = folder / "trusted.pem"
        trusted.write_text("".join(path.read_text("utf-8") for path in site.certificates.values()), encoding="utf-8")
        blackbox = Blackbox(exporter["blackbox"], folder / "blackbox.yml", trusted, folder / "blackbox.log")
        secrets = folder / TOOLBOXAI / "secrets"
        watched = Watched(
            jac, toolboxai, spans, containers, cluster, nginx, pipeline, secrets, site, weak, strained, full, filling,
            primary, replica, blackbox,
        )  # fmt: skip
        stacks = {}
        for name, laid_over in ((JAC, _jac(watched)), (TOOLBOXAI, _toolboxai(watched))):
            told = running.enter_context(people.people())
            stacks[name] = _stack(generation, name, laid_over, watched, told, folder / name)
        modules = [yaml.safe_load(stack.built.blackbox.read_text("utf-8"))["modules"] for stack in stacks.values()]
        blackbox.config.write_text(yaml.safe_dump({"modules": _joined(*modules)}), encoding="utf-8")
        running.callback(blackbox.stop)
        blackbox.start()
        for stack in stacks.values():
            running.callback(stack.servers.stop_alertmanager)
            stack.servers.start_alertmanager()
            running.callback(stack.servers.stop_prometheus)
            stack.servers.start_prometheus()
        yield World(watched, stacks)


def _joined(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """The modules of both, where those of the same name may differ only in how long they wait."""
    for name in {*one} & {*other}:
        assert {**one[name], "timeout": ""} == {**other[name], "timeout": ""}, f"both have another module {name}"
    return {**one, **other}


def _stack(
    generation: Generation,
    name: str,
    laid_over: Mapping[str, Any],
    watched: Watched,
    told: People,
    folder: Path,
) -> Stack:
    servers = Servers(generation, folder / "quick", folder)
    addresses = {
        "prometheus": f"127.0.0.1:{servers.prometheus_port}",
        "alertmanager": f"127.0.0.1:{servers.alertmanager_port}",
    }
    targets: dict[str, dict[str, Any]] = {
        "prometheus": {"url": f"http://{addresses['prometheus']}", "alertmanagers": [addresses["alertmanager"]]},
        "blackbox": {"address": f"127.0.0.1:{watched.blackbox.port}"},
        "alertmanager": {"pagerduty_url": f"http://127.0.0.1:{told.web}/pagerduty"},
    }
    if name == TOOLBOXAI:
        targets["alertmanager"]["smtp"] = {"smarthost": f"127.0.0.1:{told.mail}", "require_tls": False}
    addresses_left = {
        platforms.COLLECTOR: watched.spans.address,
        "localhost:9090": addresses["prometheus"],
        "alertmanager:9093": addresses["alertmanager"],
    }
    slack = f"http://127.0.0.1:{told.web}/slack"
    pods = _pods(watched)
    built = platforms.built(name, {**laid_over, "targets": targets}, addresses_left, pods, slack, folder)
    series = [*_readonly(name, watched), *(_jac_before(built, watched) if name == JAC else _before(built, watched))]
    history.write_history(generation, series, folder / "prometheus", folder)
    return Stack(built, servers, told)


def _readonly(name: str, watched: Watched) -> Iterator[history.Series]:
    """A day ago, no file system was read-only."""
    for host in (watched.weak, watched.strained):
        for mountpoint in host.disks:
            job = "node" if name == JAC else "node-exporter"
            labels = {"job": job, "instance": host.address, "mountpoint": mountpoint, "fstype": "ext4"}
            yield history.steady("node_filesystem_readonly", labels, 0.0)


def _jac_before(built: Built, watched: Watched) -> Iterator[history.Series]:
    """What JAC's rules compare with. Baselines are the 95th percentiles of buckets."""
    site = "site-availability"
    yield from history.slo_series(built, but=site)
    yield from history.nearly_spent(site, "jac-frontend")
    baselines: Sequence[tuple[str, Mapping[str, str], float]] = (
        ("backend_requests", {}, 0.05),
        ("frontend_requests", {"endpoint": "/api/lessons"}, 0.49),
        ("agent_spans", {"span_name": "tutor.step"}, 0.05),
        ("database_queries", {"datname": postgres.REPORTS}, 0.01),
    )
    for name, labels, seconds in baselines:
        yield history.steady(f"baseline:{name}:p95_30m", labels, seconds)
    for job, application in (("jac-backend", watched.jac.backend), ("jac-celery", watched.jac.celery)):
        yield history.steady(shops.MEMORY, {"job": job, "instance": application.address}, shops.USUAL_MEMORY)
    yield history.busy_week_ago("nginx_http_requests_total", {"job": "nginx"}, proxy.REQUESTS_PER_SECOND)
    for name, count in ((shops.LEARNED, 70.0), (shops.REGISTERED, 35.0)):
        yield history.leaving(name, {"job": "jac-backend"}, count)


def _before(built: Built, watched: Watched) -> Iterator[history.Series]:
    """What ToolboxAI's rules compare with."""
    yield from history.slo_series(built, but="")
    job = {"job": "api", "instance": watched.toolboxai.address}
    yield history.steady(shops.MEMORY, job, shops.USUAL_MEMORY)
    yield history.busy_week_ago(shops.REQUESTS, {"job": "api"}, watched.toolboxai.rate)
    yield history.waiting(built, "DatabaseBackupUnknown", {"cronjob": "postgres-backup"})


def _jac(watched: Watched) -> dict[str, Any]:
    """The addresses of JAC's spec."""
    health = f"http://127.0.0.1:{watched.site.health}"
    redis_address = f"127.0.0.1:{watched.filling.port}"
    return {
        "services": {
            "jac-backend": {"scrape": [watched.jac.backend.address], "health": {"url": health}},
            "jac-frontend": {"scrape": [watched.jac.frontend.address]},
            "jac-celery": {"scrape": [watched.jac.celery.address]},
            "deployments": {"scrape": {"targets": [f"127.0.0.1:{watched.pipeline.port}"]}},
        },
        "exporters": {
            "postgres": [f"127.0.0.1:{each.exporters[JAC]}" for each in (watched.primary, watched.replica)],
            "redis": [f"127.0.0.1:{each.exporter}" for each in (watched.full, watched.filling)],
            "node": [each.address for each in (watched.weak, watched.strained)],
            "nginx": [f"127.0.0.1:{watched.nginx.exporter}"],
            "cadvisor": {"targets": [watched.containers.address]},
        },
        "probes": {
            "postgres": {"tcp": f"127.0.0.1:{watched.primary.port}"},
            "redis": {"tcp": {"address": redis_address}},
            "jac-site": {"http": {"url": f"https://127.0.0.1:{watched.site.secure}/"}},
        },
    }


def _toolboxai(watched: Watched) -> dict[str, Any]:
    """The addresses of ToolboxAI's spec; its targets are discovered."""
    health = f"http://127.0.0.1:{watched.site.health}"
    return {
        "services": {"api": {"health": {"url": health}}},
        "probes": {"openai": {"http": {"url": f"{health}/bearer"}}},
    }


def _pods(watched: Watched) -> list[Pod]:
    """What Kubernetes would discover of ToolboxAI."""
    return [
        Pod("api", "api-1", watched.toolboxai.address),
        Pod("kube-state-metrics", "kube-state-metrics-1", watched.cluster.address),
        *(Pod("node-exporter", f"node-{each.port}", each.address) for each in (watched.weak, watched.strained)),
        *(
            Pod("postgres-exporter", f"postgres-{each.port}", f"127.0.0.1:{each.exporters[TOOLBOXAI]}")
            for each in (watched.primary, watched.replica)
        ),
        *(
            Pod("redis-exporter", f"redis-{each.exporter}", f"127.0.0.1:{each.exporter}")
            for each in (watched.full, watched.filling)
        ),
    ]
