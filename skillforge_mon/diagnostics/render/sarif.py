"""SARIF 2.1.0, which code scanning services and editors read.

Section numbers are those of the standard, "Static Analysis Results Interchange Format Version 2.1.0" (OASIS).
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Fix, Span
from skillforge_mon.diagnostics.page import page, plain
from skillforge_mon.diagnostics.render.run import Run
from skillforge_mon.diagnostics.render.visible import visible
from skillforge_mon.version import VERSION

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
FINGERPRINT = "monmc/v1"
_EMBEDDED_LINK = re.compile(r"\[([^\[\]]*)\]\(")


def render(run: Run) -> str:
    """One run of monmc as a SARIF log in ASCII. A problem without a place stands at the start of the first file."""
    nowhere = Span.at(min(run.sources.texts)) if run.sources.texts else None
    numbers = sorted({diagnostic.code for diagnostic in run.diagnostics})
    codes = run.documentation() if numbers else {}
    seen: Counter[str] = Counter()
    log = {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "monmc",
                        "semanticVersion": VERSION,
                        "rules": [_rule(number, codes) for number in numbers],
                    }
                },
                "columnKind": "unicodeCodePoints",
                "results": [_result(diagnostic, numbers, seen, nowhere) for diagnostic in run.diagnostics],
            }
        ],
    }
    return json.dumps(log, indent=2) + "\n"


def _rule(number: str, codes: Mapping[str, Code]) -> dict[str, Any]:
    """A reportingDescriptor (3.49)."""
    code = codes.get(number)
    if code is None:
        return {"id": number}
    markdown = page(code)
    return {
        "id": number,
        "name": "".join(part.capitalize() for part in code.name.split("-")),
        "shortDescription": {"text": _message(code.what)},
        "fullDescription": {"text": _message(code.why)},
        "help": {"text": _message(plain(markdown)), "markdown": markdown},
        "defaultConfiguration": {"level": code.severity.value},
    }


def _result(diagnostic: Diagnostic, numbers: list[str], seen: Counter[str], nowhere: Span | None) -> dict[str, Any]:
    """A result (3.27). ``nowhere`` is its location where it has none, because code scanning services refuse that."""
    lines = [diagnostic.headline, *(line for note in diagnostic.notes for line in note.splitlines())]
    lines += diagnostic.help.splitlines()
    result: dict[str, Any] = {
        "ruleId": diagnostic.code,
        "ruleIndex": numbers.index(diagnostic.code),
        "level": diagnostic.severity.value,
        "message": {"text": _message("\n".join(map(visible, lines)))},
    }
    if (span := diagnostic.span or nowhere) is not None:
        result["locations"] = [{"physicalLocation": _place(span)}]
        if diagnostic.label:
            result["locations"][0]["message"] = {"text": _message(visible(diagnostic.label))}
    if diagnostic.secondary:
        result["relatedLocations"] = [
            {"id": index, "message": {"text": _message(visible(label.text))}, "physicalLocation": _place(label.span)}
            for index, label in enumerate(diagnostic.secondary)
        ]
    if diagnostic.fix is not None:
        result["fixes"] = [_fix(diagnostic.fix)]
    result["partialFingerprints"] = {FINGERPRINT: _fingerprint(diagnostic, seen)}
    return result


def _message(text: str) -> str:
    """A plain text message, in which ``[text](…)`` would be a link (3.11.6)."""
    return _EMBEDDED_LINK.sub(r"\\[\1\\](", text)


def _place(span: Span) -> dict[str, Any]:
    """A physicalLocation (3.29) with a region (3.30), whose lines and columns count from 1, the end exclusive."""
    line, column = max(span.line, 1), max(span.column, 1)
    end_line = max(span.end_line, line)
    end_column = max(span.end_column, 1 if end_line > line else column)
    region = {"startLine": line, "startColumn": column, "endLine": end_line, "endColumn": end_column}
    return {"artifactLocation": _file(span.file), "region": region}


def _file(name: str) -> dict[str, str]:
    """An artifactLocation (3.4): a path from the root of the repository, with ``/`` between its parts."""
    uri = quote(name.replace("\\", "/"), errors="surrogatepass")
    return {"uri": f"file://{uri}"} if uri.startswith("/") else {"uri": uri, "uriBaseId": "%SRCROOT%"}


def _fix(fix: Fix) -> dict[str, Any]:
    """A fix (3.55)."""
    place = _place(fix.span)
    replacement = {"deletedRegion": place["region"], "insertedContent": {"text": fix.replacement}}
    change = {"artifactLocation": place["artifactLocation"], "replacements": [replacement]}
    return {"description": {"text": _message(visible(fix.title))}, "artifactChanges": [change]}


def _fingerprint(diagnostic: Diagnostic, seen: Counter[str]) -> str:
    """Stays the same while the problem moves within its file (3.27.17); equal problems in one file are counted."""
    file = diagnostic.span.file if diagnostic.span else ""
    text = f"{diagnostic.code}\0{file}\0{diagnostic.headline}"
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    seen[digest] += 1
    return f"{digest}:{seen[digest]}"
