"""Single values in the one form in which the same things are equal: numbers, texts, channels, owners.

Sources: [server] getsentry/sentry, the files named at each function.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, Final

Body = Mapping[str, Any]

_WHOLE: Final = re.compile("0|[1-9][0-9]{0,17}")


def plain(value: Any) -> Any:
    """``value`` as JSON has it: whole numbers without a point, no decimals, lists for tuples."""
    if isinstance(value, bool):
        return value
    if isinstance(value, float | Decimal):
        return int(value) if value == int(value) else float(value)
    if isinstance(value, Mapping):
        return {key: plain(member) for key, member in value.items()}
    if isinstance(value, list | tuple):
        return [plain(member) for member in value]
    return value


def said(fields: Body, defaults: Body = {}) -> dict[str, Any]:  # noqa: B006 - never changed
    """What is said: no nothings, and no more than ``defaults`` would say."""
    found = {key: number(value) for key, value in fields.items()}
    return {
        key: value
        for key, value in found.items()
        if value not in (None, "", [], {}) and not (key in defaults and value == defaults[key])
    }


def camel(data: Mapping[str, Any]) -> dict[str, Any]:
    """Sentry lists every key of an action's data in camel case, in whichever it was written. [server]
    api.serializers.rest_framework.base.convert_dict_key_case"""
    found = {}
    for key, value in data.items():
        head, *rest = key.split("_")
        name = head + "".join(part.title() for part in rest)
        found[name] = camel(value) if isinstance(value, Mapping) and "$ref" not in value else text(value)
    return found


def number(value: Any) -> Any:
    """``40`` for ``"40"``, but ``"040"`` stays what it is."""
    if isinstance(value, str) and _WHOLE.fullmatch(value):
        return int(value)
    return plain(value)


def text(value: Any) -> Any:
    """An identifier as text; a reference that stands for nothing yet stays what it is."""
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return str(plain(value))
    return str(value).lower() if isinstance(value, bool) else plain(value)


def owner_as_written(owner: Any) -> Any:
    """``team:12``, also where it is listed as an object. [server] api.serializers.models.actor"""
    if isinstance(owner, Mapping) and "id" in owner:
        return f"{owner['type']}:{owner['id']}"
    return owner or None


def channel_name(name: Any) -> Any:
    """Sentry writes a channel with its sign, whether it was given or not. [server] integrations.slack.actions.form"""
    return name.removeprefix("#") if isinstance(name, str) else name


def in_order(items: Iterable[Any]) -> list[Any]:
    return sorted(items, key=lambda item: json.dumps(item, sort_keys=True, default=str))
