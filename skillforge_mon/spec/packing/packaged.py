"""The packs that come with monmc: ``spec/packs/NAME.yaml``."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from skillforge_mon.diagnostics.diagnostic import Report
from skillforge_mon.spec.packing.pack import Pack, read_pack
from skillforge_mon.spec.yaml.loader import load_text

_PACKAGE = "skillforge_mon.spec"
_FOLDER = "packs"
_SUFFIX = ".yaml"


@cache
def packaged_pack_names() -> tuple[str, ...]:
    """The names of the packaged packs, sorted."""
    folder = files(_PACKAGE) / _FOLDER
    return tuple(sorted(item.name.removesuffix(_SUFFIX) for item in folder.iterdir() if item.name.endswith(_SUFFIX)))


@cache
def packaged_pack(name: str) -> Pack:
    """The packaged pack ``name``, which must be one of ``packaged_pack_names()``. Its places are in ``pack NAME``."""
    text = (files(_PACKAGE) / _FOLDER / f"{name}{_SUFFIX}").read_text(encoding="utf-8")
    report = Report()
    root = load_text(text, shown_pack(name), report)
    assert root is not None, list(report)  # noqa: S101 - our own text
    return read_pack(name, root, None)


def shown_pack(name: str, service: str = "") -> str:
    """What diagnostics call the text of the pack, as ``service`` uses it."""
    return f"pack {name} ({service})" if service else f"pack {name}"
