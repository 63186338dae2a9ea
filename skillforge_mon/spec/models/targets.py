"""``targets``: the systems that a project is compiled for, each with its version and its settings."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field, field_validator
from pydantic_core import PydanticCustomError

from skillforge_mon.spec.models.base import (
    Address,
    DurationField,
    LabelName,
    Labels,
    Name,
    OneOrMany,
    PositiveDurationField,
    SizeField,
    SpecModel,
    Text,
    VersionField,
)
from skillforge_mon.spec.models.grafana_sources import MADE_ANYWAY, GrafanaSource
from skillforge_mon.spec.models.log_targets import AlloyTarget, ElasticsearchTarget, LokiTarget, PromtailTarget
from skillforge_mon.spec.models.on_demand import OnDemand
from skillforge_mon.spec.models.pagerduty import PagerDutyTarget
from skillforge_mon.spec.models.thanos import Thanos
from skillforge_mon.spec.models.trace_targets import CollectorTarget, JaegerTarget, TempoTarget


class RemoteWriteQueue(SpecModel):
    """The queue of a long-term store. What is not said is as Prometheus has it."""

    capacity: int | None = Field(None, ge=1, description="Samples that wait, for each shard.")
    max_shards: int | None = Field(None, ge=1, description="The most connections at once.")
    min_shards: int | None = Field(None, ge=1, description="The fewest connections at once.")
    max_samples_per_send: int | None = Field(None, ge=1, description="The most samples in one request.")
    batch_send_deadline: PositiveDurationField | None = Field(None, description="How long a request waits to be full.")


class RemoteWrite(SpecModel):
    """A long-term store that Prometheus copies its samples to."""

    shorthand: ClassVar[str] = "url"
    url: Text = Field(description="Where samples are sent.")
    name: Name | None = Field(None, description="Name of the queue in metrics and logs.")
    bearer_token: Text | None = Field(None, description="A secret reference such as `${secret:MIMIR_TOKEN}`.")
    username: Text | None = Field(None, description="User name for basic authentication.")
    password: Text | None = Field(None, description="A secret reference; the password for basic authentication.")
    headers: dict[str, str] = Field(default_factory=dict, description="Further headers, such as X-Scope-OrgID.")
    kind: Literal["mimir", "thanos", "victoriametrics"] | None = Field(
        None, description="What it is: how it names tenants, and how it tells replicas apart."
    )
    tenant: Text | None = Field(None, description="The tenant, in the header that the kind has for it.")
    only: OneOrMany[Text] = Field(
        default_factory=list, description="Names of the metrics that are sent, as regular expressions; empty means all."
    )
    queue: RemoteWriteQueue | None = Field(None, description="How samples wait and are sent.")


class FederatedServers(SpecModel):
    """Prometheus servers whose recorded series this one reads. A bare value is their addresses."""

    shorthand: ClassVar[str] = "targets"
    targets: OneOrMany[Address] = Field(description="host:port of each.", min_length=1)
    job: Name = Field("federate", description="Name of the scrape job.")
    match: OneOrMany[Text] = Field(
        default_factory=lambda: ['{__name__=~".+:.+"}'],
        description="Selectors of the series; default: recorded ones, which have a colon in their names.",
        min_length=1,
    )
    scheme: Literal["http", "https"] = Field("http", description="Protocol.")
    interval: PositiveDurationField | None = Field(None, description="Default: the target's scrape_interval.")
    bearer_token: Text | None = Field(None, description="A secret reference.")
    username: Text | None = Field(None, description="User name for basic authentication.")
    password: Text | None = Field(None, description="A secret reference.")


KubernetesRole = Literal["pod", "service", "node"]
_ANNOTATED_ROLES: tuple[KubernetesRole, ...] = ("pod", "service")


class KubernetesDiscovery(SpecModel):
    """Discovery of annotated pods and services (`prometheus.io/scrape`, `port`, `path`, `scheme`)."""

    namespaces: list[Text] = Field(default_factory=list, description="Only these namespaces; empty means all.")
    roles: list[KubernetesRole] = Field(
        default_factory=lambda: list(_ANNOTATED_ROLES), description="What is discovered by annotation."
    )


class PrometheusTarget(SpecModel):
    """Prometheus: scraping, recording rules and alert rules."""

    version: VersionField = Field("3.5", description="The oldest server that must accept the output.")
    url: Text | None = Field(None, description="Where people reach it; links in dashboards and `health` use it.")
    token: Text | None = Field(None, description="A secret reference: the bearer token with which monmc asks it.")
    username: Text | None = Field(None, description="User name with which monmc asks it, where there is no token.")
    password: Text | None = Field(None, description="A secret reference; the password of that user.")
    retention: DurationField | None = Field(
        None, description="How long samples are kept locally, where `retention.metrics` does not say so."
    )
    scrape_interval: PositiveDurationField = Field(
        "15s", description="How often targets are scraped.", validate_default=True
    )
    scrape_timeout: PositiveDurationField | None = Field(
        None, description="Default: Prometheus's own 10s, or the interval if that is shorter."
    )
    evaluation_interval: PositiveDurationField = Field(
        "30s", description="How often rules are evaluated.", validate_default=True
    )
    external_labels: Labels = Field(
        default_factory=dict, description="Labels added to everything that leaves this server."
    )
    alertmanagers: list[Address] = Field(
        default_factory=lambda: ["alertmanager:9093"], description="host:port of each Alertmanager."
    )
    remote_write: OneOrMany[RemoteWrite] = Field(default_factory=list, description="Long-term stores.")
    mode: Literal["server", "agent"] = Field(
        "server", description="An `agent` scrapes and sends on; it keeps nothing, and evaluates no rules."
    )
    replicas: int = Field(1, ge=1, description="Servers with the same configuration, of which one may fail.")
    replica_label: LabelName = Field("replica", description="The external label that tells replicas apart.")
    thanos: Thanos | None = Field(None, description="Thanos beside it; `deploy` runs it.")
    federation: OneOrMany[FederatedServers] = Field(
        default_factory=list, description="Other servers whose recorded series are read."
    )
    kubernetes: KubernetesDiscovery | None = Field(None, description="Discover annotated Kubernetes workloads.")
    secrets_dir: Text = Field("/etc/prometheus/secrets", description="Folder with one file per secret reference.")
    scrape_self: bool = Field(True, description="Scrape Prometheus and Alertmanager themselves.")
    experimental_functions: bool = Field(False, description="The server runs with `promql-experimental-functions`.")
    compat: Literal["sloth"] | None = Field(
        None, description="Record SLOs under the names and labels of Sloth too, for dashboards that exist."
    )
    sample_limit: int | None = Field(None, ge=1, description="Samples that one scrape may bring.")
    body_size_limit: SizeField | None = Field(None, description="Size of one scrape's answer, such as 32MiB.")


class BlackboxTarget(SpecModel):
    """blackbox_exporter: it asks what probes say, and Prometheus asks it."""

    version: VersionField = Field("0.28", description="The oldest exporter that must accept the output.")
    address: Address = Field("blackbox-exporter:9115", description="host:port of the exporter.")
    ip: Literal["ip4", "ip6"] = Field("ip4", description="Which addresses of a host are tried first.")
    secrets_dir: Text = Field(
        "/etc/blackbox_exporter/secrets", description="Folder with one file per secret reference."
    )


class Smtp(SpecModel):
    """The mail server through which Alertmanager sends."""

    smarthost: Text = Field(description="host:port of the mail server.")
    sender: Text = Field(alias="from", description="The sender's address.")
    username: Text | None = Field(None, description="User name.")
    password: Text | None = Field(None, description="A secret reference.")
    require_tls: bool = Field(True, description="Refuse to send without TLS.")


class AlertmanagerTarget(SpecModel):
    """Alertmanager: who is told."""

    version: VersionField = Field("0.28", description="The oldest server that must accept the output.")
    url: Text | None = Field(None, description="Where people reach it, and `push` its API.")
    token: Text | None = Field(None, description="A secret reference: the bearer token with which monmc asks it.")
    username: Text | None = Field(None, description="User name with which monmc asks it, where there is no token.")
    password: Text | None = Field(None, description="A secret reference; the password of that user.")
    maintenance: Literal["intervals", "silences"] = Field(
        "intervals",
        description="What a window that happens once becomes: a time interval of the routes, or a silence that `push` "
        "makes. Windows that recur are always intervals.",
    )
    smtp: Smtp | None = Field(None, description="Needed when a team is told by e-mail.")
    slack_api_url: Text | None = Field(
        None, description="A secret reference: the incoming webhook for all Slack channels."
    )
    pagerduty_url: Text | None = Field(None, description="PagerDuty's Events API, when not the usual one.")
    opsgenie_url: Text | None = Field(None, description="Opsgenie's API, when not the usual one.")
    group_by: list[Text] = Field(
        default_factory=lambda: ["alertname", "service"], description="Alerts with equal values share a notification."
    )

    @field_validator("group_by")
    @classmethod
    def _all_stands_alone(cls, value: list[str]) -> list[str]:
        if "..." in value and len(value) > 1:
            raise PydanticCustomError("group_by", "`...` means every label, and stands alone")
        return value

    group_wait: DurationField = Field(
        "30s", description="How long to collect before the first notification of a group.", validate_default=True
    )
    group_interval: PositiveDurationField = Field(
        "5m", description="How long before news of a group is sent.", validate_default=True
    )
    repeat_interval: PositiveDurationField = Field(
        "4h", description="How long before an unchanged group is sent again.", validate_default=True
    )
    secrets_dir: Text = Field("/etc/alertmanager/secrets", description="Folder with one file per secret reference.")
    default_team: Name | None = Field(None, description="The team that hears of alerts that no other route takes.")


class GrafanaTarget(SpecModel):
    """Grafana: dashboards, data sources, and alerts where it evaluates them; as provisioning files and for its API."""

    version: VersionField = Field("12.0", description="The oldest server that must accept the output.")
    url: Text | None = Field(None, description="Where people reach it, and `push` its API.")
    token: Text | None = Field(None, description="A secret reference; default: the variable `GRAFANA_TOKEN`.")
    org_id: int | None = Field(None, ge=1, description="The number of the organisation; default: the token's, or 1.")
    folder: Text | None = Field(None, description="The folder of the dashboards; default: the project's name.")
    dashboards_path: Text = Field(
        "/var/lib/grafana/dashboards", description="Where the server finds the dashboard files."
    )
    prometheus_url: Text = Field("http://prometheus:9090", description="Prometheus as Grafana reaches it.")
    prometheus_token: Text | None = Field(
        None, description="A secret reference: the bearer token with which Grafana asks Prometheus."
    )
    alerting: bool = Field(
        False, description="Grafana evaluates the alerts and tells people itself, from version 11.0 on."
    )
    loki_url: Text | None = Field(None, description="Loki as Grafana reaches it; makes a data source for log panels.")
    alertmanager_url: Text | None = Field(None, description="Alertmanager as Grafana reaches it; makes a data source.")
    sources: dict[Name, GrafanaSource] = Field(
        default_factory=dict, description="Further data sources, such as CloudWatch or Datadog, by name."
    )

    @field_validator("sources")
    @classmethod
    def _is_not_made_anyway(cls, value: dict[str, GrafanaSource]) -> dict[str, GrafanaSource]:
        for name in value:
            if name.lower() in MADE_ANYWAY:
                raise PydanticCustomError(
                    "sources", "a data source called {name} follows from the targets", {"name": name}
                )
        return value

    refresh: DurationField = Field("1m", description="How often dashboards reload.", validate_default=True)
    time_from: PositiveDurationField = Field(
        "6h", description="The time range that dashboards open with.", validate_default=True
    )


class OpenMetricsCheck(SpecModel):
    """How the Datadog Agent's OpenMetrics check is configured: it decides what metrics are called in Datadog."""

    namespace: Text | None = Field(None, description="Prefix of every metric name; default: the project's name.")
    histograms: Literal["buckets", "distributions"] = Field(
        "distributions", description="`histogram_buckets_as_distributions` on (`distributions`) or off."
    )


