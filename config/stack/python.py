"""The virtual environment, made from locked requirements and made again only when they change."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from config.stack.messages import Trouble
from config.stack.programs import call

if TYPE_CHECKING:
    from collections.abc import Sequence

    from config.stack.places import Places

_OLDEST = (3, 11)
_DEBIAN = Path("/usr/bin/python3")
_CAN_MAKE_VENV = f"import sys, venv, ensurepip; sys.exit(sys.version_info < {_OLDEST})"

RUN = ("base",)
TESTS = ("base", "dev")
NODE = "node"


def maker() -> Path | None:
    """Return a Python that can make virtual environments: the one running us, or Debian's."""
    base = Path(getattr(sys, "_base_executable", sys.executable))
    for candidate in (base, _DEBIAN):
        if candidate.is_file():
            asked = subprocess.run(
                [str(candidate), "-c", _CAN_MAKE_VENV], capture_output=True, check=False
            )
            if asked.returncode == 0:
                return candidate
    return None


def make_environment(places: Places) -> bool:
    """Make the virtual environment unless a working one is there; return whether it was made."""
    if _works(places):
        return False
    python = maker()
    if python is None:
        raise Trouble("python_too_old")
    # One that an interrupted run left half made is emptied first.
    call(places, "venv", [str(python), "-m", "venv", "--clear", str(places.venv)])
    return True


def _works(places: Places) -> bool:
    if not places.python.exists():
        return False
    asked = subprocess.run(
        [str(places.python), "-c", "import pip"], capture_output=True, check=False
    )
    return asked.returncode == 0


def install(places: Places, locks: Sequence[str]) -> bool:
    """Install what the lock files name, unless that was done; return whether it was needed."""
    if not any(_changed(places, name) for name in locks):
        return False
    files = [word for name in locks for word in ("-r", str(_lock(places, name)))]
    quiet = ("--disable-pip-version-check", "--no-input", "--quiet")
    pip = [str(places.python), "-m", "pip", "install", *quiet, "--require-hashes", *files]
    call(places, "pip", pip)
    _name_the_root(places)
    for name in locks:
        _stamp(places, name).write_text(_fingerprint(places, name), encoding="ascii")
    return True


def _lock(places: Places, name: str) -> Path:
    return places.root / "requirements" / f"{name}.txt"


def _stamp(places: Places, name: str) -> Path:
    return places.venv / f"installed-{name}.sha256"


def _fingerprint(places: Places, name: str) -> str:
    return hashlib.sha256(_lock(places, name).read_bytes()).hexdigest()


def _changed(places: Places, name: str) -> bool:
    stamp = _stamp(places, name)
    return not stamp.is_file() or stamp.read_text(encoding="ascii") != _fingerprint(places, name)


def _name_the_root(places: Places) -> None:
    """Let programs of the environment, such as pytest, import our packages from any folder."""
    for packages in places.venv.glob("lib/python3.*/site-packages"):
        (packages / "diado.pth").write_text(f"{places.root}\n", encoding="utf-8")
