"""Changes as text, JSON and Markdown: whole outputs, limits, and user text that nothing obeys."""

from __future__ import annotations

import json
import re

from hypothesis import given
from hypothesis import strategies as st

from skillforge_mon.diagnostics.render.markdown import COMMENT_LIMIT
from skillforge_mon.diff.change import SPEC, Change, ChangeKind, ChangeSet, FieldChange, FileCounts, counts_in_words
from skillforge_mon.diff.render.json import render_json
from skillforge_mon.diff.render.markdown import render_markdown
from skillforge_mon.diff.render.text import render_text

LINES = FieldChange("message", "Hello", "Hello\nyou", "message: 1 line added", ("  Hello", "+ you"))
SET = ChangeSet(
    "shop",
    "production",
    "generated/shop/production",
    (
        Change(ChangeKind.CHANGE, "datadog", "monitor", "HighErrorRate", "now also pages: cto",
               (FieldChange("told", "ann", "ann, cto", "now also pages: cto"), LINES)),
        Change(ChangeKind.ADD, "datadog", "monitor", "PaymentFailures"),
        Change(ChangeKind.REPLACE, "datadog", "monitor", "Logs", "made anew", (FieldChange("type", "a", "b"),)),
        Change(ChangeKind.RENAME, "prometheus", "alert", "Slow", "was Slower", was="Slower", files=("a.yml",)),
    ),
    (Change(ChangeKind.CHANGE, "prometheus", "file", "a.yml", "changed outside monmc: for 5m -> 7m"),),
    FileCounts(added=1, changed=2),
)  # fmt: skip
NOTHING = ChangeSet("shop", "default", "HEAD:shop.yaml")


def test_text() -> None:
    assert (
        render_text([SET])
        == """\
Datadog  shop/production, against generated/shop/production
  ~ monitor  HighErrorRate    now also pages: cto
               message: 1 line added
                   Hello
                 + you
  + monitor  PaymentFailures
  ± monitor  Logs             made anew
               type a -> b
Prometheus  shop/production, against generated/shop/production
  > alert  Slow   was Slower
  ! file   a.yml  changed outside monmc: for 5m -> 7m
1 to change, 1 to add, 0 to delete, 1 to rename, 1 to replace, 1 drifted (2 files to change, 1 to add)
"""
    )


def test_colour_is_all_that_colour_adds() -> None:
    coloured = render_text([SET], colour=True)
    assert "\x1b[32m+\x1b[0m monitor  PaymentFailures" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == render_text([SET])


def test_json() -> None:
    change = Change(ChangeKind.CHANGE, SPEC, "alert", "A", "for 5m -> 10m", (FieldChange("for", "5m", "10m"),))
    assert json.loads(render_json([ChangeSet("shop", "default", "HEAD:shop.yaml", (change,))])) == {
        "format_version": 1,
        "counts": {"change": 1, "add": 0, "remove": 0, "rename": 0, "move": 0, "replace": 0, "drift": 0},
        "projects": [
            {
                "project": "shop",
                "environment": "default",
                "against": "HEAD:shop.yaml",
                "changes": [
                    {
                        "kind": "change",
                        "backend": "spec",
                        "object_kind": "alert",
                        "name": "A",
                        "was": None,
                        "headline": "for 5m -> 10m",
                        "files": [],
                        "fields": [{"path": "for", "old": "5m", "new": "10m", "words": "for 5m -> 10m", "lines": []}],
                    }
                ],
                "drift": [],
                "files": {"added": 0, "changed": 0, "removed": 0, "layout": 0},
            }
        ],
    }


def test_markdown() -> None:
    assert (
        render_markdown([SET])
        == """\
### monmc diff: 1 to change, 1 to add, 0 to delete, 1 to rename, 1 to replace, 1 drifted

2 files to change, 1 to add

| | project | where | object | change |
|---|---|---|---|---|
| `~` | shop/production | datadog | monitor HighErrorRate | now also pages: cto |
| `+` | shop/production | datadog | monitor PaymentFailures |  |
| `±` | shop/production | datadog | monitor Logs | made anew |
| `>` | shop/production | prometheus | alert Slow | was Slower |
| `!` | shop/production | prometheus | file a.yml | changed outside monmc: for 5m -&#62; 7m |

<details><summary><code>~ monitor HighErrorRate</code></summary>

```diff
  message: 1 line added
  Hello
+ you
```

</details>

<details><summary><code>± monitor Logs</code></summary>

```diff
  type a -&gt; b
```

</details>
""".replace("-&gt;", "->")
    )


def test_nothing_is_told_in_few_words() -> None:
    assert render_text([NOTHING]) == "no changes\n"
    assert render_markdown([NOTHING]) == "### monmc diff: no changes\n"
    assert counts_in_words([]) == "no changes"


def test_what_does_not_fit_into_a_comment_is_counted() -> None:
    field = FieldChange("message", "", "", "message: many lines", tuple(f"+ line {number}" for number in range(400)))
    changes = tuple(Change(ChangeKind.CHANGE, SPEC, "alert", f"A{number}", "other", (field,)) for number in range(900))
    text = render_markdown([ChangeSet("shop", "default", "HEAD", changes)])
    assert len(text) <= COMMENT_LIMIT
    details = text.count("<details>")
    assert text.endswith(
        f"\nThis comment is full: 700 more objects in the table, and {900 - details} more objects with details. "
        "`monmc diff` shows everything.\n"
    )


NASTY = st.one_of(
    st.text(max_size=400),
    st.sampled_from(["</details><script>", "```\n@everyone", "a | b", "<!--", "[x](javascript:y)", "#12", "\x1b[31m"]),
)


@given(st.lists(st.tuples(NASTY, NASTY, NASTY), max_size=40))
def test_no_text_of_a_user_gets_out_of_its_place(texts: list[tuple[str, str, str]]) -> None:
    changes = tuple(
        Change(
            ChangeKind.CHANGE, SPEC, "alert", name, headline, (FieldChange("x", None, None, words, (f"+ {words}",)),)
        )
        for name, headline, words in texts
    )
    found = ChangeSet("shop", "default", "HEAD", changes)
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f]", render_text([found]))
    text = render_markdown([found])
    assert len(text) <= COMMENT_LIMIT
    table = [line for line in text.splitlines() if line.startswith("| `~`")]
    assert len(table) == len(texts)
    assert all(line.count("|") == 6 for line in table)
    outside = re.sub(r"(?ms)^(`{3,})diff\n.*?^\1$", "", text)
    assert outside.count("<details>") == outside.count("</details>") == text.count("\n</details>\n")
    assert "<script" not in outside
    assert "@" not in re.sub(r"<code>.*?</code>", "", outside)
