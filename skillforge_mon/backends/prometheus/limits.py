"""How much one scrape may bring: in ``global`` where the server can, otherwise in every job."""

from __future__ import annotations

from skillforge_mon.backends.prometheus.capabilities import GLOBAL_LIMITS, Version
from skillforge_mon.documents.document import Plain
from skillforge_mon.spec.models.targets import PrometheusTarget

_BINARY_UNITS = (("TiB", 2**40), ("GiB", 2**30), ("MiB", 2**20), ("KiB", 2**10))


def size_text(size: int) -> str:
    """Bytes as Prometheus reads them, exact: ``32MiB``, ``1500B``."""
    for unit, factor in _BINARY_UNITS:
        if size and size % factor == 0:
            return f"{size // factor}{unit}"
    return f"{size}B"


def global_limits(target: PrometheusTarget, version: Version) -> dict[str, Plain]:
    """The limits as fields of ``global``."""
    return _limits(target) if version >= GLOBAL_LIMITS.since else {}


def job_limits(target: PrometheusTarget, version: Version) -> dict[str, Plain]:
    """The limits as fields of a job, for servers that have none in ``global``."""
    return {} if version >= GLOBAL_LIMITS.since else _limits(target)


def _limits(target: PrometheusTarget) -> dict[str, Plain]:
    limits: dict[str, Plain] = {}
    if target.body_size_limit is not None:
        limits["body_size_limit"] = size_text(target.body_size_limit)
    if target.sample_limit is not None:
        limits["sample_limit"] = target.sample_limit
    return limits
