"""The tree knows its places, merges without changing anything, and finds what pydantic talks about."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillforge_mon.diagnostics.diagnostic import Report, Span
from skillforge_mon.spec.yaml.loader import load_text
from skillforge_mon.spec.yaml.nodes import (
    MappingNode,
    Node,
    ScalarNode,
    SequenceNode,
    SourceFile,
    find,
    merge,
    to_plain,
)
from tests.spec.yaml.loading import load

SPEC = """\
a: 1
bé: {x: 'one', y: [2, three]}
c:
  d: &anchor !!str five
  e:
    - f: >
        folded
        text

    - g

h: *anchor
"""


def place(node: Node | None) -> str:
    assert node is not None
    span = node.span
    return f"{span.line}:{span.column}-{span.end_line}:{span.end_column}"


def test_every_node_and_key_has_its_place() -> None:
    root = load(SPEC)
    places = {path: place(find(root, path)[0]) for path in [
        (), ("a",), ("bé",), ("bé", "x"), ("bé", "y"), ("bé", "y", 1), ("c",), ("c", "d"), ("c", "e"), ("c", "e", 0),
        ("c", "e", 0, "f"), ("c", "e", 1), ("h",),
    ]}  # fmt: skip
    assert places == {
        (): "1:1-12:11",
        ("a",): "1:4-1:5",
        ("bé",): "2:5-2:30",
        ("bé", "x"): "2:9-2:14",
        ("bé", "y"): "2:19-2:29",
        ("bé", "y", 1): "2:23-2:28",
        ("c",): "4:3-10:8",
        ("c", "d"): "4:20-4:24",
        ("c", "e"): "6:5-10:8",
        ("c", "e", 0): "6:7-8:13",
        ("c", "e", 0, "f"): "6:10-8:13",
        ("c", "e", 1): "10:7-10:8",
        ("h",): "4:20-4:24",
    }
    assert root.key_span("bé") == Span("spec.yaml", 2, 1, 2, 3)
    assert root.key_span("missing") == root.span
    assert root.get("missing") is None


def test_find_skips_what_is_not_in_the_data() -> None:
    root = load("slos:\n  api:\n    query: {promql: x}\n    list: [1, {k: v}]\n")
    slos = root.entries["slos"]
    assert isinstance(slos.node, MappingNode)
    api = slos.node.entries["api"]
    assert isinstance(api.node, MappingNode)
    assert find(root, ("slos", "api", "window")) == (api.node, api)
    query = api.node.entries["query"]
    assert find(root, ("slos", "api", "slo", "query", "prometheus", "[key]")) == (query.node, query)
    listed = api.node.get("list")
    assert isinstance(listed, SequenceNode)
    assert find(root, ("slos", "api", "list", 1)) == (listed.items[1], None)
    assert find(root, ("slos", "api", "list", 9)) == (listed, api.node.entries["list"])
    assert find(root, (0, "nothing")) == (root, None)


def test_source_file_counts_lines_as_editors_do() -> None:
    source = SourceFile("x", "a\r\nbé\rc\n\u2028d")
    assert source.lines == ["a", "bé", "c", "\u2028d"]
    assert [source.line(number) for number in (0, 1, 4, 5)] == ["", "a", "\u2028d", ""]
    assert [source.position(offset) for offset in (0, 3, 4, 6, 8, 99, -1)] == [
        (1, 1), (2, 1), (2, 2), (3, 1), (4, 1), (4, 3), (1, 1),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("base", "overlay", "merged"),
    [
        ("a: 1", "b: 2", {"a": 1, "b": 2}),
        ("a: {x: 1, y: {z: 2}}", "a: {y: {w: 3}}", {"a": {"x": 1, "y": {"z": 2, "w": 3}}}),
        ("a: [1, 2]", "a: [3]", {"a": [3]}),
        ("a: {x: 1}", "a: 5", {"a": 5}),
        ("a: 5", "a: {x: 1, y: ~}", {"a": {"x": 1}}),
        ("a: 1\nb: 2", "a: ~", {"b": 2}),
        ("a: 1", "b: ~\nc: {d: {e: null}}", {"a": 1, "c": {"d": {}}}),
        ("a: ~", "b: [~]", {"a": None, "b": [None]}),
    ],
)
def test_overlay_rule(base: str, overlay: str, merged: Any) -> None:
    assert to_plain(merge(load(base), load(overlay))) == merged


def test_every_value_of_a_merge_keeps_its_origin() -> None:
    report = Report()
    base = load_text("a: {x: 1, y: 2}\n", "base.yaml", report)
    overlay = load_text("\na: {y: 3}\nb: 4\n", "production.yaml", report)
    assert base is not None
    assert overlay is not None
    merged = merge(base, overlay)
    paths: list[tuple[str, ...]] = [("a", "x"), ("a", "y"), ("b",), ("a",)]
    assert [str(find(merged, path)[0].span) for path in paths] == [
        "base.yaml:1:8", "production.yaml:2:8", "production.yaml:3:4", "base.yaml:1:4",
    ]  # fmt: skip
    entry = find(merged, ("a", "y"))[1]
    assert entry is not None
    assert str(entry.key_span) == "production.yaml:2:5"


_FILE = SourceFile("x", "")
_DATA = st.recursive(
    st.none() | st.integers(0, 3) | st.text("ab", max_size=2),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=12,
)
_MAPS = st.dictionaries(st.sampled_from("abc"), _DATA, max_size=3)


def _node(data: Any) -> Node:
    if isinstance(data, dict):
        from skillforge_mon.spec.yaml.nodes import Entry

        return MappingNode({key: Entry(key, _FILE, 0, 0, _node(value)) for key, value in data.items()}, _FILE, 0, 0)
    if isinstance(data, list):
        return SequenceNode([_node(item) for item in data], _FILE, 0, 0)
    return ScalarNode(data, str(data), _FILE, 0, 0)


def _merge_patch(target: Any, patch: Any) -> Any:
    """The pseudo code of RFC 7396, section 2."""
    if not isinstance(patch, dict):
        return patch
    result = copy.deepcopy(target) if isinstance(target, dict) else {}
    for key, value in patch.items():
        if value is None:
            result.pop(key, None)
        else:
            result[key] = _merge_patch(result.get(key), value)
    return result


@given(_MAPS, _MAPS)
def test_merge_is_the_merge_patch_of_rfc_7396_and_changes_neither_input(base: Any, overlay: Any) -> None:
    below, above = _node(base), _node(overlay)
    assert to_plain(merge(below, above)) == _merge_patch(base, overlay)
    assert (to_plain(below), to_plain(above)) == (base, overlay)
