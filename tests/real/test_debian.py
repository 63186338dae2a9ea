"""Debian's packages are had through the mirrors of the machine's own apt sources, in every shape, and only signed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.real.debian import Mirror, NotFetchedError, machine_mirrors, private_configuration, unpack

FAKE_APT_GET = """\
#!/bin/sh
# apt-get --config-file FILE -qq update|download PACKAGE...
folder=$(dirname "$2")
suite=$(sed -n 's/^Suites: //p' "$folder/sources/debian.sources")
key=$(sed -n 's/^Signed-By: //p' "$folder/sources/debian.sources")
printf '%s %s %s %s\\n' "$4" "$suite" "$key" "$5" | sed "s#$FAKE_WORK#WORK#" >> "$FAKE_LOG"
case "$4 $suite $key" in
  "update nowhere"*) echo "E: no such suite at http://user:password@mirror.example/debian"; exit 100 ;;
  "update forky /machine.gpg") echo "W: GPG error: NO_PUBKEY 0123"; exit 100 ;;
  "download"*) touch "$5.deb" ;;
esac
"""
FAKE_DPKG_DEB = """\
#!/bin/sh
# dpkg-deb -x FILE FOLDER
mkdir -p "$3" && touch "$3/$(basename "$2" .deb)"
"""


@pytest.fixture
def apt_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put an apt-get on PATH that writes down what it is asked: command, suite, keyring, package."""
    for name, script in (("apt-get", FAKE_APT_GET), ("dpkg-deb", FAKE_DPKG_DEB)):
        program = tmp_path / "bin" / name
        program.parent.mkdir(exist_ok=True)
        program.write_text(script, encoding="utf-8")
        program.chmod(0o755)
    log = tmp_path / "apt.log"
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("FAKE_LOG", str(log))
    monkeypatch.setenv("FAKE_WORK", str(tmp_path / "work"))
    return log


def test_mirrors_are_read_from_one_line_and_deb822_sources_and_only_debians_main_ones(tmp_path: Path) -> None:
    parts = tmp_path / "sources.list.d"
    parts.mkdir()
    (tmp_path / "sources.list").write_text(
        "# deb http://commented.example/debian bookworm main\n"
        "deb http://one.example/debian trixie main contrib # ours\n"
        "deb [arch=amd64 signed-by=/keys/two.gpg] https://two.example/debian bookworm main\n"
        "deb-src http://source.example/debian trixie main\n"
        "deb http://ubuntu.example/ubuntu noble main\n"
        "deb cdrom:[Debian]/ bookworm main\n"
        "deb http://one.example/debian trixie-updates main\n",
        encoding="utf-8",
    )
    (parts / "docker.list").write_text("deb https://docker.example/debian bookworm stable\n", encoding="utf-8")
    (parts / "disabled.list.save").write_text("deb http://saved.example/debian sid main\n", encoding="utf-8")
    (parts / "debian.sources").write_text(
        "# The main archive\n"
        "Types: deb deb-src\n"
        "URIs: http://three.example/debian\n"
        "# and its updates\n"
        "Suites: bookworm bookworm-updates\n"
        "Components: main\n"
        "Signed-By:\n"
        " -----BEGIN PGP PUBLIC KEY BLOCK-----\n"
        " .\n"
        " key\n"
        "\n"
        "Enabled: no\n"
        "Types: deb\n"
        "URIs: http://off.example/debian\n"
        "Suites: sid\n"
        "Components: main\n"
        "\n"
        "Types: deb\n"
        "URIs: http://three.example/debian http://four.example/debian\n"
        "Suites: sid\n"
        "Components: contrib main\n",
        encoding="utf-8",
    )
    assert machine_mirrors(tmp_path) == [
        Mirror("http://one.example/debian", "trixie", ""),
        Mirror("https://two.example/debian", "bookworm", "/keys/two.gpg"),
        Mirror("http://three.example/debian", "bookworm", "\n -----BEGIN PGP PUBLIC KEY BLOCK-----\n .\n key"),
        Mirror("http://four.example/debian", "sid", ""),
    ]


def test_a_machine_without_apt_sources_has_no_mirror(tmp_path: Path) -> None:
    assert machine_mirrors(tmp_path) == []


