"""One file is one project; so is one folder, whose files are equals."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from skillforge_mon.diagnostics.diagnostic import Report
from skillforge_mon.spec.yaml.files import LoadedProject, load_project
from skillforge_mon.spec.yaml.limits import Limits
from skillforge_mon.spec.yaml.nodes import SourceFile, find, to_plain
from skillforge_mon.spec.yaml.shown_name import shown_name


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty current folder."""
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def write(folder: Path, **files: str) -> None:
    folder.mkdir(exist_ok=True, parents=True)
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text)


def load(path: str | Path) -> LoadedProject:
    report = Report()
    project = load_project(Path(path), report)
    assert list(report) == []
    assert project is not None
    return project


def problems(path: str | Path) -> list[tuple[str, str, str, list[str]]]:
    """Code, place, headline and the other places of every problem."""
    report = Report()
    load_project(Path(path), report)
    return [
        (found.code, str(found.span or ""), found.headline, [str(label.span) for label in found.secondary])
        for found in report
    ]


def test_one_file(here: Path) -> None:
    write(here / "specs", shop="version: 1\nproject: shop\n")
    project = load("specs/shop.yaml")
    assert to_plain(project.root) == {"version": 1, "project": "shop"}
    assert (project.name, [file.name for file in project.files], project.path) == (
        "shop",
        ["specs/shop.yaml"],
        Path("specs/shop.yaml"),
    )


def test_files_that_look_as_if_they_belonged_are_told_when_they_are_not_read(here: Path) -> None:
    specs = here / "specs"
    write(specs, a="version: 1\nproject: shop\n")
    (specs / "deeper" / ".hidden").mkdir(parents=True)
    (specs / "deeper" / "x.yaml").write_text("nonsense: [")
    (specs / "deeper" / ".hidden" / "z.yaml").write_text("nonsense: [")
    (specs / "B.YAML").write_text("nonsense: [")
    report = Report()
    load_project(Path("specs"), report)
    assert [(item.code, item.headline) for item in report] == [
        ("MON1036", "`specs/B.YAML` is not read"),
        ("MON1036", "`specs/deeper/x.yaml` is not read"),
    ]


def test_files_of_a_folder_are_merged_by_name_and_keep_their_places(here: Path) -> None:
    specs = here / "specs"
    write(
        specs,
        b="version: 1\nproject: shop\nalerts: {High: {for: 5m}}\ntargets: {grafana: {version: '12'}}\n",
        a="# yaml-language-server: $schema=x\nversion: 1\nalerts: {Low: {for: 1m}}\nteams:\n",
        c="teams: {ops: {}}\ntargets: {grafana: {url: x}, datadog: {}}\nenvironments: {dev: {alerts: {High: ~}}}\n",
        d="environments: {dev: {alerts: {Low: ~}}}\n",
    )
    write(specs, **{".hidden": "nonsense: [", "e": "defaults: {}"})
    (specs / "folder.yaml").mkdir()
    (specs / "readme.md").write_text("# nonsense")
    (specs / "f.yml").write_text("kpis: {}\n")
    project = load("specs")
    assert to_plain(project.root) == {
        "version": 1,
        "project": "shop",
        "alerts": {"High": {"for": "5m"}, "Low": {"for": "1m"}},
        "targets": {"grafana": {"version": "12", "url": "x"}, "datadog": {}},
        "teams": {"ops": {}},
        "environments": {"dev": {"alerts": {"High": None, "Low": None}}},
        "defaults": {},
        "kpis": {},
    }
    assert [file.name for file in project.files] == [
        f"specs/{name}" for name in ("a.yaml", "b.yaml", "c.yaml", "d.yaml", "e.yaml", "f.yml")
    ]
    assert str(find(project.root, ("targets", "grafana", "url"))[0].span) == "specs/c.yaml:2:26"
    assert str(find(project.root, ("alerts", "High", "for"))[0].span) == "specs/b.yaml:3:22"


def test_nothing_may_be_said_twice(here: Path) -> None:
    write(
        here / "specs",
        a="version: 1\nproject: shop\nalerts: {High: {for: 5m}}\ntargets: {grafana: {version: '12'}}\n",
        b="version: 2\nproject: shop\nalerts: {High: {expr: x}}\ntargets: {grafana: {version: '12'}}\nteams: {}\n",
        c="teams: [ops]\n",
    )
    assert problems("specs") == [
        ("MON1034", "specs/b.yaml:1:1", "`version` stands in two files of the project", ["specs/a.yaml:1:1"]),
        ("MON1034", "specs/b.yaml:2:1", "`project` stands in two files of the project", ["specs/a.yaml:2:1"]),
        ("MON1034", "specs/b.yaml:3:10", "`alerts.High` stands in two files of the project", ["specs/a.yaml:3:10"]),
        (
            "MON1034",
            "specs/b.yaml:4:21",
            "`targets.grafana.version` stands in two files of the project",
            ["specs/a.yaml:4:21"],
        ),
        (
            "MON1034",
            "specs/c.yaml:1:1",
            "`teams` is a map in one file and something else in another",
            ["specs/b.yaml:5:1"],
        ),
    ]


