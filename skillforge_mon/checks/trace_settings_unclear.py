"""MON3674, MON3675, MON3677 and MON3678: settings of traces that decide nothing, or that cannot be."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from skillforge_mon.checks.trace_examples import COLLECTED, TRACES
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity
from skillforge_mon.model.project import Project
from skillforge_mon.model.traces import Traces
from skillforge_mon.query.promql.regex import RegexError, matches_empty
from skillforge_mon.query.span_metrics import RESERVED, label_of

NOT_TRACED = Code(
    "MON3674",
    "trace-sampling-of-untraced-service",
    Severity.WARNING,
    "A service has a share of its own, or spans of it are dropped, and it sends no traces.",
    "It is not among `traces.services`, so that it gets no environment that would make it send any.",
    bad=TRACES.replace("  services: [web]\n", "  services: [web]\n  sampling: {services: {api: 50%}}\n"),
    good=TRACES.replace("  services: [web]\n", "  services: [web, api]\n  sampling: {services: {api: 50%}}\n"),
)
BAD_PATTERN = Code(
    "MON3675",
    "trace-pattern-unclear",
    Severity.ERROR,
    "A pattern is no regular expression of RE2, matches everything, or a filter says nothing.",
    "The collector would not start with it, or would drop or mask more than anybody means.",
    bad=COLLECTED.replace(
        "  services: [web]\n", "  services: [web]\n  mask: [{name: card, matches: '(?<=x)[0-9]+'}]\n"
    ),
    good=COLLECTED.replace("  services: [web]\n", "  services: [web]\n  mask: [{name: card, matches: '[0-9]{16}'}]\n"),
)
OURS = Code(
    "MON3677",
    "trace-attribute-reserved",
    Severity.ERROR,
    "An attribute says who sends a trace, which the spec says elsewhere.",
    "With one value for every service, no service could be told from another.",
    bad=TRACES.replace("  services: [web]\n", "  services: [web]\n  attributes: {service.name: shop}\n"),
    good=TRACES.replace("  services: [web]\n", "  services: [web]\n  attributes: {team: shop}\n"),
)
TWICE = Code(
    "MON3678",
    "span-metric-dimension-twice",
    Severity.ERROR,
    "A dimension of span metrics is named twice, is one that they all have, or becomes the same label as another.",
    "The collector would not start with it, or Prometheus would refuse the metrics.",
    bad=COLLECTED.replace("  services: [web]\n", "  services: [web]\n  span_metrics: {dimensions: [span.kind]}\n"),
    good=COLLECTED.replace("  services: [web]\n", "  services: [web]\n  span_metrics: {dimensions: [http.route]}\n"),
)
CODES = (NOT_TRACED, BAD_PATTERN, OURS, TWICE)
_SENDERS: Final = {
    "service.name": "it is the name of the service",
    "service.version": "`version` says it",
    "deployment.environment.name": "it is the environment that is built",
}


def check(project: Project) -> Iterator[Diagnostic]:
    """The section `traces`."""
    traces = project.traces
    if traces is not None:
        yield from _services(traces)
        yield from _patterns(traces)
        yield from _attributes(traces)
        yield from _dimensions(traces)


def _services(traces: Traces) -> Iterator[Diagnostic]:
    senders = {service.name for service in traces.services}
    named: list[tuple[tuple[str | int, ...], str]] = [
        (("sampling", "services", name), name) for name in traces.own_rates
    ]
    named += [
        (("drop", index, "services", position), name)
        for index, dropped in enumerate(traces.spec.drop)
        for position, name in enumerate(dropped.services)
    ]
    for path, name in named:
        if name not in senders:
            yield NOT_TRACED.at(
                traces.place.at(*path),
                f"`{name}` sends no traces",
                help="add it to `traces.services`, or leave this out",
            )


def _patterns(traces: Traces) -> Iterator[Diagnostic]:
    for index, dropped in enumerate(traces.spec.drop):
        if dropped.matches is not None:
            yield from _pattern(traces, ("drop", index, "matches"), dropped.matches)
        if not (dropped.name or dropped.matches or dropped.services or dropped.kind or dropped.attributes):
            yield BAD_PATTERN.at(traces.place.at("drop", index), "this filter says nothing", help="name the spans")
    for index, mask in enumerate(traces.spec.mask):
        yield from _pattern(traces, ("mask", index, "matches"), mask.matches)


def _pattern(traces: Traces, path: tuple[str | int, ...], pattern: str) -> Iterator[Diagnostic]:
    span = traces.place.at(*path)
    try:
        everything = matches_empty(pattern)
    except RegexError as error:
        yield BAD_PATTERN.at(span, f"this is no regular expression of RE2: {error.message}")
        return
    if everything:
        yield BAD_PATTERN.at(
            span, "this matches everything, as it matches nothing at all too", help="say what must be there"
        )


def _attributes(traces: Traces) -> Iterator[Diagnostic]:
    for name in traces.spec.attributes:
        if name in _SENDERS:
            yield OURS.at(
                traces.place.key_at("attributes", name),
                f"`{name}` cannot be set here: {_SENDERS[name]}",
                help="leave it out",
            )


def _dimensions(traces: Traces) -> Iterator[Diagnostic]:
    metrics = traces.spec.span_metrics
    taken = {label_of(name): name for name in sorted(RESERVED)}
    for index, name in enumerate(metrics.dimensions if metrics is not None else ()):
        first = taken.setdefault(label_of(name), "")
        if first:
            why = (
                "every span metric has it"
                if first == name and name in RESERVED
                else f"it is the label of `{first}` too"
            )
            yield TWICE.at(
                traces.place.at("span_metrics", "dimensions", index),
                f"`{name}` is there already: {why}",
                help="leave it out",
            )
        else:
            taken[label_of(name)] = name
