"""A Grafana server: folders, data sources and dashboards with their versions, as the legacy API shows them.

Rules are those of the source of Grafana; ``api`` is ``pkg/api``, ``dashboards`` is ``pkg/services/dashboards``. With
``unified`` the server is one whose dashboards live in unified storage (13.0 and later).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from tests.fakes.server import FakeServer, Reply, Request

TOKEN = "glsa_the-token-of-the-tests"
_UID = re.compile(r"[a-zA-Z0-9\-_]{1,40}")  # pkg/util/shortid_generator.go
NOW = "2026-11-03T10:00:00Z"
PERMISSIONS = {
    f"{what}:{action}": ["*"]
    for what in ("folders", "datasources", "dashboards")
    for action in ("read", "create", "write", "delete")
} | {"alert.provisioning:read": [""], "alert.provisioning:write": [""]}


class FakeGrafana(FakeServer):
    """One organisation. ``login`` is who makes the requests that come next; a person is set by the tests."""

    def __init__(self, *, unified: bool = False, version: str = "12.0.2") -> None:
        super().__init__()
        self.unified = unified
        self.version = version
        self.login = "sa-1-monmc"
        self.permissions: dict[str, list[str]] = dict(PERMISSIONS)
        self.folders: dict[str, dict[str, Any]] = {}
        self.sources: dict[str, dict[str, Any]] = {}
        self.secrets: dict[str, dict[str, str]] = {}
        self.dashboards: dict[str, dict[str, Any]] = {}
        self.versions: dict[str, list[dict[str, Any]]] = {}
        self.provisioned: dict[str, str] = {}
        self.unwell: dict[str, str] = {}
        self._last_id = 0
        self._routes_of_folders()
        self._routes_of_sources()
        self._routes_of_dashboards()
        self.route("GET", "/api/health", self._health)
        self.route("GET", "/api/access-control/user/permissions", lambda _request: Reply(200, self.permissions))

    def authorised(self, request: Request) -> Reply | None:
        """Bearer tokens; ``/api/health`` asks for none (api/http_server.go, ``healthzHandler``)."""
        if request.path == "/api/health" or request.headers.get("authorization") == f"Bearer {TOKEN}":
            return None
        return Reply(401, {"message": "Invalid API key", "messageId": "api-key.invalid"})

    def next_id(self) -> int:
        """Numbers of a table."""
        self._last_id += 1
        return self._last_id

    def _health(self, _request: Request) -> Reply:
        return Reply(200, {"database": "ok", "version": self.version, "commit": "0123abc"})

    # --- folders: api/folder.go, api/apierrors/folder.go

    def _routes_of_folders(self) -> None:
        self.route("GET", "/api/folders", self._list_folders)
        self.route("POST", "/api/folders", self._create_folder)
        self.route("GET", "/api/folders/{uid}", self._read_folder)
        self.route("PUT", "/api/folders/{uid}", self._update_folder)
        self.route("DELETE", "/api/folders/{uid}", self._delete_folder)

    def _list_folders(self, request: Request) -> Reply:
        hits = [{"id": each["id"], "uid": each["uid"], "title": each["title"]} for each in self.folders.values()]
        return Reply(200, _page(request, hits))

    def _create_folder(self, request: Request) -> Reply:
        uid, title = request.body.get("uid") or f"f{self._last_id}", request.body.get("title", "").strip()
        if not title:
            return _error(400, "folder title cannot be empty")
        if title.casefold() == "general":
            return _error(400, "A folder with that name already exists")
        if not _UID.fullmatch(uid):
            return _error(400, "uid contains illegal characters")
        if uid in self.folders:
            return _error(409, "a folder/dashboard with the same uid already exists")
        self.folders[uid] = {
            "id": self.next_id(), "uid": uid, "title": title, "url": f"/dashboards/f/{uid}/x", "hasAcl": False,
            "canSave": True, "canEdit": True, "canAdmin": True, "canDelete": True, "createdBy": self.login,
            "created": NOW, "updatedBy": self.login, "updated": NOW, "version": 1,
        }  # fmt: skip
        return Reply(200, self.folders[uid])

    def _read_folder(self, _request: Request, uid: str) -> Reply:
        return Reply(200, self.folders[uid]) if uid in self.folders else _no_folder()

    def _update_folder(self, request: Request, uid: str) -> Reply:
        if uid not in self.folders:
            return _no_folder()
        found = self.folders[uid]
        if not request.body.get("overwrite") and request.body.get("version") != found["version"]:
            return _status(412, "version-mismatch", "the folder has been changed by someone else")
        found |= {"title": request.body["title"].strip(), "version": found["version"] + 1, "updatedBy": self.login}
        return Reply(200, found)

    def _delete_folder(self, _request: Request, uid: str) -> Reply:
        """Takes with it what is in it."""
        if uid not in self.folders:
            return _no_folder()
        del self.folders[uid]
        for key in [key for key, each in self.dashboards.items() if each["meta"]["folderUid"] == uid]:
            del self.dashboards[key]
        return Reply(200, "")

    # --- data sources: api/datasources.go, api/dtos/datasource.go

    def _routes_of_sources(self) -> None:
        self.route("GET", "/api/datasources", lambda _request: Reply(200, [*map(_listed, self.sources.values())]))
        self.route("POST", "/api/datasources", self._create_source)
        self.route("GET", "/api/datasources/uid/{uid}", self._read_source)
        self.route("PUT", "/api/datasources/uid/{uid}", self._update_source)
        self.route("DELETE", "/api/datasources/uid/{uid}", self._delete_source)
        self.route("GET", "/api/datasources/uid/{uid}/health", self._check_source)

    def _create_source(self, request: Request) -> Reply:
        body = request.body
        if any(each["name"] == body["name"] for each in self.sources.values()):
            return _error(409, "data source with the same name already exists")
        if body["uid"] in self.sources:
            return _error(409, "data source with the same uid already exists")
        self.sources[body["uid"]] = {"id": self.next_id(), "uid": body["uid"], "readOnly": False, "version": 0}
        self._write_source(body["uid"], body)
        found = self.sources[body["uid"]]
        return Reply(
            200, {"message": "Datasource added", "id": found["id"], "name": found["name"], "datasource": found}
        )

    def _write_source(self, uid: str, body: Mapping[str, Any]) -> None:
        """The whole is replaced, the secrets too (pkg/services/datasources, ``UpdateDataSource``)."""
        self.secrets[uid] = dict(body.get("secureJsonData") or {})
        found = self.sources[uid]
        self.sources[uid] = {
            "id": found["id"], "uid": uid, "orgId": 1, "name": body["name"], "type": body["type"],
            "typeLogoUrl": "public/app/plugins/datasource/x/img/logo.svg", "access": body.get("access") or "proxy",
            "url": body.get("url", ""), "user": body.get("user", ""), "database": body.get("database", ""),
            "basicAuth": body.get("basicAuth", False), "basicAuthUser": body.get("basicAuthUser", ""),
            "withCredentials": body.get("withCredentials", False), "isDefault": body.get("isDefault", False),
            "jsonData": deepcopy(body.get("jsonData") or {}),
            "secureJsonFields": {name: True for name, secret in self.secrets[uid].items() if secret},
            "version": found["version"] + 1, "readOnly": found["readOnly"], "apiVersion": "",
        }  # fmt: skip

    def _read_source(self, _request: Request, uid: str) -> Reply:
        if uid not in self.sources:
            return _error(404, "Data source not found")
        return Reply(200, {**self.sources[uid], "accessControl": {"datasources:write": True}})

    def _update_source(self, request: Request, uid: str) -> Reply:
        if uid not in self.sources:
            return _error(404, "Data source not found")
        if self.sources[uid]["readOnly"]:
            return _error(403, "Cannot update read-only data source")
        if request.body.get("version", 0) not in (0, self.sources[uid]["version"]):
            return _error(409, "Datasource has already been updated by someone else. Please reload and try again")
        self._write_source(uid, request.body)
        found = self.sources[uid]
        return Reply(
            200, {"message": "Datasource updated", "id": found["id"], "name": found["name"], "datasource": found}
        )

    def _delete_source(self, _request: Request, uid: str) -> Reply:
        if uid not in self.sources:
            return _error(404, "Data source not found")
        if self.sources[uid]["readOnly"]:
            return _error(403, "Cannot delete read-only data source")
        return Reply(200, {"message": "Data source deleted", "id": self.sources.pop(uid)["id"]})

    def _check_source(self, _request: Request, uid: str) -> Reply:
        """``checkDatasourceHealth``: 400 with the plugin's words when it is not well."""
        if uid not in self.sources:
            return _error(404, "Data source not found")
        if uid in self.unwell:
            return Reply(400, {"status": "ERROR", "message": self.unwell[uid]})
        return Reply(200, {"status": "OK", "message": "Successfully queried the Prometheus API."})

    # --- dashboards: api/dashboard.go, api/search.go, dashboards/errors.go, dashboards/database/database.go

    def _routes_of_dashboards(self) -> None:
        self.route("GET", "/api/search", self._search)
        self.route("POST", "/api/dashboards/db", self._save)
        self.route("GET", "/api/dashboards/uid/{uid}", self._read_dashboard)
        self.route("DELETE", "/api/dashboards/uid/{uid}", self._delete_dashboard)
        self.route("GET", "/api/dashboards/uid/{uid}/versions", self._list_versions)
        self.route("GET", "/api/dashboards/uid/{uid}/versions/{number}", self._read_version)

    def _search(self, request: Request) -> Reply:
        limit = int(request.parameter("limit", "1000"))
        if limit > 5000:
            return _error(422, "Limit is above maximum allowed (5000), use page parameter to access hits beyond limit")
        inside = request.query.get("folderUIDs")
        hits = [
            {
                "id": each["dashboard"]["id"], "uid": uid, "title": each["dashboard"]["title"], "type": "dash-db",
                "tags": each["dashboard"].get("tags") or [], "url": f"/d/{uid}/x", "isStarred": False,
                "folderUid": each["meta"]["folderUid"], "sortMeta": 0,
            }
            for uid, each in sorted(self.dashboards.items(), key=lambda item: item[1]["dashboard"]["title"])
            if inside is None or each["meta"]["folderUid"] in inside
        ]  # fmt: skip
        return Reply(200, _page(request, hits))

    def _save(self, request: Request) -> Reply:
        dashboard, folder = deepcopy(request.body["dashboard"]), request.body.get("folderUid", "")
        problem = self._invalid(dashboard, folder, request.body.get("message", ""))
        if problem is not None:
            return problem
        uid = dashboard["uid"]
        there = self.dashboards.get(uid)
        if there is not None:
            if uid in self.provisioned:
                return _error(400, "Cannot save provisioned dashboard")
            if not request.body.get("overwrite") and dashboard.get("version", 0) != there["dashboard"]["version"]:
                if self.unified:  # saveDashboardViaK8s
                    return _error(409, "Dashboard already exists. Use overwrite flag to update.")
                return _status(412, "version-mismatch", "The dashboard has been changed by someone else")
        saved = self.put(dashboard, folder, request.body.get("message", ""))
        return Reply(200, {
            "status": "success", "slug": "x", "version": saved["version"], "id": saved["id"], "uid": uid,
            "url": f"/d/{uid}/x", "folderUid": folder,
        })  # fmt: skip

    def _invalid(self, dashboard: Mapping[str, Any], folder: str, message: str) -> Reply | None:
        if not dashboard.get("title"):
            return _status(400, "empty-name", "Dashboard title cannot be empty")
        if not _UID.fullmatch(dashboard["uid"]):
            return _error(400, "uid contains illegal characters")
        if any(len(tag) > 50 for tag in dashboard.get("tags") or ()):
            return _error(500, "Failed to save dashboard")  # the column is too short on MySQL and PostgreSQL
        if len(message) > 500:
            return _error(400, "message too long, max 500 characters")
        if folder and folder not in self.folders:
            return _error(400, "folder not found")
        if dashboard.get("id") and not any(each["dashboard"]["id"] == dashboard["id"] for each in self.stored):
            return _status(404, "not-found", "Dashboard not found")
        return None

    @property
    def stored(self) -> list[dict[str, Any]]:
        """Every dashboard with its meta data."""
        return list(self.dashboards.values())

    def put(self, dashboard: Mapping[str, Any], folder: str, message: str) -> dict[str, Any]:
        """Save a version without asking: what a person does in the browser, or a provisioned file."""
        uid = dashboard["uid"]
        there = self.dashboards.get(uid)
        number = there["dashboard"]["version"] + 1 if there else 1
        identifier = there["dashboard"]["id"] if there else self.next_id()
        saved = {**deepcopy(dict(dashboard)), "id": identifier, "version": number}
        meta = {
            "type": "db", "canSave": True, "url": f"/d/{uid}/x", "created": NOW, "updated": NOW, "version": number,
            "createdBy": self.login, "updatedBy": self.login, "folderUid": folder,
            "folderTitle": self.folders[folder]["title"] if folder else "General",
            "provisioned": uid in self.provisioned, "provisionedExternalId": self.provisioned.get(uid, ""),
        }  # fmt: skip
        self.dashboards[uid] = {"meta": meta, "dashboard": saved}
        self.versions.setdefault(uid, []).insert(0, {
            "id": number, "uid": uid, "parentVersion": number - 1, "restoredFrom": 0, "version": number,
            "created": NOW, "createdBy": self.login, "message": message,
        })  # fmt: skip
        del self.versions[uid][20:]  # versions_to_keep
        return saved

    def _read_dashboard(self, _request: Request, uid: str) -> Reply:
        if uid not in self.dashboards:
            return (
                _status(404, "not-found", "Dashboard not found") if self.unified else _error(404, "Dashboard not found")
            )
        return Reply(200, self.dashboards[uid])

    def _delete_dashboard(self, _request: Request, uid: str) -> Reply:
        if uid not in self.dashboards:
            return _error(404, "Dashboard not found")
        if uid in self.provisioned:
            return _error(400, "provisioned dashboard cannot be deleted")
        title = self.dashboards.pop(uid)["dashboard"]["title"]
        del self.versions[uid]
        return Reply(200, {"title": title, "message": f"Dashboard {title} deleted", "uid": uid})

    def _list_versions(self, request: Request, uid: str) -> Reply:
        """The first version is always called "Initial save" in the list (``GetDashboardVersions``)."""
        found = [
            {**each, "message": each["message"] if each["parentVersion"] else "Initial save"}
            for each in self.versions[uid][: int(request.parameter("limit", "1000"))]
        ]
        return Reply(
            200, {"continueToken": "", "versions": found} if self.version.startswith(("12.", "13.")) else found
        )

    def _read_version(self, _request: Request, uid: str, number: str) -> Reply:
        found = [each for each in self.versions[uid] if each["version"] == int(number)]
        return Reply(200, found[0]) if found else _error(500, f"Dashboard version {number} not found for dashboardId 1")


def _page(request: Request, entries: list[Any]) -> list[Any]:
    """Pages count from 1."""
    limit = int(request.parameter("limit", "1000"))
    start = (int(request.parameter("page", "1")) - 1) * limit
    return entries[start : start + limit]


def _listed(source: Mapping[str, Any]) -> dict[str, Any]:
    """``DataSourceListItemDTO``: no version, no names of secrets."""
    hidden = ("version", "secureJsonFields", "basicAuthUser", "withCredentials", "apiVersion")
    return {key: value for key, value in source.items() if key not in hidden} | {"typeName": source["type"].title()}


def _error(status: int, message: str) -> Reply:
    return Reply(status, {"message": message})


def _status(status: int, word: str, message: str) -> Reply:
    return Reply(status, {"status": word, "message": message})


def _no_folder() -> Reply:
    return _status(404, "not-found", "folder not found")
