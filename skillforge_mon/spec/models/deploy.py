"""``deploy``: how the systems of the project are run, by docker compose or on Kubernetes."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from skillforge_mon.spec.models.base import HostName, Labels, Name, PositiveSizeField, SpecModel, Text
from skillforge_mon.spec.models.on_demand import OnDemand

PortNumber = Annotated[int, Field(ge=1, le=65535)]


class ExporterDeployment(SpecModel):
    """What is different of an exporter where it is run in this way. What it is, `exporters` says."""

    kind: Text | None = Field(
        None, description="`node`, `postgres`, …, of one that `exporters` does not declare; default: told by its name."
    )
    environment: dict[str, str] = Field(
        default_factory=dict, description="Variables over those that `exporters` says, or in their place."
    )
    arguments: list[Text] = Field(default_factory=list, description="Arguments after those that `exporters` says.")


class Deployment(SpecModel):
    """What deployments of every kind have."""

    images: dict[HostName, Text] = Field(
        default_factory=dict,
        description="Another image for a system, with its tag: `{grafana: registry/grafana:12.0.2}`.",
    )
    without: list[HostName] = Field(
        default_factory=list, description="Systems of the spec that are run elsewhere, by their names here."
    )
    exporters: dict[HostName, ExporterDeployment] = Field(
        default_factory=dict,
        description="Exporters by host name, where something is different here. Those of `exporters` run anyway.",
    )
    grafana_password: Text | None = Field(
        None, description="A secret reference: the first password of Grafana's `admin`; without it, Grafana's own."
    )


class ComposeDeployment(Deployment):
    """docker compose: everything on one machine."""

    name: HostName | None = Field(None, description="Name of the compose project; default: `PROJECT-monitoring`.")
    bind: Text = Field("127.0.0.1", description="Address of the machine on which ports are published.")
    ports: dict[HostName, PortNumber] = Field(
        default_factory=dict,
        description="Published ports by system; default: that of the target's `url` on localhost, else the system's own.",
    )
    networks: list[Name] = Field(
        default_factory=list, description="Networks that exist, on which Prometheus finds what it scrapes."
    )


class Resources(SpecModel):
    """What a container is given, in the notation of Kubernetes."""

    cpu: Text | None = Field(None, description="CPU that is asked for, such as 250m.", pattern=r"^[0-9]+(\.[0-9]+)?m?$")
    memory: PositiveSizeField | None = Field(None, description="Memory that is asked for, and its limit, such as 2GiB.")


class OperatorDeployment(SpecModel):
    """Objects of prometheus-operator in the place of files. A bare value is the version of the operator."""

    shorthand: ClassVar[str] = "version"
    version: Text = Field(
        "0.93", description="The oldest operator that must accept the output.", pattern=r"^\d+\.\d+(\.\d+)?$"
    )
    labels: Labels = Field(
        default_factory=dict,
        description="Labels by which the Prometheus and Alertmanager objects select ours, such as `{release: kube-prometheus}`.",
    )
    every_namespace: bool = Field(
        False,
        description="The Alertmanager object has `alertmanagerConfigMatcherStrategy: {type: None}`, so that alerts of all namespaces reach the routes.",
    )


class DatadogAgentDeployment(SpecModel):
    """The Datadog Agent on every node, and the Cluster Agent."""

    cluster: Text | None = Field(
        None, description="Name of the cluster in Datadog.", pattern=r"^[a-z][a-z0-9.-]{0,78}[a-z0-9]$"
    )
    secret: Name = Field("datadog-secret", description="The Secret with the keys `api-key` and `app-key`.")
    logs: bool = Field(True, description="Collect the logs of all containers.")
    apm: bool = Field(True, description="Take traces.")
    processes: bool = Field(True, description="Watch processes.")
    network: bool = Field(False, description="Watch connections; needs eBPF on the nodes.")
    security: bool = Field(
        False, description="Watch for attacks, and check the cluster against benchmarks; needs eBPF on the nodes."
    )


class KubernetesDeployment(Deployment):
    """Kubernetes: objects for kustomize."""

    namespace: HostName = Field("monitoring", description="The namespace of the systems.")
    secret: HostName = Field(
        "monitoring-secrets", description="The Secret with a key for each secret reference, named as it. It is yours."
    )
    storage: dict[HostName, PositiveSizeField] = Field(
        default_factory=dict, description="Size of a system's volume: `{prometheus: 100GiB}`."
    )
    storage_class: Text | None = Field(None, description="Storage class of the volumes; default: the cluster's.")
    resources: dict[HostName, Resources] = Field(default_factory=dict, description="CPU and memory by system.")
    network_policies: bool = Field(
        False,
        description="Only Prometheus, Grafana and each other may reach the systems; others, what they serve to people.",
    )
    operator: OperatorDeployment | None = Field(
        None, description="prometheus-operator runs Prometheus and Alertmanager."
    )
    datadog: DatadogAgentDeployment | None = Field(None, description="The Datadog Agent.")


class Deploy(SpecModel):
    """How the systems are run. A way that is not named gets no output."""

    compose: OnDemand[ComposeDeployment] = Field(None, description="docker compose.")
    kubernetes: OnDemand[KubernetesDeployment] = Field(None, description="Kubernetes.")
