"""Ingest pipelines, run: what Elasticsearch makes of one document.

What each processor does is from the Elasticsearch reference, "Ingest processor reference", and from the specification,
``specification/ingest/_types/Processors.ts``. A processor, a setting or a condition that is not known here is an error.
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

ARRIVED = "2026-11-21T09:00:00.000Z"
_MISSING = object()
_PATH = r"ctx((?:\??\.(?:get\('(?:[^'\\]|\\.)*'\)|toString\(\)|[A-Za-z_]\w*))+)"
_TEXT = r"'(?:[^'\\]|\\.)*'"


class FailedError(Exception):
    """A processor could not do its work."""


class DroppedError(Exception):
    """The document is not kept."""


class ReroutedError(Exception):
    """The document goes to another data stream; ``args`` is its name."""


def run(pipeline: Mapping[str, Any], document: Mapping[str, Any], stream: str) -> tuple[str, dict[str, Any]] | None:
    """The data stream and the document that ``document``, sent to ``stream``, becomes; None when it is dropped."""
    found = copy.deepcopy(dict(document))
    try:
        _all(pipeline["processors"], found, stream)
    except DroppedError:
        return None
    except ReroutedError as routed:
        return str(routed), found
    except FailedError as problem:
        found["_on_failure_message"] = str(problem)
        _all(pipeline["on_failure"], found, stream)
        del found["_on_failure_message"]
    return stream, found


def _all(processors: Any, document: dict[str, Any], stream: str) -> None:
    for processor in processors:
        ((name, settings),) = processor.items()
        settings = dict(settings)
        failed, ignore = settings.pop("on_failure", None), settings.pop("ignore_failure", False)
        settings.pop("tag", None)
        try:
            if holds(settings.pop("if", "true"), document):
                _PROCESSORS[name](document, stream, **settings)
        except FailedError:
            if failed is not None:
                _all(failed, document, stream)
            elif not ignore:
                raise


def _get(document: Any, path: str) -> Any:
    for step in path.split("."):
        if not isinstance(document, Mapping) or step not in document:
            return _MISSING
        document = document[step]
    return document


def _put(document: Any, path: str, value: Any) -> None:
    *heads, last = path.split(".")
    for head in heads:
        inner = document.setdefault(head, {})
        if not isinstance(inner, dict):
            raise FailedError(f"cannot set [{last}] with parent object of type [{type(inner).__name__}]")
        document = inner
    document[last] = value


def _delete(document: Any, path: str) -> None:
    *heads, last = path.split(".")
    for head in heads:
        document = document[head]
    del document[last]


def _value(document: Any, field: str, *, missing: bool) -> Any:
    found = _get(document, field)
    if found in (_MISSING, None) if not isinstance(found, list | dict) else False:
        if missing:
            return _MISSING
        raise FailedError(f"field [{field}] not present as part of path [{field}]")
    return found


def _set(
    document: dict[str, Any], _stream: str, *, field: str, value: Any = _MISSING, copy_from: str = "",
    override: bool = True, ignore_empty_value: bool = False,
) -> None:  # fmt: skip
    if not override and _get(document, field) not in (_MISSING, None):
        return
    if copy_from:
        value = _get(document, copy_from)
        if value is _MISSING and not ignore_empty_value:
            raise FailedError(f"field [{copy_from}] not present")
        if value in (_MISSING, None, "") and not isinstance(value, list | dict):
            return
        value = copy.deepcopy(value)
    elif value == "{{{_ingest.timestamp}}}":
        value = ARRIVED
    elif value == "{{{_ingest.on_failure_message}}}":
        value = document["_on_failure_message"]
    else:
        assert not isinstance(value, str) or "{{" not in value
    _put(document, field, value)


def _gsub(
    document: dict[str, Any], _stream: str, *, field: str, pattern: str, replacement: str, ignore_missing: bool
) -> None:
    value = _value(document, field, missing=ignore_missing)
    if value is _MISSING:
        return
    if not isinstance(value, str):
        raise FailedError(f"field [{field}] is no text")
    parts = re.split(r"(\\.|\$\d)", replacement)

    def written(match: re.Match[str]) -> str:
        return "".join(match[int(part[1])] if part.startswith("$") else part.removeprefix("\\") for part in parts)

    _put(document, field, java(pattern).sub(written, value))


def _json(document: dict[str, Any], _stream: str, *, field: str, target_field: str, allow_duplicate_keys: bool) -> None:
    assert allow_duplicate_keys
    try:
        _put(document, target_field, json.loads(_value(document, field, missing=False)))
    except ValueError as error:
        raise FailedError(str(error)) from None


def _dot_expander(document: dict[str, Any], _stream: str, *, field: str, path: str, override: bool) -> None:
    assert field == "*"
    assert override
    inner = _get(document, path)
    for name in [name for name in inner if "." in name]:
        _put(inner, name, inner.pop(name))


def _kv(
    document: dict[str, Any], _stream: str, *, field: str, target_field: str, field_split: str, value_split: str,
    trim_value: str, ignore_missing: bool,
) -> None:  # fmt: skip
    line = _value(document, field, missing=ignore_missing)
    if line is _MISSING:
        return
    for part in java(field_split).split(line):
        pair = java(value_split).split(part, 1)
        if len(pair) != 2:
            raise FailedError(f"field [{field}] does not contain value_split [{value_split}]")
        _put(document, f"{target_field}.{pair[0]}", pair[1].strip(trim_value))


def _grok(document: dict[str, Any], _stream: str, *, field: str, patterns: list[str], ignore_missing: bool) -> None:
    line = _value(document, field, missing=ignore_missing)
    if line is _MISSING:
        return
    for pattern in patterns:
        assert "%{" not in pattern
        found = oniguruma(pattern).search(line)
        if found is not None:
            for name, value in found.groupdict().items():
                if value is not None:
                    _put(document, name, value)
            return
    raise FailedError("Provided Grok expressions do not match field value")


def _rename(document: dict[str, Any], _stream: str, *, field: str, target_field: str, ignore_missing: bool) -> None:
    value = _get(document, field)
    if value is _MISSING:
        assert ignore_missing
        return
    if _get(document, target_field) is not _MISSING:
        raise FailedError(f"field [{target_field}] already exists")
    _delete(document, field)
    _put(document, target_field, value)


def _convert(document: dict[str, Any], _stream: str, *, field: str, type: str, ignore_missing: bool) -> None:  # noqa: A002
    assert type == "string"
    value = _value(document, field, missing=ignore_missing)
    if value is not _MISSING:
        _put(document, field, value if isinstance(value, str) else json.dumps(value))


def _lowercase(document: dict[str, Any], _stream: str, *, field: str, ignore_missing: bool) -> None:
    value = _value(document, field, missing=ignore_missing)
    if value is not _MISSING:
        _put(document, field, value.lower())


def _date(document: dict[str, Any], _stream: str, *, field: str, formats: list[str]) -> None:
    value = _value(document, field, missing=False)
    (layout,) = formats
    try:
        match layout:
            case "ISO8601":
                moment = datetime.fromisoformat(str(value))
            case "UNIX":
                moment = datetime.fromtimestamp(float(value), UTC)
            case "UNIX_MS":
                moment = datetime.fromtimestamp(float(value) / 1000, UTC)
            case _:
                moment = datetime.strptime(str(value), strptime_layout(layout))  # noqa: DTZ007 - the default zone is UTC
    except ValueError as error:
        raise FailedError(str(error)) from None
    moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    _put(document, "@timestamp", moment.isoformat(timespec="milliseconds").replace("+00:00", "Z"))


def _remove(document: dict[str, Any], _stream: str, *, field: str | list[str], ignore_missing: bool) -> None:
    for each in [field] if isinstance(field, str) else field:
        if _get(document, each) is _MISSING:
            assert ignore_missing
        else:
            _delete(document, each)


def _append(document: dict[str, Any], _stream: str, *, field: str, value: list[str]) -> None:
    _put(document, field, [*(_get(document, field) if _get(document, field) is not _MISSING else []), *value])


def _drop(_document: dict[str, Any], _stream: str) -> None:
    raise DroppedError


def _reroute(document: dict[str, Any], stream: str, *, dataset: str, namespace: str) -> None:
    """Reference, "Reroute processor": the type stays, the fields of ``data_stream`` follow."""
    kind = stream.partition("-")[0]
    for part in (dataset, namespace):
        assert re.fullmatch(r"[^-\\/*?\"<>| ,#:A-Z]{1,100}", part)
    document["data_stream"] = {"type": kind, "dataset": dataset, "namespace": namespace}
    raise ReroutedError(f"{kind}-{dataset}-{namespace}")


_PROCESSORS: Any = {
    "set": _set, "gsub": _gsub, "json": _json, "dot_expander": _dot_expander, "kv": _kv, "grok": _grok,
    "rename": _rename, "convert": _convert, "lowercase": _lowercase, "date": _date, "remove": _remove,
    "append": _append, "drop": _drop, "reroute": _reroute,
}  # fmt: skip


def holds(condition: str, document: Mapping[str, Any]) -> bool:
    """Whether a condition in Painless is true: one of the few forms that are written here, joined by ``&&``."""
    while condition:
        for form, judge in _FORMS:
            found = re.match(form, condition)
            if found is not None and condition[found.end() : found.end() + 4] in {"", " && "}:
                if not judge(found, document):
                    return False
                condition = condition[found.end() + 4 :]
                break
        else:
            raise AssertionError(f"a condition that nobody knows: {condition}")
    return True


def _at(path: str, document: Any) -> Any:
    """A member that is missing is null. ``?.`` of null is null, and of a text there are no members."""
    for step in re.findall(r"\??\.(get\('(?:[^'\\]|\\.)*'\)|toString\(\)|\w+)", path):
        if document is None:
            return None
        if step == "toString()":
            document = document if isinstance(document, str) else json.dumps(document)
            continue
        name = _text(step[4:-1]) if step.startswith("get(") else step
        if not isinstance(document, Mapping):
            raise FailedError(f"dynamic method [{name}] not found")
        document = document.get(name)
    return document


def _text(literal: str) -> str:
    return re.sub(r"\\(.)", r"\1", literal[1:-1], flags=re.DOTALL)


def _contains(found: re.Match[str], document: Any) -> bool:
    value = _at(found[1], document)
    return (value is not None and _text(found[2]) in value) == (found[3] == "==")


_FORMS: Any = (
    (r"true", lambda _found, _document: True),
    (rf"\[((?:{_TEXT}(?:, )?)+)\]\.contains\({_PATH}\)",
     lambda found, document: _at(found[2], document) in [_text(each) for each in re.findall(_TEXT, found[1])]),
    (rf"{_PATH} == ({_TEXT})", lambda found, document: _at(found[1], document) == _text(found[2])),
    (rf"{_PATH} != null", lambda found, document: _at(found[1], document) is not None),
    (rf"{_PATH} instanceof (String|Map)",
     lambda found, document: isinstance(_at(found[1], document), {"String": str, "Map": dict}[found[2]])),
    (rf"{_PATH}\?\.contains\(({_TEXT})\) (==|!=) true", _contains),
    (rf"{_PATH} =~ /((?:[^/\\]|\\.)*)/",
     lambda found, document: java(found[2]).search(_at(found[1], document)) is not None),
)  # fmt: skip


def java(pattern: str) -> re.Pattern[str]:
    """A pattern of Java, as far as Python says the same by the same letters."""
    return re.compile(pattern.replace(r"\z", r"\Z"), re.ASCII)


def oniguruma(pattern: str) -> re.Pattern[str]:
    """The same of Oniguruma, in which ``^`` and ``$`` are ends of lines."""
    return re.compile(pattern.replace(r"\z", r"\Z").replace("(?<", "(?P<"), re.MULTILINE | re.ASCII)


def strptime_layout(layout: str) -> str:
    """Letters of Java's ``DateTimeFormatter`` in those of Python."""
    letters = {"yyyy": "%Y", "MMM": "%b", "MM": "%m", "dd": "%d", "HH": "%H", "mm": "%M", "ss": "%S", "SSS": "%f",
               "XXX": "%z", "xx": "%z"}  # fmt: skip
    return re.sub(
        r"'([^']*)'|" + "|".join(sorted(letters, key=len, reverse=True)),
        lambda match: letters.get(match[0]) or match[1],
        layout,
    )
