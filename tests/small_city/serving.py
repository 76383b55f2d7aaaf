"""The small city behind a MapServer pool and a web server of its own."""

from __future__ import annotations

import contextlib
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from config.stack import services
from config.stack.places import free_port, places
from tests.browser.live import LiveCity
from tests.servers import carry_out, kept, own_database, with_reference, working_on

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

#: What comes before the servers start, each a program of its own as in an installation.
_GROUND = ("tests.small_city.ground",)
_MAP = (("manage.py", "write_mapfile"),)


@dataclass(frozen=True)
class SmallCity(LiveCity):
    """The small city, with the process ids of its servers by their names."""

    processes: Mapping[str, int]


@contextlib.contextmanager
def running_small_city(
    folder: Path, name: str, *, programs: tuple[str, ...] = _GROUND, **settings: str
) -> Iterator[SmallCity]:
    """Lay the small city into a database of its own, serve it, and remove it all.

    `programs` are the modules that, run one after the other, lay it.
    """
    owner_url = os.environ["DATABASE_URL"]
    with own_database(owner_url, name, made_from=with_reference()) as database_url:
        environment = {
            **working_on(name),
            "DIADO_VAR": str(folder),
            "DIADO_PORT": str(free_port()),
            # Tests ask more within a minute than anybody may.
            "DIADO_REQUEST_UNITS": "0",
            "DIADO_PROVIDER_NAME": "Trung tâm dữ liệu Thử",
            "DIADO_PROVIDER_EMAIL": "du-lieu@thu.example",
            "DIADO_PROVIDER_PHONE": "+84 24 0000 0000",
            **settings,
        }
        here = places(environment)
        here.run.mkdir(parents=True, exist_ok=True)
        for step in (*(("-m", module) for module in programs), *_MAP):
            carry_out(step, environment)
        with contextlib.ExitStack() as running:
            # The pool's socket is named by the environment of whoever asks, so name it for both.
            socket = str(here.run / "mapserver.sock")
            environment["DIADO_MAPSERVER_SOCKET"] = socket
            before = os.environ.get("DIADO_MAPSERVER_SOCKET")
            os.environ["DIADO_MAPSERVER_SOCKET"] = socket
            running.callback(_put_back, "DIADO_MAPSERVER_SOCKET", before)
            processes = {}
            for service in (services.map_server(here), services.web_server(here)):
                log = folder / f"{service.name}.log"
                processes[service.name] = running.enter_context(kept(service, environment, log))
            yield SmallCity(here.url.rstrip("/"), database_url, environment, processes)


def _put_back(name: str, value: str | None) -> None:
    if value is None:
        os.environ.pop(name, None)
    else:
        os.environ[name] = value
