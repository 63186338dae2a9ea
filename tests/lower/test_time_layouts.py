"""Layouts of Go in the letters of Java."""

from __future__ import annotations

import pytest

from skillforge_mon.lower.time_layouts import java_layout


@pytest.mark.parametrize(
    ("layout", "expected"),
    [
        ("2006-01-02 15:04:05", "yyyy-MM-dd HH:mm:ss"),
        ("2006-01-02T15:04:05.000Z07:00", "yyyy-MM-dd'T'HH:mm:ss.SSSXXX"),
        ("02/Jan/2006:15:04:05 -0700", "dd/MMM/yyyy:HH:mm:ss xx"),
        ("Mon Jan _2 15:04:05 MST 2006", "EEE MMM ppd HH:mm:ss zzz yyyy"),
        ("Monday, January 2 2006, 3:04 PM", "EEEE, MMMM d yyyy, h:mm a"),
        ("15:04:05,999", "HH:mm:ss[,SSS]"),
        ("day 02 of '06", "'day' dd 'of' ''yy"),
    ],
)
def test_a_layout(layout: str, expected: str) -> None:
    assert java_layout(layout) == expected
