"""A build of compose or Kubernetes alone runs the whole project, and leaves the files of the others as they are."""

from __future__ import annotations

from pathlib import Path

from skillforge_mon.compiler import compile_project, write
from skillforge_mon.documents.manifest import Manifest
from skillforge_mon.documents.manifest_reader import read_manifest
from tests.backends.deployment.emitted import COMPOSE, SPEC
from tests.backends.kubernetes.objects import applied, by_name

TEXT = SPEC + COMPOSE + "  kubernetes: {without: [redis-exporter, node-exporter]}\n"


def built(text: str, folder: Path, *backends: str) -> Path:
    """The output tree after ``text`` has been built for ``backends``, or for all."""
    spec = folder / "shop.yaml"
    spec.write_text(text, encoding="utf-8")
    compilation = compile_project(spec, backends=backends)
    assert not compilation.failed
    write(compilation, folder / "generated", backends=backends)
    return folder / "generated/shop/default"


def files(root: Path) -> dict[str, bytes]:
    """Every file of a tree but its manifest."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file() and path.name != "manifest.json"
    }


def test_compose_alone_is_the_same_file(tmp_path: Path) -> None:
    for name in ("whole", "part"):
        (tmp_path / name).mkdir()
    whole = files(built(TEXT, tmp_path / "whole"))
    part = files(built(TEXT, tmp_path / "part", "compose"))
    assert part == {"compose/compose.yaml": whole["compose/compose.yaml"]}


def test_kubernetes_alone_renews_the_file_at_the_root_too(tmp_path: Path) -> None:
    before = files(built(TEXT, tmp_path))
    changed = TEXT.replace('version: "12.0"', 'version: "12.1"').replace(
        "kubernetes: {", "kubernetes: {namespace: other, "
    )
    root = built(changed, tmp_path, "kubernetes")
    after = files(root)
    assert {path for path in before if before[path] != after[path] and not path.startswith("kubernetes/")} == {
        "kustomization.yaml"
    }
    manifest = read_manifest(root / "manifest.json")
    assert isinstance(manifest, Manifest)
    assert manifest.files["kustomization.yaml"].backend == "kubernetes"
    assert by_name(applied(root))["StatefulSet/grafana"]["metadata"]["namespace"] == "other"


def test_problems_of_others_are_not_those_of_compose(tmp_path: Path) -> None:
    spec = tmp_path / "shop.yaml"
    spec.write_text(
        TEXT.replace(
            '"#shop"}', '"#shop", jira: {api_url: "https://j", project: A, api_token: "${secret:J}"}}'
        ).replace('"0.28"', '"0.27"')
    )
    assert [each.code for each in compile_project(spec).diagnostics if each.code == "MON4302"] == ["MON4302"]
    assert "MON4302" not in [each.code for each in compile_project(spec, backends=("compose",)).diagnostics]
