"""Prometheus at scale: agents, replicas, federation, and long-term stores with tenants.

Sources: Prometheus, "Prometheus Agent", "Federation", "Configuration" (alert_relabel_configs, remote_write), "High
Availability" in the FAQ; cmd/prometheus/main.go for the flags of each version; Grafana Mimir, "Configure
high-availability deduplication" (labels `cluster` and `__replica__`) and "Authentication" (X-Scope-OrgID); Thanos,
"Receiver" (THANOS-TENANT) and "Querier" (`--query.replica-label`); VictoriaMetrics, "Deduplication": series of replicas
must be the same, and tenants are a part of the path.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from skillforge_mon.backends.prometheus.capabilities import AGENT_FLAG, EXPANDS_EXTERNAL_LABELS, Version
from skillforge_mon.backends.prometheus.credentials import credentials
from skillforge_mon.documents.document import Plain
from skillforge_mon.spec.models.targets import FederatedServers, PrometheusTarget, RemoteWrite
from skillforge_mon.spec.quantities import Duration

REPLICA_VARIABLE: Final = "REPLICA"
"""The variable of the environment that says which replica a server is."""
_TENANT_HEADERS: Final = {"mimir": "X-Scope-OrgID", "thanos": "THANOS-TENANT", None: "X-Scope-OrgID"}
_HA_LABEL: Final = "__replica__"
_BLOCK: Final = "2h"
"""The length of a block that the sidecar uploads (Thanos 0.42, "Sidecar")."""


def is_agent(target: PrometheusTarget) -> bool:
    """Whether the server only scrapes and sends on."""
    return target.mode == "agent"


def replica_labels(target: PrometheusTarget) -> dict[str, Plain]:
    """The external label of a replica, which the server fills in from its environment."""
    return {target.replica_label: f"${{{REPLICA_VARIABLE}}}"} if target.replicas > 1 else {}


def same_alerts(target: PrometheusTarget) -> dict[str, Plain]:
    """Alerts of all replicas are the same to Alertmanager: without their label."""
    if target.replicas == 1:
        return {}
    return {"alert_relabel_configs": [_dropped(target)]}


def scale_flags(target: PrometheusTarget, version: Version) -> list[str]:
    """What only the command line can say of all this."""
    flags = []
    if is_agent(target):
        flags.append("--agent" if version >= AGENT_FLAG.since else "--enable-feature=agent")
    if target.replicas > 1 and version < EXPANDS_EXTERNAL_LABELS.since:
        flags.append("--enable-feature=expand-external-labels")
    if not is_agent(target) and target.thanos is not None and target.thanos.object_store is not None:
        # What Prometheus compacts itself, the sidecar does not upload, and Thanos's compactor must not meet.
        flags += [f"--storage.tsdb.{bound}-block-duration={_BLOCK}" for bound in ("min", "max")]
    return flags


def federation_jobs(target: PrometheusTarget, taken: Collection[str]) -> list[dict[str, Plain]]:
    """The jobs that read other servers. Their labels stay as they are: the series are theirs.

    Servers of the same job that are read alike share it. Others get a number, and so does one whose name is ``taken``.
    """
    found: dict[str, tuple[dict[str, Plain], list[Plain]]] = {}
    for servers in target.federation:
        settings = _federation(servers, target)
        name, number = servers.job, 2
        while name in taken or (name in found and found[name][0] != settings):
            name, number = f"{servers.job}-{number}", number + 1
        found.setdefault(name, (settings, []))[1].extend(servers.targets)
    return [
        {"job_name": name, **settings, "static_configs": [{"targets": addresses}]}
        for name, (settings, addresses) in found.items()
    ]


def _federation(servers: FederatedServers, target: PrometheusTarget) -> dict[str, Plain]:
    """How ``servers`` are read."""
    settings: dict[str, Plain] = {}
    if servers.interval is not None:
        settings["scrape_interval"] = str(servers.interval)
    if servers.scheme != "http":
        settings["scheme"] = servers.scheme
    return settings | {
        "honor_labels": True,
        "metrics_path": "/federate",
        "params": {"match[]": list(servers.match)},
        **credentials(target.secrets_dir, servers.bearer_token, servers.username, servers.password),
    }


def remote_write(store: RemoteWrite, target: PrometheusTarget) -> dict[str, Plain]:
    """One store of ``remote_write``."""
    written: dict[str, Plain] = {"url": store.url}
    if store.name is not None:
        written["name"] = store.name
    headers: dict[str, Plain] = dict(store.headers)
    if store.tenant is not None and store.kind != "victoriametrics":
        headers[_TENANT_HEADERS[store.kind]] = store.tenant
    if headers:
        written["headers"] = headers
    written |= credentials(target.secrets_dir, store.bearer_token, store.username, store.password)
    if relabeling := _relabeling(store, target):
        written["write_relabel_configs"] = relabeling
    if store.queue is not None:
        said = {key: getattr(store.queue, key) for key in type(store.queue).model_fields}
        written["queue_config"] = {
            key: str(value) if isinstance(value, Duration) else value
            for key, value in said.items()
            if value is not None
        }
    return written


def _relabeling(store: RemoteWrite, target: PrometheusTarget) -> list[Plain]:
    relabeling: list[Plain] = []
    if store.only:
        relabeling.append({"source_labels": ["__name__"], "regex": "|".join(store.only), "action": "keep"})
    if target.replicas > 1 and store.kind == "mimir" and target.replica_label != _HA_LABEL:
        label = target.replica_label
        relabeling.append({"source_labels": [label], "target_label": _HA_LABEL, "action": "replace"})
        relabeling.append(_dropped(target))
    if target.replicas > 1 and store.kind == "victoriametrics":
        relabeling.append(_dropped(target))
    return relabeling


def _dropped(target: PrometheusTarget) -> dict[str, Plain]:
    return {"regex": target.replica_label, "action": "labeldrop"}
