"""A renderer costs nothing until it is asked for."""

from __future__ import annotations

import subprocess
import sys

PROGRAM = """
import sys
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity, Span
from skillforge_mon.diagnostics.render import FORMATS, render
from skillforge_mon.diagnostics.sources import Sources
from skillforge_mon.diagnostics.summary import Summary
loaded = set(sys.modules)
render([Diagnostic("MON2104", Severity.ERROR, "x", Span.at("a"))], Sources({"a": "x: 1"}), "text", Summary(1))
heavy = {"pydantic", "rich", "json", "html", "hashlib", "difflib", "jsonschema", "unittest"}
heavy |= {module for name, module in FORMATS.items() if name != "text"}
heavy |= {"skillforge_mon.diagnostics.catalogue", "skillforge_mon.spec"}
sys.stdout.write(repr((sorted(loaded & set(FORMATS.values())), sorted(heavy & set(sys.modules)))))
"""


def test_text_loads_no_other_format_and_nothing_heavy() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    assert done.stdout == "([], [])"
