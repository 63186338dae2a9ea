"""The spec at a revision of git: what is read, what is left alone, and what cannot be read."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from skillforge_mon.cli.main import main
from skillforge_mon.diagnostics.diagnostic import Diagnostic
from skillforge_mon.diff.git_spec import EarlierSpec, read_spec_at
from tests.diff.shop import SHOP, changed

WHO = {
    "GIT_AUTHOR_NAME": "Ann",
    "GIT_AUTHOR_EMAIL": "ann@example.com",
    "GIT_COMMITTER_NAME": "Ann",
    "GIT_COMMITTER_EMAIL": "ann@example.com",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
}


def git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        ["git", "-C", str(folder), *arguments], env={**os.environ, **WHO}, capture_output=True, text=True, check=True
    )
    return done.stdout


def commit(folder: Path, message: str) -> None:
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", message)


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with the shop's spec, in which tests stand."""
    folder = tmp_path / "repository"
    (folder / "specs").mkdir(parents=True)
    git(tmp_path, "init", "--quiet", str(folder))
    (folder / "specs/shop.yaml").write_text(SHOP)
    commit(folder, "A shop")
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def target(tmp_path: Path) -> Path:
    folder = tmp_path / "target"
    folder.mkdir()
    return folder


def refusal(spec: Path, revision: str, target: Path) -> tuple[str, str, tuple[str, ...]]:
    found = read_spec_at(spec, revision, target)
    assert isinstance(found, Diagnostic)
    return found.code, found.headline, found.notes


def test_a_file_is_read_as_it_was(repository: Path, target: Path) -> None:
    (repository / "specs/shop.yaml").write_text("version: 1\n")
    found = read_spec_at(Path("specs/shop.yaml"), "HEAD", target)
    assert found == EarlierSpec(target / "shop.yaml", "HEAD:specs/shop.yaml")
    assert found.path.read_text() == SHOP
    assert (repository / "specs/shop.yaml").read_text() == "version: 1\n"


def test_a_folder_is_read_as_a_build_reads_it(repository: Path, target: Path) -> None:
    folder = repository / "specs/shop"
    (folder / "deeper").mkdir(parents=True)
    for name in ("a.yaml", "b.yml", ".hidden.yaml", "notes.md", "deeper/c.yaml", "ünïcode.yaml"):
        (folder / name).write_text(f"# {name}\n")
    commit(repository, "A folder")
    (folder / "a.yaml").unlink()
    found = read_spec_at(folder, "HEAD", target)
    assert found == EarlierSpec(target / "shop", "HEAD:specs/shop")
    assert {file.name: file.read_text() for file in found.path.iterdir()} == {
        name: f"# {name}\n" for name in ("a.yaml", "b.yml", "ünïcode.yaml")
    }


def test_the_top_of_a_repository_can_be_the_spec(tmp_path: Path, target: Path) -> None:
    folder = tmp_path / "top"
    folder.mkdir()
    git(tmp_path, "init", "--quiet", str(folder))
    (folder / "shop.yaml").write_text(SHOP)
    commit(folder, "A shop")
    found = read_spec_at(folder, "HEAD", target)
    assert isinstance(found, EarlierSpec)
    assert [file.name for file in found.path.iterdir()] == ["shop.yaml"]


def test_the_worktree_and_the_index_are_not_touched(repository: Path, target: Path) -> None:
    (repository / "new.txt").write_text("new")
    git(repository, "add", "new.txt")
    before = git(repository, "status", "--porcelain"), (repository / ".git/index").read_bytes()
    read_spec_at(Path("specs/shop.yaml"), "HEAD", target)
    assert (git(repository, "status", "--porcelain"), (repository / ".git/index").read_bytes()) == before


