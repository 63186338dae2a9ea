"""The tags of the core schema (``!!str``, ``!!int`` …) and what is wrong with all others."""

from __future__ import annotations

from skillforge_mon.diagnostics.diagnostic import Diagnostic
from skillforge_mon.spec import codes_yaml as codes
from skillforge_mon.spec.yaml.nodes import MappingNode, ScalarNode, SequenceNode
from skillforge_mon.spec.yaml.plain_scalars import resolve_plain
from skillforge_mon.spec.yaml.source import SourceFile

_CORE = "tag:yaml.org,2002:"
_TEXT = (_CORE + "str", "!")
_SCALARS: dict[str, tuple[type, ...]] = {
    _CORE + "int": (int,),
    _CORE + "float": (float, int),
    _CORE + "bool": (bool,),
    _CORE + "null": (type(None),),
}
_MAP = _CORE + "map"
_LIST = _CORE + "seq"


def apply_tag(node: ScalarNode, tag: str) -> bool:
    """Make the value of ``node`` what ``tag`` says; False when it cannot be that, or when the tag is unknown."""
    if tag in _TEXT:
        node.value = node.text
        return True
    value = resolve_plain(node.text)
    if type(value) not in _SCALARS.get(tag, ()):
        return False
    node.value = float(value) if tag == _CORE + "float" and isinstance(value, int) else value
    return True


def fits_collection(node: MappingNode | SequenceNode, tag: str) -> bool:
    """Whether ``tag`` says what ``node`` is anyway."""
    return tag in ("!", _MAP if isinstance(node, MappingNode) else _LIST)


def tag_problem(source: SourceFile, tag: str, start: int, content: int) -> Diagnostic:
    """The diagnostic for ``tag``, which is written between ``start`` and the beginning of the value, ``content``."""
    written = source.text[start:content].rstrip()
    shown = tag.replace(_CORE, "!!")
    if tag in _SCALARS or tag in _TEXT or tag in (_MAP, _LIST):
        headline, advice = f"the value is not what its tag `{shown}` says", "write the value without a tag"
    else:
        headline = f"the tag `{shown}` is unknown"
        advice = (
            'write the value without a tag; environment variables are written "${env:NAME}", secrets "${secret:NAME}"'
        )
    return codes.UNKNOWN_TAG.at(
        source.span(start + max(0, written.find("!")), start + len(written)), headline, help=advice
    )
