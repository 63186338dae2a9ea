"""What a text may say, what it may not, and that no text at all can break the loader."""

from __future__ import annotations

import gc
import io
import time
from typing import Any

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError as RuamelError

from skillforge_mon.diagnostics.diagnostic import Report
from skillforge_mon.spec.yaml import loader
from skillforge_mon.spec.yaml.limits import Limits
from skillforge_mon.spec.yaml.loader import load_text
from skillforge_mon.spec.yaml.nodes import MappingNode, SourceFile, to_plain
from tests.spec.yaml.loading import load, plain, problems, scalars, shown

GOOD = """\
version: 1
project: shop   # a comment
defaults: &defaults {for: 5m, labels: {a: b, "c\\t": 'it''s'}}
alerts:
  High: &high
    <<: *defaults
    expr: >-
      sum by (x) (rate(a[5m]))

        / b
    text: |2+
       keep
      this

    plain: one two
      three
    list: [1, 0x1F, "{{ a }}", {b: c}]
    items:
    - !!str 5
  Low: *high
"""


def test_encodings() -> None:
    assert plain("a: é😀\n".encode()) == {"a": "é😀"}
    assert plain(b"\xef\xbb\xbfa: 1\n") == plain("\ufeffa: 1\n") == {"a": 1}
    assert load(b"\xef\xbb\xbfa: 1\n").key_span("a").column == 1
    assert plain("a: 1\r\nb: |\r\n  x\r\n  y\r\n") == {"a": 1, "b": "x\ny\n"}
    assert problems("a: 1\n".encode("utf-16")) == [
        ("MON1001", "1:1-2", "`spec.yaml` is written in UTF-16, not in UTF-8")
    ]
    assert problems("a: 1\n".encode("utf-16-be")) == problems("a: 1\n".encode("utf-16"))
    assert problems("a: 1\n".encode("utf-32")) == [
        ("MON1001", "1:1-2", "`spec.yaml` is written in UTF-32, not in UTF-8")
    ]


def test_bytes_that_are_not_utf8_are_all_reported_with_line_and_offset() -> None:
    report = Report()
    assert load_text("é: 1\nb: x".encode() + b"\xe9y\nc: \xff\nc: 1\n", "spec.yaml", report) is None
    assert [(*shown(diagnostic), diagnostic.label) for diagnostic in report] == [
        ("MON1001", "2:5-6", "byte 0xE9 is not UTF-8", "byte 11 of the file"),
        ("MON1001", "3:4-5", "byte 0xFF is not UTF-8", "byte 17 of the file"),
        ("MON1017", "4:1-2", "the key `c` stands twice in one map", "second time here"),
    ]


def test_lone_surrogates_in_a_text_are_reported() -> None:
    assert problems("a: \ud800\n") == [("MON1002", "1:4-5", "the control character U+D800 is not allowed in YAML")]


def test_duplicate_keys_are_all_reported_with_both_places_and_the_first_counts() -> None:
    report = Report()
    root = load_text("a: 1\nb: {x: 1, 'x': 2, x: 3}\n\"a\": 4\n", "spec.yaml", report)
    assert root is not None
    assert to_plain(root) == {"a": 1, "b": {"x": 1}}
    assert [(shown(found)[1], str(found.secondary[0].span), found.secondary[0].text) for found in report] == [
        ("2:11-14", "spec.yaml:2:5", "first here"),
        ("2:19-20", "spec.yaml:2:5", "first here"),
        ("3:1-4", "spec.yaml:1:1", "first here"),
    ]


@pytest.mark.parametrize(
    ("text", "place", "headline"),
    [
        ("1: x\n", "1:1-2", "the key `1` is a number, and keys must be text"),
        ("1.5: x\n", "1:1-4", "the key `1.5` is a number, and keys must be text"),
        ("true: x\n", "1:1-5", "the key `true` is true or false, and keys must be text"),
        ("~: x\n", "1:1-2", "the key `~` is null, and keys must be text"),
        ("? [a]\n: x\n", "1:3-6", "a list stands where the name of a key belongs"),
        ("? {a: b}\n: {c: d}\n", "1:3-9", "a map stands where the name of a key belongs"),
    ],
)
def test_keys_must_be_text(text: str, place: str, headline: str) -> None:
    assert problems(text) == [("MON1018", place, headline)]


def test_keys_that_only_yaml_1_1_reads_as_something_else_are_text() -> None:
    assert plain("on: 1\nno: 2\n2024-01-01: 3\n010: 4\n'5': 5\n") == {
        "on": 1, "no": 2, "2024-01-01": 3, "010": 4, "5": 5,
    }  # fmt: skip


