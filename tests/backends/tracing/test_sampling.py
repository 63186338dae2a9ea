"""Which traces the policies keep: held against what the spec means, over made-up traces."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from skillforge_mon.backends.collector.sampling import tail_sampling
from skillforge_mon.model.traces import Traces
from tests.projects import project

SERVICES = ("web", "api", "worker")


@dataclass(frozen=True)
class Span:
    service: str
    failed: bool


@dataclass(frozen=True)
class Trace:
    """``draw`` is where its identifier falls, from 0 to 100; ``length`` is in milliseconds."""

    spans: tuple[Span, ...]
    length: int
    draw: float


SPANS = st.builds(Span, st.sampled_from(SERVICES), st.booleans())
TRACES = st.builds(
    Trace,
    st.lists(SPANS, min_size=1, max_size=4).map(tuple),
    st.integers(0, 4000),
    st.floats(0, 100, exclude_max=True),
)
RATES = st.sampled_from(["0%", "10%", "33.3%", "50%", "99.9%", "100%"])


def kept_by(policy: Any, trace: Trace) -> bool:
    """What the processor decides by one policy (internal/sampling of the tail sampling processor)."""
    settings = policy.get(policy["type"])
    match policy["type"]:
        case "always_sample":
            return True
        case "status_code":
            return settings == {"status_codes": ["ERROR"]} and any(span.failed for span in trace.spans)
        case "latency":
            return bool(trace.length > settings["threshold_ms"])
        case "probabilistic":
            return bool(trace.draw < settings["sampling_percentage"])
        case "string_attribute":
            assert settings["key"] == "service.name"
            return any(span.service in settings["values"] for span in trace.spans)
        case "ottl_condition":
            (condition,) = settings["span"]
            excluded = re.findall(r'resource\.attributes\["service\.name"\] != "([^"]+)"', condition)
            assert condition == " and ".join(f'resource.attributes["service.name"] != "{name}"' for name in excluded)
            return any(span.service not in excluded for span in trace.spans)
        case "and":
            return all(kept_by(each, trace) for each in settings["and_sub_policy"])
        case other:
            raise AssertionError(other)


def traces_of(sampling: str) -> Traces:
    found = project(
        "version: 1\nproject: shop\ntargets: {tempo: {}, collector: {}}\nservices: {web: {}, api: {}, worker: {}}\n"
        f"traces: {{sampling: {sampling}}}\n"
    )
    assert found.traces is not None
    return found.traces


@given(
    trace=TRACES,
    default=RATES,
    own=st.dictionaries(st.sampled_from(SERVICES), RATES),
    errors=st.booleans(),
    slow=st.sampled_from([None, 500, 2000]),
)
def test_a_trace_is_kept_when_the_spec_says_so(
    trace: Trace, default: str, own: dict[str, str], errors: bool, slow: int | None
) -> None:
    said = f"default: {default}, keep_errors: {str(errors).lower()}, services: {{{', '.join(f'{k}: {v}' for k, v in own.items())}}}"
    traces = traces_of(f"{{{said}}}" if slow is None else f"{{{said}, keep_slow: {slow}ms}}")
    shares = {name: Decimal(rate.rstrip("%")) for name, rate in own.items()}
    passed = {span.service for span in trace.spans}
    meant = (
        (errors and any(span.failed for span in trace.spans))
        or (slow is not None and trace.length > slow)
        or any(trace.draw < shares.get(name, Decimal(default.rstrip("%"))) for name in passed)
    )
    processor: Any = tail_sampling(traces)
    kept = processor is None or any(kept_by(policy, trace) for policy in processor["policies"])
    assert kept == meant
