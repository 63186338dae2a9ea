"""A part of a spec as a flat map of fields, and what differs between two of them.

Values are compared by what they mean: a duration in another spelling, or a field that says its own default, is no
difference; nor is a query that is only laid out differently.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from pydantic import BaseModel

from skillforge_mon.diff.change import FieldChange
from skillforge_mon.diff.wording import list_change, query_change, text_change
from skillforge_mon.query.promql import PromQLSyntaxError, parse
from skillforge_mon.query.promql.pretty import pretty
from skillforge_mon.spec.models.base import SpecModel
from skillforge_mon.spec.quantities import Duration, plain_number


@dataclass(frozen=True, slots=True)
class Value:
    """One field. ``items`` are the members of a list; ``part`` is True for a part that has fields of its own."""

    text: str
    items: tuple[str, ...] | None = None
    part: bool = False
    usual: bool = False


Fields = Mapping[str, Value]


def flat(model: BaseModel, leave_out: Sequence[str] = ()) -> dict[str, Value]:
    """The fields of ``model`` by their path in the spec (``severity.critical.when``), in the order of the language.

    Parts stand before their fields. ``leave_out`` are fields of the model itself.
    """
    return dict(_fields(model, "", frozenset(leave_out)))


def _fields(model: BaseModel, prefix: str, leave_out: frozenset[str] = frozenset()) -> Iterator[tuple[str, Value]]:
    for name, info in type(model).model_fields.items():
        key = info.alias or name
        if key not in leave_out:
            value = getattr(model, name)
            usual = not info.is_required() and name not in model.model_fields_set
            yield from _value(value, prefix + key, usual=usual)


def _value(value: Any, path: str, *, usual: bool) -> Iterator[tuple[str, Value]]:
    if isinstance(value, BaseModel):
        yield path, Value("", part=True, usual=usual)
        yield from _fields(value, f"{path}.")
    elif isinstance(value, Mapping):
        for key, member in value.items():
            yield from _value(member, f"{path}.{key}", usual=usual)
    elif isinstance(value, list) and value and all(map(_is_short_form, value)):
        items = tuple(getattr(item, item.shorthand) for item in value)
        yield path, Value(", ".join(items), items, usual=usual)
    elif isinstance(value, list | tuple) and any(isinstance(item, BaseModel | Mapping) for item in value):
        for index, item in enumerate(value):
            yield from _value(item, f"{path}[{index + 1}]", usual=usual)
    elif isinstance(value, list | tuple):
        if value:
            items = tuple(map(shown, value))
            yield path, Value(", ".join(items), items, usual=usual)
    elif value is not None:
        yield path, Value(shown(value), usual=usual)


def _is_short_form(value: Any) -> bool:
    """True for a part that says no more than its short form, a text (`slack: "#alerts"`). A query is no mere text."""
    if not isinstance(value, SpecModel) or not value.shorthand or value.shorthand == "expr":
        return False
    return value.model_fields_set == {value.shorthand} and isinstance(getattr(value, value.shorthand), str)


def shown(value: Any) -> str:
    """A single value as people write it in a spec."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Duration):
        return str(value)
    if isinstance(value, int | float | Decimal):
        return plain_number(Decimal(str(value)))
    values = getattr(value, "values", None)
    if isinstance(values, tuple):  # of a metric's label
        return ", ".join(values) or str(value.cardinality)
    return str(value)


Label = Callable[[str], str]


def differences(
    old: Fields, new: Fields, *, queries: frozenset[str] = frozenset(), label: Label = str
) -> Iterator[FieldChange]:
    """Every field that differs, in the order of ``new``, then what is gone.

    ``queries`` are the fields that hold PromQL. ``label`` gives a path the words of the domain.
    """
    covered: list[str] = []
    for path in dict.fromkeys((*new, *old)):
        before, after = old.get(path), new.get(path)
        if before == after or any(path.startswith((f"{part}.", f"{part}[")) for part in covered):
            continue
        if (before is None or after is None) and (before or after or Value("")).part:
            covered.append(path)
            yield _whole_part(label(path), path, old, new)
        elif (change := _change(path, label(path), before, after, queries)) is not None:
            yield change if change.path == path else replace(change, path=path, words=change.sentence)


def _whole_part(name: str, path: str, old: Fields, new: Fields) -> FieldChange:
    came = path in new
    fields = new if came else old
    text = ", ".join(
        f"{key.removeprefix(path).lstrip('.')} {value.text}"
        for key, value in fields.items()
        if key.startswith((f"{path}.", f"{path}[")) and not value.usual and not value.part
    )
    verb = "added" if came else "removed"
    change = text_change(path, None if came else text, text if came else None)
    words = f"{name} {verb}: {text}" if text and not change.lines else f"{name} {verb}"
    return FieldChange(path, change.old, change.new, words, change.lines)


def _change(
    path: str, name: str, before: Value | None, after: Value | None, queries: frozenset[str]
) -> FieldChange | None:
    old, new = (value.text if value is not None else None for value in (before, after))
    if old == new and (before and before.items) == (after and after.items):
        return None
    if path in queries:
        old, new = canonical(old), canonical(new)
        return query_change(name, old, new) if old != new else None
    if before is not None and after is not None and before.items is not None and after.items is not None:
        return list_change(name, before.items, after.items)
    return text_change(name, old, new)


def canonical(query: str | None) -> str | None:
    """The query in the layout in which monmc writes it; one that does not parse stays as it is."""
    if query is None:
        return None
    try:
        return pretty(parse(query))
    except PromQLSyntaxError:
        return query
