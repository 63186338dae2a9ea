"""Writes the files under tests/diagnostics/expected/ anew: ``python -m tests.diagnostics.regenerate``."""

from __future__ import annotations

from pathlib import Path

from skillforge_mon.diagnostics.render import FORMATS, render
from skillforge_mon.version import VERSION
from tests.diagnostics.cases import CASES, CODES

EXPECTED = Path(__file__).parent / "expected"
SUFFIXES = {"text": "txt", "colour": "ansi", "concise": "lines", "json": "json", "sarif": "sarif", "github": "github"}
SUFFIXES["markdown"] = "md"


def outputs() -> dict[str, str]:
    """Every expected file's name and what monmc writes now; the version of monmc is left out."""
    written = {}
    for name, case in CASES.items():
        for form in [*FORMATS, "colour"]:
            text = render(
                case.diagnostics,
                case.sources,
                "text" if form == "colour" else form,
                case.summary,
                colour=form == "colour",
                width=case.width,
                codes=CODES,
            )
            version = f'"semanticVersion": "{VERSION}"'
            written[f"{name}.{SUFFIXES[form]}"] = text.replace(version, '"semanticVersion": "0.0.0"')
    return written


def main() -> None:
    """Replaces all expected files."""
    EXPECTED.mkdir(exist_ok=True)
    for old in EXPECTED.iterdir():
        old.unlink()
    for name, text in outputs().items():
        (EXPECTED / name).write_text(text, encoding="utf-8", newline="")


if __name__ == "__main__":
    main()
