"""The steps of a pipeline as stages of ``loki.process`` (Grafana Alloy, "loki.process")."""

from __future__ import annotations

from collections.abc import Mapping

from skillforge_mon.backends.alloy.syntax import Attribute, Block, Value, attributes
from skillforge_mon.lower.log_pipeline import (
    Dropped,
    FieldLabels,
    Joined,
    Masked,
    Read,
    StaticLabels,
    Step,
    Template,
    Timestamp,
)


def stage(step: Step) -> Block:
    """The block of ``step``."""
    match step:
        case Joined():
            return _stage("multiline", firstline=step.first_line)
        case Masked():
            return _stage("replace", expression=step.expression, replace=step.by)
        case Read():
            return _read(step)
        case Template():
            return _stage("template", source=step.source, template=step.template)
        case Timestamp():
            return _stage("timestamp", source=step.source, format=step.format)
        case StaticLabels():
            return _stage("static_labels", values=dict(step.values))
        case FieldLabels():
            values: Mapping[str, Value] = dict.fromkeys(step.names, "")
            return _stage("structured_metadata" if step.metadata else "labels", values=values)
        case Dropped():
            return _dropped(step)


def _stage(kind: str, **values: Value) -> Block:
    return Block(f"stage.{kind}", attributes(**values))


def _read(step: Read) -> Block:
    if step.format == "regex":
        return _stage("regex", expression=step.expression)
    fields = {name: "" if name == where else where for name, where in step.fields.items()}
    return _stage("json", expressions=fields) if step.format == "json" else _stage("logfmt", mapping=fields)


def _dropped(step: Dropped) -> Block:
    selector = Attribute("selector", step.selector)
    if not step.sources:
        return Block("stage.match", (selector, *attributes(action="drop", drop_counter_reason=step.reason)))
    inner = _stage("drop", source=",".join(step.sources), expression=step.expression, drop_counter_reason=step.reason)
    return Block("stage.match", (selector, inner))
