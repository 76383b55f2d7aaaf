"""The file var/environment.json: addresses with passwords and the secret key of one installation.

Only its owner may read it. Django's settings and the server's set-up both take their values
from here, so they cannot disagree.
"""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from config.stack.cluster import (
    OWNER,
    PUBLIC,
    TEAM,
    Cluster,
    Passwords,
    cluster_home,
    socket_folder,
)
from config.stack.postgres import Account, address, server_account

if TYPE_CHECKING:
    from pathlib import Path

    from config.stack.places import Places

NAME = "environment.json"


@dataclass(frozen=True)
class PrivateDatabase:
    """The private cluster of an installation, and what the first start must still do to it."""

    cluster: Cluster
    #: The passwords were made now: a cluster that exists already knows older ones.
    passwords_are_new: bool


def private_database(places: Places) -> PrivateDatabase:
    """Return the private cluster of `places`, with passwords kept from its first start."""
    account: Account | None = server_account()
    written = _read(places.var / NAME)
    passwords = _passwords(written)
    home = cluster_home(places.var, places.mark, account)
    cluster = Cluster(
        home=home,
        port=places.postgres_port,
        socket_folder=socket_folder(home / "socket", places.postgres_port, places.mark),
        passwords=passwords or Passwords.new(),
        account=account,
    )
    return PrivateDatabase(cluster, passwords_are_new=passwords is None)


def write(places: Places, cluster: Cluster | None) -> None:
    """Write the environment file: with the addresses of a private cluster, if there is one."""
    path = places.var / NAME
    values = {"secret_key": _read(path).get("secret_key") or secrets.token_urlsafe(48)}
    if cluster is not None:
        values["database_url"] = cluster.address(OWNER).url
        values["public_database_url"] = cluster.address(PUBLIC).url
        values["team_database_url"] = cluster.address(TEAM).url
        values["admin_database_url"] = cluster.address("postgres").url
    if values != _read(path):
        _write(path, values)


def _passwords(written: dict[str, str]) -> Passwords | None:
    names = ("admin_database_url", "database_url", "public_database_url", "team_database_url")
    found = [address(written[name]).password for name in names if name in written]
    return Passwords(*found) if len(found) == len(names) else None


def _read(path: Path) -> dict[str, str]:
    if not path.is_file():
        return {}
    try:
        written: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        # Cut short by a full disk; the passwords are set anew.
        return {}
    return written


def _write(path: Path, values: dict[str, str]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    making = path.with_suffix(".making")
    # Opened with its mode, so that no moment exists at which others could read it.
    handle = os.open(making, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        json.dump(values, out, indent=2)
        out.flush()
        os.fsync(out.fileno())
    making.replace(path)
