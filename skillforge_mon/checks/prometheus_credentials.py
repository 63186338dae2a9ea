"""MON4692: servers that are told in two ways who Prometheus is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from skillforge_mon.checks.examples import HEAD
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity
from skillforge_mon.model.project import Place, Project
from skillforge_mon.spec.models.services import Scrape
from skillforge_mon.spec.models.targets import FederatedServers, RemoteWrite

_SCRAPE = HEAD + "targets: {prometheus: {}}\nservices:\n  web: {scrape: {targets: 'web:80', WHO}}\n"
_BASIC = "username: prometheus, password: '${secret:WEB_PASSWORD}'"
CODE = Code(
    "MON4692",
    "credentials-unclear",
    Severity.ERROR,
    "A scrape, another server or a store is told in two ways who Prometheus is, or a password has no user name.",
    "Prometheus sends one of them. Which one, the spec would not say.",
    bad=_SCRAPE.replace("WHO", f"bearer_token: '${{secret:WEB_TOKEN}}', {_BASIC}"),
    good=_SCRAPE.replace("WHO", _BASIC),
)


def check(project: Project) -> Iterator[Diagnostic]:
    """What services have scraped, and where `targets.prometheus` reads and writes."""
    for service in project.services.values():
        yield from _unclear(service.spec.scrape, service.place, "scrape")
    target, place = project.targets.prometheus, project.target_place("prometheus")
    if target is not None and place is not None:
        yield from _unclear(target.federation, place, "federation")
        yield from _unclear(target.remote_write, place, "remote_write")


def _unclear(items: Sequence[Scrape | FederatedServers | RemoteWrite], place: Place, key: str) -> Iterator[Diagnostic]:
    for number, item in enumerate(items):
        # One that is not written as a list has no number in its path.
        path = (key, number) if place.find(key, number) is not None else (key,)
        if item.bearer_token is not None and (item.username is not None or item.password is not None):
            yield CODE.at(
                place.key_at(*path, "bearer_token"),
                "it is said in two ways who Prometheus is",
                help="write one of `bearer_token` and `username` with `password`",
            )
        elif item.password is not None and item.username is None:
            yield CODE.at(
                place.key_at(*path, "password"), "a password without a user name is not sent", help="add `username:`"
            )
