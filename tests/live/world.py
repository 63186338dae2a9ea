"""A folder with a spec, the fake system that it is for, and ``monmc`` as people run it there; waiting takes no time."""

from __future__ import annotations

import contextlib
import importlib
import io
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from skillforge_mon.cli.main import main
from skillforge_mon.compiler import compile_project
from skillforge_mon.documents.document import Document, Format, Resource
from tests.backends import elasticsearch as elasticsearch_backend
from tests.backends.datadog import bodies
from tests.backends.datadog import live as datadog_live
from tests.backends.grafana import live as grafana_live
from tests.backends.pagerduty.account import USERS
from tests.backends.pagerduty.specs import SPEC as PAGERDUTY
from tests.backends.sentry import compiled as sentry_compiled
from tests.backends.sentry.pushing import furnish
from tests.fakes import datadog, elastic, grafana, pagerduty, sentry
from tests.fakes.clock import VirtualClock
from tests.fakes.grafana_alerting import FakeGrafanaAlerting
from tests.fakes.server import FakeServer, impatient

SPEC = Path("shop.yaml")
READING = ("/search", "/_export")
"""How paths end to which a request only asks, whatever its method."""
Objects = dict[tuple[str, str], Any]
"""What lives on a server, by kind and identifier."""


@dataclass(frozen=True, slots=True)
class Change:
    """How a spec is made another one: ``old`` becomes ``new`` wherever it stands."""

    old: str
    new: str


@dataclass(frozen=True, slots=True)
class System:
    """One system: a spec with every kind of its objects, and how it becomes one that adds, changes and deletes.

    ``start`` makes the fake server, ``objects`` tells what lives there, ``moved`` puts the server's address into a spec.
    ``added`` takes out of the spec what a later push adds, ``changed`` and ``deleted`` are what the later push does.
    ``other`` makes it the spec of another project, which may live beside it.
    """

    backend: str
    spec: str
    environment: str | None
    environ: Mapping[str, str]
    start: Callable[[Callable[[], float]], FakeServer]
    objects: Callable[[Any], Objects]
    moved: Callable[[str, str], str]
    added: Change
    changed: Change
    deleted: Change
    furnished: Callable[[Any, Sequence[Document]], None] = lambda _server, _documents: None
    other: Change = Change("project: shop\n", "project: bakery\n")


@dataclass(frozen=True, slots=True)
class Run:
    """How one command ended, and what it printed."""

    code: int
    out: str
    err: str


@dataclass
class World:
    """The folder, the server, and the clock that both live by."""

    system: System
    server: Any
    clock: VirtualClock
    said: list[str] = field(default_factory=list)

    def write(self, *changes: Change) -> None:
        """Write the spec with ``changes``."""
        text = self.system.spec
        for change in changes:
            assert change.old in text, change.old
            text = text.replace(change.old, change.new)
        SPEC.write_text(self.system.moved(text, self.server.url), encoding="utf-8")

    def monmc(self, *arguments: str) -> Run:
        """Run a command; everything that it printed is in ``said`` as well."""
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = main([*arguments])
        self.said += [out.getvalue(), err.getvalue()]
        return Run(code, out.getvalue(), err.getvalue())

    @property
    def before(self) -> tuple[Change, ...]:
        """The spec as it was, without what a later push adds."""
        return (self.system.added,)

    @property
    def after(self) -> tuple[Change, ...]:
        """The spec as it becomes: with more, with less, and with something otherwise."""
        return (self.system.changed, self.system.deleted)

    @property
    def named(self) -> tuple[str, ...]:
        """The arguments that name what a command is about."""
        return (str(SPEC), *(("--env", self.system.environment) if self.system.environment else ()))

    def build(self) -> None:
        run = self.monmc("build", *self.named)
        assert run.code == 0, run.err

    def push(self, *options: str) -> Run:
        return self.monmc("push", "--yes", *self.named, "--backend", self.system.backend, *options)

    def diff(self, *options: str) -> Run:
        return self.monmc("diff", "--against", "live", *self.named, "--backend", self.system.backend, *options)

    def pushed(self, *options: str) -> Run:
        """Build and push; everything must go well."""
        self.build()
        run = self.push(*options)
        assert run.code == 0, run.out + run.err
        return run

    def objects(self) -> Objects:
        """A copy of what lives on the server now."""
        return deepcopy(self.system.objects(self.server))

    def is_steady(self) -> None:
        """A comparison finds nothing, a push writes nothing, and no journal is left."""
        found = self.diff("--exit-code")
        assert (found.code, found.err) == (0, ""), found.out + found.err
        before = len(self.server.requests)
        assert self.push().code == 0
        written = [f"{each.method} {each.path}" for each in self.server.requests[before:]]
        assert [each for each in written if not each.startswith("GET ") and not each.endswith(READING)] == []
        assert list(Path(".monmc").rglob("*.jsonl")) == []