def test_folder_of_several_projects_says_so_and_nothing_else(here: Path) -> None:
    for name in ("shop", "tutoring", "forum"):
        write(here / "specs", **{name: f"version: 1\nproject: {name}\nalerts: {{High: {{}}}}\n"})
    report = Report()
    assert load_project(Path("specs"), report) is None
    assert [(found.code, str(found.span), found.headline, found.help) for found in report] == [
        (
            "MON1035",
            "specs/shop.yaml:2:10",
            "the folder `specs` holds 3 projects",
            "name the file of one project, as in `monmc build specs/forum.yaml`",
        )
    ]


def test_errors_of_all_files_come_in_one_run(here: Path) -> None:
    write(here / "specs", a="a: b: c\n", b="x: 1\nx: 2\n", c="", d="y: 1\n")
    sources: dict[str, SourceFile] = {}
    report = Report()
    assert load_project(Path("specs"), report, sources=sources) is None
    assert [(found.code, str(found.span)) for found in report] == [
        ("MON1010", "specs/a.yaml:1:5"),
        ("MON1017", "specs/b.yaml:2:1"),
        ("MON1004", "specs/c.yaml:1:1"),
    ]
    assert sorted(sources) == ["specs/a.yaml", "specs/b.yaml", "specs/c.yaml", "specs/d.yaml"]


def test_paths_that_lead_nowhere(here: Path) -> None:
    (here / "empty").mkdir()
    (here / "links").mkdir()
    (here / "links" / "gone.yaml").symlink_to(here / "nothing")
    (here / "loop.yaml").symlink_to(here / "loop.yaml")
    os.mkfifo(here / "pipe.yaml")
    write(here, file="version: 1\n")
    assert problems("missing.yaml") == [("MON1030", "", "there is no file or folder `missing.yaml`", [])]
    assert problems("file.yaml/x") == [("MON1030", "", "there is no file or folder `file.yaml/x`", [])]
    assert problems("links") == [("MON1030", "", "`links/gone.yaml` is a link to nothing", [])]
    assert problems("empty") == [("MON1033", "", "the folder `empty` has no .yaml file", [])]
    assert problems("loop.yaml") == [
        ("MON1031", "", "`loop.yaml` cannot be read: too many levels of symbolic links", [])
    ]
    assert problems("pipe.yaml") == [("MON1032", "", "`pipe.yaml` is not a file", [])]
    assert problems("a\0b") == [("MON1030", "", "there is no file or folder `a\0b`", [])]


def test_unreadable_file(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(here / "specs", a="a: 1\n", b="b: 1\n")

    def refuse(self: Path, mode: str) -> None:
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(Path, "open", refuse)
    assert problems("specs") == [
        ("MON1031", "", "`specs/a.yaml` cannot be read: permission denied", []),
        ("MON1031", "", "`specs/b.yaml` cannot be read: permission denied", []),
    ]


def test_file_beyond_the_limit_is_not_read_whole(here: Path) -> None:
    (here / "big.yaml").write_bytes(b"a: 1\n" * 1_000_000)
    report = Report()
    assert load_project(Path("big.yaml"), report, Limits(bytes=1024 * 1024)) is None
    assert [found.headline for found in report] == ["`big.yaml` is larger than 1 MiB"]


def test_names_are_relative_to_the_current_folder_when_inside_it(here: Path) -> None:
    assert shown_name(here / "specs" / "a.yaml") == "specs/a.yaml"
    assert shown_name(Path("specs/../specs/a.yaml")) == "specs/a.yaml"
    assert shown_name(Path("../here/a.yaml")) == "a.yaml"
    assert shown_name(Path("../there/a.yaml")) == "../there/a.yaml"
    assert shown_name(Path("/somewhere/a.yaml")) == "/somewhere/a.yaml"
    assert shown_name(Path(os.fsdecode(b"\xff.yaml"))) == "\\udcff.yaml"


def test_project_without_a_name_is_called_after_its_path(here: Path) -> None:
    write(here / "shop", a="version: 1\n")
    assert load("shop").name == "shop"
    assert load("shop/a.yaml").name == "a"
