"""What the proofs cannot make series for: raised with the construct, told as a skipped case."""

from __future__ import annotations


class UnsupportedError(Exception):
    """``str()`` names the construct: "the function `holt_winters`"."""