def compiled(path: Path = SPEC, environment: str | None = None) -> Sequence[Document]:
    """The documents of a spec that builds."""
    found = compile_project(path, environment=environment)
    assert not found.failed, list(found.diagnostics)
    return list(found.documents)


def by_kind(server: Any) -> Objects:
    """The objects of a server that keeps them by kind."""
    return {
        (kind, key): getattr(each, "body", each)
        for kind, group in server.objects.items()
        for key, each in group.items()
    }


def of_grafana(server: FakeGrafanaAlerting) -> Objects:
    """Folders, sources, dashboards, rules, points and mute timings."""
    groups: dict[str, dict[str, Any]] = {
        "folder": server.folders, "source": server.sources, "dashboard": server.dashboards,
        "rule": {rule["uid"]: rule for rule in server.rules}, "point": server.points, "timing": server.timings,
    }  # fmt: skip
    return {(kind, key): each for kind, group in groups.items() for key, each in group.items()}


_ALERTS = """
  Slow:
    service: worker
    severity: {critical: "> 7"}
    datadog: {query: "avg(last_5m):sum:shop.slow{*} by {queue} > 7"}
    summary: Slow jobs
    runbook: backlog
    escalation: page
  Gone:
    service: worker
    severity: {critical: "> 9"}
    datadog: {query: "avg(last_5m):sum:shop.gone{*} by {queue} > 9"}
    summary: Gone jobs
    runbook: backlog
    escalation: page
"""


def _cut(text: str, start: str, end: str) -> str:
    """The part of ``text`` from ``start`` to before ``end``, to its end where that is empty."""
    begin = text.index(start)
    return text[begin : text.index(end, begin)] if end else text[begin:]


_DATADOG = datadog_live.SPEC.rstrip() + _ALERTS
_GRAFANA = (Path(grafana_live.__file__).parent / "cases" / "alerting.yaml").read_text(encoding="utf-8")
_ELASTIC = (Path(elasticsearch_backend.__path__[0]) / "live.yaml").read_text(encoding="utf-8")
_SENTRY = {
    mode: (sentry_compiled.HERE / "cases" / f"{mode}.yaml").read_text(encoding="utf-8")
    for mode in ("workflows", "legacy")
}
_SENTRY["legacy"] = _SENTRY["legacy"].replace(_cut(_SENTRY["legacy"], "  Resolved:\n", "maintenance:"), "")
_PAGERDUTY = PAGERDUTY.replace(
    "  db: {team: on-call}\n",
    "  db: {team: on-call, escalation: critical}\n  old: {team: on-call, escalation: critical}\n",
).replace(
    "  Odd:",
    "  Full: {service: db, severity: critical, expr: queue_length > 5}\n"
    "  Gone: {service: old, severity: critical, expr: queue_length > 7}\n  Odd:",
)


def _sentry_moved(text: str, url: str) -> str:
    text = re.sub(r"(?m)^    url: .*\n", "", text)
    return text.replace("    organization: acme\n", f'    organization: acme\n    url: "{url}"\n', 1)


