"""Who is told, as contact points: one per route of the project, with a receiver for each of its channels.

Settings are those of ``pkg/services/ngalert/notifier/channels_config``; messages are Grafana's own, which show the
summary, the description and the runbook of every alert.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from skillforge_mon.backends.grafana.ownership import digest, name_prefix, uid_prefix
from skillforge_mon.documents.document import Document, Format, Grade, Plain, Resource, Verdict
from skillforge_mon.lower.notifications import NotificationRoute
from skillforge_mon.model.channels import Channel
from skillforge_mon.model.project import Project
from skillforge_mon.spec.models.people import (
    JiraChannel,
    MsTeamsChannel,
    OpsgenieChannel,
    PagerDutyChannel,
    SlackChannel,
    WebhookChannel,
)

FOLDER = "grafana/alerting/contact-points"
Settings = dict[str, Plain]


def point_name(project: Project, route: NotificationRoute) -> str:
    """What the contact point of ``route`` is called: ``shop production: critical-level-1``."""
    return f"{name_prefix(project)}{route.name}"


def receivers(project: Project, routes: Iterable[NotificationRoute]) -> Iterator[Document]:
    """One document per receiver of every route, and verdicts on those that cannot be made."""
    for route in routes:
        for number, channel in enumerate(route.channels, 1):
            found = receiver(project, channel)
            if found is None:
                continue
            kind, settings = found
            key = uid_prefix(project) + digest(
                route.name, str(channel.kind), *map(str, channel.path), channel.team.name
            )
            body: Plain = {
                "uid": key,
                "name": point_name(project, route),
                "type": kind,
                "settings": settings,
                "disableResolveMessage": False,
            }
            resource = Resource("grafana", "contact_point", key)
            path = f"{FOLDER}/{route.name}-{number}.json"
            yield Document(path, body, Format.JSON, route.objects, resource=resource)


def verdicts(project: Project, routes: Iterable[NotificationRoute]) -> tuple[Verdict, ...]:
    """What is said of channels that Grafana cannot use."""
    missing = dict.fromkeys(
        channel.team.id for route in routes for channel in route.channels if receiver(project, channel) is None
    )
    return tuple(
        Verdict(
            "grafana",
            team,
            Grade.UNTRANSLATABLE,
            "there is no webhook or key to reach the channel through",
            "write `api_url` for the channel, `slack_api_url` in `targets.alertmanager`, or `routing_key`",
        )
        for team in missing
    )


def receiver(project: Project, channel: Channel) -> tuple[str, Settings] | None:
    """The type and the settings of the receiver for ``channel``; None where the spec does not say how to reach it."""
    match channel.spec:
        case PagerDutyChannel(routing_key=key):
            return None if key is None else ("pagerduty", {"integrationKey": key})
        case OpsgenieChannel(api_key=key, team=team):
            responders: Settings = {"responders": [{"name": team, "type": "team"}]} if team is not None else {}
            return "opsgenie", {"apiKey": key, **responders}
        case SlackChannel(channel=name, api_url=url):
            shared = project.targets.alertmanager.slack_api_url if project.targets.alertmanager is not None else None
            webhook = url or shared
            return None if webhook is None else ("slack", {"url": webhook, "recipient": name})
        case WebhookChannel(url=url):
            return "webhook", {"url": url, "httpMethod": "POST"}
        case MsTeamsChannel(webhook_url=url):
            return "teams", {"url": url}
        case JiraChannel():
            return "jira", _jira(channel.spec)
        case address:
            return "email", {"addresses": address, "singleEmail": False}


def _jira(channel: JiraChannel) -> Settings:
    settings: Settings = {"api_url": channel.api_url, "project": channel.project, "issue_type": channel.issue_type}
    if channel.username is None:
        return settings | {"api_token": channel.api_token}
    return settings | {"user": channel.username, "password": channel.api_token}
