"""Output trees for the tests: from ``{path: text}`` to a plan, and from a folder back to ``{path: text}``."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity
from skillforge_mon.documents.document import Document, Format
from skillforge_mon.documents.manifest import build_manifest
from skillforge_mon.documents.render import render_documents
from skillforge_mon.documents.tree import TreePlan, plan_tree, write_tree


def plan(root: Path, texts: Mapping[str, str], project: str = "shop", environment: str = "production") -> TreePlan:
    """The plan that makes ``root`` hold text documents with these contents (each ends with a newline)."""
    return plan_documents(
        root, [Document(path, text, Format.TEXT) for path, text in texts.items()], project, environment
    )


def plan_documents(root: Path, documents: list[Document], project: str, environment: str) -> TreePlan:
    """The plan that makes ``root`` hold ``documents``."""
    rendered = render_documents(documents)
    manifest = build_manifest(
        rendered, project=project, environment=environment, monmc="1.0", inputs="0" * 64, places={}
    )
    return plan_tree(root, rendered, manifest)


def build(root: Path, texts: Mapping[str, str]) -> TreePlan:
    """Plan and write."""
    return write_tree(plan(root, texts), patience=0)


def on_disk(root: Path) -> dict[str, str]:
    """Every file below ``root`` but the manifest, with its text."""
    return {
        path.relative_to(root).as_posix(): path.read_text()
        for path in sorted(root.rglob("*"))
        if path.is_file() and path != root / "manifest.json"
    }


def beside(root: Path) -> list[str]:
    """What stands beside ``root``: nothing, unless a build was stopped."""
    return sorted(path.name for path in root.parent.iterdir() if path != root)


def found(diagnostics: tuple[Diagnostic, ...]) -> list[tuple[str, Severity, str]]:
    """Code, severity and headline of each diagnostic."""
    return [(diagnostic.code, diagnostic.severity, diagnostic.headline) for diagnostic in diagnostics]
