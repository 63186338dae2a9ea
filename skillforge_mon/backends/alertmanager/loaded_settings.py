"""The configuration that Alertmanager has loaded, against ``alertmanager.yml`` of a build.

``config.original`` of ``/api/v2/status`` is not the file: it is the loaded structs, printed, with every default, with
what each receiver has from ``global``, and without secrets. Source of the tables: the ``Default…`` values of
config/config.go and config/notifiers.go of Alertmanager from 0.25 to 0.34; held against running servers of 0.25 and
0.33.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from skillforge_mon.backends.alertmanager.loaded_intervals import interval_form
from skillforge_mon.backends.go_configuration import ANYWHERE, Form, read_printed, with_secrets
from skillforge_mon.documents.document import Plain
from skillforge_mon.remote.api import Difference
from skillforge_mon.remote.errors import RefusedError

_DEFAULTS: Final[Mapping[str, Mapping[str, tuple[Any, ...]]]] = {
    ANYWHERE: {
        "follow_redirects": ("true",),
        "enable_http2": ("true",),
        "send_resolved": ("true",),
        "group_wait": (),
        "group_interval": (),
        "repeat_interval": (),
    },
    "global": {
        "resolve_timeout": ("5m",),
        "smtp_hello": ("", "localhost"),
        "smtp_require_tls": ("true",),
        "pagerduty_url": ("https://events.pagerduty.com/v2/enqueue",),
        "opsgenie_api_url": ("https://api.opsgenie.com/",),
        "wechat_api_url": ("https://qyapi.weixin.qq.com/cgi-bin/",),
        "victorops_api_url": ("https://alert.victorops.com/integrations/generic/20131114/alert/",),
        "telegram_api_url": ("https://api.telegram.org",),
        "webex_api_url": ("https://webexapis.com/v1/messages",),
        "rocketchat_api_url": ("https://open.rocket.chat/",),
        "slack_app_url": ("", "https://slack.com/api/chat.postMessage"),
    },
    "email_configs": {"send_resolved": ("false",), "hello": ("", "localhost"), "require_tls": ("true",)},
    "slack_configs": {
        "send_resolved": ("false",),
        "app_url": ("", "https://slack.com/api/chat.postMessage"),
        "color": ('{{ if eq .Status "firing" }}danger{{ else }}good{{ end }}',),
    },
    "pagerduty_configs": {"url": ("https://events.pagerduty.com/v2/enqueue",), "severity": ("error",)},
    "opsgenie_configs": {"api_url": ("https://api.opsgenie.com/",)},
    "authorization": {"type": ("Bearer",)},
    "jira_configs": {"api_type": ("", "auto")},
    "details": {
        "firing": (
            '{{ template "pagerduty.default.instances" .Alerts.Firing }}',
            "{{ .Alerts.Firing | toJson }}",
        ),
        "resolved": (
            '{{ template "pagerduty.default.instances" .Alerts.Resolved }}',
            "{{ .Alerts.Resolved | toJson }}",
        ),
        "num_firing": ("{{ .Alerts.Firing | len }}",),
        "num_resolved": ("{{ .Alerts.Resolved | len }}",),
    },
}
_FREE: Final = frozenset(("headers",))
_DURATIONS: Final = frozenset(("group_wait", "group_interval", "repeat_interval", "resolve_timeout", "timeout"))
_UNORDERED: Final = frozenset(("matchers", "source_matchers", "target_matchers", "equal"))
"""Lists whose order means nothing, and is not kept by every version."""

_FROM_GLOBAL: Final[Mapping[str, Mapping[str, str]]] = {
    "email_configs": {
        "from": "smtp_from", "smarthost": "smtp_smarthost", "hello": "smtp_hello",
        "auth_username": "smtp_auth_username", "auth_password": "smtp_auth_password",
        "auth_password_file": "smtp_auth_password_file", "auth_secret": "smtp_auth_secret",
        "auth_identity": "smtp_auth_identity", "require_tls": "smtp_require_tls", "tls_config": "smtp_tls_config",
    },
    "slack_configs": {"api_url": "slack_api_url", "api_url_file": "slack_api_url_file", "app_url": "slack_app_url"},
    "pagerduty_configs": {"url": "pagerduty_url"},
    "opsgenie_configs": {
        "api_url": "opsgenie_api_url", "api_key": "opsgenie_api_key", "api_key_file": "opsgenie_api_key_file",
    },
    "jira_configs": {"api_url": "jira_api_url"},
}  # fmt: skip
"""Integration -> key -> the key of ``global`` that it has its value from when it says none (Config.UnmarshalYAML)."""

_OWN_TEMPLATE: Final = re.compile(r'\{\{ ?template "[a-z0-9]+\.default\.\w+" \. ?\}\}')
"""A text that an integration has when nobody gives it one."""

_RECEIVERS: Final = "receivers"
_INTERVALS: Final = "time_intervals"
_OLD_INTERVALS: Final = "mute_time_intervals"
_NAMED: Final = {_RECEIVERS: "receiver", _INTERVALS: "time interval"}


def setting_differences(printed: str, wanted: Mapping[str, Plain]) -> Iterator[Difference]:
    """What the server has loaded (``config.original``) otherwise than ``wanted`` says it."""
    try:
        loaded = read_printed(printed)
    except ValueError as error:
        raise RefusedError(f"Alertmanager: {error}") from None
    templates = wanted.get("templates")
    paths = frozenset(str(path) for path in templates) if isinstance(templates, list) else frozenset[str]()
    form = Form(_DEFAULTS, _FREE, _DURATIONS, paths=paths)
    old, new = _comparable(loaded or {}, form), _comparable(wanted, form)
    for key in sorted(old.keys() | new.keys()):
        if key in _NAMED:
            before, after = old.get(key, {}), new.get(key, {})
            for name in sorted(before.keys() | after.keys()):
                yield from _difference(_NAMED[key], name, before.get(name), after.get(name))
        else:
            yield from _difference("setting", key, old.get(key), new.get(key))


def _difference(kind: str, name: str, old: Any, new: Any) -> Iterator[Difference]:
    live = with_secrets(old, new)
    if live != new:
        yield Difference(kind, name, live, new)


def _comparable(config: Mapping[str, Plain], form: Form) -> dict[str, Any]:
    """The configuration in the common form; receivers and time intervals by their names."""
    formed: dict[str, Any] = _ordered(form.of({key: value for key, value in config.items() if key != _INTERVALS}))
    shared = formed.get("global", {})
    formed[_RECEIVERS] = {receiver["name"]: _receiver(receiver, shared) for receiver in formed.get(_RECEIVERS, [])}
    intervals: Any = [*(config.get(_INTERVALS) or ()), *(config.get(_OLD_INTERVALS) or ())]  # type: ignore[misc]
    formed.pop(_OLD_INTERVALS, None)
    formed[_INTERVALS] = {interval["name"]: interval_form(interval) for interval in intervals}
    return formed


def _ordered(value: Any, place: str = "") -> Any:
    if isinstance(value, dict):
        return {key: _ordered(member, key) for key, member in value.items()}
    if isinstance(value, list):
        return sorted(value) if place in _UNORDERED else [_ordered(item) for item in value]
    return value


def _receiver(receiver: dict[str, Any], shared: Mapping[str, Any]) -> dict[str, Any]:
    """Without its name, what it has from ``global``, and the texts that its integrations have of themselves."""
    found: dict[str, Any] = {}
    for kind, configs in receiver.items():
        if kind == "name" or (kind == "labels" and configs == {"name": receiver["name"]}):
            # From 0.33 on a receiver has a label with its name.
            continue
        found[kind] = [_integration(kind, one, shared) for one in configs] if isinstance(configs, list) else configs
    return found


def _integration(kind: str, config: dict[str, Any], shared: Mapping[str, Any]) -> dict[str, Any]:
    inherited = {key: shared.get(source) for key, source in _FROM_GLOBAL.get(kind, {}).items()}
    inherited["http_config"] = shared.get("http_config")
    found = {key: _plain_text(value) for key, value in config.items()}
    if kind == "email_configs":
        found["headers"] = _headers(found, shared)
    return {
        key: value
        for key, value in found.items()
        if value not in ({}, None, inherited.get(key))
        and not (isinstance(value, str) and _OWN_TEMPLATE.fullmatch(value))
    }


def _plain_text(value: Any) -> Any:
    """Newer versions print a text of Jira's that is a template as ``{template: …}``."""
    return value["template"] if isinstance(value, dict) and value.keys() == {"template"} else value


def _headers(config: Mapping[str, Any], shared: Mapping[str, Any]) -> dict[str, str]:
    """Without those that Alertmanager makes of the addresses; names are printed with capitals."""
    made = {"From": config.get("from", shared.get("smtp_from")), "To": config.get("to")}
    headers = {key.title(): value for key, value in config.get("headers", {}).items()}
    return {
        key: value for key, value in headers.items() if made.get(key) != value and not _OWN_TEMPLATE.fullmatch(value)
    }
