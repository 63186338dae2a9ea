"""MON3672 and MON3673: what only a collector does, without one."""

from __future__ import annotations

from collections.abc import Iterator

from skillforge_mon.checks.trace_examples import COLLECTED, TRACES
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity
from skillforge_mon.model.project import Project
from skillforge_mon.model.traces import Traces
from skillforge_mon.spec.suggest import listed

UNCOUNTED = Code(
    "MON3672",
    "span-metrics-without-prometheus",
    Severity.ERROR,
    "Metrics are made from spans, and there is no collector that counts, or no Prometheus that keeps the counts.",
    "The collector counts spans on their way to where traces are kept, and Prometheus scrapes the counts.",
    bad=TRACES.replace("  services: [web]\n", "  services: [web]\n  span_metrics: {}\n"),
    good=COLLECTED.replace("  services: [web]\n", "  services: [web]\n  span_metrics: {}\n"),
)
NOT_DONE = Code(
    "MON3673",
    "trace-setting-without-collector",
    Severity.ERROR,
    "The spec wants something done to traces that only a collector does, and there is none.",
    "Whether a trace failed, or was slow, is known when it is over: a service that begins one cannot tell. Nor do services "
    "drop, mask or copy spans by what stands here. What agents of Elastic's own send goes past the collector.",
    bad=TRACES.replace("  services: [web]\n", "  services: [web]\n  sampling: {default: 10%, keep_errors: true}\n"),
    good=COLLECTED.replace("  services: [web]\n", "  services: [web]\n  sampling: {default: 10%, keep_errors: true}\n"),
)
CODES = (UNCOUNTED, NOT_DONE)


def check(project: Project) -> Iterator[Diagnostic]:
    """`traces.span_metrics`, and every other setting of `traces` that needs a collector."""
    traces, targets = project.traces, project.targets
    if traces is None or not traces.backends:
        return
    collected = targets.collector is not None and bool(traces.stores)
    if traces.spec.span_metrics is not None and not (collected and targets.prometheus is not None):
        lacking = [name for name in ("collector", "prometheus") if getattr(targets, name) is None]
        yield UNCOUNTED.at(
            traces.place.key_at("span_metrics"),
            "nothing counts the spans" if not collected else "nothing keeps what is counted from spans",
            help=f"add {listed([f'`{name}: {{}}`' for name in lacking])} to `targets`"
            if lacking
            else "spans of Elastic's agents go past the collector: write `agent: opentelemetry`, or leave this out"
            if traces.elastic_agents
            else "spans that go to Datadog alone are counted by Datadog: leave `span_metrics` out",
        )
    if traces.elastic_agents:
        yield from _not_done(
            traces,
            "needs a collector, and Elastic's agents send past it",
            "write `agent: opentelemetry` under `apm` of `targets.elasticsearch`"
            + ("" if targets.collector is not None else ", and add `collector: {}` to `targets`"),
        )
    elif not collected:
        yield from _not_done(traces, "needs a collector", "add `collector: {}` to `targets`")
    if not collected and len(traces.stores) > 1:
        yield NOT_DONE.at(
            traces.place.at("backends"),
            f"a service sends its traces to one place, and they are to be kept in {listed(traces.stores)}",
            help="add `collector: {}` to `targets`, or name one of them under `backends`",
        )


def _not_done(traces: Traces, why: str, instead: str) -> Iterator[Diagnostic]:
    spec = traces.spec
    asked: list[tuple[tuple[str, ...], bool]] = [
        (("sampling", "keep_errors"), spec.sampling.keep_errors),
        (("sampling", "keep_slow"), spec.sampling.keep_slow is not None),
        (("drop",), bool(spec.drop)),
        (("remove",), bool(spec.remove)),
        (("mask",), bool(spec.mask)),
    ]
    for path, wanted in asked:
        if wanted:
            name = ".".join(path)
            yield NOT_DONE.at(traces.place.key_at(*path), f"`{name}` {why}", help=instead)
