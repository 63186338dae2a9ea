"""What SDKs of OpenTelemetry read from their environment, and Datadog's libraries besides."""

from __future__ import annotations

from typing import Final

from skillforge_mon.backends.output import Output

OUTPUTS: Final = (
    Output(
        "the environment of services that send traces",
        ("traces", "services"),
        "otel/*.env",
        ("tests/backends/tracing/test_environment.py",),
        "monmc build",
    ),
)
"""What it writes."""
