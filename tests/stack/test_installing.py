"""Locked packages, stamps and lists: what decides whether a step has anything to do."""

from __future__ import annotations

import dataclasses
import re
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from config.stack import catalogues, jobs, node, python
from config.stack.messages import Trouble
from config.stack.places import REPOSITORY, places
from config.stack.programs import call
from config.stack.setup import held

if TYPE_CHECKING:
    from pathlib import Path

    from config.stack.places import Places

LOCKS = sorted((REPOSITORY / "requirements").glob("*.txt"))


@pytest.mark.parametrize("lock", [path.name for path in LOCKS] + ["../package-lock.json"])
def test_a_lock_names_no_server_and_no_path_of_a_machine(lock: str) -> None:
    text = (REPOSITORY / "requirements" / lock).read_text(encoding="utf-8")
    # Pages that explain where a package asks for money are no registries.
    text = re.sub(r'"funding": (\{[^{}]*\}|\[[^]]*\]|"[^"]*")', "", text)

    assert not re.search(r"https?://|file:/|index-url|trusted-host|find-links", text)
    assert not re.search(r"(^|[\s\"])/[a-z]+/", text, flags=re.MULTILINE)


@pytest.mark.parametrize("lock", [path.name for path in LOCKS])
def test_every_locked_package_has_one_version_and_its_hashes(lock: str) -> None:
    text = (REPOSITORY / "requirements" / lock).read_text(encoding="utf-8")
    entries = re.split(r"\n(?=[a-z0-9])", re.sub(r"(?m)^#.*\n", "", text).strip())

    for entry in entries:
        assert re.match(r"[a-z0-9._-]+==[^ ]+ \\\n +--hash=sha256:[0-9a-f]{64}", entry), entry


def test_psycopg_3_stays_out_since_django_would_silently_prefer_it() -> None:
    for lock in LOCKS:
        assert not re.search(r"(?m)^psycopg==", lock.read_text(encoding="utf-8"))


def test_both_locks_pin_the_same_version_of_what_they_share() -> None:
    pins = [
        dict(re.findall(r"(?m)^([a-z0-9._-]+)==(\S+)", path.read_text(encoding="utf-8")))
        for path in (REPOSITORY / "requirements" / f"{name}.txt" for name in python.TESTS)
    ]
    shared = pins[0].keys() & pins[1].keys()

    assert shared
    assert {name: pins[0][name] for name in shared} == {name: pins[1][name] for name in shared}


@pytest.mark.parametrize(
    ("version", "enough"),
    [
        *(("v20.19.0", True), ("v20.18.3", False), ("v18.20.0", False), ("v21.7.0", False)),
        *(("v22.11.0", False), ("v22.12.0", True), ("v24.1.0", True), ("", False)),
    ],
)
def test_node_is_new_enough_where_vite_says_so(version: str, enough: bool) -> None:
    assert node.is_new_enough(version) is enough


@pytest.fixture
def small_project(tmp_path: Path) -> Places:
    """Return a project whose build copies one file and counts how often it ran."""
    sources = tmp_path / "webmap" / "client"
    sources.mkdir(parents=True)
    (sources / "home.ts").write_text("one")
    for name in ("package.json", "package-lock.json", "tsconfig.json", "vite.config.ts"):
        (tmp_path / name).write_text("{}")
    return dataclasses.replace(places({}), root=tmp_path, var=tmp_path / "var")


@pytest.fixture
def copying(small_project: Places) -> node.Node:
    """Return a "Node" whose npm is a shell script that does what Vite does to the folder."""
    script = small_project.root / "npm"
    out = "webmap/static/webmap/dist"
    script.write_text(f"rm -rf {out}; mkdir -p {out}; cp webmap/client/* {out}/; echo >> built\n")
    return node.Node(script, ("/bin/sh", str(script)))


def test_the_client_is_built_again_only_when_its_sources_change(
    small_project: Places, copying: node.Node
) -> None:
    source = small_project.root / "webmap" / "client" / "home.ts"

    assert node.build(small_project, copying) is True
    assert node.build(small_project, copying) is False
    source.write_text("two")
    assert node.build(small_project, copying) is True
    source.rename(source.with_name("other.ts"))
    assert node.build(small_project, copying) is True

    assert (small_project.root / "built").read_text() == "\n\n\n"


def test_a_bundle_that_somebody_removed_is_built_again(
    small_project: Places, copying: node.Node
) -> None:
    node.build(small_project, copying)
    shutil.rmtree(small_project.root / "webmap" / "static")

    assert node.build(small_project, copying) is True


def test_a_changed_catalogue_is_compiled_once(small_project: Places) -> None:
    source = small_project.root / "locale" / "vi" / "LC_MESSAGES" / "django.po"
    source.parent.mkdir(parents=True)
    head = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n'
    source.write_text(f'{head}\nmsgid "Plot"\nmsgstr "Thửa đất"\n', encoding="utf-8")

    assert catalogues.compile_changed(small_project) == 1
    assert catalogues.compile_changed(small_project) == 0
    compiled = source.with_suffix(".mo").read_bytes()
    assert "Thửa đất".encode() in compiled


def test_a_failing_step_says_which_and_shows_the_end_of_its_log(small_project: Places) -> None:
    with pytest.raises(Trouble) as shown:
        call(small_project, "pip", ["/bin/sh", "-c", "seq 1 40; echo the reason >&2; exit 3"])

    text = str(shown.value)
    assert str(small_project.log / "pip.log") in text
    assert "the reason" in text
    assert "\n29\n" not in text
    assert text.count("the reason") == 1


def test_two_commands_do_not_set_up_at_the_same_time(small_project: Places) -> None:
    lock = small_project.run / "setup.lock"
    with held(lock, "already_starting"):
        with pytest.raises(Trouble) as second, held(lock, "already_starting"):
            pass
        assert second.value.code == "already_starting"

    with held(lock, "already_starting"):
        pass


def test_jobs_are_the_files_that_are_there_with_their_first_line(small_project: Places) -> None:
    folder = small_project.root / "benchmarks"
    folder.mkdir()
    (folder / "__init__.py").write_text("")
    (folder / "import_parcels.py").write_text('"""Import against ogr2ogr.\n\nMore.\n"""\n')

    assert jobs.jobs(small_project, jobs.BENCHMARKS) == {
        "import_parcels": "Import against ogr2ogr."
    }
    with pytest.raises(Trouble, match="make bench-list"):
        jobs.carry_out(small_project, jobs.BENCHMARKS, "unknown")


def test_make_help_lists_every_target_in_both_languages() -> None:
    makefile = (REPOSITORY / "Makefile").read_text(encoding="utf-8")
    targets = re.findall(r"(?m)^([a-z-]+):", makefile)

    shown = subprocess.run(
        ["make", "--silent", "-C", str(REPOSITORY), "help"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout

    assert {"run", "test", "check", "bench", "prove", "stop", "clean", "help"} <= set(targets)
    assert re.findall(r"(?m)^  make ([a-z-]+)", shown) == targets
