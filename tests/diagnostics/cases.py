"""The runs that every format is shown: one fixture each, whole outputs under expected/.

``python -m tests.diagnostics.regenerate`` writes the expected files anew; read the difference before you commit it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Fix, Label, Severity, Span
from skillforge_mon.diagnostics.sources import Sources
from skillforge_mon.diagnostics.summary import Summary

UNKNOWN_LABEL = Code(
    "MON2104",
    "unknown-label",
    Severity.ERROR,
    "A query uses a label that the metric does not have.",
    "The query matches nothing, and an alert on it never fires.",
    bad="version: 1\nalerts: {A: {expr: 'up{jbo=\"x\"} == 0'}}\n",
    good="version: 1\nalerts: {A: {expr: 'up{job=\"x\"} == 0'}}\n",
)
APPROXIMATE = Code(
    "MON4301",
    "approximate-translation",
    Severity.WARNING,
    "A backend can say what an object means only approximately.",
    "The same alert would fire at different times on two systems.",
    bad="bad\n",
    good="good\n",
)
UNWRITABLE = Code(
    "MON5001",
    "unwritable-output",
    Severity.ERROR,
    "The output folder cannot be written.",
    "Nothing could be built.",
    untestable="It takes a folder without write permission.",
)
CODES = {code.number: code for code in (UNKNOWN_LABEL, APPROXIMATE, UNWRITABLE)}


@dataclass(frozen=True, slots=True)
class Case:
    """A run: texts by file name, diagnostics, summary."""

    texts: dict[str, str]
    diagnostics: tuple[Diagnostic, ...]
    summary: Summary = field(default_factory=lambda: Summary(1))
    width: int | None = None

    @property
    def sources(self) -> Sources:
        """The texts as the renderers want them."""
        return Sources.from_texts(self.texts)


ALERTS = """\
version: 1

alerts:
  HighErrorRate:
    service: backend
    severity: {critical: "> 5%", warning: "> 1%"}
    for: 5m

  # the usual one
  HighErrorShare:
    service: backend
    expr: >
      sum by (service) (
        rate(http_requests_total{statuss=~"5.."}[5m]))
    for: 5m
"""
METRICS = """\
metrics:
  http_requests_total:
    labels: {service: bounded, method: bounded, endpoint: bounded, status: bounded}
