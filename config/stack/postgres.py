"""Which PostgreSQL programs there are, and as whom they run."""

from __future__ import annotations

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote, urlsplit

from config.stack.messages import Trouble

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Debian keeps the programs of each major version apart.
PROGRAMS = Path("/usr/lib/postgresql/15/bin")


@dataclass(frozen=True)
class Account:
    """The system user that the server runs as, when that is not ourselves."""

    name: str
    uid: int
    gid: int

    def options(self) -> dict[str, Any]:
        """Return what makes `subprocess` start a program as this user."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []}


def server_account() -> Account | None:
    """Return whom the server has to run as; None means ourselves.

    PostgreSQL refuses to run as root, so root steps down to Debian's user `postgres`.
    """
    if os.geteuid() != 0:
        return None
    try:
        entry = pwd.getpwnam("postgres")
    except KeyError:
        raise Trouble("no_program", name="postgresql-15") from None
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def program(name: str) -> str:
    """Return the path of a PostgreSQL program; raise Trouble when it is not installed."""
    path = PROGRAMS / name
    if not path.is_file():
        raise Trouble("no_program", name=name)
    return str(path)


@dataclass(frozen=True)
class Address:
    """A database as libpq finds it."""

    user: str
    password: str
    host: str
    port: int
    database: str

    @property
    def url(self) -> str:
        """The address in the form of DATABASE_URL."""
        secret = f":{quote(self.password, safe='')}" if self.password else ""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return (
            f"postgresql://{quote(self.user, safe='')}{secret}@{host}:{self.port}/{self.database}"
        )

    @property
    def shown(self) -> str:
        """The address without its password, for messages and logs."""
        return f"{self.user}@{self.host}:{self.port}/{self.database}"

    def environment(self, environ: Mapping[str, str]) -> dict[str, str]:
        """Return `environ` for a libpq program, so that no password is seen in a process list."""
        ours = {
            "PGUSER": self.user,
            "PGPASSWORD": self.password,
            "PGHOST": self.host,
            "PGPORT": str(self.port),
            "PGDATABASE": self.database,
            "PGCONNECT_TIMEOUT": "10",
        }
        return {**environ, **{name: value for name, value in ours.items() if value}}


def address(url: str) -> Address:
    """Read an address of the form of DATABASE_URL."""
    parts = urlsplit(url)
    return Address(
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        host=unquote(parts.hostname or ""),
        port=parts.port or 5432,
        database=unquote(parts.path.lstrip("/")),
    )


def sql(where: Address, statements: str) -> str:
    """Run SQL through psql, stopping at the first error; return its unadorned output.

    Raises Trouble with the server's words when a statement is refused.
    """
    asked = subprocess.run(
        [program("psql"), "-XqtA", "-v", "ON_ERROR_STOP=1", "-f", "-"],
        input=statements,
        env=where.environment(os.environ),
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
    )
    if asked.returncode != 0:
        raise Trouble("sql_failed", answer=asked.stderr.strip())
    return asked.stdout.strip()
