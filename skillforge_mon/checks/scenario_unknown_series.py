"""MON3141: a scenario that gives something else than a series of a known metric."""

from __future__ import annotations

from collections.abc import Iterator

from skillforge_mon.checks.examples import changed
from skillforge_mon.checks.scenario_examples import SCENARIO
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity, Span
from skillforge_mon.model.project import Place, Project
from skillforge_mon.query.promql import PromQLSyntaxError, VectorSelector, metric_name, parse
from skillforge_mon.spec.suggest import suggestion

CODE = Code(
    "MON3141",
    "scenario-gives-unknown-series",
    Severity.ERROR,
    "A scenario under `tests` gives a load to something that is not one series of a known metric.",
    "No rule would see it, and the scenario would show what happens without it.",
    bad=changed(('queue_length{queue="mails"}: [5', 'queue_lenght{queue="mails"}: [5'), text=SCENARIO),
    good=SCENARIO,
)


def check(project: Project) -> Iterator[Diagnostic]:
    """Every series that a scenario gives."""
    for name, scenario in project.spec.tests.items():
        place = project.place_of(f"tests.{name}")
        for text in scenario.given:
            yield from _of_series(project, text, _key(place, text))


def _key(place: Place | None, text: str) -> Span | None:
    return place.key_at("given", text) if place is not None else None


def _of_series(project: Project, text: str, span: Span | None) -> Iterator[Diagnostic]:
    try:
        parsed = parse(text)
    except PromQLSyntaxError as error:
        yield CODE.at(span, f"`{text}` is not a series: {error}", help='write it as `name{label="value"}`')
        return
    name = metric_name(parsed) if isinstance(parsed, VectorSelector) else None
    if not isinstance(parsed, VectorSelector) or name is None or any(each.op != "=" for each in parsed.matchers):
        yield CODE.at(span, f"`{text}` is not one series", help='write it as `name{label="value"}`')
        return
    catalogue = project.catalogue
    if catalogue.complete and catalogue.metric(name) is None:
        known = suggestion(name, catalogue.names) or "declare it under `metrics`"
        yield CODE.at(span, f"there is no metric `{name}`", help=known)
