"""The programs of one project, each with all that it takes to start it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from skillforge_mon.backends.deployment import codes
from skillforge_mon.backends.deployment.addresses import host_of, is_own
from skillforge_mon.backends.deployment.exporting import Exporting, exporters_to_run
from skillforge_mon.backends.deployment.references import all_references, secret_files, secret_variables
from skillforge_mon.backends.deployment.servers import SERVERS
from skillforge_mon.backends.deployment.system import Port, Site, System
from skillforge_mon.diagnostics.diagnostic import Report
from skillforge_mon.documents.document import Document
from skillforge_mon.model.project import Place
from skillforge_mon.model.secrets import SecretReference, references_in, secret_reference
from skillforge_mon.spec.models.deploy import Deployment

_ADMIN: Final = "GF_SECURITY_ADMIN_PASSWORD"


@dataclass(frozen=True, slots=True)
class Folder:
    """The files below ``below`` of the tree (``grafana/dashboards/``), wanted ``at`` another place in the container."""

    below: str
    at: str
    documents: tuple[Document, ...]


@dataclass(frozen=True, slots=True)
class Deployed:
    """A program to run.

    ``secret_files`` are by the path at which the configuration looks for them, ``secret_variables`` by their name.
    ``asks`` is the command by which it is asked from within, empty where its image has none in this version. ``data``
    is the folder that must outlive it. Each of several ``replicas`` finds its own name in ``replica_variable``.
    ``companions`` share its network and its data, one of each for each replica; ``host`` is whose a companion shares.
    """

    name: str
    system: System
    image: str
    configuration: str
    arguments: tuple[str, ...]
    environment: Mapping[str, str]
    secret_variables: Mapping[str, SecretReference]
    secret_files: Mapping[str, SecretReference]
    reads: tuple[Document, ...]
    folders: tuple[Folder, ...]
    waits_for: tuple[str, ...]
    objects: tuple[str, ...]
    asks: tuple[str, ...]
    data: str
    ports: tuple[Port, ...]
    scratch: tuple[str, ...]
    replicas: int = 1
    replica_variable: str = ""
    companions: tuple[Deployed, ...] = ()
    host: str = ""

    @property
    def named_ports(self) -> dict[str, int]:
        """Every port that it listens on, by its name."""
        return {self.system.main_port: self.system.port} | {port.name: port.number for port in self.ports}

    @property
    def prepares_data(self) -> bool:
        """Whether the folder of its data is none that its image has: then somebody must give it to its user."""
        return bool(self.data) and self.data != self.system.data and self.system.user != 0


def deployed_systems(site: Site, deployment: Deployment, place: Place | None, report: Report) -> tuple[Deployed, ...]:
    """Every program of the project, servers first; what the deployment names and nobody knows is reported."""
    exporting = exporters_to_run(site, deployment, place, report)
    chosen = [
        *_servers(site, deployment, place, report),
        *((name, each.system) for name, each in exporting.items()),
    ]
    known = {name for name, _ in chosen}
    for field in ("images", "without", "ports", "storage", "resources"):
        for name in getattr(deployment, field, ()):
            if name not in known:
                span = place.key_at(field, name) if place is not None else None
                help_text = f"there are: {', '.join(sorted(known))}" if known else "add what is to be run to `targets`"
                report.add(codes.UNKNOWN_SYSTEM.at(span, f"no system `{name}` is run here", help=help_text))
    chosen = [each for each in chosen if each[0] not in deployment.without]
    names = {system.title or system.name: name for name, system in chosen}
    named = replace(site, names=names)
    built = [_deployed(named, name, system, exporting.get(name), deployment, place, report) for name, system in chosen]
    return tuple(
        replace(each, companions=tuple(other for other in built if other.system.beside == each.system.name))
        for each in built
        if not each.system.beside
    )


def _servers(site: Site, deployment: Deployment, place: Place | None, report: Report) -> Iterator[tuple[str, System]]:
    """The servers that the targets name, each called as the spec reaches it."""
    namespace = getattr(deployment, "namespace", None)
    for system in SERVERS:
        if system.target not in site.project.backends or not system.wanted(site):
            continue
        if system.configuration and not any(map(site.has, system.configuration)):
            continue
        span = place.span if place is not None else None
        address, told = system.address(site), system.told(site)
        name = _host(address, namespace) or system.name
        if address is not None and _host(address, namespace) is None and system.name not in deployment.without:
            where = f"`{system.name}` runs here, and the spec reaches it at `{address}`"
            own = f"`{system.name}:{system.port}`"
            help_text = f"give it an address of one name, such as {own}, or add `without: [{system.name}]`"
            report.add(codes.REACHED_ELSEWHERE.at(span, where, help=help_text))
        elif told is not None and _host(told, namespace) != name and name not in deployment.without:
            where = f"`{name}` runs here, and services send to `{told}`"
            help_text = f"let both addresses have one name, or add `without: [{name}]`"
            report.add(codes.REACHED_ELSEWHERE.at(span, where, help=help_text))
        elif _over_tls(site, system) and name not in deployment.without:
            where = f"`{name}` runs here without TLS, and the spec reaches it over TLS"
            help_text = f"reach it by plain HTTP (`targets.{system.target}`), or add `without: [{name}]`"
            report.add(codes.REACHED_ELSEWHERE.at(span, where, help=help_text))
        yield name, system.fit(site, system)
    prometheus = site.target("prometheus")
    further = prometheus.alertmanagers[1:] if prometheus is not None else []
    if further and "alertmanager" in site.project.backends:
        where = f"of {len(further) + 1} Alertmanagers that Prometheus tells, one runs here"
        help_text = f"run {', '.join(f'`{address}`' for address in further)} elsewhere, or name one in `alertmanagers`"
        report.add(codes.REACHED_ELSEWHERE.at(place.span if place is not None else None, where, help=help_text))


def _over_tls(site: Site, system: System) -> bool:
    told = system.told(site) is not None and site.target(system.target).tls
    return told or (system.address(site) or "").startswith("https://")


def _host(address: str | None, namespace: str | None) -> str | None:
    """The host of ``address`` where it is one that runs here: a label of DNS, in a cluster with its namespace."""
    host = host_of(address or "")
    first, _, rest = host.partition(".")
    if rest and namespace is not None and rest in {namespace, f"{namespace}.svc", f"{namespace}.svc.cluster.local"}:
        host = first
    return host if is_own(host, kubernetes=True) else None


def _deployed(
    site: Site,
    name: str,
    system: System,
    exporting: Exporting | None,
    deployment: Deployment,
    place: Place | None,
    report: Report,
) -> Deployed:
    path = next(filter(site.has, system.configuration), "")
    settings = system.settings(site, f"{site.tree}/{path}" if path else "")
    environment, variables = dict(settings.environment), dict[str, SecretReference]()
    for variable, value in exporting.environment.items() if exporting is not None else ():
        reference = secret_reference(value)
        if reference is not None:
            variables[variable] = reference
        elif references_in(value):
            span = exporting.places.get(variable) if exporting is not None else None
            help_text = "let the whole value be the secret: `${secret:NAME}`, and nothing around it"
            report.add(codes.SECRET_WITHIN_VALUE.at(span, f"a secret is only a part of `{variable}`", help=help_text))
        else:
            environment[variable] = value
    target = site.target(system.target) if system.target else None
    reads = tuple(each for folder in system.reads for each in site.below(folder))
    folders = (Folder(below, at, site.below(below)) for below, at in settings.folders.items())
    references = all_references(site.project)
    kept = settings.secrets_dir or getattr(target, "secrets_dir", None)
    files = {**(secret_files(reads, kept, references) if kept is not None else {}), **settings.secret_files}
    variables |= secret_variables(reads, references)
    if system.name == "grafana" and (password := secret_reference(deployment.grafana_password)) is not None:
        variables[_ADMIN] = password
    return Deployed(
        name,
        system,
        deployment.images.get(name) or system.release.image(settings.version or str(getattr(target, "version", ""))),
        f"{site.tree}/{path}" if path else "",
        (*settings.arguments, *(exporting.arguments if exporting is not None else ())),
        environment,
        dict(sorted(variables.items())),
        files,
        reads,
        tuple(folder for folder in folders if folder.documents),
        tuple(site.names[each] for each in system.waits_for if each in site.names),
        _objects(system, exporting),
        system.asks if settings.asks is None else settings.asks,
        system.data if settings.data is None else settings.data,
        settings.ports,
        (*system.scratch, *settings.scratch),
        settings.replicas,
        settings.replica_variable,
    )


def _objects(system: System, exporting: Exporting | None) -> tuple[str, ...]:
    """What of the spec the program is run for."""
    if system.target:
        return (f"targets.{system.target}",)
    return (f"exporters.{exporting.name}",) if exporting is not None and exporting.name else ()
