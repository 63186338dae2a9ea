"""MON3691: what Datadog is to make searchable of a stream that it does not get."""

from __future__ import annotations

from collections.abc import Iterator

from skillforge_mon.checks.log_examples import LOGS
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity
from skillforge_mon.model.project import Project

_SPEC = LOGS.replace("{loki: {}}", "{loki: {}, datadog: {}}") + "    index: {daily_limit: 1000000}\n"
CODE = Code(
    "MON3691",
    "log-index-without-datadog",
    Severity.WARNING,
    "A stream has an `index`, and Datadog, which is among the targets, does not keep the stream.",
    "`index` is for Datadog alone. Its logs are paid for by the line, so that a stream goes there only where it says so, "
    "or where there is no other store.",
    bad=_SPEC,
    good=_SPEC + "    backends: [loki, datadog]\n",
)


def check(project: Project) -> Iterator[Diagnostic]:
    """Every stream with an `index`."""
    if project.targets.datadog is None:
        return
    for stream in project.logs.values():
        if "index" in stream.spec.model_fields_set and "datadog" not in stream.backends:
            yield CODE.at(
                stream.place.key_at("index"),
                f"`{stream.name}` is kept by {' and '.join(stream.backends)} and not by Datadog: its `index` does nothing",
                help=f"write `backends: [{', '.join((*stream.backends, 'datadog'))}]`, or leave `index` out",
            )