def test_the_private_configuration_writes_below_its_own_folder_and_insists_on_signatures(tmp_path: Path) -> None:
    path = private_configuration(Mirror("http://one.example/debian", "bookworm", "/keys/one.gpg"), "forky", tmp_path)
    assert path.read_text(encoding="utf-8") == (
        f'Dir::State "{tmp_path}/state";\n'
        'Dir::State::status "/dev/null";\n'
        f'Dir::Cache "{tmp_path}/cache";\n'
        'Dir::Etc::sourcelist "/dev/null";\n'
        f'Dir::Etc::sourceparts "{tmp_path}/sources";\n'
        'Dir::Etc::preferences "/dev/null";\n'
        f'Dir::Etc::preferencesparts "{tmp_path}/preferences";\n'
        'APT::Sandbox::User "";\n'
        'APT::Update::Error-Mode "any";\n'
        "#clear APT::Update::Pre-Invoke;\n"
        "#clear APT::Update::Post-Invoke;\n"
        "#clear APT::Update::Post-Invoke-Success;\n"
        'APT::Get::AllowUnauthenticated "false";\n'
        'Acquire::AllowInsecureRepositories "false";\n'
        'Acquire::AllowWeakRepositories "false";\n'
        'Acquire::Retries "3";\n'
        'Acquire::http::Timeout "60";\n'
        'Acquire::https::Timeout "60";\n'
    )
    assert (tmp_path / "sources" / "debian.sources").read_text(encoding="utf-8") == (
        "Types: deb\n"
        "URIs: http://one.example/debian\n"
        "Suites: forky\n"
        "Components: main\n"
        "Targets: Packages\n"
        "Signed-By: /keys/one.gpg\n"
    )


def test_the_first_suite_that_carries_the_packages_is_unpacked(tmp_path: Path, apt_log: Path) -> None:
    mirror = Mirror("http://one.example/debian", "bookworm", "/keys/one.gpg")
    unpack(["promtool"], ["nowhere", "sid", "trixie"], tmp_path / "root", tmp_path / "work", mirrors=[mirror])
    assert apt_log.read_text(encoding="utf-8") == (
        "update nowhere /keys/one.gpg \nupdate sid /keys/one.gpg \ndownload sid /keys/one.gpg promtool\n"
    )
    assert [path.name for path in (tmp_path / "root").iterdir()] == ["promtool"]


def test_a_suite_with_newer_keys_is_checked_with_the_keyring_package_of_the_machines_own_suite(
    tmp_path: Path, apt_log: Path
) -> None:
    mirror = Mirror("http://one.example/debian", "bookworm", "/machine.gpg")
    unpack(["promtool"], ["forky"], tmp_path / "root", tmp_path / "work", mirrors=[mirror])
    keyring = "WORK/0/keyring/usr/share/keyrings/debian-archive-keyring.gpg"
    assert apt_log.read_text(encoding="utf-8") == (
        "update forky /machine.gpg \n"
        "update bookworm /machine.gpg \n"
        "download bookworm /machine.gpg debian-archive-keyring\n"
        f"update forky {keyring} \n"
        f"download forky {keyring} promtool\n"
    )


def test_packages_that_no_suite_carries_are_reported_with_apts_words_and_no_credentials(
    tmp_path: Path, apt_log: Path
) -> None:
    mirror = Mirror("http://one.example/debian", "forky", "/machine.gpg")
    with pytest.raises(NotFetchedError) as error:
        unpack(["promtool"], ["nowhere", "forky"], tmp_path / "root", tmp_path / "work", mirrors=[mirror])
    assert str(error.value) == (
        "apt could not fetch promtool (nowhere: E: no such suite at http://mirror.example/debian; "
        "forky: W: GPG error: NO_PUBKEY 0123)"
    )


def test_a_machine_without_apt_or_without_a_mirror_is_told_so(
    tmp_path: Path, apt_log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(NotFetchedError, match=r"^this machine's apt sources name no Debian mirror$"):
        unpack(["promtool"], ["sid"], tmp_path / "root", tmp_path / "work", mirrors=[])
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NotFetchedError, match=r"^this machine has no apt-get to fetch Debian's packages with$"):
        unpack(["promtool"], ["sid"], tmp_path / "root", tmp_path / "work")
