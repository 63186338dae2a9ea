"""The objects of prometheus-operator for a project, and what they cannot say of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any, Final

from skillforge_mon.backends.deployment import codes
from skillforge_mon.backends.deployment.deployed import Deployed
from skillforge_mon.backends.deployment.references import all_references
from skillforge_mon.backends.kubernetes.capabilities import BACKEND, OBJECT, object_name
from skillforge_mon.backends.kubernetes.objects import Manifest, Place
from skillforge_mon.backends.kubernetes.operator.alerting import alertmanager_config
from skillforge_mon.backends.kubernetes.operator.capabilities import V1, V1ALPHA1, NotSaidError, Secrets, as_map
from skillforge_mon.backends.kubernetes.operator.scraping import Scraped, scraping_objects
from skillforge_mon.diagnostics.diagnostic import Report
from skillforge_mon.documents.document import Document, Grade, Plain, Verdict

REPLACED: Final = ("prometheus", "alertmanager")
"""The systems that the operator runs."""


def operator_objects(
    place: Place, systems: tuple[Deployed, ...], verdicts: list[Verdict], report: Report
) -> Iterator[tuple[Manifest, tuple[str, ...]]]:
    """Every object with the ids that it came from. What they cannot say is added to ``verdicts``."""
    site, deployment = place.site, place.deployment
    secrets = Secrets(deployment.secret, all_references(site.project))
    problems: list[NotSaidError] = []
    for document in site.below("prometheus/rules/"):
        yield (
            _labelled(place, V1, "PrometheusRule", _rule_name(document), _rules(site.documents, document)),
            document.objects,
        )
    if site.has("prometheus/prometheus.yml"):
        for each in scraping_objects(site.project, site.documents, secrets, problems):
            _report_pods(place, each, report)
            yield _labelled(place, each.api, each.kind, each.name, each.spec), ("targets.prometheus",)
        for system in systems:
            if not system.system.target and system.name not in place.scraped:
                yield _labelled(place, V1, "ServiceMonitor", system.name, _service_monitor(place, system)), ()
        _report_settings(place, report)
    for document in site.below("alertmanager/alertmanager.yml"):
        spec = alertmanager_config(as_map(document.content), secrets, problems)
        name = object_name(site.project.name)
        yield _labelled(place, V1ALPHA1, "AlertmanagerConfig", name, spec), document.objects
        _report_namespace(place, report)
    if problems:
        reason, instead = ("; ".join(problem.args[part] for problem in problems) for part in (0, 1))
        verdicts.append(Verdict(BACKEND, OBJECT, Grade.UNTRANSLATABLE, reason, instead, "operator"))


def _labelled(place: Place, api: str, kind: str, name: str, spec: Mapping[str, Plain]) -> Manifest:
    operator = place.deployment.operator
    assert operator is not None  # noqa: S101 - only then are there such objects
    manifest = place.manifest(api, kind, name)
    metadata = dict(as_map(manifest["metadata"]))
    metadata["labels"] = {**metadata["labels"], **operator.labels}
    return manifest | {"metadata": metadata, "spec": dict(spec)}


def _rule_name(document: Document) -> str:
    return object_name(PurePosixPath(document.path).stem)


def _rules(documents: Any, document: Document) -> dict[str, Plain]:
    """The groups of a file; the interval of each is written down, because the Prometheus object has its own."""
    config = next((each.content for each in documents if each.path == "prometheus/prometheus.yml"), None)
    interval = as_map(as_map(config)["global"])["evaluation_interval"] if config is not None else None
    groups: list[Plain] = []
    for group in as_map(document.content)["groups"]:
        usual: dict[str, Plain] = {"name": group["name"]}
        if interval is not None:
            usual["interval"] = interval
        groups.append({**usual, **group})
    return {"groups": groups}


def _service_monitor(place: Place, deployed: Deployed) -> dict[str, Plain]:
    """Scrape an exporter that runs here through its own Service; `service` and `job` are its name."""
    target = place.site.target("prometheus")
    endpoint: Plain = {
        "port": "http",
        "interval": str(target.scrape_interval),
        "relabelings": [
            {"targetLabel": label, "replacement": deployed.name, "action": "replace"} for label in ("job", "service")
        ],
    }
    return {"selector": {"matchLabels": place.selector(deployed.name)}, "endpoints": [endpoint]}


def _report_settings(place: Place, report: Report) -> None:
    """What stands in the Prometheus object, which is not ours."""
    target = place.site.target("prometheus")
    said = {
        "externalLabels": target.external_labels,
        "remoteWrite": target.remote_write,
        "thanos": target.thanos,
        "retention": target.retention or place.site.project.spec.retention.metrics,
    }
    fields = [field for field, value in said.items() if value]
    if fields:
        where = place.site.project.deploy_place(BACKEND)
        named = ", ".join(f"`{field}`" for field in fields)
        report.add(
            codes.SETTINGS_OF_THE_OPERATOR.at(
                where.key_at("operator") if where is not None else None,
                f"the Prometheus object has to say {named} itself",
                help="monmc writes rules and what is scraped; the object that the operator runs is yours",
            )
        )


def _report_pods(place: Place, scraped: Scraped, report: Report) -> None:
    """A PodMonitor for pods whose namespace nobody says: it finds those of its own only."""
    service = scraped.pods_of
    if service is not None and "namespaceSelector" not in scraped.spec:
        report.add(
            codes.PODS_OF_ONE_NAMESPACE.at(
                service.place.key_at("workload"),
                f"pods of `{service.name}` are looked for in the namespace `{place.namespace}` only",
                help="write the `namespace` of the workload",
            )
        )


def _report_namespace(place: Place, report: Report) -> None:
    operator = place.deployment.operator
    if operator is not None and not operator.every_namespace:
        where = place.site.project.deploy_place(BACKEND)
        report.add(
            codes.ONE_NAMESPACE.at(
                where.key_at("operator") if where is not None else None,
                f'only alerts with the label `namespace="{place.namespace}"` reach these routes',
                notes=("the operator adds that matcher to the first route, and to every inhibition",),
                help="give the Alertmanager object `alertmanagerConfigMatcherStrategy: {type: None}`, and write "
                "`every_namespace: true`",
            )
        )
