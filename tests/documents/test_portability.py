"""The portability table: every object, every backend that it is compiled for, every reason."""

from __future__ import annotations

from skillforge_mon.documents.document import Document, Format, Grade, Verdict
from skillforge_mon.documents.manifest import Manifest, build_manifest, to_plain
from skillforge_mon.documents.manifest_reader import from_plain
from skillforge_mon.documents.portability import Cell, Portability, portability, portability_markdown
from skillforge_mon.documents.render import render_documents

VERDICTS = (
    Verdict("prometheus", "alerts.A", Grade.EXACT),
    Verdict("datadog", "alerts.A", Grade.APPROXIMATE, "five minutes become four"),
    Verdict("datadog", "alerts.A", Grade.APPROXIMATE, "`<b>` | @all"),
    Verdict("datadog", "alerts.B", Grade.EXACT),
    Verdict("datadog", "alerts.B", Grade.UNTRANSLATABLE, "no words for it"),
    Verdict("prometheus", "slos.c", Grade.EXACT),
)


def manifest(*verdicts: Verdict) -> Manifest:
    documents = render_documents([Document("x/a.json", {}, Format.JSON, (), verdicts)])
    return build_manifest(documents, project="shop", environment="default", monmc="1", inputs="", places={})


TABLE = Portability(
    "shop",
    "default",
    ("datadog", "prometheus"),
    {
        "alerts.A": {
            "prometheus": Cell(Grade.EXACT),
            "datadog": Cell(Grade.APPROXIMATE, ("`<b>` | @all", "five minutes become four")),
        },
        "alerts.B": {"datadog": Cell(Grade.UNTRANSLATABLE, ("no words for it",))},
        "slos.c": {"prometheus": Cell(Grade.EXACT)},
    },
)


def test_the_manifest_holds_the_whole_table() -> None:
    assert portability(manifest(*VERDICTS)) == TABLE
    assert portability(from_plain(to_plain(manifest(*VERDICTS)))) == TABLE


def test_a_comment_shows_it_folded_and_nothing_of_it_is_markup() -> None:
    assert portability_markdown([TABLE], 65_536) == (
        "\n<details><summary>How well each backend says the 3 objects of shop/default</summary>\n\n"
        "| object | datadog | prometheus |\n"
        "|---|---|---|\n"
        "| alerts.A | approximate | exact |\n"
        "| alerts.B | untranslatable | – |\n"
        "| slos.c | – | exact |\n"
        "\n"
        "- alerts.A, datadog: &#96;&lt;b&gt;&#96; &#124; &#64;all; five minutes become four\n"
        "- alerts.B, datadog: no words for it\n"
        "\n</details>\n"
    )


def test_a_comment_never_has_more_than_it_may() -> None:
    whole = portability_markdown([TABLE], 65_536)
    for limit in range(len(whole) + 100):
        text = portability_markdown([TABLE], limit)
        assert len(text) <= limit
        assert text in {"", whole} or "This comment is full: " in text
    assert "This comment is full: 2 lines more are in `manifest.json`." in portability_markdown([TABLE], 330)
    assert portability_markdown([], 100) == ""
