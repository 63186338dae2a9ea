"""SARIF for code scanning: fingerprints that survive edits, places that services accept."""

from __future__ import annotations

import json
from typing import Any

from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity, Span
from skillforge_mon.diagnostics.render import render
from skillforge_mon.diagnostics.sources import Sources
from skillforge_mon.diagnostics.summary import Summary
from tests.diagnostics.cases import CODES


def results(*diagnostics: Diagnostic, files: tuple[str, ...] = ("b.yaml", "a.yaml")) -> list[dict[str, Any]]:
    sources = Sources.from_texts(dict.fromkeys(files, "x: 1\n"))
    found: list[dict[str, Any]] = json.loads(render(diagnostics, sources, "sarif", Summary(1), codes=CODES))["runs"][0][
        "results"
    ]
    return found


def error(line: int, headline: str = "headline", file: str = "a.yaml") -> Diagnostic:
    return Diagnostic("MON2104", Severity.ERROR, headline, Span.at(file, line))


def fingerprints(*diagnostics: Diagnostic) -> list[str]:
    return [result["partialFingerprints"]["monmc/v1"] for result in results(*diagnostics)]


def test_a_problem_keeps_its_fingerprint_when_it_moves() -> None:
    assert fingerprints(error(3)) == fingerprints(error(30))


def test_different_problems_have_different_fingerprints() -> None:
    prints = fingerprints(error(3), error(4), error(5, "another"), error(3, file="b.yaml"))
    assert len(set(prints)) == 4
    assert prints[1] == prints[0].replace(":1", ":2")


def test_files_are_uris_from_the_root_of_the_repository() -> None:
    places = [
        results(error(1, file=name))[0]["locations"][0]["physicalLocation"]["artifactLocation"]
        for name in ("specs/skill forge.yaml", "specs\\windows.yaml", "/absolute/é.yaml")
    ]
    assert places == [
        {"uri": "specs/skill%20forge.yaml", "uriBaseId": "%SRCROOT%"},
        {"uri": "specs/windows.yaml", "uriBaseId": "%SRCROOT%"},
        {"uri": "file:///absolute/%C3%A9.yaml"},
    ]


def test_a_problem_without_a_place_stands_at_the_start_of_the_first_file() -> None:
    nowhere = Diagnostic("MON5001", Severity.ERROR, "headline")
    assert results(nowhere)[0]["locations"] == results(error(1))[0]["locations"]
    assert "locations" not in results(nowhere, files=())[0]


def test_brackets_and_parentheses_do_not_make_a_link() -> None:
    message = results(error(1, "rate(x[5m])[1h](2) [a](1)"))[0]["message"]
    assert message == {"text": "rate(x[5m])\\[1h\\](2) \\[a\\](1)"}
