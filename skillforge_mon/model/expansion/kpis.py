"""A KPI: a series of its own, and an alert where missing its target is told.

What is known of alerts comes from ``ALERTS`` and ``ALERTS_FOR_STATE``, which Prometheus records for every alert rule
(rules/alerting.go): the second is the Unix time at which its condition became true. Every minute the alerts that
started and that ended within a minute are counted; each has one sample, so that sums over a window count each once. The
minute is the one from 90 to 30 seconds ago: what the alert rules write at this very moment may be there already, or not
yet. Moments are taken to be in its middle. Levels above the first are the same alert again, and left out.
"""

from __future__ import annotations

from typing import Final

from skillforge_mon.model.expansion.made import Fragment, Made
from skillforge_mon.model.expansion.names import series_part, spoken
from skillforge_mon.spec.camel_case import camel_case
from skillforge_mon.spec.models.kpis import AlertMeasure, Kpi
from skillforge_mon.spec.quantities import Duration, Threshold

STEP: Final = "1m"
"""How often alerts that started and ended are counted."""
STARTED: Final = "alerts:started:count"
DETECTION: Final = "alerts:detection_seconds:sum"
ENDED: Final = "alerts:ended:count"
RESOLUTION: Final = "alerts:resolution_seconds:sum"

_FIRST_LEVEL: Final = 'level=~"1?"'
_FIRING: Final = f'ALERTS{{alertstate="firing", {_FIRST_LEVEL}}}'
_SINCE: Final = f"ALERTS_FOR_STATE{{{_FIRST_LEVEL}}}"
_NOW: Final = "offset 30s"
_BEFORE: Final = "offset 1m30s"
_MOMENT: Final = "time() - 60"
_NEW: Final = f"({_FIRING} {_NOW} unless {_FIRING} {_BEFORE})"
_OVER: Final = f"({_FIRING} {_BEFORE} unless {_FIRING} {_NOW})"
_BY: Final = "by (alertname, severity, service)"
_WAITED: Final = f"({_MOMENT} - {_SINCE} {_NOW}) and ignoring (alertstate) {_NEW}"
_LASTED: Final = f"({_MOMENT} - {_SINCE} {_BEFORE}) and ignoring (alertstate) {_OVER}"
_OPPOSITE: Final = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "=="}


def kpi_series(name: str) -> str:
    """``kpi:match_rate`` for ``match-rate``."""
    return f"kpi:{series_part(name)}"


def missed_alert(name: str) -> str:
    """``MatchRateMissed`` for ``match-rate``."""
    return f"{camel_case(name)}Missed"


def ended_quickly(within: Duration) -> str:
    """The series that counts alerts whose condition was over within that time."""
    return f"alerts:ended_within_{within}:count"


def kpi_fragment(name: str, kpi: Kpi) -> Fragment:
    """The recordings of the KPI ``name``, and its alert. A KPI that is an SLO has the series of that."""
    if kpi.slo is not None or (kpi.expr is None) == (kpi.alerts is None):
        return {}
    recordings: dict[str, Made] = {}
    recording: dict[str, Made] = {"record": kpi_series(name)}
    if kpi.alerts is not None:
        recordings |= _alert_recordings(kpi.alerts.quickly)
        recording |= {"expr": _of_alerts(kpi.alerts, kpi.over), "interval": "5m", "unit": unit_of(kpi.alerts)}
    else:
        recording["expr"] = str(kpi.expr)
    if kpi.unit is not None:
        recording["unit"] = kpi.unit
    if kpi.service is not None:
        recording["service"] = kpi.service
    if kpi.description is not None:
        recording["help"] = kpi.description
    recordings[f"kpi-{name}"] = recording
    fragment: Fragment = {"recordings": recordings}
    if kpi.missed is not None and kpi.target is not None:
        fragment["alerts"] = {missed_alert(name): _alert(name, kpi, kpi.target)}
    return fragment


def unit_of(measure: AlertMeasure) -> str:
    """The unit of a number about alerts."""
    return "ratio" if measure.what == "precision" else "seconds"


def missed_when(target: Threshold) -> Threshold:
    """The comparison that is true where ``target`` is missed."""
    return Threshold(_OPPOSITE[target.op], target.quantity)


def _of_alerts(measure: AlertMeasure, over: Duration) -> str:
    service = f', service="{measure.service}"' if measure.service is not None else ""
    selected = f'{{severity="{measure.severity}"{service}}}[{over}]'

    def total(series: str) -> str:
        return f"sum(sum_over_time({series}{selected}))"

    match measure.what:
        case "detection":
            return f"{total(DETECTION)} / {total(STARTED)}"
        case "resolution":
            return f"{total(RESOLUTION)} / {total(ENDED)}"
        case "precision":
            return f"1 - ({total(ended_quickly(measure.quickly))} or vector(0)) / {total(ENDED)}"


def _alert_recordings(quickly: Duration) -> dict[str, Made]:
    queries = {
        STARTED: f"count {_BY} {_NEW}",
        DETECTION: f"sum {_BY} ({_WAITED})",
        ENDED: f"count {_BY} {_OVER}",
        RESOLUTION: f"sum {_BY} ({_LASTED})",
        ended_quickly(quickly): f"count {_BY} (({_LASTED}) < {int(quickly) // 1000})",
    }
    units = {DETECTION: "seconds", RESOLUTION: "seconds"}
    found: dict[str, Made] = {}
    for series, expr in queries.items():
        recording: dict[str, Made] = {"record": series, "expr": expr, "interval": STEP}
        if series in units:
            recording["unit"] = units[series]
        found[series.replace(":", "-").replace("_", "-")] = recording
    return found


def _alert(name: str, kpi: Kpi, target: Threshold) -> Made:
    alert: dict[str, Made] = {
        "expr": kpi_series(name),
        "severity": {str(kpi.missed): str(missed_when(target))},
        "for": str(kpi.missed_for),
        "summary": f"{kpi.title or spoken(name)} is {{{{ value }}}}, and should be {target}",
    }
    if kpi.description is not None:
        alert["description"] = kpi.description
    for key in ("service", "escalation", "runbook"):
        if (value := getattr(kpi, key)) is not None:
            alert[key] = value
    return alert
