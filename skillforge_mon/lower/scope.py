"""Which alerts something applies to, as far as maintenance windows can tell them apart."""

from __future__ import annotations

from dataclasses import dataclass

OTHER = frozenset(("",))
"""In place of names: those that no window gives. No service or alert has an empty name."""


@dataclass(frozen=True, slots=True)
class Scope:
    """The alerts of these services, of these names, of these severities. None is all of them."""

    services: frozenset[str] | None = None
    alerts: frozenset[str] | None = None
    severities: frozenset[str] | None = None

    def meet(self, other: Scope) -> Scope | None:
        """The alerts that are in both, None when there can be none."""
        both = Scope(
            _both(self.services, other.services),
            _both(self.alerts, other.alerts),
            _both(self.severities, other.severities),
        )
        nothing = frozenset[str]()
        return None if nothing in (both.services, both.alerts, both.severities) else both

    def within(self, other: Scope) -> bool:
        """True when everything in it is in ``other`` as well."""
        return self.meet(other) == self


def _both(left: frozenset[str] | None, right: frozenset[str] | None) -> frozenset[str] | None:
    if left is None or right is None:
        return right if left is None else left
    return left & right
