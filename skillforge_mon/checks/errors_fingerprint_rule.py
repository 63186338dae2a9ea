"""MON3668: fingerprint rules that Sentry cannot read."""

from __future__ import annotations

import re
from collections.abc import Iterator

from skillforge_mon.checks.errors_examples import SET_UP, set_up_with
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity
from skillforge_mon.model.project import Project

_QUOTED = r'"[^"\\]*(?:\\.[^"\\]*)*"'
_MATCHER = rf'!?(?:[a-zA-Z0-9_.-]+|"[a-zA-Z0-9_.:-]+"):(?:{_QUOTED}|(?!->)\S+)'
_VALUE = rf"(?:[a-zA-Z0-9_.-]+={_QUOTED}|{_QUOTED}|\{{\{{\s*\S+\s*\}}\}}|[^\s{{,]+)"
_RULE = re.compile(rf" *{_MATCHER}(?: +{_MATCHER})* +-> *{_VALUE}(?:(?: *, *| +){_VALUE})* *,? *")
"""``MATCHER:PATTERN … -> VALUE, …``: getsentry/sentry, ``grouping.fingerprinting.parser``."""

CODE = Code(
    "MON3668",
    "unreadable-fingerprint-rule",
    Severity.ERROR,
    "A fingerprint rule is not of the form `matcher:pattern -> value`.",
    "Sentry refuses all rules of a project when it cannot read one.",
    bad=set_up_with("error.type:ReadTimeout -> timeout", "error.type = ReadTimeout -> timeout"),
    good=SET_UP,
)


def check(project: Project) -> Iterator[Diagnostic]:
    """Rules of all services; a comment is a rule that says nothing."""
    for service in project.services.values():
        errors = service.spec.errors
        if errors is None:
            continue
        many = service.place.find("errors", "fingerprints", 0) is not None
        for number, rule in enumerate(errors.fingerprints):
            if _RULE.fullmatch(rule) is None:
                path = ("errors", "fingerprints", number) if many else ("errors", "fingerprints")
                yield CODE.at(
                    service.place.at(*path),
                    f"`{rule}` is no fingerprint rule",
                    help='write it as `error.type:ReadTimeout message:"*upstream*" -> timeout`',
                )
