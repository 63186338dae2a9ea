"""The rules that Prometheus has loaded (``/api/v1/rules``), against the rule files of a build.

Prometheus keeps no text: it prints its own tree of a query, and lengths of time in seconds. So queries are compared as
trees, which our own parser makes of both texts, and lengths of time as numbers.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any, Final

from skillforge_mon.backends.prometheus.loaded_queries import lines_of, same_query
from skillforge_mon.documents.document import Document, Plain
from skillforge_mon.query.promql.duration import duration_milliseconds, duration_text
from skillforge_mon.remote.api import Difference

Group = dict[str, Any]
Groups = dict[tuple[str, str], Group]
"""The name of the file and that of the group -> its settings, and its rules in order."""

_SETTINGS: Final = ("interval", "limit")


def loaded_groups(answer: Mapping[str, Any]) -> Groups:
    """The groups that ``/api/v1/rules`` tells of."""
    return {
        (PurePosixPath(group["file"].replace("\\", "/")).name, group["name"]): {
            "interval": _seconds(group["interval"]),
            "limit": group.get("limit") or 0,
            "rules": [_loaded_rule(rule) for rule in group["rules"]],
        }
        for group in answer["groups"]
    }


def written_groups(documents: Iterable[Document], interval: str) -> Groups:
    """The groups of the rule files among ``documents``; ``interval`` is that of a group that says none."""
    found: Groups = {}
    for document in documents:
        content = document.content
        if not isinstance(content, Mapping) or "groups" not in content:
            continue
        for group in _mappings(content["groups"]):
            found[PurePosixPath(document.path).name, str(group["name"])] = written_group(group, interval)
    return found


def written_group(group: Mapping[str, Plain], interval: str) -> Group:
    """One group of a rule file in the form that ``loaded_groups`` gives."""
    return {
        "interval": _length(group.get("interval") or interval),
        "limit": int(str(group.get("limit") or 0)),
        "rules": [written_rule(rule) for rule in _mappings(group.get("rules"))],
    }


def written_rule(rule: Mapping[str, Plain]) -> dict[str, Any]:
    """A rule of a rule file without what says nothing: empty texts, maps and lengths of time."""
    found: dict[str, Any] = {key: rule[key] for key in ("record", "alert", "expr") if key in rule}
    for key in ("for", "keep_firing_for"):
        if (length := _length(rule.get(key) or "0s")) != "0s":
            found[key] = length
    for key in ("labels", "annotations"):
        if texts := _texts(rule.get(key)):
            found[key] = texts
    return found


def rule_differences(live: Groups, wanted: Groups) -> Iterator[Difference]:
    """Groups that only one side has, settings of groups, and rules, each on its own."""
    for key in sorted(live.keys() | wanted.keys()):
        old, new = live.get(key), wanted.get(key)
        name = " / ".join(key)
        if old is None or new is None:
            yield Difference("rule group", name, old, new)
        else:
            yield from group_differences(name, old, new)


def group_differences(name: str, old: Group, new: Group) -> Iterator[Difference]:
    """What differs between two groups of one name."""
    settings = [{key: group[key] for key in _SETTINGS} for group in (old, new)]
    if settings[0] != settings[1]:
        yield Difference("rule group", name, settings[0], settings[1])
    pairs = list(_paired(old["rules"], new["rules"]))
    different = [(left, right) for left, right in pairs if not same_rule(left, right)]
    for left, right in different:
        one = right if right is not None else left
        if one is not None:
            yield Difference(_kind(one), f"{name} / {_title(one)}", _shown(left), _shown(right))
    if not different and [pair[0] for pair in pairs] != list(old["rules"]):
        titles = [[_title(rule) for rule in group["rules"]] for group in (old, new)]
        yield Difference("rule group", name, {"order": titles[0]}, {"order": titles[1]})


def same_rule(old: Mapping[str, Any] | None, new: Mapping[str, Any] | None) -> bool:
    """Whether two rules say the same, their queries compared as trees."""
    if old is None or new is None:
        return False
    rest = [{key: value for key, value in rule.items() if key != "expr"} for rule in (old, new)]
    return rest[0] == rest[1] and same_query(str(old["expr"]), str(new["expr"]))


def _loaded_rule(rule: Mapping[str, Any]) -> dict[str, Any]:
    alerting = rule["type"] == "alerting"
    found: dict[str, Any] = {"alert" if alerting else "record": rule["name"], "expr": rule["query"]}
    for key, named in (("for", "duration"), ("keep_firing_for", "keepFiringFor")):
        if rule.get(named):
            found[key] = _seconds(rule[named])
    for key in ("labels", "annotations"):
        if texts := _texts(rule.get(key)):
            found[key] = texts
    return found


def _paired(
    old: Sequence[Mapping[str, Any]], new: Sequence[Mapping[str, Any]]
) -> Iterator[tuple[Mapping[str, Any] | None, Mapping[str, Any] | None]]:
    """Rules that are the same, then those of one name and labels, then those of one name, then what is left over."""
    left, right = dict(enumerate(old)), list(enumerate(new))
    found: dict[int, tuple[Mapping[str, Any] | None, Mapping[str, Any]]] = {}
    for key in (_exactly, _identity, _name):
        waiting: dict[Any, deque[int]] = {}
        for index, rule in left.items():
            waiting.setdefault(key(rule), deque()).append(index)
        unmatched = []
        for index, rule in right:
            candidates = waiting.get(key(rule))
            if candidates:
                found[index] = (left.pop(candidates.popleft()), rule)
            else:
                unmatched.append((index, rule))
        right = unmatched
    yield from (found.get(index, (None, rule)) for index, rule in enumerate(new))
    yield from ((rule, None) for rule in left.values())


def _exactly(rule: Mapping[str, Any]) -> str:
    return repr(sorted(rule.items(), key=lambda item: item[0]))


def _identity(rule: Mapping[str, Any]) -> tuple[Any, ...]:
    return (*_name(rule), *sorted(rule.get("labels", {}).items()))


def _name(rule: Mapping[str, Any]) -> tuple[str, str]:
    return (_kind(rule), str(rule.get("alert", rule.get("record"))))


def _kind(rule: Mapping[str, Any]) -> str:
    return "alert rule" if "alert" in rule else "recording rule"


def _title(rule: Mapping[str, Any]) -> str:
    """``HighErrorRate (critical, level 1)``: what tells the rules of one name apart."""
    labels = rule.get("labels", {})
    level = labels.get("level")
    apart = [part for part in (labels.get("slo"), labels.get("severity"), level and f"level {level}") if part]
    name = _name(rule)[1]
    return f"{name} ({', '.join(apart)})" if apart else name


def _shown(rule: Mapping[str, Any] | None) -> Plain:
    """The rule with its query over as many lines as it needs, so that one changed line is seen as one."""
    return None if rule is None else {**rule, "expr": lines_of(str(rule["expr"]))}


def _seconds(number: float) -> str:
    return duration_text(round(number * 1000))


def _length(text: Plain) -> str:
    return duration_text(duration_milliseconds(str(text)))


def _texts(value: Any) -> dict[str, str]:
    return {str(key): str(text) for key, text in sorted(value.items()) if text} if isinstance(value, Mapping) else {}


def _mappings(value: Any) -> list[Mapping[str, Plain]]:
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, Sequence) else []
