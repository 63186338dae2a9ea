"""GitHub's workflow commands, which become annotations on the lines of a pull request.

The syntax and its escapes are those of "Workflow commands for GitHub Actions" and of the runner's toolkit.
"""

from __future__ import annotations

from skillforge_mon.diagnostics.diagnostic import Diagnostic
from skillforge_mon.diagnostics.render.run import Run
from skillforge_mon.diagnostics.render.visible import visible
from skillforge_mon.diagnostics.summary import counts, counts_in_words

SHOWN_PER_SEVERITY = 10
"""GitHub shows this many annotations of each severity per step and drops the rest without a word."""
_COMMANDS = {"error": "error", "warning": "warning", "note": "notice"}


def render(run: Run) -> str:
    """One command for each diagnostic, the worst first, after a notice where GitHub will not show them all."""
    commands = [_command(diagnostic) for diagnostic in run.worst_first()]
    if max(counts(run.diagnostics).values()) > SHOWN_PER_SEVERITY:
        text = (
            f"GitHub shows at most {SHOWN_PER_SEVERITY} annotations of each severity; this run has "
            f"{counts_in_words(run.diagnostics)}: the log of this step has them all"
        )
        commands.insert(0, f"::notice title=monmc::{_data(text)}")
    return "".join(f"{command}\n" for command in commands)


def _command(diagnostic: Diagnostic) -> str:
    properties: dict[str, str | int] = {}
    if (span := diagnostic.span) is not None:
        properties |= {"file": visible(span.file), "line": max(span.line, 1)}
        if span.end_line <= span.line:
            column = max(span.column, 1)
            end = max(span.end_column, column) if span.end_line == span.line else column
            properties |= {"col": column, "endLine": max(span.line, 1), "endColumn": end}
        else:  # columns are refused where an annotation covers several lines
            properties |= {"endLine": max(span.end_line, 1)}
    properties["title"] = visible(diagnostic.code)
    written = ",".join(f"{name}={_property(str(value))}" for name, value in properties.items())
    return f"::{_COMMANDS[diagnostic.severity.value]} {written}::{_data(_message(diagnostic))}"


def _message(diagnostic: Diagnostic) -> str:
    lines = [diagnostic.headline, *(line for note in diagnostic.notes for line in note.splitlines())]
    if diagnostic.help:
        lines += f"help: {diagnostic.help}".splitlines()
    return "\n".join(map(visible, lines))


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
