"""Writes the files under tests/backends/grafana/expected/ anew: ``python -m tests.backends.grafana.regenerate``."""

from __future__ import annotations

import shutil

from tests.backends.grafana.compiled import CASES, HERE, files

EXPECTED = HERE / "expected"


def main() -> None:
    """Replaces all expected files."""
    shutil.rmtree(EXPECTED, ignore_errors=True)
    for case in CASES:
        for name, text in files(case).items():
            path = EXPECTED / case / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="")


if __name__ == "__main__":
    main()
