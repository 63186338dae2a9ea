"""Datadog's API as far as monmc uses it: it keeps what it is sent, in the forms of the real one."""

from __future__ import annotations

from tests.fakes.datadog_dashboards import Dashboards, Synthetics
from tests.fakes.datadog_downtimes import Downtimes
from tests.fakes.datadog_logs import Logs
from tests.fakes.datadog_monitors import Monitors, Slos
from tests.fakes.datadog_scanner import Scanner
from tests.fakes.datadog_state import API_KEY, APP_KEY, SCOPES

__all__ = ["API_KEY", "APP_KEY", "SCOPES", "FakeDatadog"]


class FakeDatadog(Monitors, Slos, Dashboards, Synthetics, Downtimes, Logs, Scanner):
    """``objects`` are the objects by kind and identifier; ``today`` is the server's clock, which a test may turn.

    ``scopes`` are the permissions of the application key. Without ``now`` the limits follow the machine's clock.
    """
