"""Hypothesis strategies for runs: any text, any span, inside its file or not."""

from __future__ import annotations

from hypothesis import strategies as st

from skillforge_mon.diagnostics.diagnostic import Diagnostic, Fix, Label, Severity, Span

FILES = ("a.yaml", "b c,d:e%.yaml", "gone.yaml")
NASTY = "\t\n\r\x1b\x9b\u200b\u200d\u202e\u2028\ufe0f\u0301\ud800監ｱ👩👍🏽🇫🇷`@#[]()<>&|*_\\:,%"

texts = st.text(st.one_of(st.sampled_from(NASTY), st.characters()), max_size=40)
"""Any text at all, lone surrogates and control characters included."""

sources = st.fixed_dictionaries(
    {FILES[0]: st.lists(texts, max_size=12).map("\n  ".join), FILES[1]: texts.map(lambda text: text * 40)}
)

_numbers = st.integers(-2, 20) | st.integers(-(10**9), 10**9)
spans = st.builds(Span, st.sampled_from(FILES), _numbers, _numbers, _numbers, _numbers)

diagnostics = st.builds(
    Diagnostic,
    code=st.sampled_from(["MON2104", "MON4301", "MON9999"]),
    severity=st.sampled_from(Severity),
    headline=texts,
    span=st.none() | spans,
    label=texts,
    secondary=st.lists(st.builds(Label, spans, texts), max_size=3).map(tuple),
    notes=st.lists(texts, max_size=3).map(tuple),
    help=texts,
    fix=st.none() | st.builds(Fix, spans, texts, texts, st.booleans()),
)
