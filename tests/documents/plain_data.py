"""Hypothesis strategies for plain data, with the strings that YAML readers are known to disagree about."""

from __future__ import annotations

from hypothesis import strategies as st

TRICKY_STRINGS = (
    *("on", "off", "yes", "No", "NO", "y", "N", "true", "False", "null", "Null", "~", ""),
    *("0123", "0o17", "0x1F", "0b11", "1e3", "1.5e3", "1e+3", "1_000", "1,000", "22:22", "1:30:00", "190:20:30.15"),
    *("2024-01-01", "2001-12-14t21:59:43.10-05:00", "2001-12-14 21:59:43.10 -5", ".5", "5.", ".inf", "-.INF", ".NaN"),
    *(
        "inf",
        "NaN",
        "Infinity",
        "+1",
        "-1",
        "-",
        "- a",
        "?",
        "? a",
        ":",
        ": a",
        ":a",
        "a:",
        "a: b",
        "a:b",
        "a #b",
        "a# b",
    ),
    *("=", "<<", "<", "{{ x }}", "{a: b}", "[a]", "*a", "&a", "!a", "!!str a", "%a", "@a", "|", ">", "> 5%", "`a`"),
    *("#a", "'a'", '"a"', "it's", 'say "a"', "a\\b", "---", "--- a", "...", ",a", "]", "}", "a, b", "a]"),
    *(
        " a",
        "a ",
        "\ta",
        "a\t",
        "a\tb",
        "a\u00a0b",
        "\u00a0",
        "\ufeffa",
        "a\u0085b",
        "a\u2028b",
        "\u200b",
        "\x00",
        "\x7f",
    ),
    *("é", "µs", "日本語", "🔥", "a 🔥", "👩\u200d🚒", "🇫🇷", "\ue000", "\uffff", "\U0010ffff"),
    *(
        "\n",
        "\n\n",
        "a\n",
        "a\nb",
        "a\n\n",
        "\na",
        "\n\na\n",
        " a\nb",
        "\ta\nb",
        "a\n b\n",
        "a \nb",
        "a\n ",
        "a\n\n\nb",
    ),
    *("a\r\nb", "a\rb", "a\n#b", "#a\nb", "---\na", "a\n---\nb", "a\u0085\nb", "a\n\tb", "%a\nb", "\n a", "- a\n- b"),
    *("5m", "1h30m", "2GiB", "99.9%", "10.0.0.1:9090", "3.5", "v3.5", "9d", "/metrics", "$labels", "(a)", "^5..$"),
    *("a" * 1200, "a b " * 400),
)

TEXTS = st.one_of(
    st.sampled_from(TRICKY_STRINGS),
    st.text(st.characters(exclude_categories=["Cs"])),
    st.text("ab:#-?{}[],&*!|>'\"%@` \t\n\\0.1e", max_size=12),
)
SCALARS = st.one_of(TEXTS, st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False))
PLAIN = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(TEXTS, inner, max_size=4)),
    max_leaves=12,
)
