"""Which samples a family may have, and what they may say ("Metric Types" of OpenMetrics 1.0; "Text format details")."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Final

from skillforge_mon.query.exposition.page import Family, FamilyType, Sample
from skillforge_mon.query.exposition.scanner import number_of

TEXT_SUFFIXES: Final[Mapping[FamilyType, tuple[str, ...]]] = {
    "histogram": ("_bucket", "_sum", "_count"),
    "summary": ("", "_sum", "_count"),
}
"""What may follow the family's name in the text format; nothing for the other types."""

OPENMETRICS_SUFFIXES: Final[Mapping[FamilyType, tuple[str, ...]]] = {
    "counter": ("_total", "_created"),
    "histogram": ("_bucket", "_sum", "_count", "_created"),
    "summary": ("", "_sum", "_count", "_created"),
    "info": ("_info",),
    "gaugehistogram": ("_bucket", "_gsum", "_gcount"),
}


def suffixes(type_: FamilyType, *, openmetrics: bool) -> tuple[str, ...]:
    """What may follow the family's name in a sample's."""
    return (OPENMETRICS_SUFFIXES if openmetrics else TEXT_SUFFIXES).get(type_, ("",))


def problems_of(family: Family, *, openmetrics: bool) -> Iterator[tuple[Sample, str]]:
    """What the samples of ``family`` say that its type cannot, each with the sample."""
    for sample in family.samples:
        message = _label_problem(family, sample) or (_value_problem(family, sample) if openmetrics else "")
        if message:
            yield sample, message
        elif openmetrics and sample.exemplar is not None and not sample.name.endswith(("_bucket", "_total")):
            yield sample, "only counters and buckets have exemplars"
    if openmetrics and family.type in {"histogram", "gaugehistogram"}:
        yield from _bucket_problems(family)


def _label_problem(family: Family, sample: Sample) -> str:
    if family.type in {"histogram", "gaugehistogram"} and sample.name == f"{family.name}_bucket":
        bound = sample.labels.get("le")
        if bound is None:
            return f"a bucket of the {family.type} `{family.name}` has no label `le`"
        if number_of(bound, hexadecimal=True) is None:
            return f"the upper bound of a bucket is not a number: `{bound}`"
    # Between 0 and 1 says the specification, but redis_exporter writes percentages, and Prometheus takes them.
    is_quantile = family.type == "summary" and sample.name == family.name
    if is_quantile and number_of(sample.labels.get("quantile", ""), hexadecimal=True) is None:
        return f"a quantile of the summary `{family.name}` has a label `quantile` that is a number"
    if family.type == "stateset" and family.name not in sample.labels:
        return f"a sample of the stateset `{family.name}` has a label of that name"
    return ""


def _value_problem(family: Family, sample: Sample) -> str:
    value = sample.value
    if family.type == "info" and value != 1:
        return f"the value of the info `{family.name}` is 1"
    if family.type == "stateset" and value not in {0, 1}:
        return f"a state of `{family.name}` is 0 or 1"
    cumulative = ("_total", "_count", "_bucket", "_gcount") if family.type != "summary" else ("_count", "_sum")
    grows = family.type in {"counter", "histogram", "summary", "gaugehistogram"} and sample.name.endswith(cumulative)
    if grows and (math.isnan(value) or value < 0):
        return f"`{sample.name}` counts, so it is never below 0"
    return ""


def _bucket_problems(family: Family) -> Iterator[tuple[Sample, str]]:
    """Buckets rise, end with ``+Inf``, and the last equals the count; for each set of labels."""
    groups: dict[tuple[tuple[str, str], ...], list[Sample]] = {}
    for sample in family.samples:
        if (
            sample.name == f"{family.name}_bucket"
            and number_of(sample.labels.get("le", ""), hexadecimal=False) is not None
        ):
            key = tuple(sorted((name, value) for name, value in sample.labels.items() if name != "le"))
            groups.setdefault(key, []).append(sample)
    counts = {
        tuple(sorted(sample.labels.items())): sample
        for sample in family.samples
        if sample.name.removeprefix(family.name) in {"_count", "_gcount"}
    }
    for key, buckets in groups.items():
        bounds = [float(sample.labels["le"]) for sample in buckets]
        for index, sample in enumerate(buckets[1:]):
            if bounds[index + 1] <= bounds[index]:
                yield sample, "the upper bounds of buckets rise"
            elif sample.value < buckets[index].value:
                yield sample, "a bucket holds what the one before it holds, and more"
        if bounds[-1] != math.inf:
            yield buckets[-1], f'the buckets of `{family.name}` end with `le="+Inf"`'
        elif key in counts and counts[key].value != buckets[-1].value:
            yield counts[key], "the count is that of the last bucket"
