"""``use: probes``: what Datadog asks itself, by the metrics of its synthetic tests.

docs.datadoghq.com, "Synthetic Monitoring & Continuous Testing Metrics"; the metrics carry the tags of their tests, of
which ``probe`` is ours. ``synthetics.test_runs`` says by its tag ``status`` how a run ended. What a certificate has
left is counted in minutes. No metric has the status that was answered.
"""

from __future__ import annotations

import string
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from skillforge_mon.backends.datadog.dashboards.drawing import NO_TIME, Drawn, NamedQuery
from skillforge_mon.backends.datadog.filters import tag_text
from skillforge_mon.lower.layout import ShownPanel
from skillforge_mon.lower.panel_sets import draft
from skillforge_mon.model.project import Probe, Project
from skillforge_mon.spec.models.dashboards import PanelType
from skillforge_mon.spec.overlay import DEFAULT_ENVIRONMENT

TIMES: Final = {
    "http": "synthetics.http.response.time",
    "tcp": "synthetics.tcp.response.time",
    "dns": "synthetics.dns.response.time",
}
"""What has a time of its whole answer, in milliseconds."""
PHASES: Final = (
    ("DNS", "synthetics.http.dns.time"),
    ("connect", "synthetics.http.connect.time"),
    ("TLS", "synthetics.http.ssl.time"),
    ("first byte", "synthetics.http.firstbyte.time"),
    ("download", "synthetics.http.download.time"),
)
GOOD: Final = "status:success"
CERTIFICATE: Final = "synthetics.ssl.time_to_expiry"
MINUTES_A_DAY: Final = 1440


def probe_panels(project: Project, probes: Sequence[Probe]) -> Iterator[tuple[ShownPanel, Drawn]]:
    """The panels of ``probes``, each with what is drawn in it."""
    scope = _scope(project, probes)
    chosen = (f"{scope} AND {GOOD}", scope)
    runs = [f"sum:synthetics.test_runs{{{each}}} by {{probe}}.as_count()" for each in chosen]
    share = ["a / b"], ["share"]
    yield _drawn("table", "Good answers", runs, *share, by=True, aggregator=True, unit="ratio", min=0, max=1)
    yield _drawn("timeseries", "Good answers over time", runs, *share, by=True, unit="ratio", min=0, max=1)
    times = [TIMES[kind] for kind in dict.fromkeys(probe.kind for probe in probes) if kind in TIMES]
    if times:
        texts = [f"avg:{metric}{{{scope}}} by {{probe}}" for metric in times]
        yield _each("Duration", texts, [""] * len(texts), by=True)
    if any(probe.kind == "http" for probe in probes):
        texts = [f"avg:{metric}{{{scope}}}" for _, metric in PHASES]
        yield _each("Duration by phase", texts, [name for name, _ in PHASES], by=False, stack=True)
    if any(probe.spec.certificate for probe in probes):
        text = f"min:{CERTIFICATE}{{{scope}}} by {{probe}}"
        yield _drawn(
            "table", "Certificates end in", [text], [f"a / {MINUTES_A_DAY}"], ["days"], by=True, aggregator=True,
            unit="d", unit_written=True, decimals=0,
        )  # fmt: skip


def _scope(project: Project, probes: Sequence[Probe]) -> str:
    """The tags of exactly these tests."""
    names = [f"probe:{tag_text(probe.name)}" for probe in probes]
    which = names[0] if len(names) == 1 else f"({' OR '.join(names)})"
    environment = project.environment
    where = f" AND env:{tag_text(environment)}" if environment != DEFAULT_ENVIRONMENT else ""
    return f"project:{tag_text(project.name)}{where} AND {which}"


def _each(
    title: str, texts: list[str], legends: list[str], *, by: bool, stack: bool = False
) -> tuple[ShownPanel, Drawn]:
    names = list(string.ascii_lowercase[: len(texts)])
    return _drawn("timeseries", title, texts, names, legends, by=by, unit="milliseconds", stack=stack, min=0)


def _drawn(
    type_: PanelType,
    title: str,
    texts: list[str],
    formulas: list[str],
    legends: list[str],
    *,
    by: bool,
    aggregator: bool = False,
    **options: object,
) -> tuple[ShownPanel, Drawn]:
    panel = replace(draft(type_, title, ()).panel, **options)  # type: ignore[arg-type]
    queries = tuple(
        NamedQuery(name, text, ("sum" if ".as_count()" in text else "last") if aggregator else None)
        for name, text in zip(string.ascii_lowercase, texts, strict=False)
    )
    return panel, Drawn(queries, tuple(formulas), (by,) * len(formulas), None, NO_TIME, tuple(legends))
