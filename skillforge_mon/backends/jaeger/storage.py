"""Where Jaeger keeps traces, and what makes it forget them."""

from __future__ import annotations

from typing import Any, Final

from skillforge_mon.backends.otel_values import configured, go_duration
from skillforge_mon.documents.document import Grade, Plain, Verdict
from skillforge_mon.model.project import Project
from skillforge_mon.spec.models.trace_targets import JaegerStorage
from skillforge_mon.spec.overlay import DEFAULT_ENVIRONMENT
from skillforge_mon.spec.quantities import Duration

BACKEND: Final = "jaeger"
TARGET_ID: Final = "targets.jaeger"
POLICY_PATH: Final = "jaeger/ilm-policy.json"
_INDICES: Final = ("spans", "services", "dependencies", "sampling")
_MOST_WINDOWS: Final = 50
_CASSANDRA_PORT: Final = 9042
_LEAST_WINDOW: Final = Duration.of(hours=2)
_SERVERS: Final = {
    "elasticsearch": "http://elasticsearch:9200",
    "opensearch": "http://opensearch:9200",
    "cassandra": "cassandra",
}


def store(project: Project, storage: JaegerStorage, kept: Duration | None) -> dict[str, Plain]:
    """The store as an item of ``jaeger_storage.backends``; ``kept`` is None where nothing is said."""
    match storage.kind:
        case "memory":
            return {"memory": {"max_traces": storage.max_traces}}
        case "badger":
            folder = storage.path.rstrip("/")
            badger: dict[str, Plain] = {
                "directories": {"keys": f"{folder}/keys", "values": f"{folder}/values"},
                "ephemeral": False,
            }
            return {"badger": badger if kept is None else badger | {"ttl": {"spans": go_duration(kept)}}}
        case "cassandra":
            return {"cassandra": _cassandra(project, storage, kept)}
        case _:
            return {storage.kind: _search(project, storage, kept)}


def policy_name(project: Project) -> str:
    """The lifecycle policy of the indices of traces."""
    environment = "" if project.environment == DEFAULT_ENVIRONMENT else f"-{project.environment}"
    return f"{project.name}{environment}-traces"


def retention_verdict(project: Project, storage: JaegerStorage, kept: Duration | None) -> Verdict:
    """How well the store forgets what it has kept for so long."""
    if kept is None or storage.kind == "badger":
        return Verdict(BACKEND, TARGET_ID, Grade.EXACT)
    name = policy_name(project)
    match storage.kind:
        case "memory":
            return Verdict(
                BACKEND,
                TARGET_ID,
                Grade.UNTRANSLATABLE,
                f"it keeps the last {storage.max_traces} traces, however old they are, not those of the last {kept}",
                "`storage: badger`, or another store that counts time",
                "storage",
            )
        case "cassandra":
            reason = f"only tables that Jaeger makes itself forget traces after {kept}; others stay as they are"
            instead = "a new `keyspace`, or change the tables: ALTER TABLE … WITH default_time_to_live"
        case "elasticsearch":
            reason = f"Jaeger deletes nothing in Elasticsearch: its policy `{name}` ({POLICY_PATH}) does after {kept}"
            instead = f"put the policy there before Jaeger starts: `PUT _ilm/policy/{name}`"
        case _:
            reason = f"Jaeger deletes nothing in OpenSearch; a policy `{name}` of its index state management must"
            instead = f"write that policy so that indices go after {kept}; monmc writes none for OpenSearch"
    return Verdict(BACKEND, TARGET_ID, Grade.APPROXIMATE, reason, instead, "storage")


def lifecycle_policy(kept: Duration) -> Plain:
    """The body of ``PUT _ilm/policy/…``.

    The age of an index counts from its rollover, so it is deleted that much earlier: what was written first in it is
    then as old as ``kept``. ``max_size`` is deprecated; 50 GB is what Elasticsearch recommends for a shard at most
    ("Size your shards").
    """
    rollover = min(Duration.of(days=1), Duration(int(kept) // 2))
    hot = {"rollover": {"max_age": rollover.in_one_unit, "max_primary_shard_size": "50gb"}}
    phases: dict[str, Plain] = {
        "hot": {"min_age": "0ms", "actions": hot},
        "delete": {"min_age": Duration(int(kept) - int(rollover)).in_one_unit, "actions": {"delete": {}}},
    }
    return {"policy": {"_meta": {"managed_by": "monmc"}, "phases": phases}}


def _servers(project: Project, storage: JaegerStorage) -> list[str]:
    if storage.servers:
        return list(storage.servers)
    elasticsearch = project.targets.elasticsearch
    if storage.kind == "elasticsearch" and elasticsearch is not None:
        return [elasticsearch.url]
    return [_SERVERS[storage.kind]]


def _basic(storage: JaegerStorage) -> dict[str, Plain]:
    if storage.username is None:
        return {}
    basic = {"username": configured(storage.username), "password": configured(storage.password or "")}
    return {"auth": {"basic": basic}}


def _search(project: Project, storage: JaegerStorage, kept: Duration | None) -> Plain:
    """Elasticsearch or OpenSearch. Where nothing is said, indices are as Jaeger makes them: one a day."""
    found: dict[str, Plain] = {
        "server_urls": [configured(url) for url in _servers(project, storage)],
        **_basic(storage),
    }
    indices: dict[str, Plain] = {}
    if storage.index_prefix is not None:
        indices["index_prefix"] = storage.index_prefix
    if kept is not None:
        rotation = {"rotation": {"auto_rollover": {"policy_name": policy_name(project)}}}
        indices |= dict.fromkeys(_INDICES, rotation)
    return found | ({"indices": indices} if indices else {})


def _cassandra(project: Project, storage: JaegerStorage, kept: Duration | None) -> Plain:
    schema: dict[str, Plain] = {"keyspace": storage.keyspace, "create": True}
    if kept is not None:
        # "Ideally … a compaction window size that produces approximately less than 50 windows."
        hours = -(-int(kept) // (_MOST_WINDOWS * 3_600_000))
        schema |= {
            "trace_ttl": go_duration(kept),
            "dependencies_ttl": go_duration(kept),
            "compaction_window": go_duration(max(_LEAST_WINDOW, Duration.of(hours=hours))),
        }
    connection: dict[str, Any] = {
        "servers": [configured(_with_port(server)) for server in _servers(project, storage)],
        **_basic(storage),
        "tls": {"insecure": True},
    }
    return {"schema": schema, "connection": connection}


def _with_port(server: str) -> str:
    """``server`` as Jaeger takes it: it refuses a bare name such as ``cassandra``, although it has a setting ``port``.

    What a reference stands for has its own; every reference has a colon too.
    """
    return server if ":" in server else f"{server}:{_CASSANDRA_PORT}"
