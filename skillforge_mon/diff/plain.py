"""What differs between two pieces of plain data: the order of keys and the form of numbers do not matter."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from skillforge_mon.diff.change import FieldChange
from skillforge_mon.diff.wording import list_change, query_change, text_change
from skillforge_mon.documents.yaml_writer import write_yaml
from skillforge_mon.spec.quantities import plain_number

_NAMES = (
    "name", "alert", "record", "job_name", "receiver", "uid", "refId", "to", "channel", "url", "url_file",
    "routing_key_file", "service_key_file", "api_key_file", "project", "key", "title", "definition.title", "id",
)  # fmt: skip
"""What the members of a list are told apart by: the first of these that all of them have, each with a value of its
own. The names are those of Prometheus's, Alertmanager's, Grafana's, Datadog's and Sentry's own formats. What is below
another key has a dot before it."""

_QUERIES = frozenset(("expr", "query"))
_SHORT = 60


def same(old: Any, new: Any) -> bool:
    """True when the two say the same."""
    if old is new:
        return True
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        return old.keys() == new.keys() and all(same(value, new[key]) for key, value in old.items())
    if _is_list(old) and _is_list(new):
        return len(old) == len(new) and all(map(same, old, new))
    if _is_number(old) and _is_number(new):
        return bool(old == new) or float(old) == float(new)
    return type(old) is type(new) and bool(old == new)


def _is_list(value: Any) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str | bytes)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


def text_of(value: Any) -> str:
    """Plain data as people read it: a bare text, a list with commas, or YAML over several lines."""
    if isinstance(value, str):
        return value
    if _is_number(value):
        return plain_number(Decimal(str(value)))
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    if _is_list(value) and value and not any(isinstance(item, Mapping) or _is_list(item) for item in value):
        return ", ".join(map(text_of, value))
    if isinstance(value, Mapping) or _is_list(value):
        short = json.dumps(value, default=str, ensure_ascii=False)
        return short if len(short) <= _SHORT else write_yaml(_writable(value)).rstrip("\n")
    return str(value)


def _writable(value: Any) -> Any:
    """``value`` with what only a hand-written file can hold (a date, a number as a key) as text."""
    if isinstance(value, Mapping):
        return {str(key): _writable(member) for key, member in value.items()}
    if _is_list(value):
        return [_writable(member) for member in value]
    return value if value is None or isinstance(value, str | bool | int | float | Decimal) else str(value)


def differences(old: Any, new: Any, path: str = "") -> Iterator[FieldChange]:
    """Every place at which ``old`` and ``new`` differ, in the order of ``new``, then what is gone."""
    if same(old, new):
        return
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for key in dict.fromkeys((*new, *old)):
            below = f"{path}.{key}" if path else str(key)
            if key not in old:
                yield text_change(below, None, text_of(new[key]))
            elif key not in new:
                yield text_change(below, text_of(old[key]), None)
            else:
                yield from differences(old[key], new[key], below)
    elif _is_list(old) and _is_list(new):
        yield from _list_differences(old, new, path)
    elif path.rpartition(".")[2] in _QUERIES:
        yield query_change(path, text_of(old), text_of(new))
    else:
        yield text_change(path, text_of(old), text_of(new))


def _list_differences(old: Sequence[Any], new: Sequence[Any], path: str) -> Iterator[FieldChange]:
    if not any(isinstance(item, Mapping) or _is_list(item) for item in (*old, *new)):
        before, after = list(map(text_of, old)), list(map(text_of, new))
        yield list_change(path, before, after)
        return
    name = next((name for name in _NAMES if _tells_apart(name, old) and _tells_apart(name, new)), None)
    if name is None:
        yield from _by_place(old, new, path)
        return
    before_by, after_by = ({text_of(_named(item, name)): item for item in each} for each in (old, new))
    for key in dict.fromkeys((*after_by, *before_by)):
        if key not in before_by:
            yield FieldChange(f"{path}[{key}]", None, text_of(after_by[key]), f"{path} now also {key}")
        elif key not in after_by:
            yield FieldChange(f"{path}[{key}]", text_of(before_by[key]), None, f"{path} no longer {key}")
        else:
            yield from differences(before_by[key], after_by[key], f"{path}[{key}]")
    if before_by.keys() == after_by.keys() and list(before_by) != list(after_by):
        order = ", ".join(after_by)
        yield FieldChange(path, ", ".join(before_by), order, f"{path} in another order: {order}")


def _tells_apart(name: str, items: Sequence[Any]) -> bool:
    if not all(isinstance(_named(item, name), str | int) for item in items):
        return False
    return len({text_of(_named(item, name)) for item in items}) == len(items)


def _named(item: Any, name: str) -> Any:
    """What ``item`` has under ``name``; None where there is no such key, or nothing that has keys."""
    for part in name.split("."):
        item = item.get(part) if isinstance(item, Mapping) else None
    return item


def _by_place(old: Sequence[Any], new: Sequence[Any], path: str) -> Iterator[FieldChange]:
    """Members without names: those in the same place are compared, once equal ones at both ends are set aside."""
    first = 0
    while first < min(len(old), len(new)) and same(old[first], new[first]):
        first += 1
    last = 0
    while last < min(len(old), len(new)) - first and same(old[-1 - last], new[-1 - last]):
        last += 1
    before, after = old[first : len(old) - last], new[first : len(new) - last]
    for index in range(max(len(before), len(after))):
        below = f"{path}[{first + index + 1}]"
        if index >= len(before):
            yield text_change(below, None, text_of(after[index]))
        elif index >= len(after):
            yield text_change(below, text_of(before[index]), None)
        else:
            yield from differences(before[index], after[index], below)
