"""Whatever a person does to a spec or to the output folder: a clear diagnostic, exit 1, and no half-written tree."""

from __future__ import annotations

import contextlib
import io
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from ruamel.yaml import YAML

from skillforge_mon.cli.main import main
from skillforge_mon.compiler import compile_project
from tests.strategies import specs, spoilt_specs

HEAD = "version: 1\nproject: shop\n"
BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{key}: &{key} [{', '.join([f'*{before}'] * 9)}]\n" for before, key in zip("abcdefgh", "bcdefghi", strict=True)
)
BAD_SPECS: dict[str, bytes] = {
    "tabs": HEAD.encode() + b"teams:\n\ta: {}\n",
    "bad UTF-8": HEAD.encode() + b"description: \xff\xfe\n",
    "UTF-16": HEAD.encode("utf-16"),
    "empty": b"",
    "only comments": b"# nothing\n",
    "a list": b"- a\n",
    "a scalar": b"shop\n",
    "nested brackets": HEAD.encode() + b"x: " + b"[" * 500_000 + b"]" * 500_000,
    "alias bomb": HEAD.encode() + BOMB.encode(),
    "recursive alias": HEAD.encode() + b"teams: &t\n  a: *t\n",
    "several documents": HEAD.encode() + b"---\n" + HEAD.encode(),
    "dependency cycle": HEAD.encode() + b"services:\n  a: {depends_on: [b]}\n  b: {depends_on: [a]}\n",
    "name with slash": HEAD.encode() + b"services:\n  a/b: {}\n",
    "name that climbs": HEAD.encode() + b"dashboards:\n  ../../etc: {rows: [{use: alerts}]}\n",
    "project that climbs": b"version: 1\nproject: ../up\n",
    "unquoted braces": HEAD.encode() + b"alerts:\n  A:\n    summary: {{ value }}\n",
    "unknown field": HEAD.encode() + b"alert: {}\n",
    "huge number": HEAD.encode() + b"services:\n  a: {tier: " + b"9" * 5000 + b"}\n",
    "not a number": HEAD.encode() + b"slos:\n  a: {objective: .nan}\n",
    "infinite": HEAD.encode() + b"metrics:\n  m_seconds: {type: histogram, help: M, buckets: [.inf]}\n",
    "duplicate key": HEAD.encode() + b"project: other\n",
    "null byte": HEAD.encode() + b"description: a\x00b\n",
    "unknown tag": HEAD.encode() + b"description: !env HOME\n",
    "deep query": HEAD.encode() + b"alerts:\n  A: {severity: info, expr: '" + b"(" * 20_000 + b"'}\n",
    "no project": b"version: 1\n",
    "unclosed quote": HEAD.encode() + b"description: 'abc\n",
}


ADDRESSES = [
    "http://[::1",
    "http://[:::]/",
    "http://a:b",
    "http://a:99999/",
    "http://${env:HOST}",
    "http://",
    "https://a:${env:P}/",
]
ADDRESSED = """\
version: 1
project: shop
targets:
  prometheus: {url: "ADDRESS"}
  blackbox: {}
  alertmanager: {url: "ADDRESS"}
  grafana: {url: "ADDRESS", prometheus_url: "ADDRESS"}
  loki: {url: "ADDRESS"}
  jaeger: {url: "ADDRESS"}
  collector: {}
  sentry: {organization: a, url: "ADDRESS"}
  datadog: {url: "ADDRESS", locations: ["aws:eu-west-1"]}
teams: {shop: {webhook: "ADDRESS", datadog: "@shop"}}
escalation: {page: [{notify: shop}]}
services:
  web:
    team: shop
    escalation: page
    workload: web
    health: {url: "ADDRESS", live: /live}
    errors: {sentry_project: web, platform: python, sampling: {traces: 10%}}
probes:
  front: {service: web, backends: [prometheus, datadog, sentry], http: {url: "ADDRESS", certificate: 14d}}
  buy: {service: web, backends: [datadog], browser: {url: "ADDRESS", steps: [{refresh: true}]}}
deploy: {compose: {}, kubernetes: {datadog: {}}}
"""


