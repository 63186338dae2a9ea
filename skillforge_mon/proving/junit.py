"""JUnit XML, as test runners of continuous integration read it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from skillforge_mon.proving.report import Subject, failures

_NOT_XML: Final = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit(suites: Mapping[str, Sequence[Subject]], seconds: float) -> str:
    """One suite per project (its name to its objects), one test case per case."""
    parts = ['<?xml version="1.0" encoding="UTF-8"?>\n', f'<testsuites name="monmc test" time="{seconds:.3f}">\n']
    for name, found in suites.items():
        parts += _suite(name, found)
    parts.append("</testsuites>\n")
    return "".join(parts)


def _suite(name: str, found: Sequence[Subject]) -> list[str]:
    tests = sum(len(each.results) + len(each.skipped) for each in found)
    failed = sum(len(each.failed) for each in found)
    skipped = sum(len(each.skipped) for each in found)
    parts = [f'  <testsuite name={_attribute(name)} tests="{tests}" failures="{failed}" skipped="{skipped}">\n']
    for subject in found:
        for result in subject.results:
            case = f"    <testcase classname={_attribute(subject.name)} name={_attribute(result.case.scenario)}"
            if not result.unmet:
                parts.append(f"{case}/>\n")
                continue
            text = "\n".join(failures([Subject(subject.name, (result,), ())])).strip()
            message = result.unmet[0].check.what if result.unmet[0].check is not None else "promtool failed"
            parts.append(
                f"{case}>\n      <failure message={_attribute(message)}>{_text(text)}</failure>\n    </testcase>\n"
            )
        parts += [
            f"    <testcase classname={_attribute(subject.name)} name={_attribute(each.scenario)}>\n"
            f"      <skipped message={_attribute(each.reason)}/>\n    </testcase>\n"
            for each in subject.skipped
        ]
    parts.append("  </testsuite>\n")
    return parts


def _attribute(text: str) -> str:
    return quoteattr(_NOT_XML.sub("\ufffd", text))


def _text(text: str) -> str:
    return escape(_NOT_XML.sub("\ufffd", text))
