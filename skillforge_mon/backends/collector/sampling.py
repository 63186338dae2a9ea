"""Which traces are kept, as policies of the tail sampling processor (its README).

A trace is kept when any policy keeps it. Shares are drawn from the trace's identifier, so that all collectors draw
alike. The processor's ``invert_match`` is deprecated, and what it decides outweighs every other policy; so traces of
services without a share of their own are found by a condition instead.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from skillforge_mon.backends.collector.ottl import SERVICE, none_of
from skillforge_mon.backends.otel_values import go_duration, percentage
from skillforge_mon.documents.document import Plain
from skillforge_mon.model.traces import Traces


def tail_sampling(traces: Traces) -> Plain | None:
    """The processor; None where every trace is kept."""
    if traces.all_are_kept:
        return None
    return {"decision_wait": go_duration(traces.spec.sampling.decide_after), "policies": list(policies(traces))}


def policies(traces: Traces) -> Iterator[Plain]:
    """The policies: those that keep whole kinds of traces first, then the shares of services, then that of the rest."""
    sampling = traces.spec.sampling
    if sampling.keep_errors:
        yield {"name": "errors", "type": "status_code", "status_code": {"status_codes": ["ERROR"]}}
    if sampling.keep_slow is not None:
        # "Sample anything greater than threshold_ms"; the number is a whole one.
        yield {"name": "slow", "type": "latency", "latency": {"threshold_ms": int(sampling.keep_slow)}}
    own = list(traces.own_rates)
    for name, rate in traces.own_rates.items():
        through: Plain = {
            "name": f"through-{name}",
            "type": "string_attribute",
            "string_attribute": {"key": "service.name", "values": [name]},
        }
        yield _both(f"share-{name}", through, _share(f"share-of-{name}", rate))
    rest = _share("share", sampling.default)
    if own:
        others: Plain = {
            "name": "through-others",
            "type": "ottl_condition",
            "ottl_condition": {"error_mode": "ignore", "span": [none_of(SERVICE, own)]},
        }
        yield _both("share-others", others, _share("share-of-others", sampling.default))
    else:
        yield rest


def _both(name: str, first: Plain, second: Plain) -> Plain:
    return {"name": name, "type": "and", "and": {"and_sub_policy": [first, second]}}


def _share(name: str, rate: Decimal) -> Plain:
    if rate == 1:
        return {"name": name, "type": "always_sample"}
    return {"name": name, "type": "probabilistic", "probabilistic": {"sampling_percentage": percentage(rate)}}
