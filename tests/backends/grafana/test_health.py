"""What ``monmc health`` says of a Grafana."""

from __future__ import annotations

import pytest

from skillforge_mon.backends.grafana.api import connect
from skillforge_mon.remote.api import Check
from skillforge_mon.remote.connection import Connection
from skillforge_mon.remote.errors import RefusedError, UnauthorisedError
from tests.backends.grafana.live import Clock, connection, pushing, running, spec
from tests.projects import project

SERVER = Check("server", ok=True, detail="Grafana 12.0.2, database ok")
TOKEN = Check("token", ok=True, detail="accepted, with every permission that a push needs")
REACHED = "Successfully queried the Prometheus API."


def test_a_server_that_is_well() -> None:
    with running() as server:
        pushed = pushing(server, spec("alertmanager_url: http://alertmanager"))
        pushed.push()
        assert list(pushed.api.health()) == [
            SERVER,
            TOKEN,
            Check("data source Prometheus (shop)", ok=True, detail=REACHED),
            Check(
                "data source Alertmanager (shop)",
                ok=True,
                detail="only a browser can check this type",
                skipped=True,
            ),
        ]


def test_permissions_that_are_missing_are_named() -> None:
    with running() as server:
        del server.permissions["folders:create"], server.permissions["dashboards:delete"]
        found = list(pushing(server, spec()).api.health())
        assert found == [
            SERVER,
            Check(
                "token",
                ok=False,
                detail="accepted, without folders:create, dashboards:delete",
                help="give its service account the role Admin, or these permissions",
            ),
            Check(
                "data source Prometheus (shop)",
                ok=False,
                detail="there is none with the uid shop-prometheus",
                help="run `monmc push`",
            ),
        ]


def test_a_data_source_that_grafana_cannot_reach() -> None:
    with running() as server:
        pushed = pushing(server, spec())
        pushed.push()
        server.unwell["shop-prometheus"] = "connection refused"
        assert list(pushed.api.health())[2] == Check(
            "data source Prometheus (shop)",
            ok=False,
            detail="Grafana answered 400 to GET /api/datasources/uid/shop-prometheus/health: connection refused",
            help="see whether Grafana reaches http://prometheus:9090",
        )


def test_a_token_that_is_not_accepted() -> None:
    with running() as server:
        api = connect(project(spec()), connection(server, GRAFANA_TOKEN="glsa_another"))
        with pytest.raises(UnauthorisedError):
            list(api.health())


def test_an_organisation_is_named_in_every_request() -> None:
    with running() as server:
        list(pushing(server, spec("org_id: 7")).api.health())
        assert {request.headers["x-grafana-org-id"] for request in server.requests} == {"7"}


def test_without_an_address_nothing_is_asked() -> None:
    found = project("version: 1\nproject: shop\ntargets: {grafana: {}}\n")
    with pytest.raises(RefusedError) as refused:
        connect(found, Connection({}, {"GRAFANA_TOKEN": "x"}, clock=Clock()))
    assert str(refused.value) == "the spec does not say where Grafana is: write `url` under `targets.grafana`"