def test_within_a_hook_of_git(repository: Path, target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_DIR", ".git")
    monkeypatch.setenv("GIT_INDEX_FILE", ".git/index")
    found = read_spec_at(Path("specs/shop.yaml"), "HEAD", target)
    assert found == EarlierSpec(target / "shop.yaml", "HEAD:specs/shop.yaml")


@pytest.mark.parametrize("revision", ["nope", "--all", "-", "", "HEAD:specs", "HEAD..HEAD"])
def test_what_is_no_revision_is_refused(revision: str, repository: Path, target: Path) -> None:
    assert refusal(repository / "specs/shop.yaml", revision, target) == (
        "MON5041",
        f"there is no revision `{revision}`",
        (),
    )


def test_a_spec_that_was_not_there_is_refused(repository: Path, target: Path) -> None:
    assert refusal(Path("specs/other.yaml"), "HEAD", target) == (
        "MON5042",
        "`specs/other.yaml` cannot be compared with `HEAD`",
        ("the path was added or moved since",),
    )


def test_a_link_is_refused(repository: Path, target: Path) -> None:
    (repository / "specs/link.yaml").symlink_to("shop.yaml")
    commit(repository, "A link")
    assert refusal(Path("specs/link.yaml"), "HEAD", target) == (
        "MON5042",
        "`specs/link.yaml` cannot be compared with `HEAD`",
        ("it is a symbolic link there",),
    )


def test_outside_of_a_repository(tmp_path: Path, target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    (tmp_path / "shop.yaml").write_text(SHOP)
    code, headline, _ = refusal(tmp_path / "shop.yaml", "HEAD", target)
    assert (code, headline) == ("MON5040", f"`{tmp_path}/shop.yaml` has no history to compare with")


def test_without_git(repository: Path, target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(target))
    assert refusal(repository / "specs/shop.yaml", "HEAD", target)[2] == ("the program `git` is not installed",)


def test_the_command_compares_with_a_revision(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (repository / "specs/shop.yaml").write_text(changed(("objective: 99.9%", "objective: 99.95%")))
    assert main(["diff", "--against", "git:HEAD", "--exit-code"]) == 2
    assert capsys.readouterr() == (
        """\
Spec  shop/default, against HEAD:specs/shop.yaml
  ~ slo  web-availability  objective 99.9 % -> 99.95 %
           budget 43 m 12 s -> 21 m 36 s per 30 d; page from 0.72 % errors (was 1.44 %)
           ticket from 0.15 % errors (was 0.3 %)
1 to change, 0 to add, 0 to delete (3 files to change)
""",
        "",
    )


def test_the_command_finds_no_change(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diff", "--against", "git:HEAD", "--exit-code"]) == 0
    assert capsys.readouterr() == ("no changes\n", "")


def test_an_earlier_spec_with_lesser_errors_is_still_compared(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (repository / "specs/shop.yaml").write_text(changed(("objective: 99.9%", "objective: 100%")))
    commit(repository, "No budget")
    (repository / "specs/shop.yaml").write_text(SHOP)
    assert main(["diff", "--against", "git:HEAD"]) == 0
    out, err = capsys.readouterr()
    assert err == "HEAD:specs/shop.yaml does not compile, so changed files are not counted\n"
    assert out.splitlines()[1] == "  ~ slo  web-availability  objective 100 % -> 99.9 %"


def test_errors_of_the_earlier_spec_have_its_name(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (repository / "specs/shop.yaml").write_text("version: 1\nproject: [\n")
    commit(repository, "Broken")
    (repository / "specs/shop.yaml").write_text(SHOP)
    assert main(["diff", "--against", "git:HEAD"]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert "--> HEAD:specs/shop.yaml:" in err
    assert "monmc-diff-" not in err


def test_a_secret_of_the_past_is_not_printed(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    secret = "R0UT1NGK3Y0123456789ABCDEFGH1234"
    (repository / "specs/shop.yaml").write_text(changed(("${secret:KEY}", secret)))
    commit(repository, "In clear")
    (repository / "specs/shop.yaml").write_text(SHOP)
    assert main(["diff", "--against", "git:HEAD"]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err.splitlines()[0] == "error[MON5043]: `HEAD:specs/shop.yaml` holds a secret in clear"
    assert secret not in err
