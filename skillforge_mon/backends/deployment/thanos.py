"""Thanos over the replicas of Prometheus: sidecars, the querier, and with an object store its gateway and compactor.

The querier takes series that differ only by the label of the replica for one. Flags are those of 0.42, held against
``--help`` of 0.42.4; ``--endpoint.sd-config`` is there since 0.38 (thanos-io/thanos#7890), ``--endpoint`` deprecated.

Sources: Thanos, "Sidecar", "Querier", "Store gateway", "Compactor"; its Dockerfile: quay.io/prometheus/busybox, with
wget, and user 1001, who owns no folder of data.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

from skillforge_mon.backends.deployment.system import GIB, Needs, Port, Release, Settings, Site, System, wget
from skillforge_mon.backends.prometheus.scale import is_agent
from skillforge_mon.model.secrets import secret_reference
from skillforge_mon.spec.quantities import Duration

_SIDECAR: Final = "thanos-sidecar"
_QUERY: Final = "thanos-query"
_STORE: Final = "thanos-store"
_COMPACT: Final = "thanos-compact"
_RELEASE: Final = Release("quay.io/thanos/thanos")
_HTTP: Final = 10902
_GRPC: Final = 10901
_USER: Final = 1001
_SECRETS: Final = "/etc/thanos/secrets"
_DATA: Final = "/var/thanos"
_OPERATED: Final = "prometheus-operated"
"""The Service that prometheus-operator makes for the pods of its Prometheus objects, their sidecars among them."""
_DOWNSAMPLED_AFTER: Final = Duration.of(days=10)
"""The compactor refuses to keep samples for less while it downsamples (cmd/thanos/compact.go)."""
_RESOLUTIONS: Final = ("raw", "5m", "1h")


def _thanos(site: Site) -> Any:
    """`targets.prometheus.thanos`; None where nothing of it is run, since an agent has no data to read."""
    prometheus = site.target("prometheus")
    return None if prometheus is None or is_agent(prometheus) else prometheus.thanos


def _has_store(site: Site) -> bool:
    thanos = _thanos(site)
    return thanos is not None and thanos.object_store is not None


def _settings(site: Site, command: str, *arguments: str, stored: bool = False, **further: Any) -> Settings:
    """``arguments`` of the ``command``; with ``stored``, it is told of the object store by the file of a secret."""
    thanos = _thanos(site)
    reference = secret_reference(thanos.object_store) if stored else None
    files = {} if reference is None else {reference.file_in(_SECRETS): reference}
    told = tuple(f"--objstore.config-file={path}" for path in files)
    return Settings((command, *arguments, *told), version=thanos.version, secret_files=files, **further)


def _sidecar(site: Site, _configuration: str) -> Settings:
    # It shares the network of its Prometheus.
    return _settings(
        site,
        "sidecar",
        "--tsdb.path=/prometheus",
        "--prometheus.url=http://127.0.0.1:9090",
        stored=_has_store(site),
        data="/prometheus",
        ports=(Port("thanos-grpc", _GRPC),),
    )


def _endpoints(site: Site) -> Iterator[str]:
    """Where the querier finds what has samples."""
    deployment = site.project.spec.deploy.kubernetes
    if site.kubernetes and deployment is not None and deployment.operator is not None:
        yield f"dns+{_OPERATED}:{_GRPC}"
    elif {_SIDECAR, "prometheus"} <= site.names.keys():
        if site.kubernetes:
            yield f"dns+{site.names[_SIDECAR]}:{_GRPC}"
        else:
            first = site.names["prometheus"]
            yield from (
                f"{first if number == 1 else f'{first}-{number}'}:{_GRPC}"
                for number in range(1, site.target("prometheus").replicas + 1)
            )
    if _STORE in site.names:
        yield f"{site.names[_STORE]}:{_GRPC}"


def _query(site: Site, _configuration: str) -> Settings:
    target = site.target("prometheus")
    endpoints = {"endpoints": [{"address": address} for address in _endpoints(site)]}
    found = [f"--endpoint.sd-config={json.dumps(endpoints)}"]
    if target.replicas > 1:
        found.insert(0, f"--query.replica-label={target.replica_label}")
    if _has_store(site):
        found.append("--query.auto-downsampling")
    return _settings(site, "query", *found, ports=(Port("grpc", _GRPC),))


def _store(site: Site, _configuration: str) -> Settings:
    return _settings(site, "store", f"--data-dir={_DATA}", stored=True, data=_DATA, ports=(Port("grpc", _GRPC),))


def _compact(site: Site, _configuration: str) -> Settings:
    kept = _thanos(site).retention
    found = [f"--data-dir={_DATA}", "--wait"]
    if kept is not None:
        found += [f"--retention.resolution-{resolution}={kept}" for resolution in _RESOLUTIONS]
        if kept < _DOWNSAMPLED_AFTER:
            found.append("--downsampling.disable")
    return _settings(site, "compact", *found, stored=True, data=_DATA)


def _reached(site: Site) -> str | None:
    thanos = _thanos(site)
    return None if thanos is None else thanos.url


def _system(name: str, settings: Any, wanted: Any = _has_store, **further: Any) -> System:
    usual = {"user": _USER, "group": _USER} | further
    return System(
        name,
        _RELEASE,
        _HTTP,
        "/-/ready",
        settings,
        target="prometheus",
        wanted=wanted,
        live="/-/healthy",
        asks=wget(_HTTP, "/-/ready"),
        **usual,
    )


THANOS: Final[tuple[System, ...]] = (
    _system(
        _SIDECAR,
        _sidecar,
        lambda site: _thanos(site) is not None,
        user=65534,
        group=65534,
        data="/prometheus",
        beside="prometheus",
        main_port="thanos-http",
        internal=True,
        needs=Needs("50m", "256Mi"),
    ),
    _system(_STORE, _store, size=20 * GIB, internal=True, needs=Needs("100m", "512Mi")),
    _system(_COMPACT, _compact, size=100 * GIB, internal=True, needs=Needs("250m", "1Gi")),
    _system(
        _QUERY,
        _query,
        lambda site: _thanos(site) is not None,
        address=_reached,
        public=True,
        waits_for=("prometheus", _STORE),
        needs=Needs("250m", "512Mi"),
    ),
)
