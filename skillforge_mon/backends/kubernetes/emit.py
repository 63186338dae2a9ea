"""The objects of Kubernetes, for kustomize.

kustomization.yaml                          this environment: ConfigMaps of the files of the tree, over the base
kubernetes/base/<name>-<kind>.yaml          the objects of the programs
kubernetes/base/kustomization.yaml          their list
kubernetes/workloads/<service>.yaml         probes and labels for workloads of yours, as a component
kubernetes/datadog/                         the Datadog Agent

A tree is of one environment, so its root is the overlay of that environment. It stands at the root because kustomize
reads no file outside the folder of a kustomization, and the files that it makes ConfigMaps of are everywhere in the
tree.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from skillforge_mon.backends.deployment import codes
from skillforge_mon.backends.deployment.deployed import Deployed, deployed_systems
from skillforge_mon.backends.deployment.exporting import scraped_addresses
from skillforge_mon.backends.deployment.log_readers import reads_pods
from skillforge_mon.backends.deployment.system import Site
from skillforge_mon.backends.kubernetes.capabilities import BACKEND, BASE, OBJECT, TREE
from skillforge_mon.backends.kubernetes.config_maps import config_maps
from skillforge_mon.backends.kubernetes.datadog_agent import agent_documents
from skillforge_mon.backends.kubernetes.objects import Manifest, Place, objects_of
from skillforge_mon.backends.kubernetes.operator.objects import REPLACED, operator_objects
from skillforge_mon.backends.kubernetes.patches import workload_patches
from skillforge_mon.backends.prometheus.header import header
from skillforge_mon.diagnostics.diagnostic import Report
from skillforge_mon.documents.document import Document, Format, Grade, Plain, Verdict
from skillforge_mon.model.project import Project

_API = "kustomize.config.k8s.io/v1beta1"


def deploy(project: Project, documents: Sequence[Document], report: Report) -> Iterator[Document]:
    """All of them; nothing without ``deploy.kubernetes``."""
    deployment = project.spec.deploy.kubernetes
    if deployment is None:
        return
    site = Site(project, documents, TREE, kubernetes=True)
    systems = deployed_systems(site, deployment, project.deploy_place(BACKEND), report)
    _report_single_addresses(project, systems, report)
    _report_read_twice(site, systems, report)
    place = Place(site, deployment, frozenset(name for name, _ in scraped_addresses(site)))
    names: list[str] = []
    verdicts: list[Verdict] = []
    if deployment.operator is not None:
        systems = tuple(system for system in systems if system.system.name not in REPLACED)
        for manifest, objects in operator_objects(place, systems, verdicts, report):
            document = _document(_name(manifest), manifest, objects)
            names.append(document.path.rpartition("/")[2])
            yield document
    for system in systems:
        for manifest in objects_of(system, place):
            own = {companion.name for companion in system.companions} & {_name(manifest)}
            document = _document(next(iter(own), system.name), manifest, system.objects)
            names.append(document.path.rpartition("/")[2])
            yield document
    yield _kustomization(f"{BASE}/kustomization.yaml", {"resources": list(names)}, ())
    yield from workload_patches(project, deployment, {system.name for system in systems})
    if deployment.datadog is not None and project.targets.datadog is None:
        where = project.deploy_place(BACKEND)
        span = where.key_at("datadog") if where is not None else None
        help_text = "add `datadog:` to `targets`; its `site` says where the Agent sends to"
        report.add(
            codes.AGENT_WITHOUT_TARGET.at(span, "the Datadog Agent is run, and no Datadog named", help=help_text)
        )
    yield from agent_documents(project, deployment)
    maps = {
        each.name: each
        for system in systems
        for files in (system.reads, *(folder.documents for folder in system.folders))
        for each in config_maps(files)
    }
    root: Manifest = {"namespace": deployment.namespace, "resources": [BASE]}
    if maps:
        root["configMapGenerator"] = [each.generator() for each in maps.values()]
    yield _kustomization("kustomization.yaml", root, tuple(verdicts) or (Verdict(BACKEND, OBJECT, Grade.EXACT),))


def _document(name: str, manifest: Manifest, objects: tuple[str, ...]) -> Document:
    path = f"{BASE}/{name}-{str(manifest['kind']).lower()}.yaml"
    every = (OBJECT, *objects)
    return Document(path, manifest, Format.YAML, every, header=header(every))


def _name(manifest: Manifest) -> str:
    metadata = manifest["metadata"]
    return str(metadata["name"]) if isinstance(metadata, Mapping) else ""


def _kustomization(path: str, content: Manifest, verdicts: tuple[Verdict, ...]) -> Document:
    whole: Plain = {"apiVersion": _API, "kind": "Kustomization", **content}
    return Document(path, whole, Format.YAML, (OBJECT,), verdicts, header=header((OBJECT,)))


def _report_single_addresses(project: Project, systems: Sequence[Deployed], report: Report) -> None:
    """Exporters of every node that a service scrapes through one address, behind which any of them may answer."""
    per_node = {system.name for system in systems if system.system.per_node}
    for service in project.services.values():
        for scrape in service.spec.scrape:
            for address in scrape.targets:
                host = address.partition(":")[0]
                if host in per_node:
                    report.add(
                        codes.ONE_ADDRESS_FOR_MANY.at(
                            service.place.at("scrape"),
                            f"`{host}` runs on every node, and `{service.name}` scrapes one address",
                            help="let `targets.prometheus.kubernetes` find it, and take `scrape` away",
                        )
                    )


def _report_read_twice(site: Site, systems: Sequence[Deployed], report: Report) -> None:
    """Alloy on every node, each of which would ask the cluster for the lines of all pods."""
    if reads_pods(site) and any(each.system.name == "alloy" and each.system.per_node for each in systems):
        streams = [stream for stream in site.project.logs.values() if stream.spec.source.kubernetes is not None]
        report.add(
            codes.READ_ON_EVERY_NODE.at(
                streams[0].place.at("source"),
                "Alloy runs on every node, for lines that only a node has, and each reads the pods of all",
                help="read these pods by their files too: `files: /var/log/pods/NAMESPACE_POD-*/CONTAINER/*.log`",
            )
        )
