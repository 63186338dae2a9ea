"""MON3116: a composite SLO whose parts cannot be taken together."""

from __future__ import annotations

from collections.abc import Iterator

from skillforge_mon.checks.slo_example import GOOD
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity
from skillforge_mon.model.project import Project, Slo

_SECOND = """\
  quickness:
    service: web
    objective: 95%
    latency: {metric: request_duration_seconds, below: 500ms}
"""
_BOTH = GOOD + _SECOND + "  both: {service: web, objective: 99%, composite: {all: [availability, quickness]}}\n"
CODE = Code(
    "MON3116",
    "composite-slo-unusable",
    Severity.ERROR,
    "A composite SLO is made of itself, of SLOs that are not in Prometheus or grouped otherwise, or its weights are no weights.",
    "There is no series that it could be made from, or its groups and theirs are not the same.",
    bad=_BOTH.replace("all: [availability, quickness]", "all: [availability, both]"),
    good=_BOTH,
)


def check(project: Project) -> Iterator[Diagnostic]:
    """Composite SLOs. Parts that do not exist are reported where names are looked up."""
    for slo in project.slos.values():
        composite = slo.spec.composite
        if composite is None:
            continue
        field = "all" if composite.all else "weighted"
        weights = composite.weighted.values()
        if composite.weighted and (min(weights) < 0 or not any(weights)):
            yield CODE.at(
                slo.place.at("composite", "weighted"),
                f"the weights of `{slo.name}` give no mean",
                help="write numbers of 0 and more, at least one of them above 0",
            )
        for index, name in enumerate(slo.parts):
            part = project.slos.get(name)
            problem = _problem(project, slo, part) if part is not None else None
            if problem is not None:
                place = slo.place.at("composite", field, index if field == "all" else name)
                yield CODE.at(place, problem[0], help=problem[1])


def _problem(project: Project, whole: Slo, part: Slo) -> tuple[str, str] | None:
    if whole.name in _reached(project, part):
        return f"`{whole.name}` is made of itself, through `{part.name}`", "leave one of the two out of the other"
    if "prometheus" not in part.backends:
        return f"`{part.name}` is not measured in Prometheus", "add `prometheus` to its `backends`"
    if {*whole.spec.group_by} != {*part.spec.group_by}:
        own, others = (", ".join(slo.spec.group_by) or "nothing" for slo in (whole, part))
        return (
            f"`{whole.name}` is grouped by {own}, and its part `{part.name}` by {others}",
            "give both the same `group_by`",
        )
    return None


def _reached(project: Project, start: Slo) -> set[str]:
    """The SLOs that ``start`` is made of, however far down, and itself."""
    found = {start.name}
    waiting = [start]
    while waiting:
        for name in waiting.pop().parts:
            if name not in found and name in project.slos:
                found.add(name)
                waiting.append(project.slos[name])
    return found
