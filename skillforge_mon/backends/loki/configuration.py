"""loki.yaml: one server with everything in it, or each of several that share a bucket.

Sources: "Grafana Loki configuration parameters"; cmd/loki/loki-local-config.yaml; the fields of
pkg/loki/common/common.go, pkg/compactor/compactor.go, pkg/ruler/base/ruler.go and pkg/validation/limits.go of Loki 3.7.
"""

from __future__ import annotations

from typing import Final

from skillforge_mon.backends.environment_variables import expanded
from skillforge_mon.backends.grafana.identity import uid
from skillforge_mon.backends.loki.capabilities import LISTENS_ON
from skillforge_mon.backends.loki.metrics import remote_write
from skillforge_mon.backends.loki.retention import retention_limits
from skillforge_mon.documents.document import Plain
from skillforge_mon.model.project import Project
from skillforge_mon.model.secrets import secret_reference
from skillforge_mon.spec.models.log_targets import LokiStorage, LokiTarget

RULES_FOLDER: Final = "/etc/loki/rules"
"""Where the server finds the folder ``loki/rules`` of a build."""

_MEGABYTE: Final = 2**20
_BURST: Final = 2
"""How much more a tenant may send for a moment than in the long run."""


def configuration(project: Project, target: LokiTarget, *, rules: bool) -> dict[str, Plain]:
    """``loki.yaml``; with ``rules``, a ruler that evaluates those of the build."""
    store = "s3" if target.storage.bucket is not None else "filesystem"
    limits = retention_limits(project)
    config: dict[str, Plain] = {
        "auth_enabled": target.tenant is not None,
        "server": {"http_listen_port": LISTENS_ON},
        "common": _common(target.storage),
        "schema_config": {
            "configs": [
                {
                    "from": target.since.isoformat(),
                    "store": "tsdb",
                    "object_store": store,
                    "schema": "v13",
                    "index": {"prefix": "index_", "period": "24h"},
                }
            ]
        },
        "compactor": _compactor(target.storage, store, deletes=bool(limits)),
        "limits_config": {"allow_structured_metadata": True, "volume_enabled": True, **_rates(target), **limits},
    }
    if rules:
        config["ruler"] = _ruler(project, target)
    return config | {"analytics": {"reporting_enabled": False}}


def _common(storage: LokiStorage) -> dict[str, Plain]:
    return {
        "instance_addr": "127.0.0.1",
        "path_prefix": storage.path,
        "storage": _storage(storage),
        "replication_factor": 1,
        "ring": {"kvstore": {"store": "inmemory"}},
    }


def _storage(storage: LokiStorage) -> dict[str, Plain]:
    if storage.bucket is None:
        return {
            "filesystem": {
                "chunks_directory": f"{storage.path}/chunks",
                "rules_directory": f"{storage.path}/rules",
            }
        }
    said = {
        "bucketnames": storage.bucket,
        "region": storage.region,
        "endpoint": storage.endpoint,
        # A secret that stands in the spec itself is not copied.
        "access_key_id": storage.access_key if secret_reference(storage.access_key) else None,
        "secret_access_key": storage.secret_key if secret_reference(storage.secret_key) else None,
    }
    bucket: dict[str, Plain] = {key: expanded(value) for key, value in said.items() if value is not None}
    # A store that is not Amazon's has no host name for each bucket.
    return {"s3": bucket | ({"s3forcepathstyle": True} if storage.endpoint is not None else {})}


def _compactor(storage: LokiStorage, store: str, *, deletes: bool) -> dict[str, Plain]:
    fields: dict[str, Plain] = {"working_directory": f"{storage.path}/compactor", "retention_enabled": deletes}
    return fields | {"delete_request_store": store} if deletes else fields


def _rates(target: LokiTarget) -> dict[str, Plain]:
    fields: dict[str, Plain] = {}
    if target.ingestion_rate is not None:
        rate = -(-target.ingestion_rate // _MEGABYTE)
        fields |= {"ingestion_rate_mb": rate, "ingestion_burst_size_mb": rate * _BURST}
    if target.streams is not None:
        fields["max_global_streams_per_user"] = target.streams
    return fields


def _ruler(project: Project, target: LokiTarget) -> dict[str, Plain]:
    prometheus = project.targets.prometheus
    fields: dict[str, Plain] = {
        "storage": {"type": "local", "local": {"directory": RULES_FOLDER}},
        "rule_path": f"{target.storage.path}/rules-temp",
        "enable_api": True,
    }
    addresses = prometheus.alertmanagers if prometheus is not None else ["alertmanager:9093"]
    if addresses and project.targets.alertmanager is not None:
        fields |= {
            "alertmanager_url": ",".join(f"http://{address}" for address in addresses),
            "enable_alertmanager_v2": True,
        }
    fields |= remote_write(project)
    grafana = project.targets.grafana
    if grafana is not None and grafana.url is not None:
        # Alerts lead to their query there. Without it, the address that Loki puts on them has no host.
        fields |= {"external_url": expanded(grafana.url), "datasource_uid": uid(project, "loki")}
    if prometheus is not None:
        # What groups and routes by the labels of one server must find them on the alerts of the other.
        fields["evaluation_interval"] = str(prometheus.evaluation_interval)
        if prometheus.external_labels:
            fields["external_labels"] = dict(prometheus.external_labels)
    return fields
