"""Each mistake that people make in YAML is named, shown where it is, and comes with what to do."""

from __future__ import annotations

import pytest

from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Report
from skillforge_mon.spec.codes_yaml import CODES
from skillforge_mon.spec.yaml import loader
from skillforge_mon.spec.yaml.loader import load_text
from tests.spec.yaml.loading import load, problems

CASES: dict[str, list[tuple[str, str, str]]] = {
    "": [("MON1004", "1:1-2", "`spec.yaml` is empty")],
    "# only a comment\n": [("MON1004", "1:1-2", "`spec.yaml` is empty")],
    "---\n": [("MON1004", "1:1-2", "`spec.yaml` is empty")],
    "- a\n": [("MON1006", "1:1-2", "a spec must be a map of sections, not a list")],
    "hello\n": [("MON1006", "1:1-2", "a spec must be a map of sections, not a single value")],
    "a: 1\n---\nb: 2\n": [("MON1005", "2:1-4", "a second document begins here")],
    "a: 1\n...\nb: 2\n": [("MON1005", "3:1-2", "a second document begins here")],
    "a:\n\tb: 1\n": [("MON1007", "2:1-2", "this line is indented with a tab")],
    "a:\n  b: 1\n  \tc: 1\n": [("MON1007", "3:3-4", "this line is indented with a tab")],
    "a: |\n\tx\n": [("MON1007", "2:1-2", "this line is indented with a tab")],
    "a: {{ x }}\n": [("MON1008", "1:4-11", "a text that begins with `{{` must be quoted")],
    "a: {{ x }} is down\nb: 1\n": [("MON1008", "1:4-19", "a text that begins with `{{` must be quoted")],
    "a: {{ x | y }} @b\n": [("MON1008", "1:4-18", "a text that begins with `{{` must be quoted")],
    "a: [{{ x }}]\n": [("MON1008", "1:5-7", "a text that begins with `{{` must be quoted")],
    "a: %d\n": [("MON1009", "1:4-5", "a text that begins with `%` must be quoted")],
    "%d: 1\n": [("MON1009", "1:1-2", "a text that begins with `%` must be quoted")],
    "a: @ann\n": [("MON1009", "1:4-5", "a text that begins with `@` must be quoted")],
    "a: `ls`\n": [("MON1009", "1:4-5", "a text that begins with a backtick must be quoted")],
    "a: *.example.com\n": [("MON1009", "1:4-5", "a text that begins with `*` must be quoted")],
    "a: & b\n": [("MON1009", "1:4-5", "a text that begins with `&` must be quoted")],
    "a: {b: > 5%}\n": [("MON1009", "1:8-9", "a text that begins with `>` must be quoted")],
    "a: b: c\n": [("MON1010", "1:5-6", "a text with a colon and a space in it must be quoted")],
    "a: 'b': c\n": [("MON1010", "1:7-8", "a text with a colon and a space in it must be quoted")],
    'a: "open\nb: 1\n': [("MON1011", "1:4-5", "the double quote opened here is not closed")],
    "a: 'open\nb: 1\nc: 'd'\n": [("MON1011", "1:4-5", "the single quote opened here is not closed on its line")],
    "a: 'it's'\n": [("MON1012", "1:8-9", "there is more text behind the closing quote")],
    "a: [1, 2\nb: 3\n": [("MON1013", "1:4-5", "the `[` opened here is not closed")],
    "a: {x: 1\n": [("MON1013", "1:4-5", "the `{` opened here is not closed")],
    "a: [{x: 1]\n": [("MON1013", "1:10-11", "a comma or `}` is missing before this")],
    "a: ]\n": [("MON1013", "1:4-5", "this `]` closes nothing")],
    "a: , b\n": [("MON1013", "1:4-5", "a comma stands where a value was expected")],
    "a: 1\n b: 2\n": [
        ("MON1014", "2:2-6", "this line is indented deeper than the line above, which already has a value")
    ],
    "a:\n  b: 1\n c: 2\n": [("MON1014", "3:2-6", "this line fits the indentation of no line above")],
    'a: "\\d+"\n': [("MON1015", "1:5-7", "`\\d` is not an escape that YAML knows")],
    'a: "\\u12"\n': [("MON1015", "1:5-7", "`\\u` is not an escape that YAML knows")],
    "a: - b\n": [("MON1016", "1:4-5", "a list cannot begin on the line of its key")],
    "a: > 5%\n": [("MON1016", "1:6-7", "the text of a `>` block must begin on the next line")],
    "a: 1\nfoo\nb: 2\n": [("MON1016", "2:1-4", "this line is neither `key: value` nor a list item")],
    "foo\na: 1\n": [("MON1016", "1:1-4", "this line is neither `key: value` nor a list item")],
    "a:\n  b: 1\n  - c\n": [("MON1016", "3:3-6", "a key was expected here, not a list item")],
    "- a\nb: 1\n": [("MON1016", "2:1-5", "a list item was expected here, not a key")],
    "%YAML 3.0\n---\na: 1\n": [("MON1016", "1:1-2", "this version of YAML is unknown")],
    "k" * 1100 + ": 1\n": [("MON1016", "1:1101-1102", "a key may have at most 1024 characters")],
    "a:\n  : b\n": [("MON1018", "2:3-4", "a key is missing before the colon")],
    "a: {: 1}\n": [("MON1018", "1:5-6", "a key is missing before the colon")],
    "a: !e!x y\n": [("MON1019", "1:4-8", "the tag `!e!x` is unknown")],
    "a: \x07b\n": [("MON1002", "1:4-5", "the control character U+0007 is not allowed in YAML")],
    "a: x\r\nb: y\rc: z\nc: 1\r\n": [("MON1017", "4:1-2", "the key `c` stands twice in one map")],
}


