"""The objects of a program: what runs it, how it is reached, and what it may read of the cluster."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from skillforge_mon.backends.deployment.deployed import Deployed
from skillforge_mon.backends.deployment.system import Site
from skillforge_mon.backends.kubernetes.capabilities import label_value, object_name, size_text
from skillforge_mon.backends.kubernetes.pod import DATA, pod_spec
from skillforge_mon.documents.document import Plain
from skillforge_mon.spec.models.deploy import KubernetesDeployment

Manifest = dict[str, Plain]


@dataclass(frozen=True, slots=True)
class Place:
    """Where objects go: the site, the settings, and the hosts that services of the spec scrape by their names."""

    site: Site
    deployment: KubernetesDeployment
    scraped: frozenset[str]

    @property
    def namespace(self) -> str:
        """The namespace of the systems."""
        return self.deployment.namespace

    @property
    def part_of(self) -> str:
        """The project, as a label."""
        return label_value(self.site.project.name)

    def labels(self, name: str) -> dict[str, Plain]:
        """Labels of the objects of the program ``name``; those of :meth:`selector` among them."""
        project = self.site.project
        instance = label_value(f"{project.name}-{project.environment}")
        return {**self.selector(name), "app.kubernetes.io/instance": instance, "app.kubernetes.io/managed-by": "monmc"}

    def selector(self, name: str) -> dict[str, Plain]:
        """Labels that no other program has, and that never change."""
        return {"app.kubernetes.io/name": name, "app.kubernetes.io/part-of": self.part_of}

    def manifest(self, api: str, kind: str, name: str, *, of: str = "") -> Manifest:
        """The head of an object in the namespace, with the labels of the program ``of``, or of the same name."""
        metadata: Plain = {"name": name, "namespace": self.namespace, "labels": self.labels(of or name)}
        return {"apiVersion": api, "kind": kind, "metadata": metadata}


def objects_of(deployed: Deployed, place: Place) -> Iterator[Manifest]:
    """Every object of ``deployed``."""
    yield _workload(deployed, place)
    yield _service(deployed, place)
    for companion in deployed.companions:
        yield _service_of_companion(companion, deployed, place)
    yield place.manifest("v1", "ServiceAccount", deployed.name) | {"automountServiceAccountToken": False}
    yield from _access(deployed, place)
    if place.deployment.network_policies and not deployed.system.per_node:
        yield _network_policy(deployed, place)


def _workload(deployed: Deployed, place: Place) -> Manifest:
    system = deployed.system
    pod = pod_spec(deployed, place.deployment)
    if system.rules(place.site):
        pod["automountServiceAccountToken"] = True
    metadata: dict[str, Plain] = {"labels": place.labels(deployed.name)}
    if annotations := _discovered(deployed, place):
        metadata["annotations"] = annotations
    spec: Manifest = {
        "selector": {"matchLabels": place.selector(deployed.name)},
        "template": {"metadata": metadata, "spec": pod},
    }
    if system.per_node:
        return place.manifest("apps/v1", "DaemonSet", deployed.name) | {"spec": spec}
    if not deployed.data:
        return place.manifest("apps/v1", "Deployment", deployed.name) | {
            "spec": {"replicas": deployed.replicas, **spec}
        }
    claim: Manifest = {
        "accessModes": ["ReadWriteOnce"],
        "resources": {"requests": {"storage": size_text(place.deployment.storage.get(deployed.name, system.size))}},
    }
    if place.deployment.storage_class is not None:
        claim["storageClassName"] = place.deployment.storage_class
    template: Plain = {"metadata": {"name": DATA}, "spec": claim}
    stateful: Manifest = {
        "serviceName": deployed.name,
        "replicas": deployed.replicas,
        **spec,
        "volumeClaimTemplates": [template],
    }
    return place.manifest("apps/v1", "StatefulSet", deployed.name) | {"spec": stateful}


def _discovered(deployed: Deployed, place: Place) -> dict[str, Plain]:
    """Annotations by which Prometheus finds an exporter, unless a service of the spec scrapes it by its name."""
    target = place.site.target("prometheus")
    discovers = target is not None and target.kubernetes is not None and "pod" in target.kubernetes.roles
    discovers = discovers and place.deployment.operator is None
    if deployed.system.target or not discovers or deployed.name in place.scraped:
        return {}
    return {"prometheus.io/scrape": "true", "prometheus.io/port": str(deployed.system.port)}


def _service(deployed: Deployed, place: Place) -> Manifest:
    spec: Manifest = {"selector": place.selector(deployed.name), "ports": _service_ports(deployed)}
    if deployed.replicas > 1 and deployed.data:
        # Each replica has gaps of its own: whoever looks at one should go on looking at it.
        spec["sessionAffinity"] = "ClientIP"
    return place.manifest("v1", "Service", deployed.name) | {"spec": spec}


def _service_of_companion(companion: Deployed, deployed: Deployed, place: Place) -> Manifest:
    """Every one of them by its own address: whoever asks wants the data of each."""
    spec: Plain = {
        "clusterIP": "None",
        "selector": place.selector(deployed.name),
        "ports": _service_ports(companion),
    }
    return place.manifest("v1", "Service", companion.name) | {"spec": spec}


def _service_ports(deployed: Deployed) -> list[Plain]:
    return [{"name": name, "port": number, "targetPort": name} for name, number in deployed.named_ports.items()]


def _access(deployed: Deployed, place: Place) -> Iterator[Manifest]:
    """The role of a program that reads the cluster, and who has it. Both are of the whole cluster."""
    rules = list(deployed.system.rules(place.site))
    if not rules:
        return
    name = object_name(f"{place.site.project.name}-{place.namespace}-{deployed.name}")
    metadata: Plain = {"name": name, "labels": place.labels(deployed.name)}
    group = "rbac.authorization.k8s.io"
    yield {"apiVersion": f"{group}/v1", "kind": "ClusterRole", "metadata": metadata, "rules": rules}
    yield {
        "apiVersion": f"{group}/v1",
        "kind": "ClusterRoleBinding",
        "metadata": metadata,
        "roleRef": {"apiGroup": group, "kind": "ClusterRole", "name": name},
        "subjects": [{"kind": "ServiceAccount", "name": deployed.name, "namespace": place.namespace}],
    }


def _network_policy(deployed: Deployed, place: Place) -> Manifest:
    """Only programs of the project may call; anybody those that people or applications call."""
    system = deployed.system
    names = [name for each in (deployed, *deployed.companions) for name in each.named_ports]
    is_open = dict.fromkeys(names, False) | {port.name: port.is_open for port in deployed.ports}
    is_open[system.main_port] = system.public or system.receives
    ingress: list[Plain] = []
    if anybody := [name for name in names if is_open[name]]:
        ingress.append({"ports": [{"port": name} for name in anybody]})
    if own := [name for name in names if not is_open[name]]:
        caller: Plain = {"podSelector": {"matchLabels": {"app.kubernetes.io/part-of": place.part_of}}}
        ingress.append({"ports": [{"port": name} for name in own], "from": [caller]})
    return place.manifest("networking.k8s.io/v1", "NetworkPolicy", deployed.name) | {
        "spec": {
            "podSelector": {"matchLabels": place.selector(deployed.name)},
            "policyTypes": ["Ingress"],
            "ingress": ingress,
        }
    }