"""

SKETCH = Case(
    {"specs/skillforge/alerts.yaml": ALERTS, "specs/skillforge/metrics.yaml": METRICS},
    (
        UNKNOWN_LABEL.at(
            Span.at("specs/skillforge/alerts.yaml", 14, 34, 7),
            "label `statuss` is not on metric `http_requests_total`",
            label="this label",
            notes=(
                "the metric has: service, method, endpoint, status  (specs/skillforge/metrics.yaml:3:5)",
                "a label that is not there matches nothing\nand so the alert never fires",
            ),
            help="did you mean `status`?",
            fix=Fix(Span.at("specs/skillforge/alerts.yaml", 14, 34, 7), "status", "write `status`"),
        ),
        UNKNOWN_LABEL.at(
            Span.at("specs/skillforge/alerts.yaml", 3, 1, 6),
            "the same code again does not say where to read more",
            fix=Fix(Span.at("specs/skillforge/alerts.yaml", 3, 1, 6), "probes", "write `probes`", safe=False),
        ),
        APPROXIMATE.at(
            Span.at("specs/skillforge/alerts.yaml", 7, 5, 3),
            "HighErrorRate reaches Datadog only approximately",
            notes=("`for: 5m` becomes `min(last_5m)`: Datadog judges all points of the window",),
            help="accept it with `approximate: [datadog]`, or write `datadog: {query: …}`",
        ),
        APPROXIMATE.at(
            Span.at("specs/skillforge/alerts.yaml", 10, 3, 14),
            "HighErrorShare reaches Sentry only approximately",
            severity=Severity.NOTE,
        ),
    ),
    Summary(7, 0.314),
)

WIDE = Case(
    {
        "wide.yaml": "a:\n"
        "\tb: \tterrible\n"
        "  title: 監視 ダッシュボード\n"
        "  team: e\u0301quipe cafe\u0301\n"
        "  icon: 👩‍👩‍👧 ❤️ 👍🏽 🇫🇷 1️⃣ end\n"
        "  half: ｱｲｳ ＡＢＣ \u1100\u1161\u11a8 x\n"
    },
    (
        UNKNOWN_LABEL.at(Span.at("wide.yaml", 2, 6, 8), "a value behind two tabs", label="behind tabs"),
        UNKNOWN_LABEL.at(Span.at("wide.yaml", 3, 13, 7), "a wide word", label="ten columns… or fourteen cells"),
        UNKNOWN_LABEL.at(Span.at("wide.yaml", 4, 17, 5), "combining accents", label="four cells"),
        UNKNOWN_LABEL.at(Span.at("wide.yaml", 5, 28, 3), "a word behind emoji", label="end"),
        UNKNOWN_LABEL.at(Span.at("wide.yaml", 5, 12, 1), "a part of an emoji", label="all of it"),
        UNKNOWN_LABEL.at(Span.at("wide.yaml", 6, 21, 1), "halfwidth and fullwidth", label="x"),
    ),
)

HOSTILE = Case(
    {
        "evil.yaml": "a: \x1b[31mred\x1b[0m \u202eevil\u202c\u200b \x07 \x9b2J [bold]x[/bold] ``` </details> @team\r\n"
        "b: 1\r\n"
    },
    (
        UNKNOWN_LABEL.at(
            Span.at("evil.yaml", 1, 9, 3),
            "`\x1b[2Jcleared`\r\n::error::injected 100% [red]markup[/red] <b>html</b> *stars* @team #12 \ud800",
            label="label\nwith a line break \x1b[1A",
            notes=("note \x1b]0;title\x07", "first\nsecond\u2028third", "```\nfence\n````", "</details><script>"),
            help="[link](1) {0} \u202e",
        ),
        UNKNOWN_LABEL.at(Span.at("evil.yaml", 1, 22, 4), "after the override", label="evil"),
        UNKNOWN_LABEL.at(Span.at("a,b:c\x1b[1m%.yaml", 1, 1, 1), "an odd `number of backticks", label="no such file"),
    ),
)

LONG = Case(
    {
        "long.yaml": "version: 1\n"
        f"  start: bad{' good' * 60}\n"
        f"  middle:{' good' * 40} bad{' good' * 40}\n"
        f"  end:{' good' * 60} bad\n"
        f"  all: {'bad' * 100}\n"
        f"  wide: {'監視' * 40}bad{'監視' * 40}\n"
        f"  huge: {'x' * 100_000}bad{'y' * 100_000}\n"
    },
    (
        UNKNOWN_LABEL.at(Span.at("long.yaml", 2, 10, 3), "at the start", label="here"),
        UNKNOWN_LABEL.at(Span.at("long.yaml", 3, 211, 3), "in the middle", label="here"),
        UNKNOWN_LABEL.at(Span.at("long.yaml", 4, 308, 3), "at the end", label="here"),
        UNKNOWN_LABEL.at(Span.at("long.yaml", 5, 8, 300), "longer than the screen", label="all"),
        UNKNOWN_LABEL.at(Span.at("long.yaml", 6, 89, 3), "between wide characters", label="here"),
        UNKNOWN_LABEL.at(Span.at("long.yaml", 7, 100_009, 3), "in a line of 200 kB", label="here"),
        UNKNOWN_LABEL.at(
            Span.at("long.yaml", 3, 211, 3),
            "two places in one long line",
            label="here",
            secondary=(Label(Span.at("long.yaml", 3, 3, 6), "out of sight"),),
        ),
    ),
    width=80,
)

PLACES = Case(
    {
        "a.yaml": "".join(f"key{n}:\n  value: {n}\n" for n in range(1, 60)),
        "b.yaml": "expr: >\n  sum(\n    rate(x[5m])\n  )\n\n\nlist:\n  - one\n  - two\n  - three\n  - four\n\nend: 1\n",
    },
    (
        APPROXIMATE.at(
            Span.at("a.yaml", 8, 10, 1),
            "near and far places",
            label="this one",
            secondary=(
                Label(Span.at("a.yaml", 8, 3, 5), "on the same line"),
                Label(Span.at("a.yaml", 4, 3, 5), "a little above"),
                Label(Span.at("a.yaml", 13, 1, 5), "a little below"),
                Label(Span.at("a.yaml", 101, 1, 5), "far below"),
                Label(Span.at("b.yaml", 13, 1, 3), "in another file"),
                Label(Span.at("c.yaml", 1, 2, 3), "in a file that is not here"),
            ),
        ),
        UNKNOWN_LABEL.at(Span("b.yaml", 2, 3, 4, 4), "a span of three lines", label="the whole call"),
        UNKNOWN_LABEL.at(Span("b.yaml", 7, 1, 13, 1), "a span of many lines, up to the next key", label="the list"),
        UNKNOWN_LABEL.at(Span("b.yaml", 1, 7, 3, 5), "a span that ends at indentation", label="until here"),
        UNKNOWN_LABEL.at(
            Span("b.yaml", 1, 8, 1, 8), "an empty span at the end of a line", label="something is missing"
        ),
        UNKNOWN_LABEL.at(Span("b.yaml", 13, 5, 99, 99), "a span that ends behind the file", label="label"),
        UNKNOWN_LABEL.at(Span("b.yaml", 99, 1, 99, 2), "a line that is not there", label="label"),
        UNKNOWN_LABEL.at(Span("b.yaml", 0, 0, 0, 0), "a line before the first"),
        UNKNOWN_LABEL.at(Span("b.yaml", 13, 4, 12, 1), "an end before the start", label="label"),
        UNKNOWN_LABEL.at(Span("c.yaml", 3, 7, 3, 9), "a file that is not there", label="label"),
        UNWRITABLE.at(None, "the output folder `generated` cannot be written", help="give yourself the right to write"),
        UNWRITABLE.at(None, "nothing to add"),
    ),
    Summary(2, ignored=3),
)

MANY = Case(
    {"many.yaml": "key: value\n" * 30},
    (
        *(APPROXIMATE.at(Span.at("many.yaml", n, 1, 3), f"warning {n}") for n in range(1, 13)),
        *(UNKNOWN_LABEL.at(Span.at("many.yaml", n, 6, 5), f"error {n}") for n in range(20, 22)),
    ),
)

CASES = {
    "sketch": SKETCH,
    "wide": WIDE,
    "hostile": HOSTILE,
    "long": LONG,
    "places": PLACES,
    "many": MANY,
    "nothing": Case({}, (), Summary(7, 0.1)),
}
