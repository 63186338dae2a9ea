"""Whether a Prometheus does its work: what it scrapes, what it evaluates, whom it tells, what it stores."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from skillforge_mon.backends.metric_page import samples
from skillforge_mon.remote.api import Check
from skillforge_mon.remote.errors import RemoteError
from skillforge_mon.remote.service import Service

_STORAGE: Final = {
    "prometheus_tsdb_wal_corruptions_total": "corruptions of the write-ahead log",
    "prometheus_tsdb_wal_writes_failed_total": "failed writes to the write-ahead log",
    "prometheus_tsdb_wal_truncations_failed_total": "failed truncations of the write-ahead log",
    "prometheus_tsdb_compactions_failed_total": "failed compactions",
    "prometheus_tsdb_reloads_failures_total": "failed reloads of blocks",
}
"""Counters of tsdb/db.go and tsdb/wlog/wlog.go, each 0 while all is well."""


def health(service: Service, *, tells_somebody: bool) -> Iterator[Check]:
    """Every check; ``tells_somebody`` is whether the build names Alertmanagers. Nothing is raised."""
    try:
        service.request("GET", "/-/ready")
    except RemoteError as error:
        yield Check("ready", ok=False, detail=str(error), help="is it running, and is `targets.prometheus.url` right?")
        return
    yield Check("ready", ok=True)
    checks = (_configuration, _targets, _rules, _alertmanagers if tells_somebody else _no_alertmanagers, _storage)
    for check in checks:
        try:
            yield from check(service)
        except RemoteError as error:
            yield Check(check.__name__.strip("_"), ok=False, detail=str(error))


def _data(service: Service, path: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = service.request("GET", f"/api/v1/{path}").body["data"]
    return found


def _configuration(service: Service) -> Iterator[Check]:
    info = _data(service, "status/runtimeinfo")
    if info["reloadConfigSuccess"]:
        yield Check("configuration", ok=True, detail=f"loaded at {info['lastConfigTime']}")
    else:
        yield Check(
            "configuration",
            ok=False,
            detail=f"the last reload failed; that of {info['lastConfigTime']} is still in force",
            help="`monmc push`, which reloads it, or the server's log says what is wrong",
        )


def _targets(service: Service) -> Iterator[Check]:
    targets = service.request("GET", "/api/v1/targets", params={"state": "active"}).body["data"]["activeTargets"]
    down = [target for target in targets if target["health"] == "down"]
    for target in down:
        name = f"target {target['labels'].get('job', '')} {target['labels'].get('instance', '')}"
        yield Check(name, ok=False, detail=target["lastError"], help=f"does {target['scrapeUrl']} answer?")
    waiting = sum(target["health"] == "unknown" for target in targets)
    if not down:
        more = f", {waiting} not scraped yet" if waiting else ""
        yield Check("targets", ok=True, detail=f"{len(targets) - waiting} up{more}")


def _rules(service: Service) -> Iterator[Check]:
    groups = _data(service, "rules")["groups"]
    failing = 0
    for group in groups:
        bad = [rule for rule in group["rules"] if rule["health"] == "err"]
        if bad:
            failing += 1
            names = ", ".join(dict.fromkeys(rule["name"] for rule in bad))
            yield Check(f"rule group {group['name']}", ok=False, detail=f"{names}: {bad[0].get('lastError', '')}")
    if not failing:
        count = sum(len(group["rules"]) for group in groups)
        yield Check("rules", ok=True, detail=f"{count} in {len(groups)} groups")


def _alertmanagers(service: Service) -> Iterator[Check]:
    active = _data(service, "alertmanagers")["activeAlertmanagers"]
    if active:
        yield Check("alertmanagers", ok=True, detail=", ".join(entry["url"] for entry in active))
    else:
        yield Check(
            "alertmanagers",
            ok=False,
            detail="none is known, so nobody hears of an alert",
            help="a server that has just started needs five seconds; otherwise see `targets.prometheus.alertmanagers`",
        )


def _no_alertmanagers(_service: Service) -> Iterator[Check]:
    yield Check("alertmanagers", ok=True, detail="the spec names none", skipped=True)


def _storage(service: Service) -> Iterator[Check]:
    try:
        page = str(service.request("GET", "/metrics").body)
    except RemoteError:
        yield Check("storage", ok=True, detail="its own metrics are not to be had here", skipped=True)
        return
    values = {sample.name: sample.value for sample in samples(page) if sample.name in _STORAGE}
    bad = [f"{value:g} {_STORAGE[name]}" for name, value in values.items() if value]
    if bad:
        yield Check(
            "storage", ok=False, detail=", ".join(bad), help="is the disk full, or broken? See the server's log"
        )
    else:
        yield Check("storage", ok=True, detail="no failure since it started")
