"""The configuration of Tempo as one program, for one server.

tempo/tempo.yaml     what it takes, where it keeps it, and for how long
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from skillforge_mon.backends.environment_variables import expanded
from skillforge_mon.backends.otel_values import EVERYWHERE, go_duration, grpc_and_http
from skillforge_mon.backends.tempo.capabilities import OLDEST, version_of
from skillforge_mon.diagnostics.diagnostic import Report
from skillforge_mon.documents.document import Document, Format, Grade, Plain, Verdict
from skillforge_mon.lower.lowering import Lowering
from skillforge_mon.model.project import Project
from skillforge_mon.model.secrets import references_in
from skillforge_mon.model.traces import ID
from skillforge_mon.spec.models.trace_targets import TempoStorage, TempoTarget
from skillforge_mon.spec.quantities import Duration

BACKEND: Final = "tempo"
TARGET_ID: Final = "targets.tempo"
HEADER: Final = "Written by monmc. Do not edit: change the spec and build again."
EXPANDS: Final = "Start Tempo with -config.expand-env=true: secrets are read from its environment."


def emit(project: Project, lowering: Lowering, report: Report) -> Iterator[Document]:
    """Its one file; none where the project keeps no traces in Tempo."""
    target, traces = project.targets.tempo, project.traces
    if target is None or traces is None or BACKEND not in traces.backends:
        return
    header = f"{HEADER}\n{EXPANDS}" if _has_secrets(target.storage) else HEADER
    content = configuration(target, traces.retention)
    yield Document(
        f"{BACKEND}/tempo.yaml", content, Format.YAML, (TARGET_ID, ID), (_verdict(target.version),), header=header
    )


def configuration(target: TempoTarget, kept: Duration | None) -> dict[str, Plain]:
    """The whole file. Its telemetry to Grafana Labs, which is on by default, is off."""
    found: dict[str, Plain] = {
        "server": {"http_listen_port": 3200},
        "distributor": {"receivers": grpc_and_http(EVERYWHERE)},
        "storage": {"trace": _storage(target.storage)},
    }
    if kept is not None:
        # Read by the scheduler and by the workers, each of which would otherwise be told for itself.
        found["overrides"] = {"defaults": {"compaction": {"block_retention": go_duration(kept)}}}
    return found | {"usage_report": {"reporting_enabled": False}}


def _storage(storage: TempoStorage) -> Plain:
    folder = storage.path.rstrip("/")
    wal: Plain = {"path": f"{folder}/wal"}
    if storage.bucket is None:
        return {"backend": "local", "wal": wal, "local": {"path": f"{folder}/blocks"}}
    said = {
        "bucket": storage.bucket,
        "endpoint": storage.endpoint,
        "region": storage.region,
        "access_key": storage.access_key,
        "secret_key": storage.secret_key,
    }
    s3: dict[str, Plain] = {key: expanded(value) for key, value in said.items() if value is not None}
    return {"backend": "s3", "wal": wal, "s3": s3 | ({"insecure": True} if storage.insecure else {})}


def _has_secrets(storage: TempoStorage) -> bool:
    said = (storage.bucket, storage.endpoint, storage.region, storage.access_key, storage.secret_key)
    return storage.bucket is not None and any(references_in(text) for text in said if text is not None)


def _verdict(version: str) -> Verdict:
    if version_of(version) >= OLDEST:
        return Verdict(BACKEND, TARGET_ID, Grade.EXACT)
    oldest = ".".join(map(str, OLDEST))
    return Verdict(
        BACKEND,
        TARGET_ID,
        Grade.UNTRANSLATABLE,
        f"Tempo {version} says under `compactor` how long traces are kept, which {oldest} and later refuse",
        f'upgrade, and set `version` to "{oldest}" or later',
        "version",
    )
