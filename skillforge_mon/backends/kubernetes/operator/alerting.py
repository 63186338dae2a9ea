"""alertmanager.yml as an AlertmanagerConfig: the same routes, receivers and intervals, secrets as keys of a Secret.

What is global in the file stands in every receiver, and templates are written out: an AlertmanagerConfig has neither
globals nor template files.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from skillforge_mon.backends.alertmanager.message_templates import TEXT_OF_FILE
from skillforge_mon.backends.kubernetes.operator.capabilities import NotSaidError, Secrets
from skillforge_mon.documents.document import Plain

_DEFINED: Final = re.compile(r'\{\{ define "([^"]+)" -?\}\}\n(.*?)\{\{-? end \}\}\n(?=\n|$)', re.DOTALL)
_USED: Final = re.compile(r'\{\{ template "([^"]+)" \. \}\}')
_MATCHER: Final = re.compile(r'([^=!~]+)(=~|!~|!=|=)"(.*)"', re.DOTALL)
_ESCAPED: Final = re.compile(r"\\(.)", re.DOTALL)

_ROUTE: Final = {
    "receiver": "receiver", "group_by": "groupBy", "group_wait": "groupWait", "group_interval": "groupInterval",
    "repeat_interval": "repeatInterval", "continue": "continue", "mute_time_intervals": "muteTimeIntervals",
    "active_time_intervals": "activeTimeIntervals",
}  # fmt: skip
_RECEIVERS: Final = {
    "pagerduty_configs": "pagerdutyConfigs", "opsgenie_configs": "opsgenieConfigs", "slack_configs": "slackConfigs",
    "webhook_configs": "webhookConfigs", "email_configs": "emailConfigs", "msteams_configs": "msteamsConfigs",
    "msteamsv2_configs": "msteamsv2Configs",
}  # fmt: skip
_FIELDS: Final = {"send_resolved": "sendResolved"}
_SECRETS: Final = {
    "routing_key_file": "routingKey", "api_key_file": "apiKey", "api_url_file": "apiURL", "url_file": "urlSecret",
}  # fmt: skip
"""Fields of receivers that name a file -> those that select a key; of the others, only these are written otherwise."""


def alertmanager_config(file: Mapping[str, Any], secrets: Secrets, problems: list[NotSaidError]) -> dict[str, Plain]:
    """``spec`` of the object; what cannot be said goes to ``problems``."""
    shared = file.get("global", {})
    spec: dict[str, Plain] = {
        "route": _route(file["route"]),
        "receivers": [_receiver(each, shared, secrets, problems) for each in file["receivers"]],
    }
    if rules := file.get("inhibit_rules"):
        spec["inhibitRules"] = [
            {
                "sourceMatch": [_matcher(text) for text in rule["source_matchers"]],
                "targetMatch": [_matcher(text) for text in rule["target_matchers"]],
                "equal": list(rule["equal"]),
            }
            for rule in rules
        ]
    if intervals := file.get("time_intervals"):
        spec["muteTimeIntervals"] = [_interval(each, problems) for each in intervals]
    return spec


def _route(route: Mapping[str, Any]) -> dict[str, Plain]:
    said: dict[str, Plain] = {}
    for key, value in route.items():
        if key in _ROUTE:
            said[_ROUTE[key]] = list(value) if isinstance(value, list) else value
        elif key == "matchers":
            said["matchers"] = [_matcher(text) for text in value]
    if "routes" in route:
        said["routes"] = [_route(child) for child in route["routes"]]
    return said


def _matcher(text: str) -> Plain:
    """``severity=~"a|b"`` as its parts; the text has a value in quotes, with backslashes before what they escape."""
    match = _MATCHER.fullmatch(text)
    assert match is not None, text  # noqa: S101 - our own matchers are always quoted
    value = _ESCAPED.sub(lambda found: "\n" if found[1] == "n" else found[1], match[3])
    return {"name": match[1], "matchType": match[2], "value": value}


def _receiver(
    receiver: Mapping[str, Any], shared: Mapping[str, Any], secrets: Secrets, problems: list[NotSaidError]
) -> Plain:
    said: dict[str, Plain] = {"name": receiver["name"]}
    for kind, configs in receiver.items():
        if kind == "name":
            continue
        if kind not in _RECEIVERS:
            instead = "send to it through a webhook, or run Alertmanager without the operator"
            problems.append(NotSaidError(f"an AlertmanagerConfig has no `{kind}`", instead))
            continue
        said[_RECEIVERS[kind]] = [_integration(kind, config, shared, secrets) for config in configs]
    return said


def _integration(kind: str, config: Mapping[str, Any], shared: Mapping[str, Any], secrets: Secrets) -> Plain:
    said: dict[str, Plain] = {}
    for key, value in config.items():
        if key == "webhook_url_file":
            said["webhookUrl" if kind == "msteams_configs" else "webhookURL"] = secrets.key_of(value)
        elif key in _SECRETS:
            said[_SECRETS[key]] = secrets.key_of(value)
        elif key in {"details", "headers"}:
            said[key] = [{"key": name, "value": written_out(text)} for name, text in value.items()]
        elif key == "links":
            # The Go field is Text, and its name in JSON is `alt`.
            said["pagerDutyLinkConfigs"] = [
                {"href": written_out(link["href"]), "alt": written_out(link["text"])} for link in value
            ]
        elif key == "responders":
            said[key] = [dict(responder) for responder in value]
        else:
            said[_FIELDS.get(key, key)] = written_out(value) if isinstance(value, str) else value
    return said | _from_shared(kind, said, shared, secrets)


def _from_shared(kind: str, said: Mapping[str, Plain], shared: Mapping[str, Any], secrets: Secrets) -> dict[str, Plain]:
    """What the file says for all receivers of a kind."""
    if kind == "slack_configs" and "apiURL" not in said and "slack_api_url_file" in shared:
        return {"apiURL": secrets.key_of(shared["slack_api_url_file"])}
    if kind == "pagerduty_configs" and "pagerduty_url" in shared:
        return {"url": shared["pagerduty_url"]}
    if kind == "opsgenie_configs" and "opsgenie_api_url" in shared:
        return {"apiURL": shared["opsgenie_api_url"]}
    if kind != "email_configs":
        return {}
    names = {"smtp_smarthost": "smarthost", "smtp_from": "from", "smtp_auth_username": "authUsername"}
    server: dict[str, Plain] = {name: shared[key] for key, name in names.items() if key in shared}
    server["requireTLS"] = shared.get("smtp_require_tls", True)
    if "smtp_auth_password_file" in shared:
        server["authPassword"] = secrets.key_of(shared["smtp_auth_password_file"])
    return server


def written_out(text: str) -> str:
    """``text`` with the templates of our file in the place of their names."""
    bodies = {name: _body(body) for name, body in _DEFINED.findall(TEXT_OF_FILE)}
    return _USED.sub(lambda used: bodies[used[1]], text)


def _body(text: str) -> str:
    """The body of a template as it stands alone: `-` at both ends of the definition takes the space there away."""
    return text.strip()


def _interval(interval: Mapping[str, Any], problems: list[NotSaidError]) -> Plain:
    return {
        "name": interval["name"],
        "timeIntervals": [_times(interval["name"], each, problems) for each in interval["time_intervals"]],
    }


def _times(name: str, entry: Mapping[str, Any], problems: list[NotSaidError]) -> Plain:
    said: dict[str, Plain] = {}
    if "location" in entry:
        instead = "say the times in UTC, or run Alertmanager without the operator"
        problem = NotSaidError(f"time intervals of an AlertmanagerConfig are in UTC, and `{name}` is not", instead)
        if all(problem.args != other.args for other in problems):
            problems.append(problem)
    if "times" in entry:
        said["times"] = [{"startTime": each["start_time"], "endTime": each["end_time"]} for each in entry["times"]]
    if "weekdays" in entry:
        said["weekdays"] = list(entry["weekdays"])
    if "days_of_month" in entry:
        said["daysOfMonth"] = [_days(text) for text in entry["days_of_month"]]
    for key in ("months", "years"):
        if key in entry:
            said[key] = list(entry[key])
    return said


def _days(text: str) -> Plain:
    first, _, last = text.partition(":")
    return {"start": int(first), "end": int(last or first)}
