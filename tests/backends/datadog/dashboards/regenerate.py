"""Writes the files under tests/backends/datadog/dashboards/expected/ anew.

``python -m tests.backends.datadog.dashboards.regenerate``
"""

from __future__ import annotations

from tests.backends.datadog.dashboards.boards import CASES, HERE, files
from tests.backends.golden import write_expected

if __name__ == "__main__":
    write_expected(HERE / "expected", CASES, files)
