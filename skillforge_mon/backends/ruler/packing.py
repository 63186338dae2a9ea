"""Bundles of rules put into groups, as many groups as are asked for, so that little moves when a bundle is added.

The first ``count`` bundles, in the order of their rank, are a group each. Every other one joins the group that it likes
best among those that have room: one of its own file, then the one whose digest and its own make the lowest number
(rendezvous hashing: Thaler and Ravishankar, "Using Name-Based Mappings to Increase Hit Rates", 1998). They choose by
rank, so that a bundle that is added displaces only bundles of a lower rank, and these only of a still lower one, which
is over after a few. Where bundles stand in the spec plays no part.

Larger bundles have a higher rank, as in first-fit decreasing: what is small fills the gaps.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Final

_ALL_BITS: Final = 2**64 - 1
_GOLDEN: Final = 0x9E3779B97F4A7C15
"""2^64 divided by the golden ratio: multiplied by it, neighbouring numbers are far apart (Knuth, "The Art of Computer
Programming", volume 3, section 6.4). So two digests make a third, for less than a digest of both names."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """Rules that stay together: their number, and the file that they are in."""

    name: str
    file: str
    size: int


def pack(classes: Sequence[Sequence[Bundle]], limit: int, groups: int) -> list[list[list[int]]] | None:
    """At most ``groups`` groups of at most ``limit`` rules, none with bundles of two classes; None if it does not work.

    For each class its groups, as indices of its bundles. A class is merged only as far as those before it do not
    suffice.
    """
    if sum(at_least(bundles, limit) for bundles in classes) > groups:
        return None
    fewest = [_fewest(bundles, limit) for bundles in classes]
    if sum(map(len, fewest)) > groups:
        return None
    found: list[list[list[int]]] = []
    left, later = groups, sum(map(len, classes))
    for bundles, least in zip(classes, fewest, strict=True):
        later -= len(bundles)
        wanted = min(len(bundles), left - later)
        tried = (_packed(bundles, limit, count) for count in range(wanted, len(least), -1))
        found.append(next(filter(None, tried), least))
        left -= len(found[-1])
    return found


def fewest_groups(bundles: Sequence[Bundle], limit: int) -> int:
    """How few groups of at most ``limit`` rules ``pack`` makes of ``bundles``."""
    return len(_fewest(bundles, limit))


def at_least(bundles: Iterable[Bundle], limit: int) -> int:
    """A number of groups of at most ``limit`` rules that no way of packing can go below.

    All rules need room; and of bundles longer than ``limit / (n + 1)``, no group has more than n.
    """
    sizes = [bundle.size for bundle in bundles]
    if not sizes:
        return 0
    by_size = (
        -(-sum(size * (most + 1) > limit for size in sizes) // most) for most in range(1, limit // min(sizes) + 1)
    )
    return max((-(-sum(sizes) // limit), *by_size))


def _fewest(bundles: Sequence[Bundle], limit: int) -> list[list[int]]:
    for count in range(at_least(bundles, limit), len(bundles)):
        found = _packed(bundles, limit, count)
        if found is not None:
            return found
    return [[index] for index in range(len(bundles))]


def _packed(bundles: Sequence[Bundle], limit: int, count: int) -> list[list[int]] | None:
    """Exactly ``count`` groups of at most ``limit`` rules, as indices; the first of each gives it its name."""
    digests = [_digest(bundle.name) for bundle in bundles]
    ranked = sorted(range(len(bundles)), key=lambda index: (-bundles[index].size, digests[index]))
    groups = [[index] for index in ranked[:count]]
    rooms = [limit - bundles[index].size for index in ranked[:count]]
    files: dict[str, list[int]] = {}
    for number, (first,) in enumerate(groups):
        files.setdefault(bundles[first].file, []).append(number)
    for index in ranked[count:]:
        size, digest = bundles[index].size, digests[index]
        for candidates in (files.get(bundles[index].file, ()), range(count)):
            liked = min(
                (
                    ((digests[ranked[number]] ^ digest) * _GOLDEN & _ALL_BITS, number)
                    for number in candidates
                    if rooms[number] >= size
                ),
                default=None,
            )
            if liked is not None:
                break
        else:
            return None
        groups[liked[1]].append(index)
        rooms[liked[1]] -= size
    return groups


def _digest(text: str) -> int:
    """A number of 64 bits for ``text``, the same on every machine."""
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big")