def test_tags() -> None:
    assert problems("a: !env X\nb: !!python/object:os.system x\nc: !include [a]\nd: !!set {x}\n") == [
        ("MON1019", "1:4-8", "the tag `!env` is unknown"),
        ("MON1019", "2:4-29", "the tag `!!python/object:os.system` is unknown"),
        ("MON1019", "3:4-12", "the tag `!include` is unknown"),
        ("MON1019", "4:4-9", "the tag `!!set` is unknown"),
    ]
    assert problems("a: &x !!int b\nb: !!map [1]\nc: !!seq {}\nd: !!seq x\n") == [
        ("MON1019", "1:7-12", "the value is not what its tag `!!int` says"),
        ("MON1019", "2:4-9", "the value is not what its tag `!!map` says"),
        ("MON1019", "3:4-9", "the value is not what its tag `!!seq` says"),
        ("MON1019", "4:4-9", "the value is not what its tag `!!seq` says"),
    ]


def test_aliases_share_the_value_and_point_at_the_anchor() -> None:
    root = load("a: &x {k: v}\nb: *x\nc: &x 1\nd: *x\n")
    assert to_plain(root) == {"a": {"k": "v"}, "b": {"k": "v"}, "c": 1, "d": 1}
    assert root.get("b") is root.get("a")
    assert root.key_span("b").line == 2


def test_merge_keys() -> None:
    text = (
        "one: &one {a: 1, b: 1}\n"
        "two: &two {b: 2, c: 2}\n"
        "explicit: {b: 0, <<: *one}\n"
        "several: {<<: [*one, *two, {d: 3}]}\n"
        "chain: {<<: {<<: *two, e: 4}}\n"
        "quoted: {'<<': 5}\n"
    )
    root = load(text)
    assert to_plain(root) == {
        "one": {"a": 1, "b": 1},
        "two": {"b": 2, "c": 2},
        "explicit": {"a": 1, "b": 0},
        "several": {"a": 1, "b": 1, "c": 2, "d": 3},
        "chain": {"b": 2, "c": 2, "e": 4},
        "quoted": {"<<": 5},
    }
    explicit = root.get("explicit")
    assert isinstance(explicit, MappingNode)
    assert (explicit.key_span("a").line, explicit.key_span("b").line) == (1, 3)


@pytest.mark.parametrize("value", ["5", "[1]", "[{a: b}, 1]", "~"])
def test_merge_keys_need_maps(value: str) -> None:
    assert problems(f"a: {{<<: {value}}}\n") == [
        ("MON1023", "1:5-7", "the merge key `<<` needs a map or a list of maps")
    ]


def test_merge_key_twice_is_a_duplicate() -> None:
    assert problems("a: &a {x: 1}\nb: {<<: *a, <<: *a}\n") == [
        ("MON1017", "2:13-15", "the key `<<` stands twice in one map")
    ]


@pytest.mark.parametrize("text", ["a: &a [*a]\n", "a: &a {b: {c: *a}}\n", "a: &a {<<: *a}\n"])
def test_value_cannot_contain_itself(text: str) -> None:
    assert problems(text) == [
        (
            "MON1021",
            f"1:{text.index('*') + 1}-{text.index('*') + 3}",
            "`*a` stands inside the value that it names",
        )
    ]


def test_expansion_is_limited_in_size_and_depth() -> None:
    bomb = "a0: &a0 [x, x]\n" + "".join(f"a{i}: &a{i} [*a{i - 1}, *a{i - 1}]\n" for i in range(1, 60))
    assert [code for code, _, _ in problems(bomb)] == ["MON1022"]
    merges = "a: &a {" + ", ".join(f"k{i}: 1" for i in range(1000)) + "}\n"
    merges += "".join(f"b{i}: {{<<: *a}}\n" for i in range(120))
    assert [code for code, _, _ in problems(merges)] == ["MON1022"]
    chain = "a0: &a0 [x]\n" + "".join(f"a{i}: &a{i} [*a{i - 1}]\n" for i in range(1, 400))
    assert [code for code, _, _ in problems(chain)] == ["MON1024"]


def test_depth_is_limited() -> None:
    assert plain("a: " + "[" * 99 + "]" * 99) is not None
    for text in (
        "[" * 1_000_000,
        "a: " + "[" * 500_000 + "]" * 500_000,
        "{a: " * 200_000,
        "- " * 500_000,
        "? " * 99_999,
    ):
        started = time.process_time()
        assert [code for code, _, _ in problems(text)] == ["MON1024"]
        assert time.process_time() - started < 2


def test_size_is_limited() -> None:
    report = Report()
    assert load_text(b"a: " + b"x" * (1024 * 1024), "spec.yaml", report, Limits(bytes=1024 * 1024)) is None
    assert [shown(diagnostic) for diagnostic in report] == [("MON1003", "1:1-2", "`spec.yaml` is larger than 1 MiB")]


@pytest.mark.parametrize(
    "text",
    [
        "a: b: c\n" * 30_000,
        "s:\n" + "  a: b: c\n" * 30_000,
        "a:\n\tb\n" * 30_000,
        "{" * 300_000,
        "a: {{ x }} " * 30_000,
        "a: " + "!x " * 30_000,
        'a: "' + '\\" ' * 30_000 + "\nb: c: d",
        "\x01" * 300_000,
        b"a\xff" * 300_000,
        "a: " * 100_000,
    ],
    ids=range(10),
)
def test_hostile_texts_are_refused_quickly(text: str | bytes) -> None:
    started = time.process_time()
    assert problems(text) != []
    assert time.process_time() - started < 3


