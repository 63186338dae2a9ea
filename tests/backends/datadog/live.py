"""A fake Datadog and the API that is tested against it, without an engine."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from skillforge_mon.backends.datadog.api import DatadogApi, connect
from skillforge_mon.model.project import Project
from skillforge_mon.remote.connection import Connection
from skillforge_mon.remote.live import Live, Owner
from tests.fakes.datadog import API_KEY, APP_KEY, FakeDatadog
from tests.projects import project

SPEC = """\
version: 1
project: shop
targets: {datadog: {}}
environments: {production: {}}
teams: {shop: {datadog: "@slack-acme-shop"}}
escalation: {page: [{notify: shop}]}
services: {worker: {team: shop}}
runbooks: {backlog: {resolve: [Add a worker.]}}
alerts:
  Backlog:
    service: worker
    severity: {critical: "> 100"}
    datadog: {query: "avg(last_5m):sum:shop.queue{*} by {queue} > 100"}
    summary: Jobs wait
    runbook: backlog
    escalation: page
"""
REVISION = "c0ffee"


class Clock:
    """Time that passes at once."""

    def now(self) -> float:
        """Always the same."""
        return 0.0

    def sleep(self, seconds: float) -> None:
        """Not at all."""


def owner(key: str, environment: str = "production") -> Owner:
    """What the marker of ``key`` says."""
    return Owner("shop", environment, key)


def at(found: Project, server: FakeDatadog) -> Project:
    """``found`` with its Datadog at ``server``."""
    target = found.targets.datadog
    assert target is not None
    moved = found.targets.model_copy(update={"datadog": target.model_copy(update={"url": server.url})})
    return replace(found, targets=moved)


def connected(server: FakeDatadog, spec: str = SPEC, **environ: str) -> DatadogApi:
    """The API of ``spec`` in production, on the server's own clock; ``environ`` adds to the variables of the keys."""
    known = {"DD_API_KEY": API_KEY, "DD_APP_KEY": APP_KEY, **environ}
    connection = Connection({}, known, clock=Clock())
    _OPEN.append(connection)
    api = connect(at(project(spec, "production"), server), connection)
    api._now = lambda: server.today
    return api


_OPEN: list[Connection] = []


@contextmanager
def datadog(spec: str = SPEC) -> Iterator[tuple[FakeDatadog, DatadogApi]]:
    """An empty Datadog, and the API of ``spec`` there, until the end of the block."""
    server = FakeDatadog()
    with server.started():
        try:
            yield server, connected(server, spec)
        finally:
            while _OPEN:
                _OPEN.pop().close()


def made(api: DatadogApi, kind: str, body: Any, key: str) -> Live:
    """``body`` on the server, as ``key`` of ours."""
    return api.create(kind, body, owner(key), REVISION)


def found(api: DatadogApi, kind: str, key: str) -> Live:
    """The one object of ``key``, as it is found again: listed, and read where the listing is a summary."""
    live = [each for each in api.list(kind) if each.owner == owner(key)]
    assert len(live) == 1
    if live[0].complete:
        return live[0]
    whole = api.read(kind, live[0].id)
    assert whole is not None
    return whole


def same(api: DatadogApi, kind: str, body: Any, live: Live) -> bool:
    """Whether ``live`` says what ``body`` says."""
    current, wanted = api.comparable(kind, body, live)
    return bool(current == wanted)
