"""`make run`, `make stop`: the whole of Địa Đồ on this machine."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from typing import TYPE_CHECKING

from config.stack import environment, outside, processes, services
from config.stack.development import prepare_cluster
from config.stack.messages import Trouble, sentence
from config.stack.places import need_free
from config.stack.progress import say
from config.stack.setup import held, make_folders, set_up
from config.stack.supervisor import Job, Service, Supervisor

if TYPE_CHECKING:
    from pathlib import Path

    from config.stack.places import Places

_RECORD = "supervisor"


def run(places: Places) -> int:
    """Set up what is missing, start everything, and keep it until Ctrl-C or `make stop`.

    Where it runs already, only its address is said.
    """
    began = time.monotonic()
    make_folders(places)
    try:
        with held(_lock(places), "already_starting"):
            processes.record(places.run, _RECORD, os.getpid())
            try:
                _run(places, began)
            finally:
                processes.forget(places.run, _RECORD)
    except Trouble as trouble:
        if trouble.code == "already_starting" and services.answers(places.port):
            say(sentence("already_running", url=places.url))
            return 0
        raise
    return 0


def _lock(places: Places) -> Path:
    return places.run / "run.lock"


def _run(places: Places, began: float) -> None:
    end_left_over(places)
    need_free(places.port, "DIADO_PORT")
    if not places.outside_database:
        need_free(places.postgres_port, "DIADO_POSTGRES_PORT")
    set_up(places, tests=False)
    parts: list[Service | Job] = []
    if places.outside_database:
        outside.check(places.outside_database)
        environment.write(places, None)
    else:
        prepare_cluster(places)
        cluster = environment.private_database(places).cluster
        parts.append(services.database(places, cluster))
    parts += [
        services.preparation(places),
        services.map_server(places),
        services.web_server(places),
        services.worker(places),
    ]

    def announce() -> None:
        say(f"\n{sentence('ready', url=places.url)}\n  {time.monotonic() - began:.1f} s\n")

    async def keep() -> None:
        supervisor = Supervisor(
            records=places.run,
            logs=places.log,
            environment=processes.marked_environment(places.var, os.environ),
        )
        await supervisor.keep(parts, announce)

    asyncio.run(keep())
    say(f"\n{sentence('stopped')}")


def stop(places: Places) -> int:
    """End everything of this installation; return 1 when something would not end."""
    supervisor = processes.recorded(places.run).get(_RECORD)
    if supervisor is not None:
        say(sentence("stopping"))
        processes.send(supervisor, signal.SIGTERM)
        # Its own patience with the services adds up to about this.
        processes.wait_for_end([supervisor], 120)
    left = end_left_over(places)
    say(sentence("stopped" if supervisor or left else "nothing_running"))
    return 0


def end_left_over(places: Places) -> int:
    """End what a killed supervisor left running; return how many processes that were.

    Raises Trouble when one would not end.
    """
    own = processes.process(os.getpid())
    # PostgreSQL last, and in its own way: the others still write to it.
    database = processes.recorded(places.run)
    database.pop(_RECORD, None)
    others = {*database.values(), *processes.marked(places.var)}
    postgres = database.get("postgres")
    others -= {one for one in (own, postgres) if one is not None}
    still = processes.end(others)
    ended = len(others)
    if (places.var / environment.NAME).is_file():
        cluster = environment.private_database(places).cluster
        servers = processes.working_in(cluster.data, "postgres")
        ended += len(servers)
        still += cluster.end_orphans()
    if still:
        raise Trouble("stop_failed", pids=", ".join(str(one.pid) for one in still))
    return ended
