"""MON3608: a regular expression or a path into JSON that is none."""

from __future__ import annotations

from collections.abc import Iterator

from skillforge_mon.checks.examples import changed
from skillforge_mon.checks.probe_examples import PROBE
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity, Span
from skillforge_mon.model.json_paths import path_parts
from skillforge_mon.model.project import Probe, Project
from skillforge_mon.query.promql.regex import RegexError, matches_empty

CODE = Code(
    "MON3608",
    "probe-pattern",
    Severity.ERROR,
    "A regular expression of a probe is none (RE2), or the path to a value in JSON is none.",
    "blackbox_exporter refuses its whole file then.",
    bad=changed(("contains: Welcome", 'matches: "(Welcome"'), text=PROBE),
    good=PROBE,
)


def check(project: Project) -> Iterator[Diagnostic]:
    """Every pattern and every path of every probe."""
    for probe in project.probes.values():
        for pattern, span in _patterns(probe):
            try:
                matches_empty(pattern)
            except RegexError as error:
                yield CODE.at(span, f"`{pattern}` is no regular expression: {error}", help="RE2 knows no look-around")
        http = probe.spec.http
        for path in http.json_ if http is not None else ():
            try:
                path_parts(path)
            except ValueError as error:
                yield CODE.at(
                    probe.place.key_at("http", "json", path),
                    str(error),
                    help='a key that has a dot in it is written `["a.b"]`',
                )


def _patterns(probe: Probe) -> Iterator[tuple[str, Span]]:
    spec, place = probe.spec, probe.place
    if spec.http is not None:
        for key in ("matches", "not_matches"):
            for index, pattern in enumerate(getattr(spec.http, key)):
                yield pattern, place.at("http", key, index)
    if spec.tcp is not None:
        for index, step in enumerate(spec.tcp.exchange):
            if step.expect is not None:
                yield step.expect, place.at("tcp", "exchange", index, "expect")
    if spec.dns is not None and spec.dns.matches is not None:
        yield spec.dns.matches, place.at("dns", "matches")
