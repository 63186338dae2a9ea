"""The one list of commands: name, module, and the line that ``monmc --help`` prints.

Nothing heavy is imported here: ``--version`` and ``--help`` are answered from this table alone.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Command:
    """``module`` has a function ``command``, whose signature makes the options."""

    name: str
    summary: str

    @property
    def module(self) -> str:
        """The module of the command."""
        return f"skillforge_mon.cli.{self.name}_command"


COMMANDS = (
    Command("adopt", "Make a live object that somebody made by hand one of the spec."),
    Command("backup", "Save live objects to a folder, each in a file of its own."),
    Command("build", "Compile specs and write the configuration of every backend."),
    Command("check", "Report every problem of the specs, and write nothing."),
    Command("codegen", "Write a typed instrumentation module from the metric catalogue."),
    Command("diff", "Show what would change, object by object and field by field."),
    Command("explain", "Print the page of a diagnostic code."),
    Command("export", "Write the SLOs of a spec as OpenSLO documents."),
    Command("health", "Ask every system whether it does what the specs count on."),
    Command("import", "Read a metric page, or SLOs of other tools, and write entries of the language."),
    Command("init", "Write a commented spec to start from."),
    Command("maintenance", "Mute a service now, for a while, on every system that can."),
    Command("packs", "List the packs, or show what one brings."),
    Command("push", "Make the live systems what was built: plan, ask, apply."),
    Command("restore", "Put live objects back as they were saved."),
    Command("route", "Say who is told of an alert, when, and when not."),
    Command("schema", "Print the JSON schema of the language, for editors."),
    Command("score", "Review every service for production, and say what is missing."),
    Command("show", "Print the merged spec, with the place that each value came from."),
    Command("test", "Prove by promtool that every SLO and alert does what its spec says."),
    Command("translate", "Say one PromQL expression in another system's language."),
)

EXIT_CODES = """\
Exit codes: 0 done; 1 errors found; 2 differences found (only with --check or --exit-code); 64 wrong usage; 70 a defect
in monmc; 130 interrupted."""
