"""The instrumentation module for ``prometheus_client``, as source text.

Every call is written with one argument a line and a comma at its end: the form that formatters keep at any line length.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from skillforge_mon.codegen.instruments import Argument, Instrument, kinds_used
from skillforge_mon.codegen.python_text import docstring, string

MARKER: Final = "# Written by `monmc codegen metrics`: change the spec, not this file."
"""The first line of every module, by which monmc knows the files that it may write again."""

_IN: Final = "    "


def python_module(service: str, project: str, instruments: Sequence[Instrument]) -> str:
    """The module for ``instruments``, at least one; deterministic, and clean under ruff and ``mypy --strict``."""
    kinds = kinds_used(instruments)
    listed = any(argument.values for instrument in instruments for argument in instrument.arguments)
    typing = "Final, Literal" if listed else "Final"
    parts = [
        f"{MARKER}\n",
        docstring([f"The metrics of the service {service} of {project}, one object for each"], ""),
        "\nfrom __future__ import annotations\n",
        f"\nfrom typing import {typing}\n",
        f"\nfrom prometheus_client import {', '.join(kinds)}\n",
    ]
    for instrument in instruments:
        if instrument.arguments:
            parts += ["\n\n", *_class(instrument)]
    after_class = any(instrument.arguments for instrument in instruments)
    parts.append("\n\n" if after_class else "\n")
    parts.append("\n".join(_object(instrument) for instrument in instruments))
    return "".join(parts)


def _class(instrument: Instrument) -> Iterator[str]:
    yield f"class {instrument.class_name}:\n"
    yield docstring(_about(instrument), _IN)
    yield f"\n{_IN}def __init__(self) -> None:\n"
    yield f"{_IN * 2}self._metric = {_construction(instrument, _IN * 2)}\n"
    yield f"\n{_IN}def labels(\n{_IN * 2}self,\n{_IN * 2}*,\n"
    yield from (f"{_IN * 2}{argument.name}: {_annotation(argument)},\n" for argument in instrument.arguments)
    yield f"{_IN}) -> {instrument.kind}:\n"
    yield docstring(["The one series with these labels"], _IN * 2)
    yield f"{_IN * 2}return self._metric.labels(\n"
    yield from (f"{_IN * 3}{argument.name},\n" for argument in instrument.arguments)
    yield f"{_IN * 2})\n"


def _object(instrument: Instrument) -> str:
    made = f"{instrument.class_name}()" if instrument.arguments else _construction(instrument, "")
    text = f"{instrument.name}: Final = {made}\n"
    return text if instrument.arguments else text + docstring(_about(instrument), "")


def _about(instrument: Instrument) -> list[str]:
    kind = instrument.kind.lower()
    measure = f"{kind} of {instrument.unit}" if instrument.kind == "Counter" else f"{kind} in {instrument.unit}"
    paragraphs = [instrument.help or f"The metric {instrument.metric}"]
    paragraphs.append(f"A {measure if instrument.unit else kind}, exported as {instrument.metric}")
    if instrument.deprecated:
        paragraphs.append(f"Deprecated: {instrument.deprecated}")
    return paragraphs


def _construction(instrument: Instrument, indent: str) -> str:
    inner = indent + _IN
    lines = [f"{instrument.kind}(", f"{inner}{string(instrument.metric)},", f"{inner}{string(instrument.help)},"]
    if instrument.arguments:
        lines.append(f"{inner}labelnames=[")
        lines += [f"{inner}{_IN}{string(argument.label)}," for argument in instrument.arguments]
        lines.append(f"{inner}],")
    if instrument.buckets:
        lines.append(f"{inner}buckets=[")
        lines += [f"{inner}{_IN}{bound!r}," for bound in instrument.buckets]
        lines.append(f"{inner}],")
    return "\n".join([*lines, f"{indent})"])


def _annotation(argument: Argument) -> str:
    if not argument.values:
        return "str"
    if len(argument.values) == 1:
        return f"Literal[{string(argument.values[0])}]"
    lines = "".join(f"{_IN * 3}{string(value)},\n" for value in argument.values)
    return f"Literal[\n{lines}{_IN * 2}]"
