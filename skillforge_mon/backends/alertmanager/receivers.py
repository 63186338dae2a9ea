"""Receivers and the global settings they share: https://prometheus.io/docs/alerting/latest/configuration/#receiver.

Alertmanager reads no environment and expands nothing. A secret stands in a file, and the configuration names the file.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from skillforge_mon.backends.alertmanager import message_templates as messages
from skillforge_mon.backends.alertmanager.capabilities import Version, can, since
from skillforge_mon.documents.document import Grade, Plain, Verdict
from skillforge_mon.lower.notifications import NotificationRoute
from skillforge_mon.model.channels import Channel
from skillforge_mon.model.secrets import references_in, secret_reference
from skillforge_mon.spec.models.people import (
    JiraChannel,
    MsTeamsChannel,
    OpsgenieChannel,
    PagerDutyChannel,
    SlackChannel,
    WebhookChannel,
)
from skillforge_mon.spec.models.targets import AlertmanagerTarget

Config = dict[str, Plain]


class UntranslatableError(Exception):
    """This version cannot say it: ``args`` are the reason and what to write instead."""

    def __init__(self, reason: str, instead: str) -> None:
        super().__init__(reason, instead)
        self.reason = reason
        self.instead = instead


def receivers(
    routes: Iterable[NotificationRoute], target: AlertmanagerTarget, version: Version
) -> tuple[list[Plain], tuple[Verdict, ...]]:
    """One receiver per route with all of its channels, and a verdict for each channel that ``version`` cannot serve."""
    found: list[Plain] = []
    verdicts: dict[Verdict, None] = {}
    for route in routes:
        configs: defaultdict[str, list[Plain]] = defaultdict(list)
        for channel in route.channels:
            try:
                kind, config = _integration(channel, target, version)
            except UntranslatableError as error:
                verdicts[_verdict(channel.team.id, error, channel.kind)] = None
            else:
                configs[kind].append(config)
        found.append({"name": route.name, **configs})
    return found, tuple(verdicts)


def global_settings(target: AlertmanagerTarget, events_url: str | None) -> tuple[Config, tuple[Verdict, ...]]:
    """What all receivers share, and a verdict for each setting that cannot be said.

    ``events_url`` is where PagerDuty takes events, unless the target says otherwise; None for its usual address.
    """
    settings: Config = {}
    verdicts: list[Verdict] = []
    smtp = target.smtp
    plain = {
        "smtp_smarthost": ("smtp", smtp.smarthost if smtp else None),
        "smtp_from": ("smtp", smtp.sender if smtp else None),
        "smtp_auth_username": ("smtp", smtp.username if smtp else None),
        "pagerduty_url": ("pagerduty_url", target.pagerduty_url or events_url),
        "opsgenie_api_url": ("opsgenie_url", target.opsgenie_url),
    }
    secret = {
        "smtp_auth_password_file": ("smtp", smtp.password if smtp else None),
        "slack_api_url_file": ("slack_api_url", target.slack_api_url),
    }
    for key, (field, value) in {**plain, **secret}.items():
        if value is None:
            continue
        try:
            settings[key] = _file(value, target) if key in secret else _text(value)
        except UntranslatableError as error:
            verdicts.append(_verdict("targets.alertmanager", error, field))
    if smtp is not None:
        settings["smtp_require_tls"] = smtp.require_tls
    return settings, tuple(verdicts)


def _verdict(object_id: str, error: UntranslatableError, field: str) -> Verdict:
    return Verdict("alertmanager", object_id, Grade.UNTRANSLATABLE, error.reason, error.instead, field)


def _file(value: str, target: AlertmanagerTarget) -> str:
    """The file that holds the secret ``value`` on the server."""
    reference = secret_reference(value)
    if reference is None:
        raise UntranslatableError(
            "a secret is read from a file of its own, and this is not the name of a whole secret",
            "write `${secret:NAME}`, and nothing around it",
        )
    return reference.file_in(target.secrets_dir)


def _text(value: str) -> str:
    """``value``, which must not be a secret: this field cannot be read from a file."""
    if references := references_in(value):
        raise UntranslatableError(
            f"Alertmanager has no way to take {references[0]} from a file or the environment here",
            "write the text itself",
        )
    return value


def _integration(channel: Channel, target: AlertmanagerTarget, version: Version) -> tuple[str, Config]:
    """The section of a receiver that the channel belongs to, and its entry there."""
    match channel.spec:
        case PagerDutyChannel():
            return "pagerduty_configs", _pagerduty(channel.spec, target)
        case OpsgenieChannel():
            return "opsgenie_configs", _opsgenie(channel.spec, target)
        case SlackChannel():
            return "slack_configs", _slack(channel.spec, target)
        case WebhookChannel():
            return "webhook_configs", _webhook(channel.spec, target, version)
        case MsTeamsChannel():
            return _teams(channel.spec, target, version)
        case JiraChannel():
            return "jira_configs", _jira(channel.spec, target, version)
        case address:
            return "email_configs", _email(address, target)


def _pagerduty(channel: PagerDutyChannel, target: AlertmanagerTarget) -> Config:
    if channel.routing_key is None:
        raise UntranslatableError(
            "there is no key of an integration to page PagerDuty with",
            "write `routing_key: ${secret:NAME}`, or let an escalation policy notify this team",
        )
    return {
        "routing_key_file": _file(channel.routing_key, target),
        "description": messages.TITLE,
        "severity": messages.PAGERDUTY_SEVERITY,
        "class": "{{ .CommonLabels.alertname }}",
        "component": "{{ .CommonLabels.service }}",
        "details": {"text": messages.TEXT},
        "links": [{"href": messages.RUNBOOK, "text": "Runbook"}],
    }


def _opsgenie(channel: OpsgenieChannel, target: AlertmanagerTarget) -> Config:
    config: Config = {
        "api_key_file": _file(channel.api_key, target),
        "message": messages.TITLE,
        "description": messages.TEXT,
        "priority": messages.OPSGENIE_PRIORITY,
    }
    if channel.team is not None:
        config["responders"] = [{"name": _text(channel.team), "type": "team"}]
    return config


def _slack(channel: SlackChannel, target: AlertmanagerTarget) -> Config:
    config: Config = {}
    if channel.api_url is not None:
        config["api_url_file"] = _file(channel.api_url, target)
    elif target.slack_api_url is None:
        raise UntranslatableError("there is no webhook to reach Slack through", "write `slack_api_url` in the target")
    return {
        **config,
        "channel": _text(channel.channel),
        "send_resolved": True,
        "color": messages.COLOUR,
        "title": messages.TITLE,
        "text": messages.TEXT,
    }


def _webhook(channel: WebhookChannel, target: AlertmanagerTarget, version: Version) -> Config:
    if not references_in(channel.url):
        return {"url": channel.url}
    if not can(version, "webhook_configs.url_file"):
        known = since("webhook_configs.url_file")
        raise UntranslatableError(
            f"Alertmanager takes the address of a webhook from a file from {known} on",
            f"name version {known} or later, or write an address that is no secret",
        )
    return {"url_file": _file(channel.url, target)}


def _teams(channel: MsTeamsChannel, target: AlertmanagerTarget, version: Version) -> tuple[str, Config]:
    if not can(version, "msteams_configs.webhook_url_file"):
        known = since("msteams_configs.webhook_url_file")
        raise UntranslatableError(
            f"Alertmanager reaches Microsoft Teams through an address in a file from {known} on",
            f"name version {known} or later, or reach the channel through its e-mail address",
        )
    kind = "msteamsv2_configs" if can(version, "msteamsv2_configs") else "msteams_configs"
    return kind, {
        "webhook_url_file": _file(channel.webhook_url, target),
        "title": messages.TITLE,
        "text": messages.TEXT,
    }


def _jira(channel: JiraChannel, target: AlertmanagerTarget, version: Version) -> Config:
    if not can(version, "jira_configs"):
        known = since("jira_configs")
        raise UntranslatableError(
            f"Alertmanager makes issues in Jira from {known} on",
            f"name version {known} or later, or send to Jira through a webhook",
        )
    token = _file(channel.api_token, target)
    login: Config
    if channel.username is not None:
        login = {"basic_auth": {"username": _text(channel.username), "password_file": token}}
    else:
        login = {"authorization": {"type": "Bearer", "credentials_file": token}}
    return {
        "api_url": _text(channel.api_url),
        "project": _text(channel.project),
        "issue_type": _text(channel.issue_type),
        "summary": messages.TITLE,
        "description": messages.TEXT,
        "http_config": login,
    }


def _email(address: str, target: AlertmanagerTarget) -> Config:
    if target.smtp is None:
        raise UntranslatableError("there is no mail server to send through", "write `smtp` in the target")
    return {"to": _text(address), "send_resolved": True, "headers": {"Subject": messages.TITLE}, "text": messages.TEXT}
