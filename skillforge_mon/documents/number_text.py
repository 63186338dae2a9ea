"""How the writers of YAML and JSON print a number: exact, short, and the same for every reader."""

from __future__ import annotations

from decimal import Decimal

# Between these powers of ten a number is written out; outside of them people count the zeros wrong.
_SMALLEST_WRITTEN_OUT = -12
_LARGEST_WRITTEN_OUT = 15


def float_text(value: float) -> str:
    """The shortest decimal that reads back as the same double: ``0.1``, ``5.0``, ``0.00001``, ``1.0e+16``.

    Always has a point, and a sign in the exponent, because YAML 1.1 reads ``1e16`` as a string.
    Raises ValueError for NaN and the infinities, which JSON cannot say.
    """
    text = float.__repr__(value)
    if "n" in text:
        raise ValueError(f"a document holds {text}, which is not a number that JSON can say")
    if "e" not in text:
        return text
    return _text_of_parts(Decimal(text))


def decimal_text(value: Decimal) -> str:
    """Exactly ``value``, without trailing zeros: ``99.90`` is ``99.9`` and ``5.00`` is ``5``.

    Raises ValueError for NaN and the infinities, which JSON cannot say.
    """
    if not value.is_finite():
        raise ValueError(f"a document holds {value}, which is not a number that JSON can say")
    return _text_of_parts(value) if value else "0"


def _text_of_parts(value: Decimal) -> str:
    power = value.adjusted()
    if _SMALLEST_WRITTEN_OUT <= power <= _LARGEST_WRITTEN_OUT:
        text = format(value, "f")
        return text.rstrip("0").rstrip(".") if "." in text else text
    sign, digits, _ = value.as_tuple()
    significant = "".join(map(str, digits)).rstrip("0")
    return f"{'-' if sign else ''}{significant[0]}.{significant[1:] or '0'}e{power:+d}"