SYSTEMS: dict[str, System] = {
    "datadog": System(
        "datadog", _DATADOG, "production", {"DD_API_KEY": datadog.API_KEY, "DD_APP_KEY": datadog.APP_KEY},
        datadog.FakeDatadog, by_kind,
        lambda text, url: text.replace("{datadog: {}}", f'{{datadog: {{url: "{url}"}}}}'),
        added=Change(_cut(_DATADOG, "  Slow:\n", "  Gone:\n"), ""),
        changed=Change("> 100", "> 200"),
        deleted=Change(_cut(_DATADOG, "  Gone:\n", ""), ""),
    ),
    "grafana": System(
        "grafana", _GRAFANA, "production", {"GRAFANA_TOKEN": grafana.TOKEN, **{
            name: f"https://hooks.example.com/{name.lower()}"
            for name in ("SLACK_WEBHOOK", "PAGERDUTY_KEY", "OPSGENIE_KEY", "HOOK")
        }},
        lambda _now: FakeGrafanaAlerting(), of_grafana,
        lambda text, url: text.replace('version: "12.0",', f'version: "12.0", url: "{url}",'),
        added=Change(_cut(_GRAFANA, "  once:", "alerts:\n"), ""),
        changed=Change("Roll back.", "Roll forward."),
        deleted=Change(_cut(_GRAFANA, "dashboards:\n", ""), ""),
    ),
    "elasticsearch": System(
        "elasticsearch", _ELASTIC, "production", {"ELASTIC_API_KEY": elastic.KEY},
        lambda _now: elastic.FakeElastic(), by_kind,
        lambda text, url: text.replace("http://elasticsearch:9200", url),
        added=Change(_cut(_ELASTIC, "  ManyLines:\n", "environments:"), ""),
        changed=Change("errors of", "mistakes of"),
        deleted=Change("{logs: {default: 30d, error: 90d}}", "{logs: 30d}"),
        # Data streams bear the names of streams, without that of the project.
        other=Change("shop", "bakery"),
    ),
    "pagerduty": System(
        "pagerduty", _PAGERDUTY, None, {"PAGERDUTY_TOKEN": pagerduty.TOKEN},
        lambda now: pagerduty.FakePagerDuty(USERS, now=now), by_kind,
        lambda text, url: text.replace("{from: robot@example.com}", f'{{from: robot@example.com, url: "{url}"}}'),
        added=Change("  Full: {service: db, severity: critical, expr: queue_length > 5}\n", ""),
        changed=Change("Who decide.", "Who decide now."),
        deleted=Change("  Gone: {service: old, severity: critical, expr: queue_length > 7}\n", ""),
    ),
    **{
        name: System(
            "sentry", _SENTRY[mode], None, {"SENTRY_AUTH_TOKEN": sentry.TOKEN},
            sentry.FakeSentry, by_kind, _sentry_moved,
            added=Change(_cut(_SENTRY[mode], "  NewCheckoutError:\n", "  BusyIssue:"), ""),
            changed=Change('"> 50"', '"> 60"'),
            deleted=Change(_cut(_SENTRY[mode], "  FewerSearches:\n", "  NewCheckoutError:"), ""),
            furnished=lambda server, documents: furnish(server, tuple(documents)),
        )
        for name, mode in (("sentry", "workflows"), ("sentry-legacy", "legacy"))
    },
}  # fmt: skip


@contextmanager
def world(name: str, folder: Path, monkeypatch: pytest.MonkeyPatch, **environ: str) -> Iterator[World]:
    """A running server of ``SYSTEMS[name]``, an empty folder, and the credentials in the environment."""
    system = SYSTEMS[name]
    clock = VirtualClock()
    monkeypatch.chdir(folder)
    monkeypatch.setattr("sys.stdin", io.StringIO())
    monkeypatch.setattr("skillforge_mon.remote.connection.SystemClock", lambda: clock)
    for variable, value in {**system.environ, **environ}.items():
        monkeypatch.setenv(variable, value)
    server = system.start(clock.now)
    with server.started(), impatient():
        made = World(system, server, clock)
        made.write()
        system.furnished(
            server, [each for each in compiled(environment=system.environment) if each.path.startswith(system.backend)]
        )
        yield made


def with_every_kind_of_datadog(monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on, a build has also the kinds of object that no section of the spec becomes yet."""
    module = importlib.import_module("skillforge_mon.backends.datadog.emit")
    usual = module.emit

    def emit(*arguments: Any) -> list[Document]:
        found = list(usual(*arguments))
        for what, (kind, body) in bodies.BODIES.items():
            key = f"made.{what.replace(' ', '-')}"
            path = f"datadog/made/{what.replace(' ', '-')}.json"
            found.append(
                Document(path, json.loads(json.dumps(body)), Format.JSON, resource=Resource("datadog", kind, key))
            )
        return found

    monkeypatch.setattr(module, "emit", emit)
