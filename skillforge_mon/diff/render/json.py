"""Changes for other programs. Readers must accept fields and kinds that they do not know.

``format_version`` grows when a field changes its meaning or goes away.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from skillforge_mon.diff.change import Change, ChangeSet, FieldChange, counts

FORMAT_VERSION = 1


def render_json(sets: Sequence[ChangeSet]) -> str:
    """One JSON object in ASCII, indented by two blanks."""
    document = {
        "format_version": FORMAT_VERSION,
        "counts": {
            **{kind.value: count for kind, count in counts(sets).items()},
            "drift": sum(len(each.drift) for each in sets),
        },
        "projects": [_set(each) for each in sets],
    }
    return json.dumps(document, indent=2) + "\n"


def _set(of: ChangeSet) -> dict[str, Any]:
    return {
        "project": of.project,
        "environment": of.environment,
        "against": of.against,
        **(_of_system(of) if of.system else {}),
        "changes": [_change(change) for change in of.changes],
        "drift": [_change(change) for change in of.drift],
        "files": {
            "added": of.files.added,
            "changed": of.files.changed,
            "removed": of.files.removed,
            "layout": of.files.layout,
        },
    }


def _of_system(of: ChangeSet) -> dict[str, Any]:
    return {
        "system": of.system,
        "unchanged": dict(of.unchanged),
        "leftovers": [_change(change) for change in of.leftovers],
    }


def _change(change: Change) -> dict[str, Any]:
    return {
        "kind": change.kind.value,
        "backend": change.backend,
        "object_kind": change.object_kind,
        "name": change.name,
        "was": change.was or None,
        "headline": change.headline,
        "files": list(change.files),
        "fields": [_field(field) for field in change.fields],
    }


def _field(field: FieldChange) -> dict[str, Any]:
    return {"path": field.path, "old": field.old, "new": field.new, "words": field.sentence, "lines": list(field.lines)}
