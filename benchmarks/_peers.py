"""The peers of `tiles.py`, and the program that asks: nginx, TiPg, wrk.

nginx and wrk are Debian's and are installed when they are missing. TiPg gets an environment of its
own below var/bench/, so that nothing of it comes into ours.
"""

from __future__ import annotations

import contextlib
import http.client
import os
import re
import subprocess
import sys
import time
from typing import TYPE_CHECKING

from config.stack import packages
from config.stack.places import LOOPBACK, REPOSITORY, free_port, places

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DEBIAN = ("nginx-light", "wrk")
TIPG = ("tipg==1.6.1", "uvicorn==0.51.0")
READY_WITHIN_S = 120
#: Connections that ask at once, and for how long.
CONNECTIONS, ASKING_S = 16, 4


def install() -> None:
    """Install what is missing. Raises Trouble if that is not allowed."""
    wanting = packages.missing(DEBIAN)
    if wanting:
        packages.install(places(), wanting)
    if not _tipg_python().exists():
        for command in (
            [sys.executable, "-m", "venv", str(_tipg_python().parents[1])],
            [str(_tipg_python()), "-m", "pip", "install", "-q", *TIPG],
        ):
            subprocess.run(command, check=True)  # noqa: S603 - our own words


def _tipg_python() -> Path:
    return REPOSITORY / "var" / "bench" / "tipg" / "bin" / "python"


@contextlib.contextmanager
def nginx(folder: Path, files: dict[str, tuple[bytes, str]]) -> Iterator[int]:
    """Serve files, path → (content, further directives), with two workers; yield the port."""
    port = free_port()
    locations = []
    for path, (content, directives) in files.items():
        file = folder / "html" / path.lstrip("/")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
        locations.append(f"location = {path} {{ {directives} }}")
    temporary = "".join(
        f"{name}_temp_path {folder}/{name};"
        for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "nginx.conf").write_text(
        f"""
        worker_processes 2; daemon off; pid {folder}/pid; error_log {folder}/error.log;
        events {{ worker_connections 512; }}
        http {{
            access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000;
            open_file_cache max=1000; {temporary}
            server {{ listen {LOOPBACK}:{port}; root {folder}/html; {" ".join(locations)} }}
        }}
        """,
        encoding="ascii",
    )
    # Its workers step down to another user, who has to get at the files.
    for place in (folder, *folder.rglob("*")):
        place.chmod(0o755)
    command = ["/usr/sbin/nginx", "-c", str(folder / "nginx.conf")]
    server = subprocess.Popen(command)  # noqa: S603 - a fixed program and our own file
    try:
        _wait_for(port, next(iter(files)), server)
        yield port
    finally:
        server.terminate()
        server.wait(timeout=30)


@contextlib.contextmanager
def tipg(database_url: str, log: Path) -> Iterator[int]:
    """Serve the tables and views of a database with TiPg in one process; yield the port."""
    port = free_port()
    environment = {
        **os.environ,
        "DATABASE_URL": database_url,
        "TIPG_DB_EXCLUDE_FUNCTION_SCHEMAS": '["public"]',
        "TIPG_MAX_FEATURES_PER_TILE": "1000000",
        "DB_MIN_CONN_SIZE": "1",
        "DB_MAX_CONN_SIZE": "1",
    }
    command = [str(_tipg_python()), "-m", "uvicorn", "tipg.main:app", "--port", str(port)]
    with log.open("wb") as out:
        server = subprocess.Popen(  # noqa: S603 - a fixed program with our own arguments
            [*command, "--log-level", "warning", "--timeout-keep-alive", "600"],
            env=environment,
            stdout=out,
            stderr=out,
        )
        try:
            _wait_for(port, "/conformance", server)
            yield port
        finally:
            server.terminate()
            server.wait(timeout=30)


def _wait_for(port: int, path: str, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + READY_WITHIN_S
    while True:
        try:
            client = http.client.HTTPConnection(LOOPBACK, port, timeout=5)
            client.request("GET", path)
            status = client.getresponse().status
        except OSError:
            if time.monotonic() > deadline or server.poll() is not None:
                raise
            time.sleep(0.1)
            continue
        if status != http.HTTPStatus.OK:
            raise SystemExit(f"{path} of a peer was answered with {status}")
        return


def rate(port: int, path: str) -> float:
    """Return how many answers a second wrk gets. Raises SystemExit if one is not 200."""
    url = f"http://{LOOPBACK}:{port}{path}"
    asked = subprocess.run(  # noqa: S603 - a fixed program and our own address
        ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{ASKING_S}", "-H", "Accept-Encoding: gzip", url],  # noqa: S607
        capture_output=True,
        text=True,
        check=True,
    )
    found = re.search(r"Requests/sec:\s*([\d.]+)", asked.stdout)
    if found is None or "Non-2xx" in asked.stdout or "Socket errors" in asked.stdout:
        raise SystemExit(f"{url}: {asked.stdout}")
    return float(found[1])
