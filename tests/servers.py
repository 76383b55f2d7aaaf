"""What tests need to run real servers: a database of their own, and services that end again."""

from __future__ import annotations

import contextlib
import os
import subprocess
import time
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import psycopg2
from psycopg2 import sql

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from config.stack.supervisor import Service

READY_WITHIN_S = 60


def beside(url: str, database: str) -> str:
    """Return the address of another database of the same server."""
    return urlsplit(url)._replace(path=f"/{database}").geturl()


@contextlib.contextmanager
def own_database(owner_url: str, name: str) -> Iterator[str]:
    """Make a database, give its address, remove it."""
    making = sql.SQL("CREATE DATABASE {} TEMPLATE template_diado").format(sql.Identifier(name))
    ending = sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name))
    _carry_out(owner_url, making)
    try:
        yield beside(owner_url, name)
    finally:
        # As administrator: the owner may not end an autovacuum that is at work in it.
        _carry_out(os.environ["DIADO_TEST_ADMIN_DATABASE_URL"], ending)


def _carry_out(url: str, statement: sql.Composed) -> None:
    connection = psycopg2.connect(url)
    connection.autocommit = True
    with contextlib.closing(connection), connection.cursor() as cursor:
        cursor.execute(statement)


@contextlib.contextmanager
def kept(service: Service, environment: dict[str, str], log: Path) -> Iterator[int]:
    """Run a service until the block ends; give its process id."""
    with log.open("wb") as out:
        process = subprocess.Popen(
            service.command, env=environment, stdout=out, stderr=out, **service.options
        )
    try:
        until = time.monotonic() + READY_WITHIN_S
        while not service.is_ready():
            assert process.poll() is None, log.read_text(encoding="utf-8")
            assert time.monotonic() < until, log.read_text(encoding="utf-8")
            time.sleep(0.1)
        yield process.pid
    finally:
        process.send_signal(service.stop_signal)
        try:
            process.wait(timeout=service.grace_s)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
