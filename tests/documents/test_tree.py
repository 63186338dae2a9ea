from __future__ import annotations

import errno
import os
import stat
import tempfile
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillforge_mon.diagnostics.diagnostic import Severity
from skillforge_mon.documents import tree_swap
from skillforge_mon.documents.document import Document, Format
from skillforge_mon.documents.paths import check_paths
from skillforge_mon.documents.tree import write_tree
from skillforge_mon.documents.tree_lock import locked
from skillforge_mon.documents.tree_swap import lock_path
from tests.documents.trees import beside, build, found, on_disk, plan, plan_documents


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "generated" / "shop" / "production"


def test_a_first_build_writes_every_file_and_the_manifest_and_nothing_beside(root: Path) -> None:
    result = build(root, {"a/b.txt": "b", "c.txt": "c"})
    assert (result.added, result.changed, result.removed, result.diagnostics) == (
        ("a/b.txt", "c.txt", "manifest.json"),
        (),
        (),
        (),
    )
    assert on_disk(root) == {"a/b.txt": "b\n", "c.txt": "c\n"}
    assert beside(root) == []


def test_a_build_after_no_change_touches_nothing(root: Path) -> None:
    build(root, {"a/b.txt": "b"})
    before = {path: path.stat() for path in (root, *root.rglob("*"))}
    result = build(root, {"a/b.txt": "b"})
    assert (result.stale, result.unchanged) == ((), ("a/b.txt", "manifest.json"))
    assert {path: path.stat() for path in (root, *root.rglob("*"))} == before


def test_a_build_adds_changes_and_removes_and_leaves_unchanged_files_the_same_files(root: Path) -> None:
    build(root, {"same.txt": "same", "changed.txt": "old", "gone/deep/file.txt": "old"})
    os.utime(root / "same.txt", ns=(1, 1))
    same = (root / "same.txt").stat()
    result = build(root, {"same.txt": "same", "changed.txt": "new", "added/file.txt": "new"})
    assert (result.added, result.changed, result.removed, result.unchanged, result.kept) == (
        ("added/file.txt",),
        ("changed.txt", "manifest.json"),
        ("gone/deep/file.txt",),
        ("same.txt",),
        (),
    )
    assert on_disk(root) == {"added/file.txt": "new\n", "changed.txt": "new\n", "same.txt": "same\n"}
    assert not (root / "gone").exists()
    after = (root / "same.txt").stat()
    assert (after.st_ino, after.st_mtime_ns, after.st_nlink) == (same.st_ino, 1, 1)


def test_the_users_own_files_links_and_folders_stay(root: Path) -> None:
    build(root, {"a/b.txt": "b", "gone/c.txt": "c"})
    (root / "a/notes.md").write_text("mine")
    (root / "gone/notes.md").write_text("mine too")
    (root / "mine").mkdir(mode=0o700)
    (root / "link").symlink_to("a/notes.md")
    (root / "outside").symlink_to("/nowhere")
    os.mkfifo(root / "pipe")
    result = build(root, {"a/b.txt": "other"})
    assert result.kept == ("a/notes.md", "gone/notes.md", "link", "outside", "pipe")
    assert on_disk(root) == {
        "a/b.txt": "other\n",
        "a/notes.md": "mine",
        "gone/notes.md": "mine too",
        "link": "mine",
    }
    assert (root / "link").readlink() == Path("a/notes.md")
    assert (root / "outside").readlink() == Path("/nowhere")
    assert stat.S_ISFIFO((root / "pipe").lstat().st_mode)
    assert stat.S_IMODE((root / "mine").stat().st_mode) == 0o700


def test_check_names_what_is_stale_and_writes_nothing(root: Path) -> None:
    build(root, {"a.txt": "a", "b.txt": "b"})
    before = {path: path.stat() for path in (root, *root.rglob("*"))}
    assert plan(root, {"b.txt": "new", "c.txt": "c"}).stale == ("a.txt", "b.txt", "c.txt", "manifest.json")
    assert plan(root, {"a.txt": "a", "b.txt": "b"}).stale == ()
    assert {path: path.stat() for path in (root, *root.rglob("*"))} == before


def test_check_of_a_folder_that_does_not_exist_makes_none(root: Path) -> None:
    assert plan(root, {"a.txt": "a"}).stale == ("a.txt", "manifest.json")
    assert not root.parent.exists()


