"""From a tree with places to validated models; what pydantic says becomes diagnostics with an address."""

from __future__ import annotations

import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Fix, Report, Span
from skillforge_mon.spec import codes_fields as codes
from skillforge_mon.spec.models.base import (
    ADDRESS_PATTERN,
    BASE_URL_PATTERN,
    LABEL_PATTERN,
    SERVER_URL_PATTERN,
    URL_PATTERN,
)
from skillforge_mon.spec.models.exporters import JSON_PATH_PATTERN
from skillforge_mon.spec.models.log_targets import TENANT_PATTERN
from skillforge_mon.spec.models.probes import HOST_PATTERN, PORT_PATTERN
from skillforge_mon.spec.models.spec import COLLECTIONS, LANGUAGE_VERSION, Spec
from skillforge_mon.spec.suggest import listed, nearest, suggestion
from skillforge_mon.spec.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode, find, to_plain

_TYPE_WORDS = {
    "string_type": "text",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "list_type": "a list",
    "dict_type": "a map",
    "model_type": "a map",
    "model_attributes_type": "a map",
}
_RANGE_WORDS = {
    "greater_than": "greater than {gt}",
    "greater_than_equal": "at least {ge}",
    "less_than": "less than {lt}",
    "less_than_equal": "at most {le}",
    "finite_number": "a finite number",
    "int_parsing_size": "a smaller number",
}
_EMPTY = {"too_short", "string_too_short"}
_LONG = {"too_long", "string_too_long"}
_FEW = 16
_STAND_INS: dict[str, Any] = {"version": LANGUAGE_VERSION, "project": "project"}
"""What a wrong or missing value is taken for, so that the rest of the spec can still be checked."""


def validate(root: MappingNode, report: Report) -> Spec | None:
    """The validated spec, without the objects that are wrong; all that is wrong is reported.

    None when not even the rest is a spec (no ``project``, no ``version``).
    """
    guesses = _Guesses()
    spec = _validated(root, report, guesses)
    for detail in guesses.unknown:
        report.add(_diagnostic(detail, root, guessing=detail["loc"] not in guesses.wrong))
    return spec


@dataclass(slots=True)
class _Guesses:
    """Unknown keys. ``written`` has the path of each by the one that it has once it is renamed to what it is probably a
    slip for; ``wrong`` are those whose value cannot be what is meant: a text where a map is.
    """

    unknown: list[ErrorDetails] = field(default_factory=list)
    written: dict[tuple[int | str, ...], tuple[int | str, ...]] = field(default_factory=dict)
    wrong: set[tuple[int | str, ...]] = field(default_factory=set)

    def add(self, detail: ErrorDetails, root: MappingNode) -> None:
        """Remember an unknown key; of several that may mean the same, the value of the first is looked at."""
        self.unknown.append(detail)
        holder, meant = find(root, detail["loc"][:-1])[0], _meant(detail)
        if isinstance(holder, MappingNode) and meant not in holder.entries:
            self.written.setdefault((*detail["loc"][:-1], meant), detail["loc"])

    def as_written(self, detail: ErrorDetails) -> ErrorDetails | None:
        """``detail`` at the place that the user wrote; None where it only says that a guess is wrong."""
        loc = detail["loc"]
        for length in range(1, len(loc) + 1):
            written = self.written.get(loc[:length])
            if written is None:
                continue
            if length == len(loc) and detail["type"] in _TYPE_WORDS:
                self.wrong.add(written)
                return None
            return {**detail, "loc": (*written, *loc[length:])}
        return detail


def _validated(root: MappingNode, report: Report, guesses: _Guesses) -> Spec | None:
    plain = to_plain(root)
    lessened: set[tuple[int | str, ...]] = set()
    for _ in range(4):
        try:
            return Spec.model_validate(plain)
        except ValidationError as error:
            details = error.errors(include_url=False)
            meant = {(detail["loc"][:-1], _meant(detail)) for detail in details if detail["type"] == "extra_forbidden"}
            told = [detail for detail in details if detail["loc"][:2] not in lessened]
            for detail in told:
                loc = detail["loc"]
                if detail["type"] == "extra_forbidden":
                    guesses.add(detail, root)
                elif detail["type"] != "missing" or (loc[:-1], loc[-1]) not in meant:
                    written = guesses.as_written(detail)
                    if written is not None:
                        report.add(_diagnostic(written, root))
            for detail in details:
                loc = detail["loc"]
                if detail in told:
                    if detail["type"] == "extra_forbidden" and _put_right(plain, loc, _meant(detail)):
                        continue
                    if loc[0] in _CHECKED_WITHOUT_A_FIELD and _drop_field(plain, loc):
                        lessened.add(loc[:2])
                        continue
                _drop(plain, loc)
    return None


