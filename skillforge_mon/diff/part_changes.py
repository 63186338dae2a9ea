"""What differs between two versions of a part of the output, in the words that its readers use."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from skillforge_mon.diff.change import FieldChange
from skillforge_mon.diff.panels import moved
from skillforge_mon.diff.plain import differences
from skillforge_mon.diff.slo_words import budget_change, objective_change, threshold_change
from skillforge_mon.model.conditions import Comparison, split_comparison
from skillforge_mon.query.promql import PromQLSyntaxError, parse, print_expr
from skillforge_mon.spec.quantities import Duration, QuantityError, parse_ratio, parse_window, plain_number

_MOST_NAMES = 4
"""Variants that a change names; of more, all but the first few are counted."""
_CHANNELS = {
    "email": "e-mail",
    "slack": "Slack",
    "pagerduty": "PagerDuty",
    "opsgenie": "Opsgenie",
    "webhook": "webhook",
    "msteamsv2": "Teams",
    "msteams": "Teams",
    "jira": "Jira",
}
_CONFIGS = re.compile(rf"\b({'|'.join(_CHANNELS)})_configs")
_NUMBERS = re.compile(r"[0-9.]*[0-9][a-z]*( [0-9.]*[0-9][a-z]+)*")
"""Numbers, and lengths of time: `43m 12s` is one."""


@dataclass(frozen=True, slots=True)
class Part:
    """All variants of one part, and the files that they stand in."""

    variants: Mapping[str, Any]
    files: tuple[str, ...]


def part_changes(kind: str, old: Part, new: Part) -> tuple[FieldChange, ...]:
    """Every field that differs. What is the same in all variants is told once.

    Where an SLO promises something else, its rules hold other numbers; that they do is told in one line.
    """
    effects = tuple(_slo_effects(old.variants, new.variants)) if kind == "slo" else ()
    promises_else = any(change.path == "budget" for change in effects)
    both = [name for name in new.variants if name in old.variants]
    found: dict[FieldChange, list[str]] = {}
    following = 0
    for name in both:
        before, after = old.variants[name], new.variants[name]
        if promises_else:
            aligned = _with_numbers_of(after, before)
            following += aligned != after
            after = aligned
        for change in _fields(kind, before, after):
            found.setdefault(change, []).append(name)
    fields = [_in_variants(change, names, both) for change, names in found.items()]
    fields += [FieldChange(name, None, name, f"{name} added") for name in new.variants if name not in old.variants]
    fields += [FieldChange(name, name, None, f"{name} removed") for name in old.variants if name not in new.variants]
    if following:
        fields.append(FieldChange("rules", None, None, f"the numbers of {following} rules follow"))
    return (*effects, *fields)


_NUMBERS_OF_PROMISE = frozenset(("expr", "summary", "description", "objective", "window"))


def _with_numbers_of(new: Any, old: Any, key: str = "") -> Any:
    """``new`` with the texts that hold numbers of a promise, and differ from ``old`` only in these, as they were."""
    if isinstance(new, Mapping) and isinstance(old, Mapping):
        return {name: _with_numbers_of(value, old.get(name), name) for name, value in new.items()}
    if key in _NUMBERS_OF_PROMISE and isinstance(new, str) and isinstance(old, str) and new != old:
        return old if _NUMBERS.sub("0", old) == _NUMBERS.sub("0", new) else new
    return new


def _in_variants(change: FieldChange, names: Sequence[str], everywhere: Sequence[str]) -> FieldChange:
    """``change`` with the variants that it is about, unless it is about all of several."""
    if names == list(everywhere) or names == [""]:
        return change
    shown = names if len(names) <= _MOST_NAMES else [*names[: _MOST_NAMES - 1], f"{len(names) - _MOST_NAMES + 1} more"]
    return replace(change, path=f"{names[0]}.{change.path}", words=f"{change.sentence} ({', '.join(shown)})")


def _fields(kind: str, old: Any, new: Any) -> Iterator[FieldChange]:
    if kind == "dashboard":
        yield from _dashboard(old, new)
        return
    told = kind == "slo" and None not in (_target(old), _target(new))
    for change in differences(old, new):
        if told and change.path.startswith("thresholds"):
            continue  # what is promised is told in words
        if kind == "receiver":
            yield replace(change, words=_CONFIGS.sub(lambda match: _CHANNELS[match[1]], change.sentence))
        elif kind == "alert" and change.path == "expr":
            yield _threshold(old["expr"], new["expr"]) or change
        else:
            yield change


def _threshold(old: Any, new: Any) -> FieldChange | None:
    """The change of an alert's threshold, when nothing else of its query differs."""
    sides = []
    for text in (old, new):
        try:
            expr = parse(str(text))
        except PromQLSyntaxError:
            return None
        sides.append(split_comparison(expr))
    (before, from_), (after, to) = sides
    if from_ is None or to is None or from_ == to or print_expr(before) != print_expr(after):
        return None
    return FieldChange("threshold", _comparison(from_), _comparison(to))


