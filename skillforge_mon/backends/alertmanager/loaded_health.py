"""Whether an Alertmanager does its work: what it has loaded, its cluster, what it sends, what it keeps silent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

from skillforge_mon.backends.metric_page import Sample, samples
from skillforge_mon.remote.api import Check
from skillforge_mon.remote.errors import RemoteError
from skillforge_mon.remote.service import Service

_SENT: Final = "alertmanager_notifications_total"
_FAILED: Final = "alertmanager_notifications_failed_total"
_ATTEMPTS_FAILED: Final = "alertmanager_notification_requests_failed_total"
"""Counters of notify/notify.go. A notification has failed when it is given up; until then it is tried again, as long
as the interval of its group."""
_RELOADED: Final = "alertmanager_config_last_reload_successful"


def health(service: Service) -> Iterator[Check]:
    """Every check. Nothing is raised."""
    try:
        service.request("GET", "/-/ready")
    except RemoteError as error:
        yield Check(
            "ready", ok=False, detail=str(error), help="is it running, and is `targets.alertmanager.url` right?"
        )
        return
    yield Check("ready", ok=True)
    try:
        yield _cluster(service.request("GET", "/api/v2/status").body["cluster"])
        yield _silences(service.request("GET", "/api/v2/silences").body)
    except RemoteError as error:
        yield Check("status", ok=False, detail=str(error))
    try:
        page = str(service.request("GET", "/metrics").body)
    except RemoteError:
        yield Check("notifications", ok=True, detail="its own metrics are not to be had here", skipped=True)
        return
    found = list(samples(page))
    yield _configuration(found)
    yield from _notifications(found)


def _cluster(cluster: dict[str, Any]) -> Check:
    status, peers = cluster["status"], cluster.get("peers") or []
    if status == "disabled":
        return Check("cluster", ok=True, detail="alone")
    if status == "ready":
        return Check("cluster", ok=True, detail=f"{len(peers)} members")
    return Check(
        "cluster", ok=False, detail=f"it is {status}, with {len(peers)} members", help="can they reach each other?"
    )


def _silences(silences: list[dict[str, Any]]) -> Check:
    states = Counter(silence["status"]["state"] for silence in silences)
    return Check("silences", ok=True, detail=f"{states['active']} active, {states['pending']} pending")


def _configuration(page: list[Sample]) -> Check:
    failed = any(sample.name == _RELOADED and not sample.value for sample in page)
    if not failed:
        return Check("configuration", ok=True, detail="loaded")
    return Check(
        "configuration",
        ok=False,
        detail="the last reload failed; the configuration before it is still in force",
        help="`monmc push`, which reloads it, or the server's log says what is wrong",
    )


def _notifications(page: list[Sample]) -> Iterator[Check]:
    """One line for each integration (and receiver, where the server tells them apart) of which any failed."""
    sent: Counter[str] = Counter()
    failed: Counter[str] = Counter()
    for sample in page:
        if sample.name in (_SENT, _FAILED):
            counter = sent if sample.name == _SENT else failed
            counter[_who(sample.labels)] += int(sample.value)
    for who in sorted(failed):
        if failed[who]:
            yield Check(
                f"notifications {who}",
                ok=False,
                detail=f"{failed[who]} of {sent[who]} have failed since it started",
                help="are its address and its secret right? The server's log has the answers that it got",
            )
    if not any(failed.values()):
        attempts = sum(int(sample.value) for sample in page if sample.name == _ATTEMPTS_FAILED)
        repeated = f"; {attempts} attempts failed and were, or will be, repeated" if attempts else ""
        yield Check("notifications", ok=True, detail=f"{sum(sent.values())} sent, none failed{repeated}")


def _who(labels: dict[str, str]) -> str:
    return " ".join(labels[name] for name in ("integration", "receiver_name") if name in labels)
