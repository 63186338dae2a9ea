"""Objects of Kubernetes as the API server and kustomize see them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import kubernetes_validate
import yaml

from skillforge_mon.compiler import compile_project, write
from tests.real.single_program import kustomized

VERSIONS = ("1.30", "1.37")
"""The oldest and the newest release that objects are held against."""
KUBERNETES = """\
  kubernetes:
    grafana_password: "${secret:GRAFANA_PASSWORD}"
    network_policies: true
    storage: {prometheus: 100GiB}
    storage_class: fast
    resources: {grafana: {cpu: 200m, memory: 1GiB}}
    without: [node-exporter]
    exporters:
      hosts: {kind: node}
      kube-state-metrics: {}
      redis-exporter: {environment: {REDIS_ADDR: "redis://redis:6379", REDIS_PASSWORD: "${secret:REDIS_PASSWORD}"}}
"""
DISCOVERY = ('    version: "3.5"\n', '    version: "3.5"\n    kubernetes: {roles: [pod, service, node]}\n')


class _Loader(yaml.SafeLoader):
    """YAML 1.2, as Kubernetes reads it: a lone ``=`` is text."""

    yaml_implicit_resolvers = {  # noqa: RUF012 - as the base class has it
        first: [each for each in resolvers if each[0] != "tag:yaml.org,2002:value"]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


def valid(objects: list[dict[str, Any]]) -> None:
    """Hold every object that is Kubernetes' own against the API of both releases; unknown fields are errors."""
    for each in objects:
        if "." not in each["apiVersion"].partition("/")[0] or "k8s.io" in each["apiVersion"]:
            for version in VERSIONS:
                kubernetes_validate.validate(each, version, strict=True)


def tree(text: str, folder: Path, environment: str | None = None) -> Path:
    """The output tree of a whole build of ``text``, which reports nothing."""
    spec = folder / "shop.yaml"
    spec.write_text(text, encoding="utf-8")
    compilation = compile_project(spec, environment=environment)
    assert [f"{each.code} {each.headline}" for each in compilation.diagnostics] == []
    write(compilation, folder / "generated")
    return folder / "generated/shop" / (environment or "default")


def applied(root: Path) -> list[dict[str, Any]]:
    """The objects that ``kubectl apply -k`` would send."""
    result = kustomized(root)
    assert result.exit_code == 0, result.output
    return list(yaml.load_all(result.output, _Loader))


def by_name(objects: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The objects by ``Kind/name``; of ConfigMaps, without the digest that kustomize adds."""
    found = {}
    for each in objects:
        name = each["metadata"]["name"]
        if each["kind"] == "ConfigMap":
            name = name.rpartition("-")[0]
        found[f"{each['kind']}/{name}"] = each
    return found


def pod(each: dict[str, Any]) -> dict[str, Any]:
    """The spec of the pods of a workload."""
    found: dict[str, Any] = each["spec"]["template"]["spec"]
    return found
