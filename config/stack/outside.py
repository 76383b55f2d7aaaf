"""A database of others, given by DATABASE_URL: looked at, never prepared behind their back."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from config.stack.cluster import EXTENSIONS, PUBLIC, TEAM
from config.stack.messages import Trouble
from config.stack.postgres import Address, address, sql

if TYPE_CHECKING:
    from collections.abc import Collection


#: The setting that lets a restricted role sign in itself.
_OWN = {PUBLIC: "DIADO_PUBLIC_DATABASE_URL", TEAM: "DIADO_TEAM_DATABASE_URL"}


def check(url: str) -> None:
    """Raise Trouble, with the SQL for an administrator, unless the database can hold Địa Đồ."""
    where = address(url)
    try:
        sql(where, "SELECT 1")
    except Trouble as trouble:
        answer = trouble.values["answer"]
        raise Trouble("database_unreachable", where=where.shown, answer=answer) from None
    lacking = missing(where, own_roles={r for r, name in _OWN.items() if os.environ.get(name)})
    if lacking:
        raise Trouble("database_incomplete", where=where.shown, below="\n".join(lacking))


def missing(where: Address, *, own_roles: Collection[str]) -> list[str]:
    """Return the SQL statements that an administrator still has to run in this database.

    `own_roles` are the restricted roles that sign in themselves; our role must be allowed to take
    the place of the others.
    """
    user = _quoted(where.user or sql(where, "SELECT current_user"))
    there = set(sql(where, "SELECT extname FROM pg_extension").split())
    statements = [f"CREATE EXTENSION {name};" for name in EXTENSIONS if name not in there]
    if "postgis" not in there or not _may_write_srids(where):
        statements.append(f"GRANT INSERT, UPDATE ON spatial_ref_sys TO {user};")
    for role in _OWN:
        known = sql(where, f"SELECT to_regrole('{role}')")
        if not known:
            statements.append(f"CREATE ROLE {role};")
        if role not in own_roles and not (known and _may_become(where, role)):
            statements.append(f"GRANT {role} TO {user};")
    if sql(where, "SELECT has_schema_privilege('public', 'CREATE')") != "t":
        statements.append(f"GRANT CREATE ON SCHEMA public TO {user};")
    return statements


def _may_write_srids(where: Address) -> bool:
    asked = " AND ".join(
        f"has_table_privilege('spatial_ref_sys', '{right}')" for right in ("INSERT", "UPDATE")
    )
    return sql(where, f"SELECT {asked}") == "t"


def _may_become(where: Address, role: str) -> bool:
    return sql(where, f"SELECT pg_has_role('{role}', 'MEMBER')") == "t"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
