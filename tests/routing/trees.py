"""Random configurations of Alertmanager and random label sets, from a seed: the same seed, the same configurations.

Many trees stand side by side below one root that goes on after each, so that one run of amtool asks them all at once.
"""

from __future__ import annotations

import json
from random import Random
from typing import Any

NAMES = ("a", "b", "severity")
VALUES = ("x", "y", "xy", "x.y", "X", "7", "77", "critical", "warning")
REGEXES = (
    "x", "x|y", "x.*", ".*", ".+", "", "(?i)X", "x(?i)Y|Z", "(?i:x)y?", "[[:alpha:]]+", "[^[:digit:]]+", r"\d+", r"\D*",
    r"x\.y", "x.y", "^x$", "(x)?", "[^x]", r"\Qx.y\E", "x{1,2}", "(?:x|y)+?", r"\bx\b.*", "x$|y", r"[\w.]+", r"\x78",
    "critical|warning", "(?P<n>c).*", "[x-z]+", r"\Ax\z", "(?U)x+", "(?s).", "[]x]", "x|",
)  # fmt: skip


def labels(random: Random) -> dict[str, str]:
    """A label set; some labels are missing."""
    return {name: random.choice(VALUES) for name in NAMES if random.random() < 0.7}


def configuration(random: Random, trees: int, *, modern: bool) -> dict[str, Any]:
    """``trees`` trees below one root; ``modern`` adds what only parsers of UTF-8 matchers can read."""
    receivers = [{"name": "root"}]
    routes = []
    for number in range(trees):
        names = [f"{number}-{index}" for index in range(5)]
        receivers += [{"name": name} for name in names]
        top = _route(random, names, 0, modern=modern)
        routes.append({"receiver": names[0], **top, "continue": True})
    return {"route": {"receiver": "root", "routes": routes}, "receivers": receivers}


def text(config: dict[str, Any]) -> str:
    """The configuration as a text: JSON is YAML."""
    return json.dumps(config, indent=1)


def _route(random: Random, receivers: list[str], depth: int, *, modern: bool) -> dict[str, Any]:
    route: dict[str, Any] = {}
    if random.random() < 0.6:
        route["receiver"] = random.choice(receivers)
    if random.random() < 0.8 or depth == 0:
        route |= _matchers(random, modern=modern)
    if random.random() < 0.4:
        route["continue"] = random.random() < 0.7
    if depth < 3 and random.random() < 0.75:
        route["routes"] = [_route(random, receivers, depth + 1, modern=modern) for _ in range(random.randint(1, 4))]
    return route


def _matchers(random: Random, *, modern: bool) -> dict[str, Any]:
    chosen = random.random()
    if chosen < 0.15:
        return {"match": {random.choice(NAMES): random.choice(VALUES) for _ in range(random.randint(1, 2))}}
    if chosen < 0.3:
        return {"match_re": {random.choice(NAMES): random.choice(REGEXES)}}
    return {"matchers": [_line(random, modern=modern) for _ in range(random.randint(1, 2))]}


def _line(random: Random, *, modern: bool) -> str:
    parts = [_matcher(random, modern=modern) for _ in range(random.choice((1, 1, 1, 2)))]
    joined = random.choice((",", ", ")).join(parts)
    return f"{{{joined}}}" if random.random() < 0.3 else joined


def _matcher(random: Random, *, modern: bool) -> str:
    name = random.choice(NAMES)
    space = random.choice(("", "", " "))
    if modern and random.random() < 0.1:
        name = f'"{name}"' if random.random() < 0.7 else '"no such"'
    if random.random() < 0.5:
        pattern = random.choice(REGEXES).replace("\\", "\\\\")
        return f'{name}{space}{random.choice(("=~", "!~"))}{space}"{pattern}"'
    value = random.choice((*VALUES, ""))
    written = value if value and random.random() < 0.3 else f'"{value}"'
    return f"{name}{space}{random.choice(('=', '!='))}{space}{written}"