class DatadogTarget(SpecModel):
    """Datadog: monitors, SLOs and dashboards."""

    site: Literal[
        "datadoghq.com", "us3.datadoghq.com", "us5.datadoghq.com", "datadoghq.eu", "ap1.datadoghq.com",
        "ap2.datadoghq.com", "uk1.datadoghq.com", "ddog-gov.com", "us2.ddog-gov.com",
    ] = Field("datadoghq.com", description="The Datadog site of the organisation.")  # fmt: skip
    url: Text | None = Field(None, description="Base URL of the API when it is not `https://api.SITE`.")
    openmetrics: OpenMetricsCheck = Field(default_factory=OpenMetricsCheck, description="How the Agent reads metrics.")
    api_key: Text | None = Field(None, description="A secret reference; default: the variable `DD_API_KEY`.")
    app_key: Text | None = Field(None, description="A secret reference; default: the variable `DD_APP_KEY`.")
    tags: Labels = Field(default_factory=dict, description="Tags on every object.")
    renotify: DurationField | None = Field(None, description="Repeat unresolved alerts after this time.")
    locations: list[Text] = Field(
        default_factory=list,
        description="From where probes ask that do not say so, such as `aws:eu-west-1`; `pl:…` is a private location.",
    )


class SentryIntegrations(SpecModel):
    """Names of the integrations as they are installed in Sentry; identifiers are looked up on push."""

    slack: Text | None = Field(None, description="Name of the Slack workspace.")
    pagerduty: Text | None = Field(None, description="Name of the PagerDuty account.")
    opsgenie: Text | None = Field(None, description="Name of the Opsgenie account.")
    msteams: Text | None = Field(None, description="Name of the Teams team.")
    jira: Text | None = Field(None, description="Name of the Jira site.")


