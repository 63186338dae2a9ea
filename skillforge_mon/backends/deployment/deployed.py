"""The programs of one project, each with all that it takes to start it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from skillforge_mon.backends.deployment import codes
from skillforge_mon.backends.deployment.exporters import KINDS, kind_of, scraped
from skillforge_mon.backends.deployment.references import all_references, secret_files, secret_variables
from skillforge_mon.backends.deployment.servers import SERVERS
from skillforge_mon.backends.deployment.system import Site, System
from skillforge_mon.diagnostics.diagnostic import Report
from skillforge_mon.documents.document import Document
from skillforge_mon.model.project import Place
from skillforge_mon.model.secrets import SecretReference, references_in, secret_reference
from skillforge_mon.spec.models.deploy import Deployment, ExporterDeployment

_HOST: Final = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_ADMIN: Final = "GF_SECURITY_ADMIN_PASSWORD"


@dataclass(frozen=True, slots=True)
class Deployed:
    """A program to run.

    ``folders`` are places in the container with the files of the tree that are wanted there. ``secret_files`` are by
    the path at which the configuration looks for them, ``secret_variables`` by their name. Each of several ``replicas``
    finds its own name in ``replica_variable``.
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
    folders: Mapping[str, tuple[Document, ...]]
    waits_for: tuple[str, ...]
    objects: tuple[str, ...]
    replicas: int = 1
    replica_variable: str = ""

    @property
    def secrets(self) -> dict[str, SecretReference]:
        """Every secret that it needs, by its name."""
        every = (*self.secret_files.values(), *self.secret_variables.values())
        return {reference.name: reference for reference in sorted(every, key=lambda each: each.name)}


def deployed_systems(
    site: Site, deployment: Deployment, place: Place | None, report: Report, *, kubernetes: bool
) -> tuple[Deployed, ...]:
    """Every program of the project, servers first; what the deployment names and nobody knows is reported."""
    chosen = [
        *_servers(site, deployment, place, report),
        *_exporters(site, deployment, place, report, kubernetes=kubernetes),
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
    return tuple(_deployed(site, name, system, deployment, names, place, report) for name, system in chosen)


def _servers(site: Site, deployment: Deployment, place: Place | None, report: Report) -> Iterator[tuple[str, System]]:
    """The servers that the targets name, each called as the spec reaches it."""
    namespace = getattr(deployment, "namespace", None)
    for system in SERVERS:
        if system.target not in site.project.backends or not system.wanted(site):
            continue
        if system.configuration and not any(map(site.has, system.configuration)):
            continue
        address = system.address(site)
        name = _host(address, namespace)
        if address is not None and name is None and system.name not in deployment.without:
            where = f"`{system.name}` runs here, and the spec reaches it at `{address}`"
            own = f"`{system.name}:{system.port}`"
            help_text = f"give it an address of one name, such as {own}, or add `without: [{system.name}]`"
            report.add(codes.REACHED_ELSEWHERE.at(place.span if place is not None else None, where, help=help_text))
        yield name or system.name, system
    prometheus = site.target("prometheus")
    further = prometheus.alertmanagers[1:] if prometheus is not None else []
    if further and "alertmanager" in site.project.backends:
        where = f"of {len(further) + 1} Alertmanagers that Prometheus tells, one runs here"
        help_text = f"run {', '.join(f'`{address}`' for address in further)} elsewhere, or name one in `alertmanagers`"
        report.add(codes.REACHED_ELSEWHERE.at(place.span if place is not None else None, where, help=help_text))


def _host(address: str | None, namespace: str | None) -> str | None:
    """The host of ``address`` where it is one that runs here: a label of DNS, in a cluster with its namespace."""
    host = (address or "").rpartition("//")[2].partition("/")[0].partition(":")[0]
    first, _, rest = host.partition(".")
    if rest and namespace is not None and rest in {namespace, f"{namespace}.svc", f"{namespace}.svc.cluster.local"}:
        host = first
    return host if _HOST.fullmatch(host) and host != "localhost" else None


def _exporters(
    site: Site, deployment: Deployment, place: Place | None, report: Report, *, kubernetes: bool
) -> Iterator[tuple[str, System]]:
    found = {name: system for name, system in scraped(site) if kubernetes or not system.only_kubernetes}
    for name, exporter in deployment.exporters.items():
        system = KINDS.get(exporter.kind) if exporter.kind is not None else kind_of(name)
        if system is None or (system.only_kubernetes and not kubernetes):
            span = place.key_at("exporters", name) if place is not None else None
            kinds = ", ".join(kind for kind, each in KINDS.items() if kubernetes or not each.only_kubernetes)
            help_text = f"write `kind`, one of: {kinds}"
            report.add(codes.UNKNOWN_EXPORTER.at(span, f"no image is known for the exporter `{name}`", help=help_text))
            continue
        found[name] = replace(system, name=name, title=system.name)
    for name, system in found.items():
        said = deployment.exporters.get(name, ExporterDeployment())
        if system.must_know and not said.environment.keys() & {*system.must_know} and name not in deployment.without:
            span = place.key_at("exporters", name) if place is not None else None
            which = " or ".join(f"`{variable}`" for variable in system.must_know)
            report.add(
                codes.EXPORTER_WITHOUT_ADDRESS.at(
                    span,
                    f"`{name}` is not told what it is to watch",
                    help=f"write {which} under `exporters.{name}.environment`, or `without: [{name}]`",
                )
            )
    yield from found.items()


def _deployed(
    site: Site,
    name: str,
    system: System,
    deployment: Deployment,
    names: Mapping[str, str],
    place: Place | None,
    report: Report,
) -> Deployed:
    path = next(filter(site.has, system.configuration), "")
    settings = system.settings(site, f"{site.tree}/{path}" if path else "")
    said = deployment.exporters.get(name, ExporterDeployment())
    environment, variables = dict(settings.environment), dict[str, SecretReference]()
    for variable, value in said.environment.items():
        reference = secret_reference(value)
        if reference is not None:
            variables[variable] = reference
        elif references_in(value):
            span = place.at("exporters", name, "environment", variable) if place is not None else None
            help_text = "let the whole value be the secret: `${secret:NAME}`, and nothing around it"
            report.add(codes.SECRET_WITHIN_VALUE.at(span, f"a secret is only a part of `{variable}`", help=help_text))
        else:
            environment[variable] = value
    target = site.target(system.target) if system.target else None
    reads = tuple(each for folder in system.reads for each in site.below(folder))
    folders = {at: site.below(folder) for folder, at in settings.folders.items()}
    references = all_references(site.project)
    kept = getattr(target, "secrets_dir", None)
    files = secret_files(reads, kept, references) if kept is not None else {}
    variables |= secret_variables(reads, references)
    if system.name == "grafana" and (password := secret_reference(deployment.grafana_password)) is not None:
        variables[_ADMIN] = password
    return Deployed(
        name,
        system,
        deployment.images.get(name) or system.release.image(str(getattr(target, "version", ""))),
        f"{site.tree}/{path}" if path else "",
        (*settings.arguments, *said.arguments),
        environment,
        dict(sorted(variables.items())),
        files,
        reads,
        {at: found for at, found in folders.items() if found},
        tuple(names[each] for each in system.waits_for if each in names),
        (f"targets.{system.target}",) if system.target else (),
        settings.replicas,
        settings.replica_variable,
    )


def needed_secrets(systems: Iterable[Deployed]) -> dict[str, SecretReference]:
    """Every secret that a program needs, by name, in their order."""
    every = {name: reference for system in systems for name, reference in system.secrets.items()}
    return dict(sorted(every.items()))
