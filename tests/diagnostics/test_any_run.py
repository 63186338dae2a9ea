"""What holds for every format, whatever a spec contains and wherever a span points."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Sequence
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skillforge_mon.diagnostics.diagnostic import Diagnostic
from skillforge_mon.diagnostics.render import FORMATS, render
from skillforge_mon.diagnostics.render.markdown import COMMENT_LIMIT
from skillforge_mon.diagnostics.sources import Sources
from skillforge_mon.diagnostics.summary import Summary
from tests.diagnostics.cases import CASES, CODES
from tests.diagnostics.runs import diagnostics, sources

SARIF = json.loads((Path(__file__).parent / "sarif_subset.schema.json").read_text(encoding="utf-8"))
RUNS = st.lists(diagnostics, max_size=5)


def rendered(found: Sequence[Diagnostic], texts: dict[str, str], form: str, width: int | None = None) -> str:
    return render(found, Sources.from_texts(texts), form, Summary(len(texts)), width=width, codes=CODES)


@pytest.mark.parametrize("form", FORMATS)
@given(RUNS, sources, st.none() | st.integers(0, 200))
@settings(max_examples=60, deadline=None)
def test_nothing_in_a_spec_reaches_a_terminal_as_a_command(
    form: str, found: list[Diagnostic], texts: dict[str, str], width: int | None
) -> None:
    written = rendered(found, texts, form, width)
    unsafe = {c for c in written if unicodedata.category(c) in {"Cc", "Cf", "Cs", "Zl", "Zp"}} - set("\n\u200c\u200d")
    assert unsafe == set()
    assert written == "" or written.endswith("\n")


@given(RUNS, sources)
@settings(max_examples=60, deadline=None)
def test_the_order_in_which_problems_are_found_does_not_matter(found: list[Diagnostic], texts: dict[str, str]) -> None:
    found = list({diagnostic.sort_key(): diagnostic for diagnostic in found}.values())
    for form in FORMATS:
        assert rendered(found, texts, form) == rendered(found[::-1], texts, form)


@given(RUNS, sources)
@settings(deadline=None)
def test_concise_and_github_have_one_line_for_each_problem(found: list[Diagnostic], texts: dict[str, str]) -> None:
    assert len(rendered(found, texts, "concise").splitlines()) == len(found)
    assert len(rendered(found, texts, "github").splitlines()) == len(found)


@given(RUNS, sources)
@settings(deadline=None)
def test_json_counts_what_it_holds(found: list[Diagnostic], texts: dict[str, str]) -> None:
    document = json.loads(rendered(found, texts, "json"))
    severities = [diagnostic["severity"] for diagnostic in document["diagnostics"]]
    counted = {key: document[f"{key}_count"] for key in ("error", "warning", "note")}
    assert counted == {key: severities.count(key) for key in counted}
    assert document["valid"] is ("error" not in severities)
    for diagnostic in document["diagnostics"]:
        if snippet := diagnostic["snippet"]:
            assert 0 <= snippet["highlight_start"] <= snippet["highlight_end"] <= len(snippet["text"]) <= 500


@given(RUNS, sources)
@settings(deadline=None)
def test_sarif_follows_the_standard(found: list[Diagnostic], texts: dict[str, str]) -> None:
    log = json.loads(rendered(found, texts, "sarif"))
    jsonschema.Draft7Validator(SARIF).validate(log)
    run = log["runs"][0]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert [rules[result["ruleIndex"]] for result in run["results"]] == [result["ruleId"] for result in run["results"]]


@pytest.mark.parametrize("name", CASES)
def test_sarif_of_every_case_follows_the_standard(name: str) -> None:
    case = CASES[name]
    jsonschema.Draft7Validator(SARIF).validate(json.loads(rendered(case.diagnostics, case.texts, "sarif")))


@given(RUNS, sources)
@settings(deadline=None)
def test_a_comment_closes_every_fold_and_fence_that_it_opens(found: list[Diagnostic], texts: dict[str, str]) -> None:
    written = rendered(found, texts, "markdown")
    assert len(written) <= COMMENT_LIMIT
    fence, folds = "", 0
    for line in written.splitlines():
        if fence:
            fence = "" if line == fence else fence
        elif line.endswith("`text"):
            fence = line.removesuffix("text")
        else:
            folds += line.startswith("<details><summary>") - (line == "</details>")
            assert folds in {0, 1}
    assert (fence, folds) == ("", 0)
