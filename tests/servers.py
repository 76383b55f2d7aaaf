"""What tests need to run real servers: a database of their own, and services that end again."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import psycopg2
from psycopg2 import sql

from config.stack.places import REPOSITORY

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from config.stack.supervisor import Service

READY_WITHIN_S = 60
_ADDRESSES = ("DATABASE_URL", "DIADO_PUBLIC_DATABASE_URL", "DIADO_TEAM_DATABASE_URL")
#: With extensions and no tables.
BARE = "template_diado"
_WITH_REFERENCE = "with_reference"
#: What comes before everything else, each a program of its own as in an installation.
_SCHEMA = (("manage.py", "migrate", "--no-input"), ("manage.py", "load_reference"))
#: Taken by whoever makes the database that others are copied from.
_LOCK = 7_120_231


def beside(url: str, database: str) -> str:
    """Return the address of another database of the same server."""
    return urlsplit(url)._replace(path=f"/{database}").geturl()


def own_name(name: str) -> str:
    """Return a name that no other worker of the run takes."""
    return f"{name}_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"


def working_on(database: str) -> dict[str, str]:
    """Return the environment of programs that work on another database of the run's cluster."""
    return {
        **os.environ,
        **{name: beside(os.environ[name], database) for name in _ADDRESSES},
    }


@contextlib.contextmanager
def own_database(owner_url: str, name: str, *, made_from: str = BARE) -> Iterator[str]:
    """Make a database, give its address, remove it."""
    _execute(owner_url, _copying(name, made_from))
    try:
        yield beside(owner_url, name)
    finally:
        _execute(os.environ["DIADO_TEST_ADMIN_DATABASE_URL"], _ending(name))


def with_reference() -> str:
    """Return a database with all tables and the reference rows, to be copied.

    Making it takes most of a minute, so it is made once for all workers of a run, and goes with
    the run's cluster.
    """
    owner_url = os.environ["DATABASE_URL"]
    connection = psycopg2.connect(owner_url)
    connection.autocommit = True
    with contextlib.closing(connection), connection.cursor() as cursor:
        # Until the connection ends.
        cursor.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [_WITH_REFERENCE])
        if cursor.fetchone() is None:
            making = f"{_WITH_REFERENCE}_making"
            cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(making)))
            cursor.execute(_copying(making, BARE))
            for step in _SCHEMA:
                carry_out(step, working_on(making))
            cursor.execute(
                sql.SQL("ALTER DATABASE {} RENAME TO {}").format(
                    sql.Identifier(making), sql.Identifier(_WITH_REFERENCE)
                )
            )
    return _WITH_REFERENCE


def carry_out(program: Sequence[str], environment: Mapping[str, str]) -> None:
    """Run a Python program of this repository, which has to end well."""
    done = subprocess.run(
        [sys.executable, *program],
        cwd=REPOSITORY,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{program}: {done.stdout}{done.stderr}"


def _copying(name: str, made_from: str) -> sql.Composed:
    return sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
        sql.Identifier(name), sql.Identifier(made_from)
    )


def _ending(name: str) -> sql.Composed:
    # Carried out as administrator: the owner may not end an autovacuum that is at work in it.
    return sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name))


def _execute(url: str, statement: sql.Composed) -> None:
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
