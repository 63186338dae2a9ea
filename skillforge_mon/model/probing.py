"""What a probe says without saying it: how often, how long, how many times, and who asks."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from skillforge_mon.spec.models.probes import BLACKBOX_KINDS, Probe
from skillforge_mon.spec.quantities import Duration

ABLE: Final = {
    "prometheus": (*BLACKBOX_KINDS, "cron"),
    "datadog": (*BLACKBOX_KINDS, "browser", "mobile"),
    "sentry": ("http", "cron"),
}
"""Who can ask what; the first that can and that the project has is the one who asks."""

LOOKBACK: Final = Duration.of(minutes=5)
"""How old a sample may be that Prometheus still reads (``--query.lookback-delta``)."""
_JOURNEYS: Final = ("browser", "mobile")
_TIMEOUT: Final = Duration.of(seconds=10)
_JOURNEY_TIMEOUT: Final = Duration.of(seconds=60)


def every(probe: Probe) -> Duration:
    """How often it is asked."""
    if probe.every is not None:
        return probe.every
    return Duration.of(minutes=15 if any(kind in _JOURNEYS for kind in probe.kinds) else 1)


def timeout(probe: Probe) -> Duration:
    """How long an answer may take."""
    if probe.timeout is not None:
        return probe.timeout
    usual = _JOURNEY_TIMEOUT if any(kind in _JOURNEYS for kind in probe.kinds) else _TIMEOUT
    return min(usual, Duration(int(every(probe)) // 2))


def failures(probe: Probe) -> int:
    """How many in a row must fail until somebody is told. A job that did not run once has to be told."""
    if probe.failures is not None:
        return probe.failures
    return 1 if probe.cron is not None else 3


def hold(probe: Probe) -> Duration:
    """How long it fails from the first failure to the last that is needed to tell somebody."""
    return Duration((failures(probe) - 1) * int(every(probe)))


def outlasts_lookback(probe: Probe) -> bool:
    """Whether a sample can be too old for Prometheus before the next one has come."""
    return int(every(probe)) + int(timeout(probe)) > int(LOOKBACK)


def can_ask(backend: str, probe: Probe, targets: Collection[str]) -> bool:
    """Whether ``backend`` can ask what the probe asks in a project with these ``targets``."""
    if backend not in targets or not probe.kinds or probe.kinds[0] not in ABLE[backend]:
        return False
    if backend != "prometheus":
        return True
    cron = probe.cron
    return cron.metric is not None if cron is not None else "blackbox" in targets


def asking(probe: Probe, targets: Collection[str]) -> tuple[str, ...]:
    """The backends that ask: those that it names and that there are, or the first that can."""
    if probe.backends is not None:
        return tuple(backend for backend in ABLE if backend in probe.backends and backend in targets)
    return tuple(backend for backend in ABLE if can_ask(backend, probe, targets))[:1]


def probe_selector(name: str, metric: str = "probe_success") -> str:
    """``probe_success{probe="api-health"}``: what Prometheus knows of the probe."""
    return f'{metric}{{probe="{name}"}}'
