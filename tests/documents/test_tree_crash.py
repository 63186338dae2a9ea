"""Kills a build before every system call that changes the disk, and in the middle of every write."""

from __future__ import annotations

import errno
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from skillforge_mon.documents import tree_swap
from skillforge_mon.documents.manifest import Manifest
from skillforge_mon.documents.manifest_reader import read_manifest
from skillforge_mon.documents.tree_swap import settled_root
from tests.documents.trees import beside, build, on_disk

OLD = {"a/changed.txt": "old", "a/same.txt": "same", "gone/deep/file.txt": "old", "x": "a file", "y/z": "in a folder"}
NEW = {"a/changed.txt": "new", "a/same.txt": "same", "added/deep/file.txt": "new", "x/z": "in a folder", "y": "a file"}
MINE = {"a/notes.md": "mine", "gone/notes.md": "mine"}
CALLS = ("open", "write", "fsync", "link", "symlink", "mkdir", "chmod", "utime", "rename", "replace", "unlink", "rmdir")


def _no_exchange(first: Path, second: Path) -> None:
    raise OSError(errno.EINVAL, "Invalid argument", str(first), None, str(second))


def _no_link(*_: object, **__: object) -> None:
    raise OSError(errno.EPERM, "Operation not permitted")


@pytest.fixture(autouse=True)
def flushing_takes_no_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a process that is killed has written is there without it; only a power cut would show the difference."""
    monkeypatch.setattr(os, "fsync", lambda _: None)


@pytest.fixture(params=["exchange", "roll forward", "roll forward without hard links"])
def swapping(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """The ways in which a file system lets one folder replace another."""
    if request.param != "exchange":
        monkeypatch.setattr(tree_swap, "_exchange", _no_exchange)
    if request.param == "roll forward without hard links":
        monkeypatch.setattr(os, "link", _no_link)
    return str(request.param)


@contextmanager
def _before_each_call(act: Callable[[str, int, Callable[[], Any], tuple[Any, ...]], None]) -> Iterator[None]:
    """Call ``act`` with the name, the number, the call itself and its arguments before each call that writes."""
    count = 0

    def hooked(name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def run(*args: Any, **kwargs: Any) -> Any:
            nonlocal count
            count += 1
            act(name, count, call, args)
            return call(*args, **kwargs)

        return run

    with pytest.MonkeyPatch.context() as patch:
        for name in CALLS:
            patch.setattr(os, name, hooked(name, getattr(os, name)))
        patch.setattr(tree_swap, "_exchange", hooked("exchange", tree_swap._exchange))
        yield


def _killed_at(number: int, root: Path, texts: dict[str, str]) -> bool:
    """Build in a child that is killed at its ``number``-th call; False if it ended before."""

    def kill(name: str, count: int, call: Callable[..., Any], args: tuple[Any, ...]) -> None:
        if count == number:
            if name == "write":
                call(args[0], args[1][: len(args[1]) // 2])
            os.kill(os.getpid(), signal.SIGKILL)

    child = os.fork()
    if child == 0:
        status = 1
        try:
            with _before_each_call(kill):
                status = 2 if build(root, texts).failed else 0
        finally:
            os._exit(status)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert code in {0, -signal.SIGKILL}
    return code != 0


def _lines(texts: dict[str, str]) -> dict[str, str]:
    return {path: f"{text}\n" for path, text in texts.items()}


def _whole(root: Path) -> str:
    """Which of the two trees ``root`` holds, whole, with the manifest that belongs to it and the user's files."""
    files = on_disk(root)
    for path, text in MINE.items():
        assert files.pop(path) == text
    manifest = read_manifest(root / "manifest.json")
    assert isinstance(manifest, Manifest)
    assert {path: entry.sha256 for path, entry in manifest.files.items()} == {
        path: sha256(text.encode()).hexdigest() for path, text in files.items()
    }
    assert files in (_lines(OLD), _lines(NEW))
    return "old" if files == _lines(OLD) else "new"