def run(*arguments: str) -> tuple[int, str, str]:
    """Exit code, stdout and stderr of ``monmc`` with these arguments."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main(list(arguments))
    return code, out.getvalue(), err.getvalue()


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every test works in a folder of its own."""
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("name", BAD_SPECS)
def test_a_bad_spec_is_told_with_its_place_and_nothing_is_written(name: str) -> None:
    Path("shop.yaml").write_bytes(BAD_SPECS[name])
    code, out, err = run("build", "shop.yaml")
    assert (code, out) == (1, "")
    assert "Traceback" not in err
    assert "MON9001" not in err
    assert "error[MON1" in err or "error[MON2" in err
    assert "--> shop.yaml" in err
    assert not Path("generated").exists() or list(Path("generated").rglob("*.yml")) == []


def test_a_byte_order_mark_is_no_problem() -> None:
    Path("shop.yaml").write_bytes(b"\xef\xbb\xbf" + HEAD.encode())
    assert run("check", "shop.yaml")[0] == 0


def _a_file() -> None:
    Path("generated").write_text("mine")


def _unwritable() -> None:
    Path("generated").symlink_to("/proc")


def _environment_is_a_file() -> None:
    Path("generated/shop").mkdir(parents=True)
    Path("generated/shop/default").write_text("mine")


def _a_link_out_of_the_tree() -> None:
    Path("generated/shop/default").mkdir(parents=True)
    Path("elsewhere").mkdir()
    Path("generated/shop/default/runbooks").symlink_to(Path("elsewhere").absolute())


@pytest.mark.parametrize("prepare", [_a_file, _unwritable, _environment_is_a_file, _a_link_out_of_the_tree])
def test_a_bad_output_folder_is_told_and_nothing_is_written(prepare: Callable[[], None]) -> None:
    Path("shop.yaml").write_text(HEAD + "runbooks:\n  busy: {resolve: [Add a worker.]}\n")
    prepare()
    before = sorted(str(path) for path in Path().rglob("*") if "proc" not in str(path))
    exit_code, _, err = run("build", "shop.yaml")
    assert exit_code == 1
    assert "error[MON50" in err
    assert "Traceback" not in err
    assert sorted(str(path) for path in Path().rglob("*") if "proc" not in str(path)) == before


def _written(spec: dict[str, Any], folder: str) -> Path:
    path = Path(folder) / "spec.yaml"
    yaml = YAML(typ="safe", pure=True)
    yaml.version = (1, 2)
    with path.open("w", encoding="utf-8", errors="surrogateescape") as file:
        yaml.dump(spec, file)
    return path


@given(specs())
@settings(max_examples=60)
def test_any_spec_compiles_or_is_told_why_not(spec: dict[str, Any]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        result = compile_project(_written(spec, folder))
        assert result.failed or result.documents or not spec["targets"]
        assert all(item.span is not None for item in result.diagnostics)


@given(spoilt_specs())
@settings(max_examples=150)
def test_a_spoilt_spec_is_told_and_never_a_defect(spec: dict[str, Any]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        try:
            path = _written(spec, folder)
        except Exception:  # noqa: BLE001 - the oracle that writes YAML cannot say this value
            return
        compile_project(path)


def test_the_same_spec_gives_the_same_bytes_under_any_hash_seed_and_from_any_folder(tmp_path: Path) -> None:
    import subprocess
    import sys

    (tmp_path / "a").mkdir()
    spec = tmp_path / "a" / "shop.yaml"
    spec.write_text(
        (Path(__file__).parent / "cli" / "archives" / "build.txt").read_text().partition("-- shop.yaml --\n")[2]
    )
    trees = []
    for seed, folder in (("0", tmp_path), ("1", tmp_path / "a"), ("4242", Path("/"))):
        out = tmp_path / f"out{seed}"
        subprocess.run(
            [sys.executable, "-m", "skillforge_mon.cli", "build", "--no-cache", "--out", out, spec],
            check=True,
            cwd=folder,
            capture_output=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
        )
        trees.append({path.relative_to(out).as_posix(): path.read_bytes() for path in out.rglob("*") if path.is_file()})
    assert trees[0]
    assert trees[0] == trees[1] == trees[2]


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_address_that_is_none_is_never_a_crash(address: str, tmp_path: Path) -> None:
    spec = tmp_path / "shop.yaml"
    kept = ADDRESSED.splitlines()
    for line in [line for line in kept if "ADDRESS" in line]:
        text = "\n".join(each if each is line else each.replace("ADDRESS", "https://a.example") for each in kept)
        spec.write_text(text.replace("ADDRESS", address), encoding="utf-8")
        compile_project(spec)