class SentryTarget(SpecModel):
    """Sentry: issue alerts and metric alerts, and the set-up of projects."""

    organization: Text = Field(description="Slug of the organisation.")
    url: Text = Field("https://us.sentry.io", description="Base URL: the region's, or the self-hosted server's.")
    token: Text | None = Field(None, description="A secret reference; default: the variable `SENTRY_AUTH_TOKEN`.")
    mode: Literal["workflows", "legacy"] = Field(
        "workflows", description="`legacy` writes the old alert rules, for self-hosted servers before 26.7."
    )
    environment: Text | None = Field(None, description="Only events of this environment.")
    set_up_projects: bool = Field(
        True,
        description="Set up projects, as `errors` of services says; a project is set up from one environment only.",
    )
    integrations: SentryIntegrations = Field(default_factory=SentryIntegrations, description="Installed integrations.")


class RulerLimits(SpecModel):
    """How much the ruler takes of one tenant."""

    rules_per_group: int | None = Field(
        None, ge=0, description="Rules in one group; longer groups are split. Default: 20; Cortex: 0, any number."
    )
    groups: int | None = Field(
        None, ge=0, description="Groups of the tenant; more are merged. Default: 70; Cortex: 0, any number."
    )


class RulerTarget(SpecModel):
    """A ruler of Mimir or Cortex, which evaluates the rules in Prometheus's place. `push` sends them."""

    kind: Literal["mimir", "cortex"] = Field("mimir", description="Which API it has.")
    url: Text = Field(description="Base URL of the server.")
    prefix: Text = Field(
        "/prometheus", description="Where the server has Prometheus's own API.", pattern=r"^(/|(/[^/]+)+)$"
    )
    tenant: Text | None = Field(None, description="Sent as `X-Scope-OrgID`, where no gateway sets that.")
    namespace: Name | None = Field(None, description="The namespace of the groups; default: `PROJECT-ENVIRONMENT`.")
    token: Text | None = Field(None, description="A secret reference: the bearer token.")
    username: Text | None = Field(None, description="User name, where there is no token.")
    password: Text | None = Field(None, description="A secret reference; the password of that user.")
    limits: RulerLimits = Field(default_factory=RulerLimits, description="What the ruler takes.")


