"""Where everything of one installation lies, and on which ports it listens."""

from __future__ import annotations

import hashlib
import os
import socket
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from config.stack.messages import Trouble

if TYPE_CHECKING:
    from collections.abc import Mapping

REPOSITORY = Path(__file__).resolve().parents[2]
LOOPBACK = "127.0.0.1"


@dataclass(frozen=True)
class Places:
    """The folders and ports of one installation."""

    root: Path
    var: Path
    port: int
    postgres_port: int
    outside_database: str

    @property
    def venv(self) -> Path:
        """The virtual environment."""
        return self.root / ".venv"

    @property
    def python(self) -> Path:
        """The interpreter of the virtual environment."""
        return self.venv / "bin" / "python"

    @property
    def run(self) -> Path:
        """Records of running processes, sockets."""
        return self.var / "run"

    @property
    def log(self) -> Path:
        """One log file for each service and step."""
        return self.var / "log"

    @property
    def mark(self) -> str:
        """Eight letters that tell this installation from another on the same machine."""
        return hashlib.sha256(str(self.var).encode()).hexdigest()[:8]

    @property
    def url(self) -> str:
        """The one address that people open."""
        return f"http://{LOOPBACK}:{self.port}/"


def places(environ: Mapping[str, str] | None = None) -> Places:
    """Read the settings of running from the environment.

    Raises Trouble when a port is not a number that a port can be.
    """
    env = os.environ if environ is None else environ
    return Places(
        root=REPOSITORY,
        var=Path(env.get("DIADO_VAR") or REPOSITORY / "var").resolve(),
        port=_number(env, "DIADO_PORT", 8000, low=1, high=65535),
        postgres_port=_number(env, "DIADO_POSTGRES_PORT", 54320, low=1024, high=65535),
        outside_database=env.get("DATABASE_URL", ""),
    )


def _number(env: Mapping[str, str], setting: str, default: int, *, low: int, high: int) -> int:
    text = env.get(setting) or str(default)
    if not text.isdecimal() or not low <= int(text) <= high:
        raise Trouble("not_a_number", setting=setting, value=text, low=low, high=high)
    return int(text)


def is_free(port: int) -> bool:
    """Return whether a server could listen on this loopback port now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # As servers do, so that connections in TIME_WAIT do not count as taken.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
        return True


def free_port() -> int:
    """Return a loopback port that nobody listens on at this moment."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind((LOOPBACK, 0))
        number: int = probe.getsockname()[1]
        return number


def need_free(port: int, setting: str) -> None:
    """Raise Trouble, naming the setting, when a port is taken."""
    if not is_free(port):
        raise Trouble("port_taken", port=port, setting=setting, other=port + 1)