def test_files_and_folders_are_readable_by_all_and_honour_the_umask(root: Path) -> None:
    earlier = os.umask(0o022)
    try:
        build(root, {"a/b.txt": "b"})
        assert [stat.S_IMODE(path.stat().st_mode) for path in (root, root / "a", root / "a/b.txt")] == [
            0o755,
            0o755,
            0o644,
        ]
        os.umask(0o077)
        build(root.with_name("staging"), {"a/b.txt": "b"})
        staging = root.with_name("staging")
        assert [stat.S_IMODE(path.stat().st_mode) for path in (staging, staging / "a", staging / "a/b.txt")] == [
            0o700,
            0o700,
            0o600,
        ]
    finally:
        os.umask(earlier)


def test_folders_keep_the_modes_that_somebody_gave_them(root: Path) -> None:
    build(root, {"a/b.txt": "b"})
    root.chmod(0o2750)
    (root / "a").chmod(0o500)
    build(root, {"a/b.txt": "other"})
    assert [stat.S_IMODE(path.stat().st_mode) for path in (root, root / "a")] == [0o2750, 0o500]
    assert beside(root) == []


def test_an_edit_by_hand_is_overwritten_with_a_note(root: Path) -> None:
    build(root, {"a.txt": "a"})
    (root / "a.txt").write_text("edited")
    result = build(root, {"a.txt": "a"})
    assert found(result.diagnostics) == [
        ("MON5030", Severity.NOTE, "`a.txt` was edited by hand and is overwritten"),
    ]
    assert on_disk(root) == {"a.txt": "a\n"}


def test_an_edited_file_that_is_no_longer_generated_stays_with_a_warning_once(root: Path) -> None:
    build(root, {"a.txt": "a", "b.txt": "b"})
    (root / "a.txt").write_text("edited")
    result = build(root, {"b.txt": "b"})
    assert found(result.diagnostics) == [
        ("MON5031", Severity.WARNING, "`a.txt` is no longer generated, but was edited by hand: left in place"),
    ]
    assert on_disk(root) == {"a.txt": "edited", "b.txt": "b\n"}
    assert build(root, {"b.txt": "b"}).diagnostics == ()


def test_a_file_that_somebody_deleted_is_written_again(root: Path) -> None:
    build(root, {"a.txt": "a", "b.txt": "b"})
    (root / "a.txt").unlink()
    assert build(root, {"a.txt": "a", "b.txt": "b"}).added == ("a.txt",)
    assert on_disk(root) == {"a.txt": "a\n", "b.txt": "b\n"}


def test_a_file_of_the_user_in_the_way_is_refused_unless_it_says_the_same(root: Path) -> None:
    root.mkdir(parents=True)
    (root / "a.txt").write_text("mine")
    (root / "b.txt").write_text("b\n")
    result = build(root, {"a.txt": "a", "b.txt": "b"})
    assert found(result.diagnostics) == [
        ("MON5022", Severity.ERROR, f"`{root}/a.txt` was not written by monmc and would be overwritten"),
    ]
    assert (result.stale, on_disk(root)) == ((), {"a.txt": "mine", "b.txt": "b\n"})
    (root / "a.txt").write_text("a\n")
    result = build(root, {"a.txt": "a", "b.txt": "b"})
    assert (result.added, result.unchanged, result.diagnostics) == (("manifest.json",), ("a.txt", "b.txt"), ())


def test_a_file_may_become_a_folder_and_back(root: Path) -> None:
    for texts in ({"a": "file"}, {"a/b/c": "folder"}, {"a": "file"}, {"a/b": "folder"}):
        assert build(root, texts).diagnostics == ()
        assert on_disk(root) == {path: f"{text}\n" for path, text in texts.items()}


def test_an_empty_folder_gives_way_to_a_file(root: Path) -> None:
    (root / "a/b/c").mkdir(parents=True)
    (root / "d/e").mkdir(parents=True)
    assert build(root, {"a": "file"}).diagnostics == ()
    assert on_disk(root) == {"a": "file\n"}
    assert sorted(path.name for path in root.rglob("*")) == ["a", "d", "e", "manifest.json"]


def test_a_folder_with_the_users_files_does_not_become_a_file_nor_the_other_way_round(root: Path) -> None:
    build(root, {"a/b": "b"})
    (root / "a/notes.md").write_text("mine")
    (root / "mine").write_text("mine")
    result = build(root, {"a": "a", "mine/b": "b"})
    assert found(result.diagnostics) == [
        ("MON5022", Severity.ERROR, f"`{root}/a` is a folder that holds your file `a/notes.md`"),
        ("MON5022", Severity.ERROR, f"`{root}/mine` is a file where `mine/b` needs a folder"),
    ]
    assert on_disk(root) == {"a/b": "b\n", "a/notes.md": "mine", "mine": "mine"}