class RunbooksTarget(SpecModel):
    """Runbook pages. Every project gets them; this says where people find them."""

    url: Text = Field(description="Where the pages are served; links to them start with it.", pattern="^https?://")


class Targets(SpecModel):
    """The systems that this project is compiled for. A system that is not named gets no output."""

    prometheus: OnDemand[PrometheusTarget] = Field(None, description="Scraping and rules.")
    blackbox: OnDemand[BlackboxTarget] = Field(None, description="Probes, through blackbox_exporter.")
    alertmanager: OnDemand[AlertmanagerTarget] = Field(None, description="Routing and notification.")
    grafana: OnDemand[GrafanaTarget] = Field(None, description="Dashboards.")
    datadog: OnDemand[DatadogTarget] = Field(None, description="Monitors, SLOs and dashboards.")
    sentry: OnDemand[SentryTarget] = Field(None, description="Error alerts.")
    pagerduty: OnDemand[PagerDutyTarget] = Field(None, description="People on call, and who is paged next.")
    ruler: OnDemand[RulerTarget] = Field(None, description="Rules, evaluated by Mimir or Cortex.")
    loki: OnDemand[LokiTarget] = Field(None, description="Logs.")
    alloy: OnDemand[AlloyTarget] = Field(None, description="Brings logs to Loki.")
    promtail: OnDemand[PromtailTarget] = Field(None, description="Brings logs to Loki, where Alloy does not yet.")
    elasticsearch: OnDemand[ElasticsearchTarget] = Field(None, description="Logs, in Elasticsearch and Kibana.")
    jaeger: OnDemand[JaegerTarget] = Field(None, description="Traces.")
    tempo: OnDemand[TempoTarget] = Field(None, description="Traces, in Grafana's own store.")
    collector: OnDemand[CollectorTarget] = Field(None, description="Brings traces there, and counts them.")
    runbooks: OnDemand[RunbooksTarget] = Field(None, description="Runbook pages.")
