"""Specs that set projects up, pushed by the engine to a stand-in for Sentry, each time as a new run does it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from skillforge_mon.backends.sentry.api import SentryApi, connect
from skillforge_mon.backends.sentry.emit import emit
from skillforge_mon.diagnostics.diagnostic import Report
from skillforge_mon.documents.document import Document
from skillforge_mon.lower.lowering import Lowering
from skillforge_mon.model.project import Project
from skillforge_mon.push.events import Outcome
from skillforge_mon.push.planning import Target, plan_push
from skillforge_mon.push.session import last_state, open_session
from skillforge_mon.push.state import State
from skillforge_mon.push.steps import Plan
from skillforge_mon.push.systems import System
from tests.backends.sentry.pushing import connection
from tests.fakes.sentry import FakeSentry
from tests.fakes.server import Request
from tests.projects import project

HEAD = """\
version: 1
project: shop
targets:
  sentry: {organization: acme, integrations: {slack: Acme}}
environments:
  staging: {}
teams:
  shop: {sentry: shop, slack: "#shop"}
escalation:
  page: [{notify: shop}]
runbooks:
  errors: {resolve: [Roll back the last release.]}
alerts:
  NewError:
    service: web
    severity: warning
    sentry: {issue: {when: first_seen}}
    summary: A new error
    runbook: errors
    escalation: page
services:
  web:
    team: shop
    errors:
      sentry_project: web
"""
FULL = (
    HEAD
    + """\
      platform: javascript-react
      resolve_age: 14d
      filters: [localhost]
      scrubbing: {fields: [iban]}
      fingerprints: "error.type:Timeout -> timeout"
      keys: {browser: {rate_limit: {count: 100, within: 1m}}}
      ownership: [{path: "src/*", owners: shop}]
"""
)
Shown = list[tuple[str, str, list[str], list[str]]]


@dataclass
class SettingUp:
    """A server with the team ``shop`` and Slack, and the folder in which pushes remember what they did."""

    fake: FakeSentry
    folder: Path

    def plan(self, text: str, environment: str | None = None) -> Plan:
        """What a push would do."""
        found, documents, api, state = self._run(text, environment)
        record, _ = last_state(state)
        with connection() as opened:
            target = Target(found.name, found.environment, documents, record, opened)
            return plan_push(target, [System("sentry", api.title, api)])

    def push(self, text: str, environment: str | None = None) -> Outcome:
        """What a push did."""
        found, documents, api, state = self._run(text, environment)
        systems = [System("sentry", api.title, api)]
        with connection() as opened, open_session(state) as session:
            target = Target(found.name, found.environment, documents, session.record, opened)
            return session.apply(plan_push(target, systems), systems, target, lambda _event: None)

    def done(self, text: str, environment: str | None = None) -> None:
        """A push of which everything succeeds."""
        outcome = self.push(text, environment)
        assert not outcome.failed, outcome.report()

    def shown(self, text: str, environment: str | None = None) -> Shown:
        """The steps of a plan that change something: action, object, the spec's changes, somebody else's."""
        plan = self.plan(text, environment)
        assert plan.diagnostics == ()
        return [
            (
                step.action.value,
                step.label,
                [each.sentence for each in step.fields],
                [each.sentence for each in step.drift],
            )
            for step in plan.work
        ]

    def api(self, text: str) -> SentryApi:
        """The API as a run has it."""
        return self._run(text, None)[2]

    def writes(self) -> list[str]:
        """The requests since the last time that changed something."""
        found = [f"{each.method} {each.path}" for each in self.fake.requests if each.method != "GET"]
        self.fake.requests.clear()
        return found

    def _run(self, text: str, environment: str | None) -> tuple[Project, Sequence[Document], SentryApi, State]:
        made = project(text, environment)
        assert made.targets.sentry is not None
        there = made.targets.sentry.model_copy(update={"url": self.fake.url})
        found = dataclasses.replace(made, targets=made.targets.model_copy(update={"sentry": there}))
        report = Report()
        documents = tuple(emit(found, Lowering(found, report), report))
        assert tuple(report) == ()
        opened = connection()
        return found, documents, connect(found, opened), State(self.folder, found.name, found.environment)


@contextmanager
def setting_up(folder: Path) -> Iterator[SettingUp]:
    """Nothing of the spec lives there yet."""
    fake = FakeSentry()
    with fake.started():
        fake.add_team("shop")
        fake.add_team("other")
        fake.add_integration("slack", "Acme")
        yield SettingUp(fake, folder)


def to(method: str, end: str) -> Callable[[Request], bool]:
    """Whether a request is of this method and its path ends so."""

    def match(request: Request) -> bool:
        return request.method == method and request.path.endswith(end)

    return match
