"""MON3208: a channel that Alertmanager has no way to."""

from __future__ import annotations

from collections.abc import Iterator

from skillforge_mon.checks.examples import changed
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity
from skillforge_mon.model.channels import ChannelKind, channels
from skillforge_mon.model.project import Project
from skillforge_mon.spec.models.people import SlackChannel

_SMTP = '{smtp: {smarthost: "mail.example.com:587", from: alerts@example.com}}'
_MAIL = ('{webhook: "http://hooks:8080/"}', "{email: shop@example.com}")
CODE = Code(
    "MON3208",
    "channel-without-server",
    Severity.ERROR,
    "A team is told by e-mail without a mail server, or on Slack without a webhook, while Alertmanager is a target.",
    "Alertmanager would refuse the whole file, and go on with the old one.",
    bad=changed(("  prometheus: {}\n", "  prometheus: {}\n  alertmanager: {}\n"), _MAIL),
    good=changed(("  prometheus: {}\n", f"  prometheus: {{}}\n  alertmanager: {_SMTP}\n"), _MAIL),
)


def check(project: Project) -> Iterator[Diagnostic]:
    """Every channel of every team."""
    target = project.targets.alertmanager
    if target is None:
        return
    for team in project.teams.values():
        for channel in channels(team):
            if channel.kind is ChannelKind.EMAIL and target.smtp is None:
                yield CODE.at(
                    team.place.at(*channel.path),
                    f"`{team.name}` is told by e-mail, and Alertmanager has no mail server",
                    help='add `smtp: {smarthost: "host:587", from: …}` to `targets.alertmanager`',
                )
            elif (
                isinstance(channel.spec, SlackChannel) and channel.spec.api_url is None and target.slack_api_url is None
            ):
                yield CODE.at(
                    team.place.at(*channel.path),
                    f"`{team.name}` is told on Slack, and Alertmanager has no webhook for it",
                    help="add `slack_api_url: ${secret:NAME}` to `targets.alertmanager`, or `api_url` to the channel",
                )
