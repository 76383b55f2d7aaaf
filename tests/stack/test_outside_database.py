"""A database given by DATABASE_URL: told what it lacks, and accepted once it has it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from config.stack import outside
from config.stack.messages import Trouble
from config.stack.postgres import Address, sql
from tests.stack.conftest import started

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from config.stack.cluster import Cluster

OWNER = "Người sở hữu"


@pytest.fixture
def theirs(cluster: Cluster, folder: Path) -> Iterator[tuple[Address, Address]]:
    """Return an ordinary owner's and the administrator's way into an empty database of others."""
    cluster.make()
    with started(cluster, folder):
        sql(
            cluster.address("postgres", "postgres"),
            f'CREATE ROLE "{OWNER}" LOGIN PASSWORD \'x\'; CREATE DATABASE city OWNER "{OWNER}";',
        )
        admin = cluster.address("postgres", "city")
        yield Address(OWNER, "x", admin.host, admin.port, "city"), admin


def test_the_sql_for_the_administrator_is_enough(theirs: tuple[Address, Address]) -> None:
    owner, admin = theirs
    with pytest.raises(Trouble) as shown:
        outside.check(owner.url)

    sql(admin, shown.value.below)

    outside.check(owner.url)
    assert "CREATE EXTENSION postgis;" in shown.value.below
    assert "người quản trị" in str(shown.value).lower()


def test_only_what_is_missing_is_asked_for(theirs: tuple[Address, Address]) -> None:
    owner, admin = theirs
    with pytest.raises(Trouble) as first:
        outside.check(owner.url)
    sql(admin, first.value.below)

    sql(admin, "DROP EXTENSION unaccent")

    with pytest.raises(Trouble) as second:
        outside.check(owner.url)
    assert second.value.below == "CREATE EXTENSION unaccent;"


def test_a_public_role_with_its_own_password_needs_no_membership(
    theirs: tuple[Address, Address],
) -> None:
    owner, _ = theirs

    together = outside.missing(owner, own_roles=())
    apart = outside.missing(owner, own_roles=("diado_public",))

    assert set(together) - set(apart) == {f'GRANT diado_public TO "{OWNER}";'}


def test_a_database_out_of_reach_is_named_without_its_password() -> None:
    with pytest.raises(Trouble) as shown:
        outside.check("postgresql://somebody:secret-word@127.0.0.1:1/city")

    assert "somebody@127.0.0.1:1/city" in str(shown.value)
    assert "secret-word" not in str(shown.value)
