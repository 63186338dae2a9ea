"""``services``, ``maintenance`` and ``runbooks``: what is watched, when not, and what to do."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from pydantic import Field

from skillforge_mon.spec.models.base import (
    BASE_URL_PATTERN,
    IGNORE_FIELD,
    Address,
    DurationField,
    Ignores,
    Labels,
    Name,
    OneOrMany,
    PositiveDurationField,
    SpecModel,
    Text,
    TimeOfDayField,
)
from skillforge_mon.spec.models.errors import Errors
from skillforge_mon.spec.models.packs import UsedPack


class Scrape(SpecModel):
    """Where Prometheus finds the metrics of a service. A bare value is a target; those with equal settings share a job."""

    shorthand: ClassVar[str] = "targets"
    targets: OneOrMany[Address] = Field(description="host:port of each instance.", min_length=1)
    job: Name | None = Field(None, description="Name of the scrape job; default: the service's name.")
    path: Text = Field("/metrics", description="Path of the metrics page.", pattern=r"^/")
    scheme: Literal["http", "https"] = Field("http", description="Protocol.")
    interval: PositiveDurationField | None = Field(None, description="Default: the target's scrape_interval.")
    timeout: PositiveDurationField | None = Field(None, description="Default: the target's scrape_timeout.")
    labels: Labels = Field(default_factory=dict, description="Labels added to every series.")
    params: dict[str, OneOrMany[Text]] = Field(default_factory=dict, description="URL parameters.")
    honor_labels: bool = Field(False, description="Keep labels of the page that clash with ours.")
    bearer_token: Text | None = Field(None, description="A secret reference.")
    username: Text | None = Field(None, description="User name for basic authentication.")
    password: Text | None = Field(None, description="A secret reference.")
    files: bool = Field(
        True, description="Write the targets to a file_sd file, so that they can change without a reload."
    )


class HealthPath(SpecModel):
    """One health endpoint, and how it is asked. A bare value is its path."""

    shorthand: ClassVar[str] = "path"
    path: Text = Field(description="Its path.", pattern=r"^/")
    every: PositiveDurationField | None = Field(None, description="How often it is asked.")
    timeout: PositiveDurationField | None = Field(None, description="How long an answer may take.")
    failures: int | None = Field(None, ge=1, le=100, description="How many in a row must fail.")
    delay: DurationField | None = Field(None, description="How long the service may take to start before it is asked.")


class Health(SpecModel):
    """The health endpoints of a service.

    Where `targets` has `blackbox`, each is a probe of its own: `NAME-live`, `NAME-ready` and `NAME-full`.
    """

    shorthand: ClassVar[str] = "url"
    url: Text = Field(description="Base URL.", pattern=BASE_URL_PATTERN)
    live: HealthPath | None = Field(None, description="The liveness endpoint: the process works.")
    ready: HealthPath | None = Field(None, description="The readiness endpoint: it can serve.")
    full: HealthPath | None = Field(None, description="The endpoint that checks dependencies.")

    def at(self, path: HealthPath) -> str:
        """The whole address of an endpoint."""
        return self.url.rstrip("/") + path.path


class Workload(SpecModel):
    """What a service is on Kubernetes. A bare value is its name."""

    shorthand: ClassVar[str] = "name"
    name: Text = Field(description="Name of the object.", pattern=r"^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$")
    kind: Literal["Deployment", "StatefulSet", "DaemonSet"] = Field("Deployment", description="Kind of the object.")
    container: Text | None = Field(None, description="The container that serves; default: of the same name.")
    namespace: Text | None = Field(None, description="Its namespace, where your own kustomization says none.")
    version: Text | None = Field(None, description="Its version, for Datadog's tags; usually set by what deploys it.")
    labels: Labels = Field(
        default_factory=dict, description="Labels by which its pods are selected, for prometheus-operator."
    )
    metrics_port: Text | None = Field(
        None, description="Name of the port of its pods that serves metrics, for prometheus-operator."
    )


Review = Literal[
    "owner", "metrics", "health", "slo", "alerts", "escalation", "dashboards", "logs", "traces", "errors", "baselines"
]
"""What `monmc score` asks of a service."""


class Service(SpecModel):
    """Something that runs and is watched."""

    description: Text | None = Field(None, description="What it does.")
    team: Name | None = Field(None, description="Who owns it.")
    tier: Literal[1, 2, 3, 4] | None = Field(None, description="1 is what the business stops without.")
    depends_on: list[Name] = Field(default_factory=list, description="Services that it cannot work without.")
    scrape: OneOrMany[Scrape] = Field(default_factory=list, description="Where its metrics are.")
    use: OneOrMany[UsedPack] = Field(
        default_factory=list, description="Packs: metrics, alerts, dashboards and runbooks that it gets."
    )
    health: Health | None = Field(None, description="Its health endpoints.")
    workload: Workload | None = Field(
        None, description="What it is on Kubernetes; `deploy.kubernetes` writes patches for it."
    )
    errors: Errors | None = Field(None, description="Where its errors go.")
    labels: Labels = Field(default_factory=dict, description="Labels on its alerts.")
    runbook: Text | None = Field(None, description="The runbook of alerts that name none.")
    escalation: Name | None = Field(None, description="The policy of alerts that name none.")
    tickets: Name | None = Field(
        None,
        description="The policy of warnings and information, of alerts and SLOs that name none; default: `escalation`.",
    )
    selector: Text | None = Field(
        None, description='Label matchers of its series, such as `service="backend"`; default: `job="NAME"`.'
    )
    exempt: dict[Review, Text] = Field(
        default_factory=dict, description="Questions of `monmc score` that do not fit it, each with the reason."
    )
    ignore: Ignores = IGNORE_FIELD


WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
Every = Literal[
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "day", "weekday", "weekend"
]


class Maintenance(SpecModel):
    """A window in which alerts are not sent. Either it recurs (``every``) or it happens once (``on``)."""

    description: Text | None = Field(None, description="What happens in it.")
    services: list[Name] = Field(default_factory=list, description="Only alerts of these services; empty means all.")
    alerts: list[Name] = Field(default_factory=list, description="Only these alerts.")
    severities: list[Literal["critical", "warning", "info"]] = Field(
        default_factory=list, description="Only these severities; empty means all."
    )
    every: OneOrMany[Every] = Field(default_factory=list, description="Days of the week on which it starts.")
    on: Text | None = Field(
        None, description="The one day on which it starts, as 2026-12-24.", pattern=r"^\d{4}-\d{2}-\d{2}$"
    )
    start: TimeOfDayField = Field(alias="from", description="Time of day at which it starts.")
    length: DurationField = Field(alias="for", description="How long it lasts.")
    timezone: Text = Field("UTC", description="IANA time zone, such as Europe/Paris.")
    reason: Text | None = Field(None, description="A change or incident reference.")
    approximate: list[Text] = Field(
        default_factory=list, description="Backends on which an approximate rendering is accepted."
    )
    ignore: Ignores = IGNORE_FIELD


class Link(SpecModel):
    """A link that a runbook or dashboard offers."""

    shorthand: ClassVar[str] = "url"
    url: Text = Field(description="Where it leads.")
    title: Text | None = Field(None, description="Text of the link.")


class Runbook(SpecModel):
    """What to do when an alert fires. Every list becomes a numbered or bulleted section of the page."""

    title: Text | None = Field(None, description="Default: made from the name.")
    url: Text | None = Field(None, description="The runbook is kept elsewhere; then nothing else is written here.")
    description: Text | None = Field(None, description="What the alert means.")
    impact: OneOrMany[Text] = Field(default_factory=list, description="What users and the business feel.")
    symptoms: OneOrMany[Text] = Field(default_factory=list, description="What is seen.")
    detection: OneOrMany[Text] = Field(default_factory=list, description="How it is detected, what to look at.")
    investigate: OneOrMany[Text] = Field(default_factory=list, description="Steps that find the cause.")
    mitigate: OneOrMany[Text] = Field(
        default_factory=list, description="Steps that end the harm before the cause is known."
    )
    resolve: OneOrMany[Text] = Field(default_factory=list, description="Steps that end the trouble.")
    root_cause: OneOrMany[Text] = Field(default_factory=list, description="Common causes.")
    prevent: OneOrMany[Text] = Field(default_factory=list, description="How it does not come back.")
    links: list[Link] = Field(default_factory=list, description="Where to look.")

    @property
    def sections(self) -> dict[str, list[Any]]:
        """Field name to its lines, in the order of the page; only those that have any."""
        names = ("impact", "symptoms", "detection", "investigate", "mitigate", "resolve", "root_cause", "prevent")
        return {name: getattr(self, name) for name in names if getattr(self, name)}
