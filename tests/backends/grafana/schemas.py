"""The shape of a dashboard, closed against unknown keys: ``schema/dashboard.json``.

Derived from ``@grafana/schema`` (``dashboard_kind``, ``raw/composable/<type>/panelcfg``) and the limits of
``pkg/services/dashboards/errors.go``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

import jsonschema
from jsonschema.exceptions import best_match

from tests.backends.grafana.compiled import HERE


@cache
def schema() -> jsonschema.Draft202012Validator:
    """The validator of dashboards."""
    content = json.loads((HERE / "schema" / "dashboard.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(content)
    return jsonschema.Draft202012Validator(content)


def problems(dashboard: Mapping[str, Any]) -> list[str]:
    """What the schema says against ``dashboard``: the place of each problem and the nearest reason."""
    return [f"{error.json_path}: {best_match([error]).message}" for error in schema().iter_errors(dashboard)]