def test_something_that_is_no_file_in_the_way_is_refused(root: Path) -> None:
    root.mkdir(parents=True)
    os.mkfifo(root / "a")
    assert found(build(root, {"a": "a"}).diagnostics) == [
        ("MON5022", Severity.ERROR, f"`{root}/a` is not a regular file"),
    ]


def test_no_file_is_written_through_a_symbolic_link(root: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    root.mkdir(parents=True)
    (root / "a").symlink_to(outside)
    (root / "b").symlink_to(outside / "file")
    result = build(root, {"a/deep/x": "x", "b": "b"})
    assert found(result.diagnostics) == [
        ("MON5021", Severity.ERROR, f"`{root}/a` is a symbolic link where `a/deep/x` has to be written"),
        ("MON5021", Severity.ERROR, f"`{root}/b` is a symbolic link where `b` has to be written"),
    ]
    assert list(outside.iterdir()) == []


def test_the_manifest_is_neither_read_nor_written_through_a_link(root: Path, tmp_path: Path) -> None:
    root.mkdir(parents=True)
    (root / "manifest.json").symlink_to(tmp_path / "elsewhere")
    assert found(build(root, {}).diagnostics) == [
        (
            "MON5021",
            Severity.ERROR,
            f"`{root}/manifest.json` is a symbolic link where `manifest.json` has to be written",
        ),
    ]


def test_a_root_that_is_a_link_is_refused(root: Path, tmp_path: Path) -> None:
    root.parent.mkdir(parents=True)
    root.symlink_to(tmp_path)
    assert found(build(root, {"a": "a"}).diagnostics) == [
        ("MON5021", Severity.ERROR, f"output folder `{root}` is a symbolic link"),
    ]


def test_a_root_below_or_at_a_file_is_refused(root: Path, tmp_path: Path) -> None:
    (tmp_path / "generated").write_text("a file")
    expected = [("MON5020", Severity.ERROR, f"`{tmp_path}/generated` is not a folder")]
    assert found(build(root, {"a": "a"}).diagnostics) == expected
    assert found(build(tmp_path / "generated", {"a": "a"}).diagnostics) == expected


def test_a_root_where_nothing_can_be_written_is_refused() -> None:
    root = Path("/proc/monmc/production")
    result = build(root, {"a": "a"})
    assert found(result.diagnostics) == [
        ("MON5023", Severity.ERROR, f"cannot write `{root}`: No such file or directory"),
    ]
    assert result.diagnostics[0].notes == ("at `/proc/monmc`",)


def test_unsafe_paths_are_refused_before_anything_is_read_or_written(root: Path) -> None:
    documents = [Document("../a", "a", Format.TEXT), Document("b", "b", Format.TEXT), Document("b", "c", Format.TEXT)]
    result = write_tree(plan_documents(root, documents, "shop", "production"))
    assert found(result.diagnostics) == [
        ("MON5010", Severity.ERROR, "output path `../a` has the part `..`"),
        ("MON5011", Severity.ERROR, "two documents are named `b`"),
    ]
    assert not root.parent.exists()


def test_a_tree_of_another_project_or_environment_is_refused(root: Path) -> None:
    build(root, {"a": "a"})
    result = write_tree(plan(root, {"b": "b"}, project="blog", environment="staging"))
    assert found(result.diagnostics) == [
        ("MON5002", Severity.ERROR, f"`{root}` holds project `shop`, environment `production`"),
    ]
    assert result.diagnostics[0].notes == ("this build is of project `blog`, environment `staging`",)
    assert on_disk(root) == {"a": "a\n"}


def test_a_damaged_manifest_stops_the_build(root: Path) -> None:
    build(root, {"a": "a"})
    (root / "manifest.json").write_text("{")
    assert found(build(root, {"a": "b"}).diagnostics) == [
        ("MON5001", Severity.ERROR, f"`{root}/manifest.json` is damaged"),
    ]
    assert on_disk(root) == {"a": "a\n"}


def test_a_second_build_waits_for_the_first_and_then_gives_up(root: Path) -> None:
    result = plan(root, {"a": "a"})
    root.parent.mkdir(parents=True)
    with locked(lock_path(root), patience=0):
        refused = write_tree(result, patience=0.05)
    assert found(refused.diagnostics) == [
        ("MON5024", Severity.ERROR, f"another monmc has been writing `{root}` for 0.05 s"),
    ]
    assert not root.exists()
    assert write_tree(result, patience=0).diagnostics == ()


def test_builds_at_the_same_time_leave_one_whole_tree(root: Path) -> None:
    trees = [{f"{letter}/{number}.txt": letter for number in range(5)} for letter in "abcdef"]
    plans = [plan(root, texts) for texts in trees]
    results = []
    threads = [threading.Thread(target=lambda item=item: results.append(write_tree(item))) for item in plans]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [result.diagnostics for result in results] == [()] * len(plans)
    assert on_disk(root) in [{path: f"{text}\n" for path, text in texts.items()} for texts in trees]
    assert beside(root) == []


def test_a_plan_that_went_out_of_date_is_made_anew(root: Path) -> None:
    build(root, {"a": "a", "b": "b"})
    result = plan(root, {"a": "new"})
    build(root, {"a": "other", "c": "c"})
    (root / "notes.md").write_text("mine")
    result = write_tree(result)
    assert (result.changed, result.removed, result.kept) == (("a", "manifest.json"), ("c",), ("notes.md",))
    assert on_disk(root) == {"a": "new\n", "notes.md": "mine"}


def test_what_somebody_adds_or_saves_while_a_build_swaps_the_folders_is_carried_over(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build(root, {"a": "a", "gone/b": "b"})
    (root / "notes.md").write_text("mine")
    exchange = tree_swap._exchange

    def save_then_exchange(first: Path, second: Path) -> None:
        (second / "gone/late.md").write_text("late")
        (second / "saved").write_text("saved")
        (second / "saved").replace(second / "notes.md")
        exchange(first, second)

    monkeypatch.setattr(tree_swap, "_exchange", save_then_exchange)
    assert build(root, {"a": "new"}).diagnostics == ()
    assert on_disk(root) == {"a": "new\n", "gone/late.md": "late", "notes.md": "saved"}
    assert beside(root) == []


def test_without_hard_links_the_users_files_are_copied_with_their_modes_and_times(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def link(*_: object, **__: object) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    build(root, {"a": "a"})
    (root / "run.sh").write_text("mine")
    (root / "run.sh").chmod(0o750)
    os.utime(root / "run.sh", ns=(1, 1))
    (root / "link").symlink_to("run.sh")
    monkeypatch.setattr(os, "link", link)
    assert build(root, {"a": "new"}).diagnostics == ()
    status = (root / "run.sh").stat()
    assert (stat.S_IMODE(status.st_mode), status.st_mtime_ns) == (0o750, 1)
    assert (root / "link").readlink() == Path("run.sh")
    assert on_disk(root) == {"a": "new\n", "link": "mine", "run.sh": "mine"}


def test_a_folder_of_another_file_system_inside_the_tree_is_refused(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build(root, {"a": "a"})
    (root / "mounted").mkdir()
    lstat = os.lstat

    def elsewhere(path: Path) -> os.stat_result:
        # Mounting needs rights that not every machine gives: instead, the root itself is said to be elsewhere.
        status = list(lstat(path))
        status[stat.ST_DEV] += 1
        return os.stat_result(status)

    monkeypatch.setattr(os, "lstat", elsewhere)
    assert found(build(root, {"a": "b"}).diagnostics) == [
        ("MON5021", Severity.ERROR, f"`{root}/a` is on another file system than the output folder"),
    ]


def test_a_disk_that_takes_a_write_in_pieces_gets_the_whole_file(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write = os.write
    monkeypatch.setattr(os, "write", lambda descriptor, content: write(descriptor, content[:7]))
    build(root, {"a": "a" * 100})
    assert on_disk(root) == {"a": "a" * 100 + "\n"}
    assert build(root, {"a": "a" * 100}).stale == ()


PATHS = st.lists(st.sampled_from(["a", "b", "c"]), min_size=1, max_size=3).map("/".join)
TREES = st.dictionaries(PATHS, st.sampled_from(["1", "2"]), max_size=5).filter(
    lambda texts: not check_paths([Document(path, "", Format.TEXT) for path in texts])
)


@given(trees=st.lists(TREES, min_size=1, max_size=4), mine=st.dictionaries(PATHS.map("{}.mine".format), st.just("m")))
def test_any_tree_becomes_any_other_around_the_users_files(trees: list[dict[str, str]], mine: dict[str, str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "production"
        build(root, trees[0])
        placed = {path: text for path, text in mine.items() if _placed(root / path, text)}
        for texts in trees[1:]:
            expected = on_disk(root)
            result = build(root, texts)
            if not result.failed:
                expected = {path: f"{text}\n" for path, text in texts.items()} | placed
            assert on_disk(root) == expected
            assert beside(root) == []
            if not result.failed:
                assert plan(root, texts).stale == ()


def _placed(path: Path, text: str) -> bool:
    """Write a file of the user's, unless a generated one is in the way."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError):
        return False
    path.write_text(text)
    return True
