"""Lists that say in which order all objects of a kind apply: ours in the order of the spec, others' where they are."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any


def merged(live: Sequence[str], wanted: Sequence[str]) -> list[str]:
    """``live`` with ``wanted`` in their own order, at the places that some of them have.

    Those that are not in ``live`` yet follow the last of the others, or all that there is. Nothing else moves.
    """
    present = [each for each in wanted if each in live]
    places = [place for place, each in enumerate(live) if each in present]
    found = list(live)
    for place, each in zip(places, present, strict=True):
        found[place] = each
    after = places[-1] + 1 if places else len(found)
    absent = [each for each in wanted if each not in live]
    return [*found[:after], *absent, *found[after:]]


def compared(key: str, body: Mapping[str, Any], live: Mapping[str, Any]) -> tuple[Any, Any]:
    """``(live, wanted)``: of both only what ``body`` orders; where others stand is theirs."""
    wanted = list(body[key])
    texts: Collection[Any] = [each for each in wanted if isinstance(each, str)]
    return {key: [each for each in live[key] if each in texts]}, {key: wanted}