def _comparison(comparison: Comparison) -> str:
    return f"{comparison.op} {plain_number(comparison.number)}"


_INFORMATION = "slo:info"
_COMPARED = re.compile(r" > ([0-9]+(?:\.[0-9]+)?(?:e-?[0-9]+)?)\b")


def _slo_effects(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[FieldChange]:
    """What the rules of an SLO say about its promise: objective, budget, and from when somebody is told."""
    before, after = _promise(old), _promise(new)
    if before is None or after is None:
        return
    told = [
        change
        for severity in ("critical", "warning")
        if (change := threshold_change(severity, _fastest(old, severity), _fastest(new, severity))) is not None
    ]
    if before[0] != after[0]:
        yield objective_change(before[0], after[0])
    if before != after:
        yield budget_change(before, after, told[:1])
        told = told[1:]
    yield from told


def _promise(variants: Mapping[str, Any]) -> tuple[Decimal, Duration] | None:
    """Objective and window, from the labels of ``slo:info``, or of an SLO in Datadog."""
    if "" in variants:
        return _target(variants[""])
    rule = variants.get(_INFORMATION)
    labels = rule.get("labels") if isinstance(rule, Mapping) else None
    if not isinstance(labels, Mapping):
        return None
    try:
        return parse_ratio(labels.get("objective")), parse_window(str(labels.get("window")))
    except QuantityError:
        return None


def _target(body: Any) -> tuple[Decimal, Duration] | None:
    """Objective and window of an SLO in Datadog that has one target."""
    targets = body.get("thresholds") if isinstance(body, Mapping) else None
    if not isinstance(targets, Sequence) or len(targets) != 1 or set(targets[0]) != {"timeframe", "target"}:
        return None
    return Decimal(str(targets[0]["target"])) / 100, Duration.parse(targets[0]["timeframe"])


def _fastest(variants: Mapping[str, Any], severity: str) -> Decimal | None:
    """The highest share of bad events that an alert of this severity is compared with."""
    for name, rule in variants.items():
        if name.partition(" ")[0] == severity and isinstance(rule, Mapping):
            shares = (Decimal(number) for number in _COMPARED.findall(str(rule.get("expr"))))
            return max((number for number in shares if number <= 1), default=None)
    return None


def _dashboard(old: Any, new: Any) -> Iterator[FieldChange]:
    """Panels by title: added, removed, moved to another row or place, and what differs in each; then the rest."""
    before, after = old["panels"], new["panels"]
    places = moved([name for name in before if name in after], [name for name in after if name in before])
    for name, panel in after.items():
        what = _what(name)
        if name not in before:
            row = f' to row "{panel["row"]}"' if "row" in panel else ""
            yield FieldChange(what, None, name, f"{what} added{row}")
            continue
        was_in, is_in = (str(version.get("row", "")) for version in (before[name], panel))
        if was_in != is_in:
            yield FieldChange(what, was_in, is_in, f'{what} moved from row "{was_in}" to row "{is_in}"')
        elif name in places:
            yield FieldChange(what, _place(name, before), _place(name, after), f"{what} moved")
        for change in differences(_without(before[name], "row"), _without(panel, "row")):
            words = f"{what}: {change.sentence}"
            yield FieldChange(f"{what} {change.path}", change.old, change.new, words, change.lines)
    for name in before:
        if name not in after:
            yield FieldChange(_what(name), name, None, f"{_what(name)} removed")
    yield from differences(_without(old, "panels"), _without(new, "panels"))


def _what(panel: str) -> str:
    return panel if panel.startswith("row ") else f"panel {panel}"


def _place(name: str, among: Mapping[str, Any]) -> str:
    return f"place {list(among).index(name) + 1}"


def _without(data: Mapping[str, Any], key: str) -> dict[str, Any]:
    return {name: value for name, value in data.items() if name != key}
