"""Which requests are tried again: the whole table, and how long the waits are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillforge_mon.remote.retries import TRANSIENT, End, Verdict, backoff, verdict

AGAIN, UNCOUNTED, DONE, FAILED, LOST = (
    Verdict.AGAIN, Verdict.AGAIN_UNCOUNTED, Verdict.DONE, Verdict.FAILED, Verdict.LOST,
)  # fmt: skip


@pytest.mark.parametrize(
    ("end", "repeatable", "other"),
    [
        (End(200), DONE, DONE),
        (End(204), DONE, DONE),
        (End(200, readable=False), AGAIN, LOST),
        (End(0), AGAIN, LOST),
        (End(0, sent=False), AGAIN, AGAIN),
        (End(0, sent=False, hopeless=True), FAILED, FAILED),
        (End(302), FAILED, FAILED),
        (End(400), FAILED, FAILED),
        (End(401), FAILED, FAILED),
        (End(404), FAILED, FAILED),
        (End(408), AGAIN, LOST),
        (End(409), FAILED, FAILED),
        (End(429), UNCOUNTED, UNCOUNTED),
        (End(429, asked=True), UNCOUNTED, UNCOUNTED),
        (End(500), AGAIN, LOST),
        (End(501), FAILED, LOST),
        (End(502), AGAIN, LOST),
        (End(503), AGAIN, LOST),
        (End(503, asked=True), AGAIN, AGAIN),
        (End(504), AGAIN, LOST),
        (End(512), AGAIN, LOST),
    ],
    ids=str,
)
def test_the_table(end: End, repeatable: Verdict, other: Verdict) -> None:
    assert (verdict(end, repeatable=True), verdict(end, repeatable=False)) == (repeatable, other)


ends = st.builds(End, st.one_of(st.just(0), st.integers(200, 599)), st.booleans(), st.booleans(), st.booleans())


@given(ends)
def test_what_must_not_be_repeated_goes_again_only_if_it_had_no_effect(end: End) -> None:
    again = verdict(end, repeatable=False) in {AGAIN, UNCOUNTED}
    assert again == (end.status == 429 or not end.sent or (end.status == 503 and end.asked))


@given(ends)
def test_only_what_may_pass_is_tried_again(end: End) -> None:
    if verdict(end, repeatable=True) in {AGAIN, UNCOUNTED}:
        assert end.status in TRANSIENT or end.status == 0 or not end.sent or not end.readable


@given(st.integers(2, 60), st.floats(0, 1))
def test_waits_double_up_to_half_a_minute_and_are_shortened_by_half_at_most(number: int, chance: float) -> None:
    longest = min(30.0, 0.5 * 2 ** (number - 2))
    assert longest / 2 <= backoff(number, lambda: chance) <= longest
