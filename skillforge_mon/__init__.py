"""monmc: one declarative monitoring spec, compiled to the native configuration of every system that a team runs.

Programs call :mod:`skillforge_mon.compiler`; people call the console script ``monmc``.
"""

from skillforge_mon.version import VERSION

__version__ = VERSION

__all__ = ["__version__"]