_CHECKED_WITHOUT_A_FIELD = frozenset(("alerts", "slos", "recordings"))
"""Sections whose objects hold queries: those of an object with a wrong field are looked at all the same."""


def _drop_field(plain: dict[str, Any], loc: tuple[int | str, ...]) -> bool:
    """Take the innermost field that an error is about out of its object; False when the error is about the whole."""
    node: Any = plain
    holder: dict[Any, Any] | None = None
    field: int | str = ""
    for depth, segment in enumerate(loc):
        if isinstance(node, dict) and segment in node:
            if depth > 1:
                holder, field = node, segment
        elif not (isinstance(node, list) and isinstance(segment, int) and segment < len(node)):
            break
        node = node[segment]
    if holder is None:
        return False
    del holder[field]
    return True


def _claims(holder: MappingNode, meant: str, loc: tuple[int | str, ...]) -> int:
    """How many other keys of the map are, or are probably meant to be, this one."""
    keys = _keys_at(loc)
    same = [key for key in holder.entries if key == meant or (key not in keys and nearest(key, keys) == meant)]
    return len(same) - 1


def _meant(detail: ErrorDetails) -> str:
    """The key that an unknown one is probably a slip for."""
    return nearest(str(detail["loc"][-1]), _keys_at(detail["loc"][:-1]))


def _put_right(plain: dict[str, Any], loc: tuple[int | str, ...], meant: str) -> bool:
    """Rename an unknown key to what was ``meant``, or take it out, so that the rest of its object is still checked.

    False when it is not found.
    """
    node: Any = plain
    for segment in loc[:-1]:
        try:
            node = node[segment]
        except (KeyError, IndexError, TypeError):
            return False
    if not isinstance(node, dict) or loc[-1] not in node:
        return False
    value = node.pop(loc[-1])
    if meant:
        node.setdefault(meant, value)
    return True


def _drop(plain: dict[str, Any], loc: tuple[int | str, ...]) -> None:
    """Take out the object or the field that an error is about, so that the rest can still be checked."""
    section = loc[0] if loc else ""
    if section in COLLECTIONS and len(loc) > 1 and isinstance(plain.get(str(section)), dict):
        plain[str(section)].pop(loc[1], None)
    elif section == "targets" and len(loc) > 1 and isinstance(plain.get("targets"), dict):
        plain["targets"].pop(loc[1], None)
    elif section in _STAND_INS:
        plain[str(section)] = _STAND_INS[str(section)]
    else:
        plain.pop(str(section), None)


