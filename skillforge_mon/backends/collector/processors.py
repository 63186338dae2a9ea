"""What the collector does to every span before it is counted or handed on, in this order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from skillforge_mon.backends.collector.ottl import masking, meant
from skillforge_mon.backends.otel_values import configured
from skillforge_mon.documents.document import Plain
from skillforge_mon.model.traces import Traces

MEMORY_LIMITER: Final = "memory_limiter"
_MEMORY: Final[Mapping[str, Plain]] = {"check_interval": "1s", "limit_percentage": 75, "spike_limit_percentage": 15}
"""It must stand first, so that senders are told before memory is taken. Its README recommends a check each second and a
soft limit a fifth below the hard one; a quarter of the memory is left to everything else."""


def limiter() -> dict[str, Plain]:
    """What keeps the collector from running out of memory."""
    return {MEMORY_LIMITER: dict(_MEMORY)}


def of_spans(traces: Traces) -> dict[str, Plain]:
    """The processors of spans by their names: what is dropped, added, removed and masked."""
    spec = traces.spec
    found: dict[str, Plain] = {}
    conditions = [condition for chosen in spec.drop if (condition := meant(chosen))]
    if conditions:
        found["filter/dropped"] = {"error_mode": "ignore", "trace_conditions": _all_configured(conditions)}
    if spec.attributes:
        added: list[Plain] = [
            {"key": name, "value": configured(value), "action": "upsert"} for name, value in spec.attributes.items()
        ]
        found["resource/static"] = {"attributes": added}
    if spec.remove:
        found["attributes/removed"] = {"actions": [{"key": name, "action": "delete"} for name in spec.remove]}
    if spec.mask:
        found["transform/masked"] = {
            "error_mode": "ignore",
            "trace_statements": [
                {"context": context, "statements": _all_configured(statements)}
                for context, statements in masking(spec.mask)
            ],
        }
    return found


def _all_configured(texts: list[str]) -> Any:
    return [configured(text) for text in texts]
