"""Placeholders: what a text becomes, and where each part of it stands."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from skillforge_mon.diagnostics.diagnostic import Report
from skillforge_mon.spec.packing.placeholders import Filling, placeholders
from skillforge_mon.spec.yaml.loader import load_text
from skillforge_mon.spec.yaml.nodes import MappingNode, Node, ScalarNode, to_plain


def loaded(text: str) -> MappingNode:
    """The tree of ``text``."""
    report = Report()
    root = load_text(text, "pack.yaml", report)
    assert root is not None, list(report)
    return root


def values(text: str) -> dict[str, Node | None]:
    """The values of the map ``text``; null is no value."""
    return {
        key: None if isinstance(entry.node, ScalarNode) and entry.node.value is None else entry.node
        for key, entry in loaded(text).entries.items()
    }


def filled(text: str, given_values: str) -> object:
    """``text``, the map of a section, filled in, as plain data."""
    fragment = Filling(values(given_values), None).fragment(loaded(f"section:\n{text}"))
    return to_plain(fragment)["section"]


def test_a_text_and_a_key_are_filled_in() -> None:
    text = '  "${pack:name}-a": {b: "x ${pack:name} y ${pack:count}"}\n'
    assert filled(text, "name: web\ncount: 5\n") == {"web-a": {"b": "x web y 5"}}


def test_a_placeholder_alone_takes_the_type_of_its_value() -> None:
    text = "  a: {number: '${pack:number}', list: '${pack:list}', flag: '${pack:flag}'}\n"
    given_values = "number: 5\nlist: [a, b]\nflag: true\n"
    assert filled(text, given_values) == {"a": {"number": 5, "list": ["a", "b"], "flag": True}}


def test_a_list_within_a_text_is_a_choice() -> None:
    assert filled("  a: {b: '=~\"${pack:list}\"'}\n", "list: [a, b]\n") == {"a": {"b": '=~"a|b"'}}


def test_what_has_no_value_takes_its_object_its_item_or_its_entry_with_it() -> None:
    text = (
        "  object: {a: {b: '${pack:none}'}}\n"
        "  kept: {items: [one, 'two ${pack:none}', {three: '${pack:none}'}], labels: {'${pack:none}': x, y: z}}\n"
        "  emptied: {items: ['${pack:none}']}\n"
        "  '${pack:none}': {}\n"
    )
    assert filled(text, "none: null\n") == {"kept": {"items": ["one"], "labels": {"y": "z"}}}


def test_secret_references_stay() -> None:
    assert filled("  a: {b: '${secret:KEY} ${env:X}'}\n", "a: 1\n") == {"a": {"b": "${secret:KEY} ${env:X}"}}


def test_every_placeholder_is_found_with_its_place() -> None:
    root = loaded("a:\n  ${pack:one}: [x, 'y ${pack:two} ${pack:three}']\n")
    assert [(name, str(span)) for name, span in placeholders(root)] == [
        ("one", "pack.yaml:2:3"),
        ("two", "pack.yaml:2:23"),
        ("three", "pack.yaml:2:35"),
    ]


PIECES = st.lists(st.one_of(st.sampled_from(["${pack:a}", "${pack:b}"]), st.text("xyz {}$:", max_size=5)), max_size=6)


@given(PIECES, st.text("pq", min_size=1, max_size=3), st.text("rs", min_size=1, max_size=3), st.data())
def test_a_part_of_a_filled_text_stands_where_the_same_part_of_the_template_does(
    pieces: list[str], first: str, second: str, data: st.DataObject
) -> None:
    template = "|" + "".join(pieces) + "|"
    root = loaded(f'key: "{template}"\n')
    known = {"a": ScalarNode(first, first, root.file, 0, 0), "b": ScalarNode(second, second, root.file, 0, 0)}
    node = Filling(dict(known), None).node(root.entries["key"].node)
    assert isinstance(node, ScalarNode)
    assert node.text == template.replace("${pack:a}", first).replace("${pack:b}", second)
    start = data.draw(st.integers(0, len(node.text) - 1))
    end = data.draw(st.integers(start + 1, len(node.text)))
    span = node.text_span(start, end)
    source = root.file.text[root.file.line_starts[span.line - 1] + span.column - 1 :]
    part = source[: span.end_column - span.column]
    # What is shown, filled in, holds what was meant; without a placeholder in it, it is the very same.
    shown = part.replace("${pack:a}", first).replace("${pack:b}", second)
    assert node.text[start:end] in shown
    if "${pack:" not in part:
        assert part == node.text[start:end]
