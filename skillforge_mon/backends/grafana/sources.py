"""The data sources that dashboards ask: their names and uids, and the file that provides them."""

from __future__ import annotations

from dataclasses import dataclass

from skillforge_mon.backends.grafana.identity import uid
from skillforge_mon.documents.document import Document, Format, Plain
from skillforge_mon.model.project import Project
from skillforge_mon.model.secrets import references_in
from skillforge_mon.spec.models.targets import GrafanaTarget, PrometheusTarget
from skillforge_mon.spec.overlay import DEFAULT_ENVIRONMENT

PATH = "grafana/provisioning/datasources/monmc.yaml"


@dataclass(frozen=True, slots=True)
class DataSource:
    """A data source by its name, its uid and its kind (``prometheus``, ``loki``, ``alertmanager``)."""

    kind: str
    name: str
    uid: str
    url: str


def data_sources(project: Project, target: GrafanaTarget) -> dict[str, DataSource]:
    """The data sources by kind: Prometheus always, Loki and Alertmanager where the target says where they are."""
    urls = {"prometheus": target.prometheus_url, "loki": target.loki_url, "alertmanager": target.alertmanager_url}
    where = project.name
    if project.environment != DEFAULT_ENVIRONMENT:
        where = f"{project.name} {project.environment}"
    return {
        kind: DataSource(kind, f"{kind.capitalize()} ({where})", uid(project, kind), url)
        for kind, url in urls.items()
        if url is not None
    }


def provisioned(text: str) -> str:
    """``text`` for a provisioning file, where ``$`` begins a reference (Grafana, "Using environment variables").

    References to secrets become ``$__env{NAME}``, which the server reads from its environment; any other ``$`` is
    doubled, so that it stays one.
    """
    pieces = []
    rest = text
    for reference in references_in(text):
        before, _, rest = rest.partition(str(reference))
        pieces += [before.replace("$", "$$"), f"$__env{{{reference.name}}}"]
    return "".join((*pieces, rest.replace("$", "$$")))


def sources_document(project: Project, target: GrafanaTarget) -> Document:
    """The provisioning file of the data sources. Nothing is the default one: two of those stop Grafana's start."""
    sources = data_sources(project, target)
    prometheus = project.targets.prometheus or PrometheusTarget.model_validate({})
    settings: dict[str, dict[str, Plain]] = {
        "prometheus": {
            "httpMethod": "POST",
            "prometheusType": "Prometheus",
            "prometheusVersion": full_version(prometheus.version),
            # Grafana's $__rate_interval is at least four of these.
            "timeInterval": str(prometheus.scrape_interval),
            # Lets alert lists read the rules of Prometheus.
            "manageAlerts": True,
        },
        "loki": {"maxLines": 1000, "manageAlerts": False},
        "alertmanager": {"implementation": "prometheus", "handleGrafanaManagedAlerts": False},
    }
    if "alertmanager" in sources:
        settings["prometheus"]["alertmanagerUid"] = sources["alertmanager"].uid
    entries: list[Plain] = [
        {
            "name": source.name,
            "uid": source.uid,
            "type": source.kind,
            "access": "proxy",
            "orgId": 1,
            "url": provisioned(source.url),
            "isDefault": False,
            "editable": False,
            "jsonData": settings[source.kind],
        }
        for source in sources.values()
    ]
    return Document(PATH, {"apiVersion": 1, "datasources": entries}, Format.YAML)


def full_version(text: str) -> str:
    """``3.5`` as ``3.5.0``."""
    return text if text.count(".") > 1 else f"{text}.0"
