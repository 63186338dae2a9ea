"""The servers that a project is compiled for, as programs to run.

A server runs in the version that its target names: that is what its configuration was written for.
"""

from __future__ import annotations

from typing import Final

from skillforge_mon.backends.deployment.log_servers import LOG_SERVERS
from skillforge_mon.backends.deployment.metric_servers import METRIC_SERVERS
from skillforge_mon.backends.deployment.system import System
from skillforge_mon.backends.deployment.thanos import THANOS
from skillforge_mon.backends.deployment.trace_servers import TRACE_SERVERS

SERVERS: Final[tuple[System, ...]] = (*METRIC_SERVERS, *THANOS, *LOG_SERVERS, *TRACE_SERVERS)
"""Every server. One more is one entry in one of the four."""
