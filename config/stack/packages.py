"""The packages of Debian 12 that Địa Đồ stands on."""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import TYPE_CHECKING

from config.stack.messages import Trouble
from config.stack.programs import call

if TYPE_CHECKING:
    from collections.abc import Sequence

    from config.stack.places import Places

SERVER = ("postgresql-15", "postgresql-15-postgis-3")
#: Speaks to an outside database.
CLIENT = ("postgresql-client-15",)
#: MapServer brings the GDAL, GEOS and PROJ that GeoDjango loads.
ALWAYS = ("cgi-mapserver", "fonts-noto-core", "gettext")
VENV = ("python3-venv",)
#: libatomic1 is for the Node that Playwright's Python package brings along.
TESTS = ("chromium", "libatomic1", "gdal-bin", "poppler-utils")

#: Half a gigabyte; for `make test-qgis` alone.
QGIS = ("python3-qgis",)


def needed(*, outside_database: bool, venv: bool, tests: bool) -> list[str]:
    """Return the packages that a run needs; tests always bring a server of their own."""
    server = CLIENT if outside_database and not tests else SERVER
    return [*server, *ALWAYS, *(VENV if venv else ()), *(TESTS if tests else ())]


def missing(names: Sequence[str]) -> list[str]:
    """Return which of these packages are not installed."""
    if shutil.which("dpkg-query") is None or shutil.which("apt-get") is None:
        raise Trouble("not_debian", names=" ".join(names))
    asked = subprocess.run(
        ["dpkg-query", "-W", "-f", "${Package}\t${db:Status-Status}\n", *names],  # noqa: S607 -- found just above
        capture_output=True,
        text=True,
        check=False,
    )
    status = dict(line.split("\t") for line in asked.stdout.splitlines())
    return [name for name in names if status.get(name) != "installed"]


def install(places: Places, names: Sequence[str]) -> None:
    """Install packages as root or through sudo.

    Raises Trouble with the one command for an administrator when neither is possible.
    """
    become_root = _become_root()
    update = ["apt-get", "update", "-q"]
    fetch = ["apt-get", "install", "-y", "-q", "--no-install-recommends", *names]
    if become_root is None:
        together = f"{' '.join(update)} && {' '.join(fetch)}"
        raise Trouble("packages_missing", below=f"sudo sh -c '{together}'")
    for name, command in (("packages-list", update), ("packages", fetch)):
        wait_for_others = ["-o", "DPkg::Lock::Timeout=300"]
        call(places, name, [*become_root, "env", *_QUIET, *command, *wait_for_others])
    still = missing(names)
    if still:
        raise Trouble("packages_failed", names=" ".join(still), log=places.log / "packages.log")


_QUIET = ("DEBIAN_FRONTEND=noninteractive", "LC_ALL=C.UTF-8")


def _become_root() -> list[str] | None:
    """Return what to put before a command to run it as root, or None when we may not."""
    if os.geteuid() == 0:
        return []
    sudo = shutil.which("sudo")
    if sudo is None:
        return None
    allowed = subprocess.run([sudo, "-n", "true"], capture_output=True, check=False)
    return [sudo, "-n"] if allowed.returncode == 0 else None
