"""The data sources that dashboards ask: their names and uids, and the file that provides them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from skillforge_mon.backends.grafana.identity import uid
from skillforge_mon.backends.grafana.trace_sources import KINDS, derived_fields, exemplars, trace_settings, trace_urls
from skillforge_mon.documents.document import Document, Format, Plain, Resource
from skillforge_mon.model.project import Project
from skillforge_mon.model.secrets import references_in
from skillforge_mon.spec.models.targets import GrafanaTarget, PrometheusTarget
from skillforge_mon.spec.overlay import DEFAULT_ENVIRONMENT

PATH = "grafana/provisioning/datasources/monmc.yaml"
BODIES = "grafana/datasources"


@dataclass(frozen=True, slots=True)
class DataSource:
    """A data source by its name, its uid and its kind, such as ``prometheus`` or ``loki``."""

    kind: str
    name: str
    uid: str
    url: str


def data_sources(project: Project, target: GrafanaTarget) -> dict[str, DataSource]:
    """The data sources that dashboards count on, by kind.

    Prometheus always, Loki and Alertmanager where the target says where they are, and what keeps traces.
    """
    loki = target.loki_url
    if loki is None and project.targets.loki is not None:
        loki = project.targets.loki.url
    urls = {
        "prometheus": target.prometheus_url,
        "loki": loki,
        "alertmanager": target.alertmanager_url,
        **trace_urls(project),
    }
    return {
        kind: DataSource(kind, _title(project, kind), uid(project, kind), url)
        for kind, url in urls.items()
        if url is not None
    }


def _title(project: Project, name: str) -> str:
    """``Loki (shop staging)``: names of data sources are unique in an organisation."""
    staged = project.environment != DEFAULT_ENVIRONMENT
    where = f"{project.name} {project.environment}" if staged else project.name
    return f"{name[:1].upper()}{name[1:]} ({where})"


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


def escaped(value: Plain) -> Plain:
    """``value`` with every text of it made for a provisioning file."""
    if isinstance(value, str):
        return provisioned(value)
    if isinstance(value, Mapping):
        return {key: escaped(member) for key, member in value.items()}
    if isinstance(value, Sequence):
        return [escaped(member) for member in value]
    return value


def sources_document(project: Project, target: GrafanaTarget) -> Document:
    """The provisioning file of the data sources. Nothing is the default one: two of those stop Grafana's start."""
    entries: list[Plain] = []
    for source in data_sources(project, target).values():
        entry: dict[str, Plain] = {
            "name": source.name,
            "uid": source.uid,
            "type": source.kind,
            "access": "proxy",
            "orgId": target.org_id or 1,
            "url": provisioned(source.url),
            "isDefault": False,
            "editable": False,
            "jsonData": escaped(_settings(project, target, source)),
        }
        header = _header(project, target, source)
        if header is not None:
            entry["secureJsonData"] = {"httpHeaderValue1": provisioned(header[1])}
        entries.append(entry)
    for body in _further(project, target).values():
        written = {key: escaped(value) for key, value in body.items()}
        entries.append(written | {"orgId": target.org_id or 1, "editable": False})
    return Document(PATH, {"apiVersion": 1, "datasources": entries}, Format.YAML)


def source_bodies(project: Project, target: GrafanaTarget) -> Iterator[Document]:
    """The same data sources for the API, one document each."""
    for source in data_sources(project, target).values():
        body: dict[str, Plain] = {
            "uid": source.uid,
            "name": source.name,
            "type": source.kind,
            "access": "proxy",
            "url": source.url,
            "isDefault": False,
            "jsonData": _settings(project, target, source),
        }
        header = _header(project, target, source)
        if header is not None:
            body["secureJsonData"] = {"httpHeaderValue1": header[1]}
        yield Document(
            f"{BODIES}/{source.kind}.json", body, Format.JSON, resource=Resource("grafana", "datasource", source.uid)
        )

    for name, further in _further(project, target).items():
        resource = Resource("grafana", "datasource", str(further["uid"]))
        yield Document(f"{BODIES}/source-{name}.json", further, Format.JSON, resource=resource)


def _further(project: Project, target: GrafanaTarget) -> dict[str, dict[str, Plain]]:
    """The data sources that the spec names itself, as bodies for the API. Their secrets are references still."""
    found: dict[str, dict[str, Plain]] = {}
    for name, source in target.sources.items():
        body: dict[str, Plain] = {
            "uid": uid(project, f"source-{name}"),
            "name": _title(project, name),
            "type": source.type,
            "access": "proxy",
        }
        if source.url is not None:
            body["url"] = source.url
        body |= {"isDefault": False, "jsonData": source.settings}
        if source.secrets:
            body["secureJsonData"] = dict(source.secrets)
        found[name] = body
    return found


def _header(project: Project, target: GrafanaTarget, source: DataSource) -> tuple[str, str] | None:
    """A header that Grafana sends to the data source: who it is, or of which tenant the lines are."""
    if source.kind == "prometheus" and target.prometheus_token is not None:
        return "Authorization", f"Bearer {target.prometheus_token}"
    loki = project.targets.loki
    if source.kind == "loki" and loki is not None and loki.tenant is not None:
        return "X-Scope-OrgID", loki.tenant
    return None


def _settings(project: Project, target: GrafanaTarget, source: DataSource) -> dict[str, Plain]:
    """``jsonData`` of a data source."""
    header = _header(project, target, source)
    named: dict[str, Plain] = {"httpHeaderName1": header[0]} if header is not None else {}
    uids = {kind: each.uid for kind, each in data_sources(project, target).items()}
    if source.kind in KINDS:
        return trace_settings(project, source.kind, uids)
    if source.kind == "loki":
        found: dict[str, Plain] = {"maxLines": 1000, "manageAlerts": False, **named}
        fields = derived_fields(project, uids)
        return found | {"derivedFields": fields} if fields else found
    if source.kind == "alertmanager":
        return {"implementation": "prometheus", "handleGrafanaManagedAlerts": False}
    prometheus = project.targets.prometheus or PrometheusTarget.model_validate({})
    settings: dict[str, Plain] = {
        "httpMethod": "POST",
        "prometheusType": "Prometheus",
        "prometheusVersion": full_version(prometheus.version),
        # Grafana's $__rate_interval is at least four of these.
        "timeInterval": prometheus.scrape_interval.in_one_unit,
        # Lets alert lists read the rules of Prometheus.
        "manageAlerts": True,
    }
    if "alertmanager" in uids:
        settings["alertmanagerUid"] = uids["alertmanager"]
    traced = exemplars(project, uids)
    if traced:
        settings["exemplarTraceIdDestinations"] = traced
    return settings | named


def full_version(text: str) -> str:
    """``3.5`` as ``3.5.0``."""
    return text if text.count(".") > 1 else f"{text}.0"