@pytest.mark.parametrize("text", CASES)
def test_mistake_is_named_and_placed(text: str) -> None:
    assert problems(text) == CASES[text]


@pytest.mark.parametrize("text", CASES)
def test_pure_python_parser_says_the_same(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where PyYAML has no libyaml the codes are the same; places may differ by what its scanner looks at first."""
    monkeypatch.setattr(loader, "CParser", None)
    assert [code for code, _, _ in problems(text)] == [code for code, _, _ in CASES[text]]


@pytest.mark.parametrize("code", [code for code in CODES if code.bad], ids=lambda code: code.number)
def test_examples_of_the_codes_earn_them(code: Code) -> None:
    assert [number for number, _, _ in problems(code.bad)] == [code.number]
    load(code.good)


def test_numbers_of_codes_are_unique_and_in_order() -> None:
    numbers = [code.number for code in CODES]
    assert numbers == sorted(set(numbers))
    assert len({code.name for code in CODES}) == len(CODES)
    assert all(bool(code.bad) != bool(code.untestable) for code in CODES)


@pytest.mark.parametrize(
    ("text", "fixed"),
    [
        ("a: {{ x }} is down  # why\n", 'a: "{{ x }} is down"  # why\n'),
        ('- {{ x }} says "no"\n', "- '{{ x }} says \"no\"'\n"),
        ("a: @ann's\n", 'a: "@ann\'s"\n'),
        ("a: b: c\n", 'a: "b: c"\n'),
        ("- a: x: it's \\d\n", "- a: 'x: it''s \\d'\n"),
        ("500: x\n", '"500": x\n'),
        ("true: x\n", '"true": x\n'),
    ],
)
def test_fix_quotes_the_text(text: str, fixed: str) -> None:
    report = Report()
    load_text(text, "spec.yaml", report)
    fix = next(iter(report)).fix
    assert fix is not None
    start, end = fix.span.column - 1, fix.span.end_column - 1
    assert text[:start] + fix.replacement + text[end:] == fixed


def test_no_fix_where_the_end_of_the_text_is_not_sure() -> None:
    report = Report()
    load_text("a: [x, {{ y }}]\n", "spec.yaml", report)
    assert [diagnostic.fix for diagnostic in report] == [None]


def test_all_errors_of_a_file_come_in_one_run() -> None:
    text = "a:\n  x: @a\n  y: b: c\n  z: 'q\nb:\n  k: 1\n  k: 2\nc: \"open\nd: 'it's'\ne:\n  f: {{ g }}\n  h: !env i\n"
    assert [(code, place) for code, place, _ in problems(text)] == [
        ("MON1009", "2:6-7"),
        ("MON1010", "3:7-8"),
        ("MON1011", "4:6-7"),
        ("MON1017", "7:3-4"),
        ("MON1011", "8:4-5"),
        ("MON1012", "9:8-9"),
        ("MON1008", "11:6-13"),
        ("MON1019", "12:6-10"),
    ]


def test_taking_a_broken_part_out_causes_no_errors_of_its_own() -> None:
    assert [code for code, _, _ in problems("a:\n  x: &n {q: 1}\n  y: b: c\nb: {<<: *n}\n")] == ["MON1010"]
    assert [code for code, _, _ in problems("a: &n {x: b: c}\nb: {<<: *n}\nc: *n\n")] == ["MON1010"]


def test_tabs_are_reported_once_with_all_their_lines() -> None:
    report = Report()
    load_text("a:\n\tb: 1\n\tc: 2\nd:\n\te: 1\n", "spec.yaml", report)
    assert [diagnostic.notes for diagnostic in report] == [("so are the lines 3, 5",)]


def test_tabs_elsewhere_are_fine() -> None:
    load("a:\t1\t# c\nb: 'x\ty'\nc: |\n  x\n  \tindented\n")
