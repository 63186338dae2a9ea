"""What each version of Alertmanager can say. A field that a version does not know stops it from loading the file.

Source: the structs of config/config.go, config/notifiers.go and timeinterval/timeinterval.go of Alertmanager, compared
between its releases.
"""

from __future__ import annotations

from typing import Final

from skillforge_mon.backends.output import Output

Version = tuple[int, int]

SINCE: dict[str, Version] = {
    "route.matchers": (0, 22),
    "slack_configs.api_url_file": (0, 22),
    "opsgenie_configs.api_key_file": (0, 24),
    "time_intervals": (0, 24),
    "route.active_time_intervals": (0, 24),
    "time_intervals.location": (0, 25),
    "pagerduty_configs.routing_key_file": (0, 25),
    "global.smtp_auth_password_file": (0, 25),
    "webhook_configs.url_file": (0, 26),
    "msteams_configs": (0, 26),
    "msteams_configs.webhook_url_file": (0, 27),
    "UTF-8 label names": (0, 27),
    "msteamsv2_configs": (0, 28),
    "jira_configs": (0, 28),
}
"""Field of the file -> the first version that knows it."""

_TAKEN_FOR_GRANTED = (
    "route.matchers",
    "slack_configs.api_url_file",
    "opsgenie_configs.api_key_file",
    "time_intervals",
    "route.active_time_intervals",
    "time_intervals.location",
    "pagerduty_configs.routing_key_file",
    "global.smtp_auth_password_file",
)
OLDEST = max(SINCE[field] for field in _TAKEN_FOR_GRANTED)
"""The oldest that monmc writes for. Nothing asks whether a version knows the fields that it has."""


def parse_version(text: str) -> Version:
    """Major and minor of ``0.28`` or ``0.28.1``."""
    major, minor = text.split(".")[:2]
    return int(major), int(minor)


def can(version: Version, field: str) -> bool:
    """True when ``version`` knows ``field``, a key of SINCE."""
    return version >= SINCE[field]


def since(field: str) -> str:
    """The first version that knows ``field``, as people write it."""
    return ".".join(map(str, SINCE[field]))


OUTPUTS: Final = (
    Output(
        "alertmanager.yml and its templates",
        ("teams", "escalation", "maintenance"),
        "alertmanager/alertmanager.yml",
        ("tests/real/test_alertmanager.py", "tests/real/test_escalation_end_to_end.py"),
        "monmc route",
    ),
    Output(
        "silences",
        ("maintenance",),
        "alertmanager/silences/*",
        ("tests/real/test_silences.py",),
        "monmc push",
    ),
)
"""What it writes."""
