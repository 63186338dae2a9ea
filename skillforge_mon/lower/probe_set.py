"""``use: probes``: whether what is asked from outside answers, how long it takes, and when its certificates end.

The series are those of blackbox_exporter (its README, and ``prober/`` of its source). ``probe_http_duration_seconds``
has the phases resolve, connect, tls, processing and transfer; DNS, ping and gRPC have phases of their own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final, Literal

from skillforge_mon.lower.layout import ThresholdStep
from skillforge_mon.lower.loki_streams import literal_pattern
from skillforge_mon.lower.panel_sets import Draft, Missing, PanelSet, draft
from skillforge_mon.lower.probes import asked_by_exporter
from skillforge_mon.model.probing import outlasts_lookback
from skillforge_mon.model.project import Probe, Project, Service
from skillforge_mon.query.promql import (
    Aggregate,
    Binary,
    Call,
    Expr,
    Grouping,
    LabelName,
    Matcher,
    MatrixSelector,
    NumberLiteral,
    VectorSelector,
)
from skillforge_mon.query.promql import Duration as Range
from skillforge_mon.query.target_labels import PROBE
from skillforge_mon.spec.quantities import Duration

OF_PROBES: Final = "{{ labels.probe }}"
SHARE_WINDOW: Final = Duration.of(hours=1)
"""Over which the share of good answers is taken."""
DAY: Final = 86_400
_PHASES: Final = {
    "http": "probe_http_duration_seconds",
    "dns": "probe_dns_duration_seconds",
    "icmp": "probe_icmp_duration_seconds",
    "grpc": "probe_grpc_duration_seconds",
}
"""What has phases, each with its metric; ``tcp`` has one time alone."""
_BAD_STATUS: Final = 400
_UP: Final = (ThresholdStep(None, "critical"), ThresholdStep(1, "ok"))
_STATUS: Final = (
    ThresholdStep(None, "critical"),
    ThresholdStep(200, "ok"),
    ThresholdStep(_BAD_STATUS, "warning"),
    ThresholdStep(500, "critical"),
)
"""No answer at all is the status 0."""


def probe_set(project: Project, service: Service | None) -> PanelSet:
    """Success, duration by phase, certificates and status of the probes of ``service``, or of all.

    Only what Prometheus asks has these series; of what Datadog asks, Datadog shows its own.
    """
    title = "Probes" if service is None else f"{service.name}: probes"
    probes = [probe for probe in asked_by_exporter(project) if service is None or probe.service is service]
    if not probes:
        owner = "any service" if service is None else f"`{service.name}`"
        help_ = f"declare a probe of {owner} under `probes` that Prometheus asks through `targets.blackbox`"
        return PanelSet(title, (), (Missing("Answers", help_),))
    return PanelSet(title, tuple(_drafts(probes)))


def _drafts(probes: Sequence[Probe]) -> Iterator[Draft]:
    success = _latest("probe_success", probes)
    description = "1: the last answer was good; 0: it was not, or there was none."
    up = [(_by("min", success, PROBE), OF_PROBES)]
    yield draft("stat", "Answers", up, description=description, unit="boolean", thresholds=_UP)
    window = _window(probes)
    share = Call("avg_over_time", (MatrixSelector(_selector("probe_success", probes), Range(int(window))),))
    yield draft(
        "timeseries",
        "Good answers",
        [(_by("avg", share, PROBE), OF_PROBES)],
        description=f"Share of the answers of the last {window} that were good.",
        unit="ratio",
        min=0,
        max=1,
    )
    duration = _by("max", _latest("probe_duration_seconds", probes), PROBE)
    yield draft("timeseries", "Duration", [(duration, OF_PROBES)], unit="seconds", min=0)
    yield from _phases(probes)
    yield from _certificates(probes)
    yield from _statuses(probes)


def _phases(probes: Sequence[Probe]) -> Iterator[Draft]:
    """The mean of all probes of a kind, phase by phase: their sum is the mean time of a probe."""
    kinds = [kind for kind in _PHASES if any(probe.kind == kind for probe in probes)]
    queries = []
    for kind in kinds:
        of_kind = [probe for probe in probes if probe.kind == kind]
        legend = "{{ labels.phase }}" if len(kinds) == 1 else f"{kind} {{{{ labels.phase }}}}"
        queries.append((_by("avg", _latest(_PHASES[kind], of_kind), "phase"), legend))
    if queries:
        yield draft(
            "timeseries", "Duration by phase", queries, description="The mean of all probes.", unit="seconds",
            stack=len(kinds) == 1, min=0,
        )  # fmt: skip


def _certificates(probes: Sequence[Probe]) -> Iterator[Draft]:
    watched = [probe for probe in probes if probe.spec.certificate]
    if not watched:
        return
    ends = _by("min", _latest("probe_ssl_earliest_cert_expiry", watched), PROBE)
    left = Binary("/", Binary("-", ends, Call("time", ())), NumberLiteral(float(DAY), str(DAY)))
    drawn = draft(
        "stat",
        "Certificates end in",
        [(left, OF_PROBES)],
        description="Days until the first certificate of the chain ends.",
        unit="d",
        unit_written=True,
        decimals=0,
        thresholds=_days_left(watched),
    )
    # The alerts are on seconds.
    yield replace(drawn, watched=())


def _days_left(probes: Sequence[Probe]) -> tuple[ThresholdStep, ...]:
    """Where people are told, the earliest of all probes of each severity; critical is later than a warning."""
    warning, critical = (
        max((int(probe.spec.certificate[name]) for probe in probes if name in probe.spec.certificate), default=None)
        for name in ("warning", "critical")
    )
    steps = [ThresholdStep(None, "critical" if critical is not None else "warning")]
    if critical is not None:
        later = warning is not None and warning > critical
        steps.append(ThresholdStep(_days(critical), "warning" if later else "ok"))
        if not later:
            return tuple(steps)
    if warning is not None:
        steps.append(ThresholdStep(_days(warning), "ok"))
    return tuple(steps) if len(steps) > 1 else ()


def _days(length: int) -> int | float:
    days = length / (DAY * 1000)
    return int(days) if days.is_integer() else days


def _statuses(probes: Sequence[Probe]) -> Iterator[Draft]:
    asked = [probe for probe in probes if probe.spec.http is not None]
    if not asked:
        return
    usual = all(
        status[1] < _BAD_STATUS for probe in asked if probe.spec.http is not None for status in probe.spec.http.statuses
    )
    status = _by("max", _latest("probe_http_status_code", asked), PROBE)
    yield draft(
        "stat",
        "HTTP status",
        [(status, OF_PROBES)],
        description="Of the last answer; 0 when there was none.",
        thresholds=_STATUS if usual else (),
        decimals=0,
    )


def _selector(metric: str, probes: Sequence[Probe]) -> VectorSelector:
    names = [probe.name for probe in probes]
    if len(names) == 1:
        return VectorSelector(metric, (Matcher(PROBE, "=", names[0]),))
    return VectorSelector(metric, (Matcher(PROBE, "=~", "|".join(map(literal_pattern, names))),))


def _latest(metric: str, probes: Sequence[Probe]) -> Expr:
    """The latest values, also of probes that are asked less often than Prometheus looks back."""
    selector = _selector(metric, probes)
    if not any(outlasts_lookback(probe.spec) for probe in probes):
        return selector
    longest = max(int(probe.every) for probe in probes)
    return Call("last_over_time", (MatrixSelector(selector, Range(2 * longest)),))


def _window(probes: Sequence[Probe]) -> Duration:
    """An hour, or twelve questions of the probe that is asked least often."""
    return Duration(max(int(SHARE_WINDOW), 12 * max(int(probe.every) for probe in probes)))


def _by(operator: Literal["avg", "max", "min"], expr: Expr, label: str) -> Expr:
    return Aggregate(operator, expr, grouping=Grouping(False, (LabelName(label),)))
