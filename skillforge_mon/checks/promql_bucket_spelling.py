"""MON2141: a bucket that is asked for by a bound which Prometheus spells otherwise."""

from __future__ import annotations

from collections.abc import Iterator

from skillforge_mon.checks.promql_examples import alert_spec
from skillforge_mon.checks.promql_newer_feature import target_version
from skillforge_mon.checks.queries import project_queries
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity
from skillforge_mon.model.project import Project, Slo
from skillforge_mon.query.bucket_bounds import NORMALISED_BUCKETS, bound_of, normalised_bound
from skillforge_mon.query.promql import Matcher, VectorSelector


def _example(bound: str) -> str:
    share = f'sum(rate(http_request_duration_seconds_bucket{{le="{bound}"}}[5m]))'
    return alert_spec(f"{share} / sum(rate(http_request_duration_seconds_count[5m])) < 0.9", version="3.5")


CODE = Code(
    "MON2141",
    "bucket-spelt-otherwise",
    Severity.WARNING,
    "A query asks for a bucket by a spelling of its bound that Prometheus does not store: from 3.0 on, a scraped `1` is "
    "`1.0`.",
    "The selector finds nothing: an alert on it never fires, and an SLO counts every request as bad, or none. Only what "
    "comes by OTLP keeps its `1`.",
    bad=_example("1"),
    good=_example("1.0"),
)


def check(project: Project) -> Iterator[Diagnostic]:
    """Every ``le="1"`` on buckets. A pattern (``le=~"1|1.0"``) may be meant for both spellings, and is left alone."""
    version = target_version(project)
    if version is None or version < NORMALISED_BUCKETS:
        return
    for query in project_queries(project):
        for selector, _ in query.selectors:
            for matcher in _asked(selector):
                bound = bound_of(matcher.value)
                stored = normalised_bound(bound) if bound is not None else matcher.value
                if stored == matcher.value:
                    continue
                instead = (
                    ", or `latency:`, which finds every spelling by itself" if isinstance(query.owner, Slo) else ""
                )
                yield CODE.at(
                    query.query.span(*matcher.span),
                    f"Prometheus {version[0]}.{version[1]} stores this bucket as `{stored}` when it scrapes it",
                    label="matches no series that is scraped",
                    help=f'write `le=~"{stored}|{matcher.value}"`{instead}',
                )


def _asked(selector: VectorSelector) -> Iterator[Matcher]:
    if (selector.name or "").endswith("_bucket"):
        yield from (matcher for matcher in selector.matchers if matcher.label == "le" and matcher.op == "=")
