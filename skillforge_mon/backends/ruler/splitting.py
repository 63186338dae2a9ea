"""A group with more rules than a ruler takes, as several; rules that read each other's series stay together."""

from __future__ import annotations

from collections.abc import Sequence

from skillforge_mon.backends.ruler.dependencies import Rule, rule_name, together


class TooLongError(Exception):
    """Rules that belong together are more than a group may have; ``args`` are the name of the first, and how many."""

    def __init__(self, first: str, count: int) -> None:
        super().__init__(first, count)
        self.first = first
        self.count = count


def split(rules: Sequence[Rule], limit: int | None) -> list[list[Rule]]:
    """The rules as groups of at most ``limit``, in their order. Raises TooLongError."""
    if limit is None or len(rules) <= limit:
        return [list(rules)]
    parts: list[list[int]] = []
    for indices in together(rules):
        if len(indices) > limit:
            raise TooLongError(rule_name(rules[indices[0]]), len(indices))
        fitting = next((part for part in parts if len(part) + len(indices) <= limit), None)
        if fitting is None:
            parts.append(indices)
        else:
            fitting.extend(indices)
    return [[rules[index] for index in sorted(part)] for part in parts]
