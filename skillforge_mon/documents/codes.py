"""The codes of the output tree: manifests, paths, and what stands in a build's way on disk."""

from __future__ import annotations

from typing import Final

from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Severity

_ON_DISK = "it is about files on disk beside the spec, which one spec cannot show"
_EMITTER = "backends choose the paths of output files, so a spec alone does not decide it"

DAMAGED_MANIFEST: Final = Code(
    "MON5001",
    "damaged-manifest",
    Severity.ERROR,
    "The manifest.json of an output folder cannot be read.",
    "The manifest says which files monmc wrote; without it a build cannot tell its own files from yours.",
    untestable=_ON_DISK,
)
FOREIGN_MANIFEST: Final = Code(
    "MON5002",
    "foreign-manifest",
    Severity.ERROR,
    "The manifest.json of an output folder belongs to another program, project or environment.",
    "Building over it would mix two trees, and the next build of the other would remove this one's files.",
    untestable=_ON_DISK,
)
NEWER_MANIFEST: Final = Code(
    "MON5003",
    "newer-manifest",
    Severity.ERROR,
    "The manifest.json of an output folder was written by a newer monmc.",
    "An older monmc would misread it and could leave files behind or remove the wrong ones.",
    untestable=_ON_DISK,
)
UNSAFE_PATH: Final = Code(
    "MON5010",
    "unsafe-output-path",
    Severity.ERROR,
    "An output file's path leaves the output folder or cannot exist on every system.",
    "A path with `..`, a leading `/` or a backslash would write outside of the output folder on some system.",
    untestable=_EMITTER,
)
DUPLICATE_PATH: Final = Code(
    "MON5011",
    "duplicate-output-path",
    Severity.ERROR,
    "Two documents would be written to the same file.",
    "The second would overwrite the first, and what the first says would be lost.",
    untestable=_EMITTER,
)
PATHS_DIFFER_BY_CASE: Final = Code(
    "MON5012",
    "output-paths-differ-by-case",
    Severity.ERROR,
    "Two output files have paths that differ only in upper and lower case or in how an accent is encoded.",
    "On macOS and Windows they are one file, so the tree would depend on the machine.",
    untestable=_EMITTER,
)
FILE_IS_FOLDER: Final = Code(
    "MON5013",
    "output-file-is-folder",
    Severity.ERROR,
    "One document is a file where another needs a folder.",
    "No file system can hold both, so one of the two would be lost.",
    untestable=_EMITTER,
)
NOT_A_FOLDER: Final = Code(
    "MON5020",
    "output-not-a-folder",
    Severity.ERROR,
    "The output folder, or a folder above it, is a file.",
    "The tree needs a folder to stand in, and a file in its place may be yours.",
    untestable=_ON_DISK,
)
LINK_IN_TREE: Final = Code(
    "MON5021",
    "output-through-link",
    Severity.ERROR,
    "An output file would be written through a symbolic link or into another file system.",
    "The write would land outside of the output folder, where monmc has nothing to say.",
    untestable=_ON_DISK,
)
FILE_IN_THE_WAY: Final = Code(
    "MON5022",
    "output-file-in-the-way",
    Severity.ERROR,
    "A file that monmc did not write stands where an output file belongs, with different content.",
    "Overwriting it would destroy work that is not in the spec.",
    untestable=_ON_DISK,
)
UNWRITABLE: Final = Code(
    "MON5023",
    "output-unwritable",
    Severity.ERROR,
    "The output folder cannot be read or written.",
    "What the other systems read stays what it was; half a tree is never left in its place.",
    untestable=_ON_DISK,
)
LOCKED: Final = Code(
    "MON5024",
    "output-locked",
    Severity.ERROR,
    "Another monmc is writing the same output folder.",
    "Two builds at once would leave a mixture of both.",
    untestable=_ON_DISK,
)
EDIT_OVERWRITTEN: Final = Code(
    "MON5030",
    "edit-overwritten",
    Severity.NOTE,
    "A generated file was edited by hand, and the build overwrites it.",
    "Generated files say what the spec says; an edit there is lost with the next build, so make it in the spec.",
    untestable=_ON_DISK,
)
EDIT_KEPT: Final = Code(
    "MON5031",
    "edit-kept",
    Severity.WARNING,
    "A file that is no longer generated was edited by hand, so it is left in place.",
    "The system that reads the folder may go on loading it, although the spec no longer says it.",
    untestable=_ON_DISK,
)
