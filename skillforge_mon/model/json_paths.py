"""Where a value is in JSON: ``checks.database.status``, ``items[0].name``, ``["a.b"].c``."""

from __future__ import annotations

import json
import re

_PART = re.compile(r'\.?(?P<name>[^\s.\[\]"]+)|\[(?P<index>\d+)\]|\[(?P<quoted>"(?:[^"\\]|\\.)*")\]')


def path_parts(path: str) -> tuple[str | int, ...]:
    """The keys and the places in lists, from the outside in. Raises ValueError for what is no path."""
    parts: list[str | int] = []
    position = 0
    while position < len(path):
        found = _PART.match(path, position)
        if found is None or (position == 0 and path.startswith(".")):
            raise ValueError(f"`{path}` is no path: write `checks.database.status`, or `items[0].name`")
        if found["index"] is not None:
            parts.append(int(found["index"]))
        else:
            parts.append(found["name"] if found["quoted"] is None else json.loads(found["quoted"]))
        position = found.end()
        if position < len(path) and path[position] not in ".[":
            raise ValueError(f"`{path}` is no path: a `.` is missing at `{path[position:]}`")
    return tuple(parts)


def json_path(path: str) -> str:
    """The same in JSONPath (RFC 9535): ``$.checks.database.status``, ``$["a.b"]``."""
    text = "$"
    for part in path_parts(path):
        if isinstance(part, int):
            text += f"[{part}]"
        elif re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", part):
            text += f".{part}"
        else:
            text += f"[{json.dumps(part)}]"
    return text