def _prepare(root: Path) -> None:
    build(root, OLD)
    for path, text in MINE.items():
        (root / path).write_text(text)
    os.utime(root / "a/same.txt", ns=(1, 1))


def _assert_converged(root: Path) -> None:
    assert build(root, NEW).failed is False
    assert _whole(root) == "new"
    assert (root / "a/same.txt").stat().st_mtime_ns == 1
    assert beside(root) == []
    assert sorted(path.name for path in root.iterdir()) == ["a", "added", "gone", "manifest.json", "x", "y"]
    assert build(root, NEW).stale == ()


def test_a_build_that_is_killed_leaves_the_old_tree_or_the_new_one(swapping: str, tmp_path: Path) -> None:
    seen = []
    number = 0
    killed = True
    while killed:
        number += 1
        root = tmp_path / str(number) / "production"
        _prepare(root)
        killed = _killed_at(number, root, NEW)
        seen.append(_whole(settled_root(root)))
        if swapping == "exchange":
            assert settled_root(root) == root
        _assert_converged(root)
    assert seen == sorted(seen, reverse=True)
    assert {"old", "new"} == set(seen)


def test_a_first_build_that_is_killed_leaves_no_tree_or_the_whole_one(tmp_path: Path) -> None:
    number = 0
    killed = True
    while killed:
        number += 1
        root = tmp_path / str(number) / "production"
        killed = _killed_at(number, root, NEW)
        assert not root.exists() or on_disk(root) == _lines(NEW)
        assert build(root, NEW).failed is False
        assert on_disk(root) == _lines(NEW)
        assert beside(root) == []


def test_a_recovery_that_is_killed_too_converges(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tree_swap, "_exchange", _no_exchange)
    last = 0
    while True:
        root = tmp_path / f"count-{last}" / "production"
        _prepare(root)
        last += 1
        if not _killed_at(last, root, NEW):
            break
    for first in range(1, last, 11):
        for second in range(1, last, 8):
            root = tmp_path / f"{first}-{second}" / "production"
            _prepare(root)
            _killed_at(first, root, NEW)
            before = _whole(settled_root(root))
            _killed_at(second, root, NEW)
            assert (before, _whole(settled_root(root))) in {("old", "old"), ("old", "new"), ("new", "new")}
            _assert_converged(root)


def test_going_back_after_a_build_that_was_killed_gives_the_old_tree(swapping: str, tmp_path: Path) -> None:
    number = 1
    while True:
        root = tmp_path / str(number) / "production"
        _prepare(root)
        killed = _killed_at(number, root, NEW)
        assert build(root, OLD).failed is False
        assert _whole(root) == "old"
        assert beside(root) == []
        if not killed:
            break
        number += 3


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EACCES, errno.EXDEV])
def test_a_call_that_fails_is_reported_and_leaves_a_whole_tree(swapping: str, number: int, tmp_path: Path) -> None:
    at = 0
    injected = True
    while injected:
        at += 1
        root = tmp_path / str(at) / "production"
        _prepare(root)
        injected = False

        def fail(name: str, count: int, call: object, args: tuple[Any, ...], at: int = at) -> None:
            nonlocal injected
            if count == at:
                injected = True
                raise OSError(number, os.strerror(number))

        with _before_each_call(fail):
            result = build(root, NEW)
        if result.failed:
            assert [(problem.code, problem.headline) for problem in result.diagnostics] == [
                ("MON5023", f"cannot write `{root}`: {os.strerror(number)}")
            ]
            if result.diagnostics[0].help == "the folder is as it was before":
                assert _whole(root) == "old"
            else:
                assert (result.diagnostics[0].help, _whole(settled_root(root))) == (
                    "put that right and build again: the next build finishes this one",
                    "new",
                )
        else:
            assert _whole(root) == "new"
        _assert_converged(root)
