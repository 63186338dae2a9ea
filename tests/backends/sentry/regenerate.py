"""Writes the files under tests/backends/sentry/expected/ anew: ``python -m tests.backends.sentry.regenerate``."""

from __future__ import annotations

import shutil

from tests.backends.sentry.compiled import CASES, HERE, files

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
