"""MON4580, MON4581 and MON4586: a Prometheus that Thanos cannot stand beside, and a Thanos that is too old."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from skillforge_mon.checks.examples import HEAD
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity
from skillforge_mon.model.project import Project

_TARGET = HEAD + "targets:\n  prometheus: {thanos: {}, MORE}\n"
_STORE = "remote_write: 'https://thanos.example.com/api/v1/receive'"
NAMELESS = Code(
    "MON4580",
    "thanos-without-external-labels",
    Severity.ERROR,
    "Thanos is to stand beside a Prometheus that has no external labels.",
    "The sidecar refuses to start: nothing would tell the series of this server from those of another.",
    bad=_TARGET.replace(", MORE", ""),
    good=_TARGET.replace("MORE", "external_labels: {cluster: eu}"),
)
NOTHING_KEPT = Code(
    "MON4581",
    "thanos-beside-an-agent",
    Severity.ERROR,
    "Thanos is to stand beside a Prometheus that is an agent.",
    "A sidecar reads and uploads what its Prometheus keeps, and an agent keeps nothing: nobody would find any sample.",
    bad=_TARGET.replace("MORE", f"mode: agent, external_labels: {{cluster: eu}}, {_STORE}"),
    good=_TARGET.replace("thanos: {}, MORE", f"mode: agent, external_labels: {{cluster: eu}}, {_STORE}"),
)
OLDEST: Final = (0, 38)
"""The first whose querier knows ``--endpoint.sd-config`` (thanos-io/thanos#7890)."""
TOO_OLD = Code(
    "MON4586",
    "thanos-too-old",
    Severity.ERROR,
    "Thanos is of a version that does not know the flags with which it would be started.",
    "Its querier would end at once, and everything that asks it would have no answer.",
    bad=_TARGET.replace("{}, MORE", "'0.37.2', external_labels: {cluster: eu}"),
    good=_TARGET.replace("{}, MORE", "'0.38.0', external_labels: {cluster: eu}"),
)
CODES = (NAMELESS, NOTHING_KEPT, TOO_OLD)


def check(project: Project) -> Iterator[Diagnostic]:
    """`targets.prometheus.thanos`."""
    target, place = project.targets.prometheus, project.target_place("prometheus")
    if target is None or place is None or target.thanos is None:
        return
    span = place.key_at("thanos")
    if tuple(map(int, target.thanos.version.split(".")))[:2] < OLDEST:
        oldest = ".".join(map(str, OLDEST))
        yield TOO_OLD.at(
            place.at("thanos"),
            f"Thanos {target.thanos.version} does not know `--endpoint.sd-config`",
            help=f'write `version: "{oldest}.0"` or a later one',
        )
    if target.mode == "agent":
        help_text = (
            "leave `thanos` out: what the agent sends to may be Thanos's receiver (`remote_write`, `kind: thanos`)"
        )
        yield NOTHING_KEPT.at(span, "an agent keeps nothing that a sidecar could read", help=help_text)
    elif not target.external_labels and target.replicas == 1:
        help_text = "add `external_labels` with what no other server has, such as `{cluster: eu}`"
        yield NAMELESS.at(span, "Thanos beside a server without external labels", help=help_text)
