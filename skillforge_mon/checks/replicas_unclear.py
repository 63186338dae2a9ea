"""MON4492, MON4493 and MON4694: what cannot tell replicas or tenants apart as the spec has it."""

from __future__ import annotations

from collections.abc import Iterator

from skillforge_mon.checks.examples import HEAD
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity
from skillforge_mon.model.project import Project

_STORE = "url: 'https://store.example.com/write'"
WITHOUT_CLUSTER = Code(
    "MON4492",
    "replicas-without-cluster",
    Severity.ERROR,
    "Replicas send to Mimir, and no external label `cluster` says which servers are replicas of each other.",
    "Mimir keeps one of those that have the same `cluster`; without it, it keeps every sample of all of them.",
    bad=HEAD + f"targets:\n  prometheus: {{replicas: 2, remote_write: {{{_STORE}, kind: mimir}}}}\n",
    good=HEAD
    + f"targets:\n  prometheus: {{replicas: 2, external_labels: {{cluster: eu}}, remote_write: {{{_STORE}, kind: mimir}}}}\n",
)
TENANT_IN_PATH = Code(
    "MON4493",
    "tenant-in-path",
    Severity.ERROR,
    "A tenant is named for VictoriaMetrics, which has it in the path of its address.",
    "Everything would be written to the tenant of the address.",
    bad=HEAD + f"targets:\n  prometheus: {{remote_write: {{{_STORE}, kind: victoriametrics, tenant: '7'}}}}\n",
    good=HEAD
    + "targets:\n  prometheus: {remote_write: {url: 'https://vm.example.com/insert/7/prometheus/api/v1/write', kind: victoriametrics}}\n",
)
LABEL_TWICE = Code(
    "MON4694",
    "replica-label-taken",
    Severity.ERROR,
    "An external label has the name of the one that tells replicas apart.",
    "Each replica fills that one in itself; what the spec says of it would be lost.",
    bad=HEAD + "targets:\n  prometheus: {replicas: 2, external_labels: {replica: a}}\n",
    good=HEAD + "targets:\n  prometheus: {replicas: 2, external_labels: {cluster: a}}\n",
)
CODES = (WITHOUT_CLUSTER, TENANT_IN_PATH, LABEL_TWICE)


def check(project: Project) -> Iterator[Diagnostic]:
    """`replicas` and `remote_write` of `targets.prometheus`."""
    target, place = project.targets.prometheus, project.target_place("prometheus")
    if target is None or place is None:
        return
    if target.replicas > 1 and target.replica_label in target.external_labels:
        yield LABEL_TWICE.at(
            place.key_at("external_labels", target.replica_label),
            f"each replica fills in the label `{target.replica_label}` itself",
            help="take it out, or say another name under `replica_label`",
        )
    for number, store in enumerate(target.remote_write):
        if store.kind == "mimir" and target.replicas > 1 and "cluster" not in target.external_labels:
            yield WITHOUT_CLUSTER.at(
                place.at("replicas"),
                "Mimir would not know which servers are replicas of each other",
                help="add `external_labels: {cluster: NAME}`",
            )
        if store.kind == "victoriametrics" and store.tenant is not None:
            yield TENANT_IN_PATH.at(
                place.at("remote_write", number, "tenant"),
                "VictoriaMetrics takes the tenant from the path",
                help=f"write it into `url`: `/insert/{store.tenant}/prometheus/api/v1/write`",
            )
