"""Replaces one folder by another so that a crash at any instant leaves the old tree or the new one.

The new tree is built whole beside the old one, in ``.<name>.monmc-new``: what changed is written, all else is
hard-linked, so that unchanged files stay the very same files. Then

- where the system can exchange two folders (Linux, ``renameat2`` with RENAME_EXCHANGE), that is the one step;
- where there is no old tree, a rename is;
- elsewhere (macOS, NFS, the lower layers of overlayfs, a mount point) the new tree is renamed to
  ``.<name>.monmc-commit``. From then on it *is* the tree: ``settled_root`` leads readers to it, and ``recover`` copies
  it forward into the folder as often as it takes, the manifest last.

A folder that is exchanged is a new folder to the operating system. Whoever holds the old one open (a shell standing in
it, a container that mounts it) has to enter it again; mounting the folder above avoids that.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Final

from skillforge_mon.documents.manifest import Manifest
from skillforge_mon.documents.manifest_reader import read_manifest
from skillforge_mon.documents.paths import MANIFEST_NAME, ROLL_FORWARD_NAME, folders_above
from skillforge_mon.documents.scan import Snapshot, scan

_RENAME_EXCHANGE: Final = 2  # linux/fs.h
_AT_FDCWD: Final = -100  # linux/fcntl.h
# What systems and sandboxes answer where folders cannot be exchanged, or this one cannot be renamed.
_NO_EXCHANGE: Final = frozenset(
    (errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EXDEV, errno.EBUSY, errno.EPERM)
)
_THREADS: Final = 8
_WORTH_THREADS: Final = 32
"""Fewer files than this are written one after the other."""
_NO_LINK: Final = frozenset((errno.EPERM, errno.EXDEV, errno.EMLINK, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS))


def lock_path(root: Path) -> Path:
    """The lock file of the tree at ``root``."""
    return _sibling(root, "lock")


def settled_root(root: Path) -> Path:
    """Where the whole tree of ``root`` stands: ``root``, unless a build was stopped while it copied it forward."""
    commit = _sibling(root, "commit")
    return commit if commit.is_dir() else root


def is_unfinished(root: Path) -> bool:
    """Whether an earlier build was stopped and left something for ``recover`` to do, or another one is at work."""
    return any(os.path.lexists(_sibling(root, role)) for role in ("new", "commit", "lock"))


def recover(root: Path) -> None:
    """Finish, or clean up after, a build that was stopped. The caller holds the lock. Raises OSError."""
    _remove_folder(_sibling(root, "new"))
    commit = _sibling(root, "commit")
    if commit.is_dir():
        _roll_forward(commit, root)


def replace_tree(root: Path, written: Mapping[str, bytes], linked: Iterable[str], before: Snapshot) -> None:
    """Make ``root`` hold the files ``written`` with these contents and, as they are, the files ``linked``.

    ``before`` is what stands at ``root`` now. Every other file of it goes; folders that only held such files too. A
    file that somebody adds in the meantime is carried over. Raises OSError; before the step that replaces the tree the
    old one is then untouched, after it the new one is in place and ``recover`` does the rest.
    """
    staging = _sibling(root, "new")
    try:
        _stage(root, staging, written, sorted(linked), before)
        if not os.path.lexists(root):
            staging.rename(root)
        elif _exchanged(staging, root):
            _carry_over(staging, root, written, before)
        else:
            staging.rename(_sibling(root, "commit"))
            _roll_forward(_sibling(root, "commit"), root)
        _flush_folder(root.parent)
    finally:
        # Half a new tree, or the whole old one; if it cannot be removed now, the next build does.
        with suppress(OSError):
            _remove_folder(staging)


def _sibling(root: Path, role: str) -> Path:
    return root.parent / f".{root.name}.monmc-{role}"


def _stage(root: Path, staging: Path, written: Mapping[str, bytes], linked: list[str], before: Snapshot) -> None:
    """Build the whole new tree in ``staging`` and wait until it is on disk."""
    holding = {folder for path in (*written, *linked) for folder in folders_above(path)}
    # An empty folder gives way to a file that needs its name.
    folders = sorted(
        folder
        for folder in holding | _empty_folders(before)
        if not any(part in written for part in (*folders_above(folder), folder))
    )
    staging.mkdir(0o755)
    for folder in folders:
        (staging / folder).mkdir(0o755)
    _write_files(staging, written)
    for path in linked:
        _link(root / path, staging / path)
    for folder in reversed(folders):
        if folder in before.folders:
            (staging / folder).chmod(before.folders[folder])
        _flush_folder(staging / folder)
    with suppress(FileNotFoundError):
        staging.chmod(root.stat().st_mode & 0o7777)
    _flush_folder(staging)


def _empty_folders(before: Snapshot) -> set[str]:
    """The folders without any file in them, and those that they stand in: they are the user's."""
    with_files = {folder for path in before.files for folder in folders_above(path)}
    empty = before.folders.keys() - with_files
    return {above for folder in empty for above in (*folders_above(folder), folder)}


