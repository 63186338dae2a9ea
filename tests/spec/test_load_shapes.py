"""Loads over time: what each form means, and that nothing that people write ends in anything but a sentence."""

from __future__ import annotations

import contextlib
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillforge_mon.spec.load_shapes import EXAMPLES, LoadPiece, ShapeError, parse_piece
from skillforge_mon.spec.quantities import Duration

FORMS = {
    "100/s": LoadPiece("rate", Decimal(100), Decimal(100), None, None),
    "30/m for 10m": LoadPiece("rate", Decimal("0.5"), Decimal("0.5"), None, Duration.of(minutes=10)),
    "42": LoadPiece("value", Decimal(42), Decimal(42), None, None),
    "-1.5 for 30s": LoadPiece("value", Decimal("-1.5"), Decimal("-1.5"), None, Duration.of(seconds=30)),
    "0/s to 50/s for 5m": LoadPiece("rate", Decimal(0), Decimal(50), None, Duration.of(minutes=5)),
    "0 to 50/s for 5m": LoadPiece("rate", Decimal(0), Decimal(50), None, Duration.of(minutes=5)),
    "1 to 9 for 1h": LoadPiece("value", Decimal(1), Decimal(9), None, Duration.of(hours=1)),
    "10/s at 300ms": LoadPiece("rate", Decimal(10), Decimal(10), Decimal("0.300"), None),
    "stops for 5m": LoadPiece("stops", Decimal(0), Decimal(0), None, Duration.of(minutes=5)),
    "absent": LoadPiece("absent", Decimal(0), Decimal(0), None, None),
}
REFUSED = {
    "lots": "`lots` is not a load",
    "5/s for": "`5/s for` is not a load",
    "5/s for 0s": "a piece of a load lasts longer than 0s",
    "5/s to 9": "`5/s to 9` begins and ends in different units",
    "5/s to 9/m for 5m": "`5/s to 9/m for 5m` begins and ends in different units",
    "1 to 9": "`1 to 9` does not say how long the ramp takes: add `for 5m`",
    "5 at 300ms": "`5 at 300ms` does not say how many observations there are",
    "-5/s": "`-5/s` would take events back",
}


@pytest.mark.parametrize(("text", "piece"), FORMS.items(), ids=FORMS)
def test_each_form_means(text: str, piece: LoadPiece) -> None:
    assert parse_piece(text) == piece


@pytest.mark.parametrize(("text", "message"), REFUSED.items(), ids=REFUSED)
def test_what_is_wrong_is_said(text: str, message: str) -> None:
    with pytest.raises(ShapeError) as raised:
        parse_piece(text)
    assert (str(raised.value), raised.value.expected) == (message, EXAMPLES)


@given(st.text() | st.from_regex(r"\A[-0-9./smhto arfbe]{0,30}\Z"))
def test_any_text_is_a_load_or_is_refused(text: str) -> None:
    with contextlib.suppress(ShapeError):
        assert isinstance(parse_piece(text), LoadPiece)
