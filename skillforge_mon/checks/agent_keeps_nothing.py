"""MON4490 and MON4491: a Prometheus that only scrapes and sends on, and nobody to send to or to evaluate rules."""

from __future__ import annotations

from collections.abc import Iterator

from skillforge_mon.checks.examples import HEAD
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity
from skillforge_mon.model.project import Project

_AGENT = HEAD + "targets:\n  prometheus: {mode: agentSTORE}\nRULER"
_STORE = ", remote_write: 'https://mimir.example.com/api/v1/push'"
_RULES = (
    "metrics:\n  jobs: {type: gauge, help: Jobs}\nrecordings:\n  jobs_mean: {record: 'jobs:mean', expr: avg(jobs)}\n"
)
WITHOUT_STORE = Code(
    "MON4490",
    "agent-without-store",
    Severity.ERROR,
    "Prometheus is an agent, and there is no long-term store that it sends to.",
    "An agent keeps nothing itself: all that it scrapes would be lost.",
    bad=_AGENT.replace("STORE", "").replace("RULER", ""),
    good=_AGENT.replace("STORE", _STORE).replace("RULER", ""),
)
WITHOUT_RULER = Code(
    "MON4491",
    "agent-without-ruler",
    Severity.ERROR,
    "Prometheus is an agent, and there are rules that nobody evaluates.",
    "An agent has no rules, and asks no Alertmanager: no alert of the spec would ever fire.",
    bad=_AGENT.replace("STORE", _STORE).replace("RULER", "") + _RULES,
    good=_AGENT.replace("STORE", _STORE).replace("RULER", "  ruler: {url: 'https://mimir.example.com'}\n") + _RULES,
)
CODES = (WITHOUT_STORE, WITHOUT_RULER)


def check(project: Project) -> Iterator[Diagnostic]:
    """`targets.prometheus.mode`."""
    target, place = project.targets.prometheus, project.target_place("prometheus")
    if target is None or place is None or target.mode != "agent":
        return
    span = place.at("mode")
    if not target.remote_write:
        help_text = "add `remote_write`, or leave `mode` out"
        yield WITHOUT_STORE.at(span, "an agent keeps nothing, and sends to nobody", help=help_text)
    has_rules = any("prometheus" in alert.backends for alert in project.alerts.values())
    has_rules = has_rules or any("prometheus" in slo.backends for slo in project.slos.values())
    if project.targets.ruler is None and (has_rules or project.recordings):
        help_text = "add `targets.ruler`, which evaluates them where samples are kept, or leave `mode` out"
        yield WITHOUT_RULER.at(span, "an agent evaluates no rules, and there are some", help=help_text)
