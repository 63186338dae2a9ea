"""Every code of monmc, found where its rule stands. Nothing is imported before somebody asks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType

from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.defect import DefectError

_PACKAGE = Path(__file__).parent.parent
_PATTERNS = ("*/**/codes*.py", "*_codes.py", "checks/*.py")
"""Where codes stand, below the package: every room's ``codes`` modules, the facade's, and every check."""

_NUMBER = re.compile(r"MON[1-9]\d{3}")
_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


def all_codes() -> dict[str, Code]:
    """Every code by its number, in order. Raises DefectError as :func:`collect` does."""
    return dict(_loaded())


@cache
def _loaded() -> dict[str, Code]:
    return collect(map(import_module, code_modules()))


def code_modules() -> list[str]:
    """The names of all modules that define codes, in order."""
    files = {file for pattern in _PATTERNS for file in _PACKAGE.glob(pattern)}
    files -= {Path(__file__).with_name("codes.py")}
    names = (file.relative_to(_PACKAGE).with_suffix("").parts for file in files if file.name != "__init__.py")
    return sorted(".".join((_PACKAGE.name, *parts)) for parts in names)


def collect(modules: Iterable[ModuleType]) -> dict[str, Code]:
    """The codes of ``modules`` by number, in order.

    A module's codes are its attributes that are a Code, or a tuple, list or mapping of them. The same object met twice,
    because one module imports it from another, counts once. Raises DefectError where two codes share a number or a
    name, or where one is not well-formed (``MON2104``, ``unknown-label``).
    """
    codes: dict[str, Code] = {}
    names: dict[str, Code] = {}
    for module in modules:
        for code in _codes_in(module):
            if not _NUMBER.fullmatch(code.number) or not _NAME.fullmatch(code.name):
                raise DefectError(f"{module.__name__} defines {code.number} {code.name}, which is not well-formed")
            if codes.setdefault(code.number, code) is not code:
                raise DefectError(f"{module.__name__} defines {code.number} a second time")
            if names.setdefault(code.name, code) is not code:
                raise DefectError(f"{module.__name__} gives {code.number} the name of {names[code.name].number}")
    return dict(sorted(codes.items()))


def _codes_in(module: ModuleType) -> Iterator[Code]:
    for value in vars(module).values():
        if isinstance(value, Mapping):
            value = tuple(value.values())
        for member in value if isinstance(value, tuple | list) else (value,):
            if isinstance(member, Code):
                yield member


def find(text: str, codes: Mapping[str, Code] | None = None) -> Code | None:
    """The code that a user means by ``MON2104``, ``mon2104``, ``2104`` or ``unknown-label``, or None."""
    codes = all_codes() if codes is None else codes
    wanted = text.strip().upper()
    by_number = codes.get(wanted) or codes.get(f"MON{wanted}")
    return by_number or next((code for code in codes.values() if code.name.upper() == wanted), None)


def nearest(text: str, codes: Mapping[str, Code] | None = None) -> list[str]:
    """At most three numbers or names that ``text`` may be a slip of, the likeliest first."""
    from difflib import get_close_matches

    codes = all_codes() if codes is None else codes
    wanted = text.strip().lower()
    digits = wanted.removeprefix("mon")
    if digits.isdecimal():
        near = get_close_matches(digits, [number.removeprefix("MON") for number in codes], cutoff=0.75)
        return [f"MON{number}" for number in near]
    return get_close_matches(wanted, [code.name for code in codes.values()])