def _exchanged(staging: Path, root: Path) -> bool:
    """Exchange the two folders in one step; False where the system cannot."""
    try:
        _exchange(staging, root)
    except OSError as error:
        if error.errno in _NO_EXCHANGE:
            return False
        raise
    return True


def _exchange(first: Path, second: Path) -> None:
    import ctypes

    renameat2 = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if renameat2 is None:
        raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS), str(first))
    if renameat2(_AT_FDCWD, os.fsencode(first), _AT_FDCWD, os.fsencode(second), _RENAME_EXCHANGE) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), str(first), None, str(second))


def _carry_over(old: Path, root: Path, written: Mapping[str, bytes], before: Snapshot) -> None:
    """Move what somebody added to or replaced in the old tree, after ``before`` was taken, into the new one."""
    for path, stamp in scan(old).files.items():
        if before.files.get(path) != stamp and path not in written:
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (old / path).replace(root / path)


def _roll_forward(commit: Path, root: Path) -> None:
    """Bring ``root`` to the state of ``commit``, which stays whole until that is done. Safe to repeat."""
    if not os.path.lexists(root):
        commit.rename(root)
        return
    source, target = scan(commit), scan(root)
    ours = {*_named(commit), MANIFEST_NAME}
    for path in _named(root):
        if path in target.files and path not in source.files:
            (root / path).unlink()
    for folder in sorted(target.folders.keys() - source.folders.keys(), reverse=True):
        _remove_if_empty(root / folder)
    for folder in sorted(source.folders):
        (root / folder).mkdir(parents=True, exist_ok=True)
    # The manifest last: until then the old one names what has to go.
    for path in sorted(source.files, key=lambda path: (path == MANIFEST_NAME, path)):
        if path in ours and not _same_content(commit / path, root / path):
            temporary = root / ROLL_FORWARD_NAME
            temporary.unlink(missing_ok=True)
            _link(commit / path, temporary)
            temporary.replace(root / path)
    for folder in ("", *source.folders):
        _flush_folder(root / folder)
    # Half a commit folder would be taken for a whole one, so it loses its name before it loses its files.
    done = _sibling(root, "new")
    commit.rename(done)
    _remove_folder(done)


def _remove_if_empty(folder: Path) -> None:
    try:
        folder.rmdir()
    except OSError as error:
        if error.errno not in {errno.ENOTEMPTY, errno.EEXIST}:  # it holds a file of the user's
            raise


def _named(root: Path) -> Iterable[str]:
    manifest = read_manifest(root / MANIFEST_NAME)
    return manifest.files if isinstance(manifest, Manifest) else ()


def _same_content(first: Path, second: Path) -> bool:
    try:
        return first.samefile(second) or first.read_bytes() == second.read_bytes()
    except FileNotFoundError:
        return False


def _write_files(folder: Path, written: Mapping[str, bytes]) -> None:
    """Write the files and wait until all are on disk: many at a time, because most of a large build is this wait."""
    paths = [folder / name for name in written]
    if len(paths) < _WORTH_THREADS:
        for path, content in zip(paths, written.values(), strict=True):
            _write_file(path, content)
        return
    with ThreadPoolExecutor(_THREADS) as pool:
        for _ in pool.map(_write_file, paths, written.values()):
            pass


def _write_file(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
    try:
        rest = memoryview(content)
        while rest:
            rest = rest[os.write(descriptor, rest) :]
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _link(existing: Path, new: Path) -> None:
    """Give the file ``existing`` a second name; where there are no hard links, copy it with its times and mode."""
    try:
        os.link(existing, new, follow_symlinks=False)
    except OSError as error:
        if error.errno not in _NO_LINK:
            raise
        if existing.is_symlink():
            new.symlink_to(existing.readlink())
            return
        if not existing.is_file():
            raise
        status = existing.stat()
        _write_file(new, existing.read_bytes())
        new.chmod(status.st_mode & 0o7777)
        os.utime(new, ns=(status.st_atime_ns, status.st_mtime_ns))


def _flush_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in {errno.EINVAL, errno.ENOTSUP}:  # some network file systems cannot flush a folder
            raise
    finally:
        os.close(descriptor)


def _remove_folder(folder: Path) -> None:
    """Remove ``folder`` and all in it, without following a link; nothing if it does not exist."""
    try:
        entries = list(os.scandir(folder))
    except FileNotFoundError:
        return
    if not os.access(folder, os.W_OK):
        folder.chmod(0o700)
    for entry in entries:
        if entry.is_dir(follow_symlinks=False):
            _remove_folder(Path(entry.path))
        else:
            Path(entry.path).unlink()
    folder.rmdir()
