"""The pull request comment fits, whatever there is to say, and says what it left out."""

from __future__ import annotations

from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity, Span
from skillforge_mon.diagnostics.render import render
from skillforge_mon.diagnostics.render.markdown import COMMENT_LIMIT
from skillforge_mon.diagnostics.sources import Sources
from skillforge_mon.diagnostics.summary import Summary

TEXT = "key: value\n" * 5000
ENTRY = """
<details><summary><b>error</b> MON2104 <code>a.yaml:1:1</code>: e</summary>

```text
  --> a.yaml:1:1
   |
 1 | key: value
   | ^
```

</details>
"""


def comment(diagnostics: list[Diagnostic]) -> str:
    return render(diagnostics, Sources.from_texts({"a.yaml": TEXT}), "markdown", Summary(1))


def test_five_thousand_problems_fit_in_a_comment_that_counts_the_rest() -> None:
    found = [Diagnostic("MON4301", Severity.WARNING, "w", Span.at("a.yaml", n)) for n in range(1, 5001)]
    found.append(Diagnostic("MON2104", Severity.ERROR, "e", Span.at("a.yaml", 5000)))
    written = comment(found)
    shown = written.count("<details>")
    assert COMMENT_LIMIT - 1000 < len(written) <= COMMENT_LIMIT
    assert written.index("<b>error</b>") < written.index("<b>warning</b>")
    full = f"\nThis comment is full: {5001 - shown} warnings more. `monmc check` shows everything.\n"
    assert written.endswith(full)


def test_one_huge_problem_is_shortened_and_the_next_still_shown() -> None:
    found = [
        Diagnostic("MON1001", Severity.ERROR, "h" * 10_000, None, notes=("n" * 100_000,)),
        Diagnostic("MON2104", Severity.ERROR, "e", Span.at("a.yaml")),
    ]
    written = comment(found)
    assert "… (shortened)\n```\n\n</details>\n" in written
    assert f": {'h' * 299}…</summary>" in written
    assert written.endswith(ENTRY)
    assert len(written) < 6_000


def test_mentions_and_issue_numbers_in_a_headline_call_nobody() -> None:
    written = comment([Diagnostic("MON1001", Severity.ERROR, "ask @ops-team about #12 in `alerts.A`", None)])
    entry = (
        "\n<p><b>error</b> MON1001: ask <code>@ops-team</code> about <code>#12</code> in <code>alerts.A</code></p>\n"
    )
    assert written.endswith(entry)
