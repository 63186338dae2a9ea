"""What Grafana adds to an object, defaults or keeps to itself: taken away before two objects are compared.

A dashboard is stored as it is sent, so that whatever else it has, somebody has added. What is compared is the whole of
it, and an option that has gone from the spec goes from the server too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from skillforge_mon.backends.grafana.ownership import SETTING, without_marks

DASHBOARD_SERVER_FIELDS: Final = ("id", "uid", "version")
"""Set from the server's own columns on every save and every read (``pkg/api/dashboard.go``, ``GetDashboard`` and
``saveDashboardViaK8s``). The uid is the address at which an object was read, and stays what it was."""

SOURCE_SERVER_FIELDS: Final = (
    "id", "orgId", "typeLogoUrl", "typeName", "version", "readOnly", "accessControl", "apiVersion", "secureJsonFields",
)  # fmt: skip
"""What the server alone writes of a data source (``pkg/api/dtos/datasource.go``)."""

SOURCE_DEFAULTS: Final[Mapping[str, Any]] = {
    "access": "proxy",
    "url": "",
    "user": "",
    "database": "",
    "basicAuth": False,
    "basicAuthUser": "",
    "withCredentials": False,
    "isDefault": False,
    "jsonData": {},
}
"""What the server answers for what it was not told (the zero values of that type)."""

ROOT_FOLDERS: Final = ("", "0", "general")
"""Words for no folder, "0" from the older ``folderId`` (terraform-provider-grafana, ``resource_dashboard.go``)."""


def dashboard(body: Mapping[str, Any], folder: str) -> dict[str, Any]:
    """A dashboard and where it is, without what only the server writes and what says whose it is."""
    kept = {key: value for key, value in body.items() if key not in (*DASHBOARD_SERVER_FIELDS, "folderUid")}
    if "tags" in kept:
        kept["tags"] = without_marks(kept["tags"] or ())
    return {**plain(kept), "folderUid": "" if folder in ROOT_FOLDERS else folder}


def data_source(body: Mapping[str, Any]) -> dict[str, Any]:
    """A data source; of its secrets only the names, since the server gives no more."""
    settings = {key: value for key, value in (body.get("jsonData") or {}).items() if key != SETTING}
    secrets = {name for name, is_set in (body.get("secureJsonFields") or {}).items() if is_set}
    secrets |= set(body.get("secureJsonData") or {})
    kept = {
        key: value
        for key, value in (*body.items(), ("jsonData", settings))
        if key not in (*SOURCE_SERVER_FIELDS, "uid", "secureJsonData") and value != SOURCE_DEFAULTS.get(key)
    }
    if not settings:
        kept.pop("jsonData", None)
    return {**plain(kept), "secrets": sorted(secrets)}


def folder(body: Mapping[str, Any]) -> dict[str, Any]:
    """A folder is its title; the server trims it (``pkg/services/folder/folderimpl``)."""
    return {"title": str(body["title"]).strip()}


def plain(value: Any) -> Any:
    """``value`` with whole numbers whole, other numbers as floats, and without members that are null.

    Go knows no difference between a member that is null and one that is not there.
    """
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int | float | Decimal):
        return int(value) if value == int(value) else float(value)
    if isinstance(value, Mapping):
        return {key: plain(member) for key, member in value.items() if member is not None}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [plain(member) for member in value]
    return value


def restorable_dashboard(body: Mapping[str, Any], folder: str) -> dict[str, Any]:
    """What makes a dashboard again at its old address, in its folder."""
    kept = {key: value for key, value in body.items() if key not in ("id", "version")}
    return {**kept, "tags": without_marks(kept.get("tags") or ()), "folderUid": folder}


def without(body: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """``body`` but for the members ``names``."""
    left_out = frozenset(names)
    return {key: value for key, value in body.items() if key not in left_out}
