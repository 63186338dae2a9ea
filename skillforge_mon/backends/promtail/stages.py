"""The steps of a pipeline as stages of Promtail (Loki, "Pipeline stages")."""

from __future__ import annotations

from skillforge_mon.documents.document import Plain
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

Stage = dict[str, Plain]


def stage(step: Step) -> Stage:
    """The stage of ``step``."""
    match step:
        case Joined():
            return {"multiline": {"firstline": step.first_line}}
        case Masked():
            return {"replace": {"expression": step.expression, "replace": step.by}}
        case Read():
            return _read(step)
        case Template():
            return {"template": {"source": step.source, "template": step.template}}
        case Timestamp():
            return {"timestamp": {"source": step.source, "format": step.format}}
        case StaticLabels():
            return {"static_labels": dict(step.values)}
        case FieldLabels():
            return {"structured_metadata" if step.metadata else "labels": dict.fromkeys(step.names)}
        case Dropped():
            return _dropped(step)


def _read(step: Read) -> Stage:
    if step.format == "regex":
        return {"regex": {"expression": step.expression}}
    fields = {name: None if name == where else where for name, where in step.fields.items()}
    return {"json": {"expressions": fields}} if step.format == "json" else {"logfmt": {"mapping": fields}}


def _dropped(step: Dropped) -> Stage:
    if not step.sources:
        return {"match": {"selector": step.selector, "action": "drop", "drop_counter_reason": step.reason}}
    inner: Stage = {
        "drop": {
            "source": list(step.sources),
            "expression": step.expression,
            "drop_counter_reason": step.reason,
        }
    }
    return {"match": {"selector": step.selector, "stages": [inner]}}