def _diagnostic(detail: ErrorDetails, root: MappingNode, *, guessing: bool = True) -> Diagnostic:
    """``guessing`` says that an unknown key may be a slip for the nearest that is known."""
    kind = detail["type"]
    loc = detail["loc"]
    node, entry = find(root, loc)
    where = _path(root, loc)
    context: Mapping[str, Any] = detail.get("ctx", {})
    value_span = node.span
    if kind == "missing":
        key = str(loc[-1])
        owner = where or "the spec"
        span = entry.key_span if entry is not None else Span.at(root.file.name)
        if isinstance(node, ScalarNode) or entry is None:
            span = node.span if where else span
        return codes.MISSING_KEY.at(span, f"{_quoted(owner)} lacks `{key}`", help=f"add `{key}:`")
    if kind == "extra_forbidden":
        key = str(loc[-1])
        keys = _keys_at(loc[:-1])
        meant = nearest(key, keys) if guessing else ""
        span = entry.key_span if entry is not None else value_span
        holder = find(root, loc[:-1])[0]
        taken = isinstance(holder, MappingNode) and _claims(holder, meant, loc[:-1]) > 0
        fix = Fix(span, meant, f"write `{meant}`") if meant and not taken else None
        owner = _path(root, loc[:-1])
        return codes.UNKNOWN_KEY.at(
            span,
            f"{_quoted(owner) if owner else 'a spec'} has no key `{key}`",
            label="not a key of the language",
            notes=(f"it has: {listed(keys, _FEW * 2)}",) if keys and (not meant or len(keys) <= _FEW) else (),
            help=f"did you mean `{meant}`?" if meant else "",
            fix=fix,
        )
    if loc and loc[-1] == "[key]":
        in_map = isinstance(find(root, loc[:-2])[0], MappingNode)
        span = entry.key_span if entry is not None and in_map else value_span
        if kind == "literal_error":
            choices = _choices(context)
            return codes.NOT_A_CHOICE.at(
                span,
                f"`{loc[-2]}` is not a value of {_quoted(_path(root, loc[:-2]))}",
                notes=(f"it takes: {', '.join(choices)}",),
                help=suggestion(str(loc[-2]), choices),
            )
        pattern = _PATTERN_WORDS.get(str(context.get("pattern", "")), "")
        return codes.BAD_NAME.at(
            span,
            f"`{loc[-2]}` is not a name",
            help=pattern if pattern.startswith("a ") else _ANY_NAME,
        )
    code, headline, notes, fix = _value_problem(kind, detail, context, node, where)
    helping = ""
    if code is codes.NOT_A_CHOICE and isinstance(node, ScalarNode):
        helping = suggestion(str(node.text), _choices(context))
    return code.at(value_span, headline, notes=notes, help=helping, fix=fix)


def _value_problem(
    kind: str, detail: ErrorDetails, context: Mapping[str, Any], node: Node, where: str
) -> tuple[Code, str, tuple[str, ...], Fix | None]:
    expected = (f"expected {context['expected']}",) if "expected" in context else ()
    if kind in _TYPE_WORDS:
        word = _TYPE_WORDS[kind]
        if kind in {"int_type", "float_type"} and isinstance(node, ScalarNode):
            word = "a number" if kind == "float_type" or "float" in str(detail["loc"][-1]) else word
        fix = None
        if word == "text" and isinstance(node, ScalarNode) and node.style == "" and node.value is not None:
            fix = Fix(node.span, f'"{node.text}"', "quote it")
        return codes.WRONG_TYPE, f"{_quoted(where)} should be {word}, this is {_what(node)}", (), fix
    if kind in _RANGE_WORDS:
        return codes.OUT_OF_RANGE, f"{_quoted(where)} should be {_RANGE_WORDS[kind].format(**context)}", (), None
    if kind in _EMPTY:
        return codes.EMPTY_VALUE, f"{_quoted(where)} is empty", (), None
    if kind in _LONG:
        return codes.OUT_OF_RANGE, f"{_quoted(where)} is longer than {context['max_length']}", (), None
    if kind == "literal_error":
        choices = _choices(context)
        text = node.text if isinstance(node, ScalarNode) else _what(node)
        return (
            codes.NOT_A_CHOICE,
            f"`{text}` is not a value of {_quoted(where)}",
            (f"it takes: {', '.join(choices)}",),
            None,
        )
    if kind == "quantity":
        return codes.BAD_QUANTITY, detail["msg"], expected, None
    if kind == "string_pattern_mismatch":
        text = node.text if isinstance(node, ScalarNode) else _what(node)
        pattern = str(context.get("pattern", ""))
        known = _PATTERN_WORDS.get(pattern, f"expected text that matches `{pattern}`")
        code = codes.BAD_NAME if known.startswith("a name") else codes.BAD_FORM
        return code, f"`{text}` does not fit {_quoted(where)}", (known,), None
    own = {
        "version": codes.BAD_VERSION,
        "language_version": codes.BAD_LANGUAGE,
        "label_values": codes.BAD_LABEL_VALUES,
    }
    if kind in own:
        fix = None
        if kind == "version" and isinstance(node, ScalarNode) and node.style == "" and node.text:
            fix = Fix(node.span, f'"{node.text}"', "quote it")
        return own[kind], f"{_quoted(where)}: {detail['msg']}", expected, fix
    return codes.INVALID_VALUE, f"{_quoted(where)}: {detail['msg']}", (), None


