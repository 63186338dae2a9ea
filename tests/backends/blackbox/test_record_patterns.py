"""Patterns of records: what is said of a value, as it is looked for in a whole record."""

from __future__ import annotations

import re

import pytest

from skillforge_mon.backends.blackbox.record_patterns import StartWithinPatternError, record_pattern

RECORDS = {
    "A": "shop.example.\t300\tIN\tA\t198.51.100.7",
    "CNAME": "shop.example.\t300\tIN\tCNAME\tedge.example.net.",
    "TXT": 'shop.example.\t300\tIN\tTXT\t"v=spf1 mx -all"',
}


@pytest.mark.parametrize(
    ("kind", "pattern", "written", "matched"),
    [
        ("A", None, r"\tIN\tA\t", ["A"]),
        ("A", r"^198\.51\.", r"\tIN\tA\t(?:198\.51\.)", ["A"]),
        ("A", r"\A198", r"\tIN\tA\t(?:198)", ["A"]),
        ("A", r"^51\.", r"\tIN\tA\t(?:51\.)", []),
        ("A", r"100\.7$", r"\tIN\tA\t(?:.*100\.7$)", ["A"]),
        ("A", "shop", r"\tIN\tA\t(?:.*shop)", []),
        ("A", r"^10\.|^198\.|\.8$", r"\tIN\tA\t(?:10\.|198\.|.*\.8$)", ["A"]),
        ("A", r"(10|198)\.51", r"\tIN\tA\t(?:.*(10|198)\.51)", ["A"]),
        ("A", r"^[^|^]+[.]7$", r"\tIN\tA\t(?:[^|^]+[.]7$)", ["A"]),
        ("A", r"^198\|\^", r"\tIN\tA\t(?:198\|\^)", []),
        ("CNAME", "(?i)^EDGE", r"\tIN\tCNAME\t(?i)(?:EDGE)", ["CNAME"]),
        ("CNAME", "", r"\tIN\tCNAME\t(?:.*)", ["CNAME"]),
        ("TXT", "^v=spf1.* -all$", r'\tIN\tTXT\t(?:"?v=spf1.* -all"?$)', ["TXT"]),
        ("TXT", "mx$", r'\tIN\tTXT\t(?:.*mx"?$)', []),
        ("TXT", '^"v=spf1', r'\tIN\tTXT\t(?:"?"v=spf1)', ["TXT"]),
    ],
)
def test_a_pattern_is_about_the_value_of_a_record(
    kind: str, pattern: str | None, written: str, matched: list[str]
) -> None:
    found = record_pattern(kind, pattern)
    python = found.replace("(?i)(?:", "(?i:")
    assert (found, [name for name, record in RECORDS.items() if re.search(python, record)]) == (written, matched)


@pytest.mark.parametrize("pattern", ["(^198|^10)", "a^", "^^1", r"x|(?:\A1)"])
def test_a_start_within_a_pattern_is_told(pattern: str) -> None:
    with pytest.raises(StartWithinPatternError):
        record_pattern("A", pattern)
