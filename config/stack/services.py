"""The services of Địa Đồ, in the order in which they start."""

from __future__ import annotations

import contextlib
import http.client
import os
import signal
from pathlib import Path
from typing import TYPE_CHECKING

from config.stack.places import LOOPBACK, need_free
from config.stack.supervisor import Job, Service
from tileserver.mapserver import sockets

if TYPE_CHECKING:
    from config.stack.cluster import Cluster
    from config.stack.places import Places

_WEB_THREADS = 4


def database(places: Places, cluster: Cluster) -> Service:
    """Return the private PostgreSQL."""

    def make_room() -> None:
        cluster.prepare_start()
        need_free(places.postgres_port, "DIADO_POSTGRES_PORT")

    return Service(
        name="postgres",
        titles=("Cơ sở dữ liệu", "database"),
        command=tuple(cluster.command()),
        is_ready=cluster.is_ready,
        before=make_room,
        once_ready=cluster.furnish,
        # Fast: open connections are ended, changes are kept. TERM would wait for the web server.
        stop_signal=signal.SIGINT,
        grace_s=60,
        options={"cwd": "/", **(cluster.account.options() if cluster.account else {})},
    )


def preparation(places: Places) -> Job:
    """Return the program that migrates and fills the database."""
    return Job("prepare", (str(places.python), "-m", "config.stack.prepare"), places.root)


def map_server(places: Places) -> Service:
    """Return MapServer's FastCGI pool."""
    at = Path(os.environ.get("DIADO_MAPSERVER_SOCKET") or places.run / "mapserver.sock")
    pool = (str(places.python), "-m", "tileserver.mapserver.pool")
    mapfile = places.var / "mapserver" / "diado.map"
    return Service(
        name="mapserver",
        titles=("Máy chủ bản đồ", "MapServer"),
        command=(*pool, "--socket", str(at), "--mapfile", str(mapfile)),
        is_ready=lambda: _listens_at(at),
        options={"cwd": places.root},
    )


def web_server(places: Places) -> Service:
    """Return the web server: WSGI, since GeoDjango leaks a handle per request under ASGI."""
    workers = max(1, min(4, os.cpu_count() or 1))
    return Service(
        name="web",
        titles=("Máy chủ web", "web server"),
        command=(
            *(str(places.python), "-m", "granian", "--interface", "wsgi", "--no-ws"),
            *("--host", LOOPBACK, "--port", str(places.port), "--log-level", "warning"),
            "--respawn-failed-workers",
            *("--workers", str(workers), "--blocking-threads", str(_WEB_THREADS)),
            *("--workers-kill-timeout", "5", "config.wsgi:application"),
        ),
        is_ready=lambda: answers(places.port),
        before=lambda: need_free(places.port, "DIADO_PORT"),
        options={"cwd": places.root},
    )


def worker(places: Places) -> Service:
    """Return the worker for background tasks."""
    return Service(
        name="worker",
        titles=("Việc chạy nền", "background worker"),
        command=(str(places.python), "manage.py", "run_worker"),
        grace_s=20,
        options={"cwd": places.root},
    )


def _listens_at(path: Path) -> bool:
    try:
        sockets.connect(path, timeout_s=2).close()
    except OSError:
        return False
    return True


def answers(port: int) -> bool:
    """Return whether the application answers on this port.

    In production it may refuse the name we ask by, or send us to https: an answer all the same.
    """
    asking = http.client.HTTPConnection(LOOPBACK, port, timeout=5)
    with contextlib.closing(asking):
        try:
            asking.request("GET", "/health/", headers={"Host": "localhost"})
            return asking.getresponse().status < http.HTTPStatus.INTERNAL_SERVER_ERROR
        except (OSError, http.client.HTTPException):
            return False
