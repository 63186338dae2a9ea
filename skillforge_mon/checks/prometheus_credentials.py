"""MON4692: servers that are told in two ways who Prometheus, or json_exporter, is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from skillforge_mon.checks.examples import HEAD
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity
from skillforge_mon.model.project import Place, Project
from skillforge_mon.spec.models.exporters import JsonModule
from skillforge_mon.spec.models.services import Scrape
from skillforge_mon.spec.models.targets import FederatedServers, RemoteWrite

_SCRAPE = HEAD + "targets: {prometheus: {}}\nservices:\n  web: {scrape: {targets: 'web:80', WHO}}\n"
_BASIC = "username: prometheus, password: '${secret:WEB_PASSWORD}'"
CODE = Code(
    "MON4692",
    "credentials-unclear",
    Severity.ERROR,
    "A scrape, another server, a store or a document is asked in two ways, or a password has no user name.",
    "One of them is sent. Which one, the spec would not say.",
    bad=_SCRAPE.replace("WHO", f"bearer_token: '${{secret:WEB_TOKEN}}', {_BASIC}"),
    good=_SCRAPE.replace("WHO", _BASIC),
)


def check(project: Project) -> Iterator[Diagnostic]:
    """What is scraped, where `targets.prometheus` reads and writes, and the documents of exporters."""
    for service in project.services.values():
        yield from _listed(service.spec.scrape, service.place, "scrape")
    target, place = project.targets.prometheus, project.target_place("prometheus")
    if target is not None and place is not None:
        yield from _listed(target.federation, place, "federation")
        yield from _listed(target.remote_write, place, "remote_write")
    entry = project.root.entries.get("exporters")
    if entry is None:
        return
    for name, exporter in project.spec.exporters.items():
        for document, module in exporter.json_.modules.items() if exporter.json_ is not None else ():
            yield from _unclear(module, Place(entry), (name, "json", "modules", document))


def _listed(items: Sequence[Scrape | FederatedServers | RemoteWrite], place: Place, key: str) -> Iterator[Diagnostic]:
    for number, item in enumerate(items):
        # One that is not written as a list has no number in its path.
        yield from _unclear(item, place, (key, number) if place.find(key, number) is not None else (key,))


def _unclear(
    who: Scrape | FederatedServers | RemoteWrite | JsonModule, place: Place, path: tuple[str | int, ...]
) -> Iterator[Diagnostic]:
    if who.bearer_token is not None and (who.username is not None or who.password is not None):
        yield CODE.at(
            place.key_at(*path, "bearer_token"),
            "it is said in two ways who asks",
            help="write one of `bearer_token` and `username` with `password`",
        )
    elif who.password is not None and who.username is None:
        yield CODE.at(
            place.key_at(*path, "password"), "a password without a user name is not sent", help="add `username:`"
        )
