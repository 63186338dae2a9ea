from __future__ import annotations

import pytest

from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity
from skillforge_mon.documents.document import Document, Format
from skillforge_mon.documents.paths import check_paths, path_problem


@pytest.mark.parametrize(
    ("path", "problem"),
    [
        ("prometheus/rules/backend.yaml", ""),
        ("grafana/Überblick.json", ""),
        ("a/" + "b" * 255, ""),
        ("manifest.json/a", ""),
        ("", "is empty"),
        ("/etc/passwd", "is absolute"),
        ("C:/a", "is absolute"),
        ("a\\b", "has a backslash"),
        ("a\nb", "has a character that cannot be printed"),
        ("a\x00", "has a character that cannot be printed"),
        ("a\ud800", "has a character that cannot be printed"),
        ("a//b", "has an empty part"),
        ("a/", "has an empty part"),
        ("../a", "has the part `..`"),
        ("a/../../b", "has the part `..`"),
        ("./a", "has the part `.`"),
        ("é" * 128, "has a part of more than 255 bytes"),
        ("manifest.json", "is a name that monmc keeps for itself"),
        (".monmc-new", "is a name that monmc keeps for itself"),
    ],
)
def test_a_path_stays_inside_the_tree_on_every_system(path: str, problem: str) -> None:
    assert path_problem(path) == problem


def _named(paths: list[str]) -> list[Document]:
    return [Document(path, "", Format.TEXT, (f"dashboards.{path}",)) for path in paths]


@pytest.mark.parametrize(
    ("paths", "problems"),
    [
        (["a/b", "a/c", "b"], []),
        (["../a"], [("MON5010", "output path `../a` has the part `..`")]),
        (["a", "a"], [("MON5011", "two documents are named `a`")]),
        (["a/B", "a/b"], [("MON5012", "output paths `a/B` and `a/b` differ only in their spelling")]),
        (["A/a", "a/b"], [("MON5012", "output paths `A` and `a` differ only in their spelling")]),
        (["\u00e9", "e\u0301"], [("MON5012", "output paths `\u00e9` and `e\u0301` differ only in their spelling")]),
        (["a/b/c", "a/b"], [("MON5013", "output path `a/b` is a file, and the folder of `a/b/c`")]),
        (["a", "a/b"], [("MON5013", "output path `a` is a file, and the folder of `a/b`")]),
        (
            ["Manifest.json", "a"],
            [("MON5012", "output paths `manifest.json` and `Manifest.json` differ only in their spelling")],
        ),
        (
            ["manifest.json/a"],
            [("MON5013", "output path `manifest.json` is a file, and the folder of `manifest.json/a`")],
        ),
    ],
)
def test_paths_stand_side_by_side_on_every_system(paths: list[str], problems: list[tuple[str, str]]) -> None:
    assert [(problem.code, problem.headline) for problem in check_paths(_named(paths))] == problems


def test_a_collision_names_the_objects_and_what_to_do() -> None:
    assert check_paths(_named(["Overview", "overview"])) == (
        Diagnostic(
            "MON5012",
            Severity.ERROR,
            "output paths `Overview` and `overview` differ only in their spelling",
            notes=(
                "`Overview` comes from dashboards.Overview",
                "`overview` comes from dashboards.overview",
            ),
            help="rename one of the two objects, or what it belongs to",
        ),
    )
