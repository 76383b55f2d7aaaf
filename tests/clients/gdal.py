"""GDAL's programs from Debian, as a person calls them."""

from __future__ import annotations

import os
import subprocess


def run(*command: str) -> str:
    """Return what one of GDAL's programs says. Raises AssertionError when it complains."""
    done = subprocess.run(
        command,
        # A picture kept from an earlier run would hide what the server answers now.
        env={**os.environ, "GDAL_ENABLE_WMS_CACHE": "NO"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
    assert "ERROR" not in done.stderr, f"{command}: {done.stderr}"
    return done.stdout