def test_sources_are_kept_for_showing_even_when_loading_fails() -> None:
    sources: dict[str, SourceFile] = {}
    assert load_text("a: [\n", "spec.yaml", Report(), sources=sources) is None
    assert [(name, source.line(1)) for name, source in sources.items()] == [("spec.yaml", "a: [")]


def test_garbage_collection_is_left_as_it_was() -> None:
    load_text("a: [", "spec.yaml", Report())
    assert gc.isenabled()
    gc.disable()
    try:
        load_text("a: 1", "spec.yaml", Report())
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_pure_python_parser_gives_the_same_tree(monkeypatch: pytest.MonkeyPatch) -> None:
    expected = load(GOOD)
    monkeypatch.setattr(loader, "CParser", None)
    found = load(GOOD)
    assert to_plain(found) == to_plain(expected)
    assert [(node.span, node.style) for node in scalars(found)] == [
        (node.span, node.style) for node in scalars(expected)
    ]


# libyaml reads `[?x]` and `{:x: y}` as YAML 1.1 did, ruamel as 1.2 does; people who begin a text so quote it.
_KEYS, _TEXTS = (
    texts.filter(lambda text: not text.startswith(("?", ":")))
    for texts in (
        st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=6),
        st.text("ab: #-\n{}'\"", max_size=9),
    )
)
_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | _KEYS | _TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_KEYS, inner, max_size=4),
    max_leaves=20,
)


@settings(max_examples=300)
@given(st.dictionaries(_KEYS, _VALUES, min_size=1, max_size=5), st.sampled_from([None, True, False]))
def test_data_written_by_ruamel_is_read_back(data: dict[str, Any], flow: bool | None) -> None:
    writer = YAML(typ="safe", pure=True)
    writer.default_flow_style = flow
    stream = io.StringIO()
    writer.dump(data, stream)
    report = Report()
    root = load_text(stream.getvalue(), "spec.yaml", report)
    assert [shown(diagnostic) for diagnostic in report] == []
    assert root is not None
    assert to_plain(root) == data


_PIECES = st.sampled_from(
    [*"\t\n\r :-[]{}'\"#&*!|>%@`?,ab01\\~é😀\ufeff\x85\u2028\x00", "<<", "{{ ", "\n  ", "&a ", "*a "]
)
_EDITS = st.lists(st.tuples(st.integers(0, len(GOOD)), st.integers(0, 3), st.lists(_PIECES, max_size=3)), max_size=6)


@settings(max_examples=1000)
@given(_EDITS)
def test_no_edit_of_a_good_text_breaks_the_loader(edits: list[tuple[int, int, list[str]]]) -> None:
    text = GOOD
    for position, length, pieces in edits:
        text = text[:position] + "".join(pieces) + text[position + length :]
    _check_robust(text)


@settings(max_examples=500)
@given(st.lists(_PIECES, max_size=40).map("".join) | st.text(max_size=60))
@example("\ufeff\ufeffa: 1")
@example("a: !<" + "x")
@example("%TAG ! tag:x,2000:\n---\na: !b c")
def test_no_text_breaks_the_loader(text: str) -> None:
    _check_robust(text)


@settings(max_examples=300)
@given(st.binary(max_size=60))
def test_no_bytes_break_the_loader(content: bytes) -> None:
    _check_robust(content)


def _check_robust(content: str | bytes) -> None:
    """Loading answers with a tree or with errors, every error has a place, and every node's place is in the text."""
    report = Report()
    sources: dict[str, SourceFile] = {}
    root = load_text(content, "spec.yaml", report, sources=sources)
    lines = len(sources["spec.yaml"].lines)
    for diagnostic in report:
        assert diagnostic.span is not None
        assert 1 <= diagnostic.span.line <= diagnostic.span.end_line <= lines
    assert root is not None or report.failed
    if root is not None:
        for node in scalars(root):
            assert node.start <= node.end <= len(node.file.text)
            node.text_span(0, len(node.text))


@settings(max_examples=300)
@given(_EDITS)
def test_whatever_is_read_without_a_problem_is_what_ruamel_reads(edits: list[tuple[int, int, list[str]]]) -> None:
    text = GOOD
    for position, length, pieces in edits:
        text = text[:position] + "".join(pieces) + text[position + length :]
    report = Report()
    root = load_text(text, "spec.yaml", report)
    assume(root is not None and len(report) == 0)
    assert root is not None
    # ruamel reads numbers with a leading zero as numbers, takes some characters that this YAML does not, and the other
    # way round; only where both agree that a text is YAML must they agree on what it says.
    assume(not any(character in text for character in "\x85\u2028\ufeff") and "0" not in text.replace("0x1F", ""))
    try:
        expected = YAML(typ="safe", pure=True).load(text)
    except RuamelError:
        return
    assert to_plain(root) == expected
