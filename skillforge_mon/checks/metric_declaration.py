"""MON35xx: declarations of metrics that are incomplete or contradict themselves."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from skillforge_mon.checks.examples import HEAD
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity
from skillforge_mon.model.project import Place, Project
from skillforge_mon.spec.yaml.nodes import MappingNode

WITHOUT_HELP = Code(
    "MON3501",
    "metric-without-help",
    Severity.NOTE,
    "A metric does not say what it counts or measures.",
    "Whoever builds the next dashboard has to read the code.",
    bad=HEAD + "metrics:\n  jobs_total: {type: counter}\n",
    good=HEAD + "metrics:\n  jobs_total: {type: counter, help: Finished jobs}\n",
)
BUCKET_ORDER = Code(
    "MON3502",
    "buckets-out-of-order",
    Severity.ERROR,
    "The buckets of a histogram do not rise, or one is given twice.",
    "No client library exports such a histogram, so the declaration is a slip.",
    bad=HEAD + "metrics:\n  job_seconds: {type: histogram, help: Time of a job, buckets: [1, 5, 2]}\n",
    good=HEAD + "metrics:\n  job_seconds: {type: histogram, help: Time of a job, buckets: [1, 2, 5]}\n",
)
RESERVED_METRIC_LABEL = Code(
    "MON3503",
    "reserved-metric-label",
    Severity.ERROR,
    "A metric declares a label that Prometheus sets itself: `le`, `quantile`, or one that begins with `__`.",
    "Histograms and summaries bring `le` and `quantile` by themselves; `__` labels never reach storage.",
    bad=HEAD + "metrics:\n  job_seconds: {type: histogram, help: Time of a job, labels: {le: bounded}}\n",
    good=HEAD + "metrics:\n  job_seconds: {type: histogram, help: Time of a job}\n",
)
WRONG_PART = Code(
    "MON3504",
    "part-of-another-type",
    Severity.ERROR,
    "A metric declares `buckets` but is no histogram, or `quantiles` but is no summary.",
    "One of the two is a slip, and queries would be checked against the wrong one.",
    bad=HEAD + "metrics:\n  job_seconds: {type: gauge, help: Time of a job, buckets: [1, 2]}\n",
    good=HEAD + "metrics:\n  job_seconds: {type: histogram, help: Time of a job, buckets: [1, 2]}\n",
)
CODES = (WITHOUT_HELP, BUCKET_ORDER, RESERVED_METRIC_LABEL, WRONG_PART)


def check(project: Project) -> Iterator[Diagnostic]:
    """The metrics that the spec declares."""
    section = project.root.get("metrics")
    if not isinstance(section, MappingNode):
        return
    for name, metric in project.spec.metrics.items():
        place = Place(section.entries[name])
        if metric.help is None:
            yield WITHOUT_HELP.at(place.span, f"`{name}` does not say what it is", help="add `help:`")
        if any(lower >= upper for lower, upper in pairwise(metric.buckets)):
            yield BUCKET_ORDER.at(place.at("buckets"), f"the buckets of `{name}` do not rise")
        if metric.buckets and metric.type != "histogram":
            yield WRONG_PART.at(place.key_at("buckets"), f"`{name}` is a {metric.type} and has no buckets")
        if metric.quantiles and metric.type != "summary":
            yield WRONG_PART.at(place.key_at("quantiles"), f"`{name}` is a {metric.type} and has no quantiles")
        for label in metric.labels:
            if label in {"le", "quantile"} or label.startswith("__"):
                yield RESERVED_METRIC_LABEL.at(
                    place.key_at("labels", label), f"Prometheus sets the label `{label}` of `{name}` itself"
                )
