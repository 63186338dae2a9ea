"""A caret inside of a text stands under the right letter, whatever way the text is written in."""

from __future__ import annotations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from skillforge_mon.diagnostics.diagnostic import Report, Span
from skillforge_mon.spec.yaml.loader import load_text
from skillforge_mon.spec.yaml.nodes import ScalarNode
from skillforge_mon.spec.yaml.scalar_offsets import value_offsets
from tests.spec.yaml.loading import load, scalars


def scalar(text: str) -> ScalarNode:
    node = load(text).get("a")
    assert isinstance(node, ScalarNode)
    return node


@pytest.mark.parametrize(
    "text",
    [
        "a: rate(wrong[5m])\n",
        "a: rate(\n  wrong[5m])\n",
        "a:\n  one\n\n\n  two   wrong\n",
        "a: 'it''s wrong'\n",
        "a: 'it''s\n\n  wrong'\n",
        'a: "\\u00e9\\n\\x41\\"\\\\ wrong"\n',
        'a: "folded\n  \n  and \\\n   wrong"\n',
        "a: |\n  one\n    two\n\n  wrong\n",
        "a: |2-\n    one\n  wrong",
        "a: |+ # comment\n   one\n   wrong\n\n\n",
        "a: >\n  one\n  wrong\n",
        "a: >-\n\n  one\n   more\n  wrong\n\n  end\n",
        "a: >\r\n  one\r\n  wrong\r\n",
        "a: &x !!str >1+\n wrong\n\n",
        "a: !!str\n  # comment\n  wrong\n",
        "b: {c: [x]}\na: {d: 1, e: wrong}\n",
    ],
)
def test_word_is_found(text: str) -> None:
    node = next(node for node in scalars(load(text)) if "wrong" in node.text)
    start = node.text.index("wrong")
    line = next(number for number, line in enumerate(text.splitlines(), start=1) if "wrong" in line)
    column = text.splitlines()[line - 1].index("wrong") + 1
    assert node.text_span(start, start + 5) == Span("spec.yaml", line, column, line, column + 5)


def test_escapes_and_folds_have_the_place_of_what_is_written() -> None:
    assert scalar('a: "x\\u00e9y"\n').text_span(1, 2) == Span("spec.yaml", 1, 6, 1, 12)
    assert scalar("a: 'x''y'\n").text_span(1, 2) == Span("spec.yaml", 1, 6, 1, 8)
    assert scalar("a: x\n  y\n").text_span(1, 2) == Span("spec.yaml", 1, 5, 2, 1)


def test_offsets_outside_of_the_text_go_to_its_ends() -> None:
    node = scalar("a: 'xyz'\n")
    assert node.text_span(3, 3) == Span("spec.yaml", 1, 8, 1, 8)
    assert node.text_span(1, 99) == Span("spec.yaml", 1, 6, 1, 8)
    assert node.text_span(-5, 1) == Span("spec.yaml", 1, 5, 1, 6)
    assert node.text_span(50, 60) == Span("spec.yaml", 1, 8, 1, 8)


def test_empty_text_has_the_place_of_its_quotes() -> None:
    assert scalar("a: ''\n").text_span(0, 0) == Span("spec.yaml", 1, 4, 1, 6)
    assert scalar("a:\nb: 1\n").text_span(0, 1) == Span("spec.yaml", 1, 3, 1, 3)


def test_numbers_have_places_too() -> None:
    assert scalar("a: 1.10\n").text_span(2, 4) == Span("spec.yaml", 1, 6, 1, 8)


_WORDS = st.lists(
    st.sampled_from(["x", "yy", "é", "😀", "#", "a-b", "{", "'", '"', "\\", ":z", "  ", "\t", "\n", "\n\n"]),
    max_size=12,
)


@st.composite
def _written(draw: st.DrawFn) -> str:
    """A text of one key whose value is written in any of the five styles, with any indentation."""
    content = "".join(draw(_WORDS))
    indent = draw(st.integers(1, 4))
    line_break = draw(st.sampled_from(["\n", "\r\n"]))
    style = draw(st.sampled_from(["", "'", '"', "|", ">"]))
    if style in ("", "'", '"'):
        content = content.replace("'", "''") if style == "'" else content
        content = content.replace("\\", "\\\\").replace('"', '\\"') if style == '"' else content
        written = style + content.replace("\n", "\n" + " " * indent) + style
    else:
        explicit = draw(st.sampled_from(["", str(indent)]))
        chomping = draw(st.sampled_from(["", "-", "+"]))
        lines = [" " * indent + line if line else line for line in content.split("\n")]
        written = f"{style}{explicit}{chomping}\n" + "\n".join(lines)
    tail = draw(st.sampled_from(["", "\n", "\nb: 1\n", "\n\n\n# end\n"]))
    return (f"a: {written}{tail}").replace("\n", line_break)


@settings(max_examples=1500)
@given(_written())
def test_each_code_point_that_stands_in_the_file_is_mapped_to_itself(text: str) -> None:
    root = load_text(text, "spec.yaml", Report())
    assume(root is not None)
    assert root is not None
    for node in scalars(root):
        places = value_offsets(text, node.start, node.end, node.style, node.text)
        assert places is not None
        assert len(places) == len(node.text)
        assert places == sorted(places)
        for character, (start, end) in zip(node.text, places, strict=True):
            written = text[start:end]
            folded = written in ("\n", "\r\n") and character in " \n"
            escaped = written in ("''", '\\"', "\\\\") and written[1] == character
            assert written == character or folded or escaped
