"""Which exporters are run: those that ``exporters`` declares, and those that services scrape by a known name.

``exporters`` says what an exporter is, and what it is told; ``deploy`` may add what is different where it is run. One
is run where its host is a bare name under the usual port of its kind (``postgres-exporter:9187``), or is said by
``host``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from skillforge_mon.backends.deployment import codes
from skillforge_mon.backends.deployment.addresses import is_own
from skillforge_mon.backends.deployment.exporters import KINDS, kind_of
from skillforge_mon.backends.deployment.system import Settings, Site, System
from skillforge_mon.backends.exporters.capabilities import (
    BACKEND,
    JSON_FILE,
    SQL_COLLECTORS_DELIMITER,
    SQL_COLLECTORS_VARIABLE,
    SQL_DSN_VARIABLE,
    SQL_FILE,
)
from skillforge_mon.diagnostics.diagnostic import Report, Span
from skillforge_mon.model.project import Place
from skillforge_mon.model.secrets import secret_reference
from skillforge_mon.spec.models.deploy import Deployment, ExporterDeployment
from skillforge_mon.spec.models.exporters import Exporter

_SECTION: Final = "exporters"
_ENVIRONMENT: Final = "environment"
_CONFIGURED: Final = ("sql", "json")
"""Kinds with files of their own, of which a program reads one."""


@dataclass(frozen=True, slots=True)
class Exporting:
    """An exporter to run: the program, and what it is told. ``name`` is that under ``exporters``, if it stands there.

    ``places`` are those of the variables in the spec.
    """

    system: System
    name: str = ""
    environment: Mapping[str, str] = field(default_factory=dict)
    arguments: tuple[str, ...] = ()
    places: Mapping[str, Span | None] = field(default_factory=dict)

    @property
    def knows(self) -> bool:
        """Whether it is told what it is to watch."""
        told = {*self.environment, *(argument.partition("=")[0] for argument in self.arguments)}
        return not self.system.must_know or bool(told & {*self.system.must_know})


def _scraped(site: Site) -> Iterator[tuple[str, System]]:
    """The exporters that services of the project scrape under a known name, each by its host."""
    for host, port in scraped_addresses(site):
        found = kind_of(host, port)
        if found is not None:
            yield host, replace(found, name=host, title=found.name)


def scraped_addresses(site: Site) -> Iterator[tuple[str, int]]:
    """Hosts and ports that services of the project scrape, as far as they may be programs of this project."""
    for service in site.project.services.values():
        for scrape in service.spec.scrape:
            yield from _own(site, scrape.targets)


def exporters_to_run(site: Site, deployment: Deployment, place: Place | None, report: Report) -> dict[str, Exporting]:
    """Every exporter of the project by its host. What cannot be run, or would be run in vain, is reported."""
    found = {host: Exporting(system) for host, system in _scraped(site)}
    found |= _declared(site, report)
    asked = {*scraped_addresses(site)}
    for host, said in deployment.exporters.items():
        chosen = _told(found.get(host), host, said, place, report)
        kinds = ", ".join(kind for kind, each in KINDS.items() if site.kubernetes or not each.only_kubernetes)
        if chosen is None or (chosen.system.only_kubernetes and not site.kubernetes):
            where = f"no image is known for the exporter `{host}`"
            help_text = f"declare it under `exporters`, with `host: {host}` and a `kind` that is one of: {kinds}"
            report.add(codes.UNKNOWN_EXPORTER.at(_span(place, host), where, help=help_text))
            continue
        found[host] = chosen
    found = {host: each for host, each in found.items() if site.kubernetes or not each.system.only_kubernetes}
    for host, each in found.items():
        if host not in deployment.without:
            is_asked = (host, each.system.port) in asked or _discovers(site)
            _report_useless(site, host, each, is_asked, place, report)
    return found


def _own(site: Site, addresses: Iterable[str]) -> Iterator[tuple[str, int]]:
    """The host and the port of those of ``addresses`` that say both, and whose host may be a program that runs here."""
    for address in addresses:
        host, _, port = address.rpartition(":")
        if port.isdigit() and is_own(host, kubernetes=site.kubernetes):
            yield host, int(port)


def _declared(site: Site, report: Report) -> dict[str, Exporting]:
    """What ``exporters`` declares and can be run, by its host."""
    found: dict[str, Exporting] = {}
    for name, exporter in site.project.spec.exporters.items():
        usual = KINDS.get(exporter.kind or name)
        if usual is None:
            continue
        hosts = [exporter.host] if exporter.host is not None else _hosts(site, exporter, usual)
        for host in hosts:
            system = replace(usual, name=host, title=usual.name)
            each = _configured(site, name, exporter, system)
            before = found.setdefault(host, each)
            if before is not each and (usual.name in _CONFIGURED or _said(before) != _said(each)):
                where = f"`{before.name}` and `{name}` are one program at `{host}`, and say different things of it"
                help_text = "give one of them another host, or say the same of both"
                report.add(codes.ONE_HOST_TWICE.at(_declared_at(site, name), where, help=help_text))
    return found


def _said(each: Exporting) -> tuple[str, Mapping[str, str], tuple[str, ...]]:
    return each.system.title, each.environment, each.arguments


def _hosts(site: Site, exporter: Exporter, usual: System) -> list[str]:
    return list(dict.fromkeys(host for host, port in _own(site, exporter.targets) if port == usual.port))


def _configured(site: Site, name: str, exporter: Exporter, system: System) -> Exporting:
    """``exporter`` with the files that are written for it, where they are."""
    environment = dict(exporter.environment)
    if exporter.sql is not None:
        system = _reading(system, name, SQL_FILE, exporter.sql.secrets_dir)
        if secret_reference(exporter.sql.connection) is not None:
            environment = {
                SQL_DSN_VARIABLE: exporter.sql.connection,
                SQL_COLLECTORS_VARIABLE: SQL_COLLECTORS_DELIMITER.join(exporter.sql.collectors),
            } | environment
    if exporter.json_ is not None:
        system = _reading(system, name, JSON_FILE, exporter.json_.secrets_dir)
    entry = site.project.root.entries.get(_SECTION)
    places = {each: Place(entry).at(name, _ENVIRONMENT, each) for each in exporter.environment} if entry else {}
    return Exporting(system, name, environment, tuple(exporter.arguments), places)


def _reading(system: System, name: str, file: str, secrets_dir: str) -> System:
    folder = f"{BACKEND}/{name}/"
    usual = system.settings

    def settings(site: Site, configuration: str) -> Settings:
        return replace(usual(site, configuration), secrets_dir=secrets_dir)

    return replace(system, configuration=(folder + file,), reads=(folder,), settings=settings)


def _told(
    known: Exporting | None, host: str, said: ExporterDeployment, place: Place | None, report: Report
) -> Exporting | None:
    """``known`` with what is different where it is run; None where nobody says what it is."""
    kind = KINDS.get(said.kind) if said.kind is not None else None
    if known is not None and known.name and said.kind is not None and kind != KINDS[known.system.title]:
        where = f"`{host}` is of the kind `{known.system.title}` under `exporters.{known.name}`, and `{said.kind}` here"
        span = place.at(_SECTION, host, "kind") if place is not None else None
        report.add(codes.TWO_KINDS.at(span, where, help="leave `kind` out here"))
    elif known is None or (said.kind is not None and not known.name):
        usual = kind if said.kind is not None else kind_of(host)
        if usual is None:
            return None
        known = Exporting(replace(usual, name=host, title=usual.name), known.name if known is not None else "")
    where_said = place.at if place is not None else None
    return replace(
        known,
        environment={**known.environment, **said.environment},
        arguments=(*known.arguments, *said.arguments),
        places={
            **known.places,
            **{each: where_said(_SECTION, host, _ENVIRONMENT, each) for each in said.environment if where_said},
        },
    )


def _report_useless(
    site: Site, host: str, each: Exporting, is_asked: bool, place: Place | None, report: Report
) -> None:
    """An exporter that is not told what to watch, or that nobody asks."""
    if not each.knows:
        which = " or ".join(f"`{variable}`" for variable in each.system.must_know)
        way = "kubernetes" if site.kubernetes else "compose"
        where = f"`exporters.{each.name}.environment`" if each.name else f"`deploy.{way}.exporters.{host}.environment`"
        report.add(
            codes.EXPORTER_WITHOUT_ADDRESS.at(
                _declared_at(site, each.name) if each.name else _span(place, host),
                f"`{host}` is not told what it is to watch",
                help=f"write {which} under {where}, or `without: [{host}]`",
            )
        )
    if not is_asked:
        kind = each.system.title
        report.add(
            codes.NOBODY_ASKS.at(
                _declared_at(site, each.name) if each.name else _span(place, host),
                f"`{host}` is run, and nobody asks it",
                help=_nowhere_discovered(site)
                or f'declare it: `exporters: {{{kind}: ["{host}:{each.system.port}"]}}`; that brings its metrics too',
            )
        )


def _discovers(site: Site) -> bool:
    """Whether Prometheus finds exporters by itself: by the annotations of their pods, or as the operator tells it."""
    prometheus, deployment = site.target("prometheus"), site.project.spec.deploy.kubernetes
    if prometheus is None:
        return True
    operated = deployment is not None and deployment.operator is not None
    return site.kubernetes and (operated or (prometheus.kubernetes is not None and not _nowhere_discovered(site)))


def _nowhere_discovered(site: Site) -> str:
    """How what Prometheus discovers comes to hold the pods that run here; "" where it does, or discovers nothing."""
    prometheus, deployment = site.target("prometheus"), site.project.spec.deploy.kubernetes
    if not site.kubernetes or prometheus is None or prometheus.kubernetes is None or deployment is None:
        return ""
    if "pod" not in prometheus.kubernetes.roles:
        return "add `pod` to `targets.prometheus.kubernetes.roles`"
    namespaces = prometheus.kubernetes.namespaces
    if not namespaces or deployment.namespace in namespaces:
        return ""
    return f"add `{deployment.namespace}` to `targets.prometheus.kubernetes.namespaces`"


def _span(place: Place | None, host: str) -> Span | None:
    return place.key_at(_SECTION, host) if place is not None else None


def _declared_at(site: Site, name: str) -> Span | None:
    entry = site.project.root.entries.get(_SECTION)
    return Place(entry).key_at(name) if entry is not None else None