_ANY_NAME = "names begin with a letter and hold letters, digits, `_`, `-` and `.`, at most 128"
_PATTERN_WORDS = {
    LABEL_PATTERN: "a label's name begins with a letter or `_` and holds letters, digits, `_` and `.`",
    r"^[A-Za-z][A-Za-z0-9_.-]{0,127}$": "a name begins with a letter and holds letters, digits, `_`, `-` and `.`",
    r"^[#@].+$": "expected `#channel` or `@person`",
    r"^/": "expected a path that begins with `/`",
    r"^\d{4}-\d{2}-\d{2}$": "expected a day such as 2026-12-24",
    "^(critical|warning)$": "expected critical or warning",
    ADDRESS_PATTERN: "expected host:port, without a protocol or a path; ports go up to 65535",
    JSON_PATH_PATTERN: "expected a JSONPath in braces, such as `{ .queue.length }`: anything else is plain text",
    "^https?://": "expected an address that begins with https:// or http://",
    SERVER_URL_PATTERN: "expected an address that begins with https:// or http://, or a reference",
    TENANT_PATTERN: "a tenant holds letters, digits and `!-_.*'()`, and more than dots",
    URL_PATTERN: "expected an address such as https://shop.example/path, without spaces; ports go up to 65535",
    BASE_URL_PATTERN: "expected an address such as https://shop.example/path, without a query; ports go up to 65535",
    HOST_PATTERN: "expected a host, without a port, a protocol or a path; an address of IPv6 stands in brackets",
    PORT_PATTERN: "expected host:port, without a protocol or a path; ports go up to 65535",
}


def _choices(context: Mapping[str, Any]) -> list[str]:
    text = str(context.get("expected", "")).replace(" or ", ", ")
    return [choice.strip().strip("'") for choice in text.split(", ") if choice.strip()]


def _quoted(path: str) -> str:
    return f"`{path}`" if path else "the spec"


def _what(node: Node) -> str:
    if isinstance(node, MappingNode):
        return "a map"
    if isinstance(node, SequenceNode):
        return "a list"
    if node.value is None:
        return "empty"
    if isinstance(node.value, bool):
        return f"the truth value {node.text}"
    if isinstance(node.value, int | float):
        return f"the number {node.text}"
    return "text"


def _path(root: MappingNode, loc: tuple[int | str, ...]) -> str:
    """``alerts.HighErrorRate.for``: the segments of ``loc`` that are in the data."""
    parts: list[str] = []
    node: Node = root
    for segment in loc:
        if isinstance(node, MappingNode) and isinstance(segment, str) and segment in node.entries:
            node = node.entries[segment].node
            parts.append(f".{segment}" if parts else segment)
        elif isinstance(node, SequenceNode) and isinstance(segment, int) and segment < len(node.items):
            node = node.items[segment]
            parts.append(f"[{segment}]")
    return "".join(parts)


def _keys_at(loc: tuple[int | str, ...]) -> list[str]:
    """The keys of the model at ``loc``, found by walking the annotations."""
    annotation: Any = Spec
    for segment in loc:
        annotation = _step(_bare(annotation), segment)
    model = _bare(annotation)
    if isinstance(model, type) and issubclass(model, BaseModel):
        return [field.alias or name for name, field in model.model_fields.items()]
    return []


def _bare(annotation: Any) -> Any:
    """Without ``Annotated`` and ``None``."""
    while True:
        origin = get_origin(annotation)
        if origin is Annotated:
            annotation = get_args(annotation)[0]
        elif origin in (Union, types.UnionType):
            branches = [branch for branch in get_args(annotation) if branch is not type(None)]
            annotation = branches[0]
        else:
            return annotation


def _step(annotation: Any, segment: int | str) -> Any:
    origin = get_origin(annotation)
    if origin is dict:
        return get_args(annotation)[1]
    if origin is list:
        return get_args(annotation)[0] if isinstance(segment, int) else annotation
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        hints = typing.get_type_hints(annotation, include_extras=True)
        for name, field in annotation.model_fields.items():
            if segment in (name, field.alias):
                return hints[name]
    return annotation
