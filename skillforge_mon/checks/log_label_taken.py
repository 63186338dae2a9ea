"""MON3650: a field or a label of a stream whose name monmc itself uses in Loki."""

from __future__ import annotations

from collections.abc import Iterator

from skillforge_mon.checks.log_examples import LOGS
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity
from skillforge_mon.model.logs import LogStream
from skillforge_mon.model.project import Project

CODE = Code(
    "MON3650",
    "log-label-taken",
    Severity.ERROR,
    "A stream has a label or a field called `service` or `stream`, or a fixed label `level`; or a name that is a word "
    "of LogQL's own.",
    "Lines are found by these labels in Loki: `service` says whose they are, `stream` tells streams of one service "
    "apart, `level` how bad it is. With other values the alerts and panels of the stream would find nothing.",
    bad=LOGS.replace("index_by: [method]", "index_by: [method, service]"),
    good=LOGS,
)


def check(project: Project) -> Iterator[Diagnostic]:
    """The labels and the fields of every stream in Loki."""
    for stream in project.logs.values():
        if "loki" not in stream.backends:
            continue
        spec = stream.spec
        named: list[tuple[str, tuple[str | int, ...]]] = [(name, ("labels", name)) for name in spec.labels]
        for key, fields in (("index_by", spec.index_by), ("metadata", spec.metadata)):
            named += [(field, (key, index)) for index, field in enumerate(fields)]
        for name, path in named:
            problem = _problem(stream, name, str(path[0]))
            if problem is not None:
                headline, helping = problem
                yield CODE.at(stream.place.at(*path), headline, help=helping)


def _problem(stream: LogStream, name: str, key: str) -> tuple[str, str] | None:
    """What is wrong with ``name`` under ``key``, and what to do."""
    # Imported here: few specs have LogQL.
    from skillforge_mon.query.logql.tree import KEYWORDS

    if name in KEYWORDS:
        return f"`{name}` of `{stream.name}` is a word of LogQL's own: no query could name it", "give it another name"
    if key == "metadata":
        return None
    ours = f"`{name}` of `{stream.name}` is a label that monmc sets"
    if name == "service":
        return ours, "the service of the stream is its `service`"
    if name == "stream":
        return ours, "give it another name"
    if name == "level" and (key == "labels" or stream.spec.level != "level"):
        return ours, "name the field that holds the level under `level`"
    return None
