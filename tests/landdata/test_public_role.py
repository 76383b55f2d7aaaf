"""The restricted role reads public views and nothing else."""

from __future__ import annotations

import os
from urllib.parse import urlsplit

import psycopg2
import pytest
from django.conf import settings
from django.db import connection

pytestmark = pytest.mark.django_db

#: What PostGIS and the catalogue of PostgreSQL show to everybody; nothing of ours.
EVERYBODYS = {"spatial_ref_sys", "geometry_columns", "geography_columns"}


def relations() -> dict[str, tuple[bool, bool]]:
    """Every table and view outside the system schemas: (may read, may write)."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT c.relname,
                has_table_privilege(%(role)s, c.oid, 'SELECT')
                    OR has_any_column_privilege(%(role)s, c.oid, 'SELECT'),
                has_table_privilege(%(role)s, c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE')
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relkind IN ('r', 'v', 'm', 'p', 'f')
                AND n.nspname NOT IN ('pg_catalog', 'information_schema')
                AND n.nspname NOT LIKE 'pg_toast%%'
            """,
            {"role": settings.PUBLIC_ROLE},
        )
        return {name: (reads, writes) for name, reads, writes in cursor.fetchall()}


def test_the_role_reads_every_public_view_and_no_table():
    readable = {name for name, (reads, _) in relations().items() if reads} - EVERYBODYS

    assert readable == {name for name in relations() if name.startswith("public_")}
    assert "public_parcels" in readable
    assert "landdata_parcelversion" in relations()


def test_the_role_writes_nothing():
    assert [name for name, (_, writes) in relations().items() if writes] == []


@pytest.mark.parametrize(
    "table", ["landdata_parcelversion", "accounts_user", "planning_draftzone", "django_session"]
)
def test_the_role_itself_is_refused_at_the_tables(table):
    """Not by what the catalogue says, but by signing in as that role."""
    database = connection.settings_dict["NAME"]
    address = urlsplit(os.environ["DIADO_PUBLIC_DATABASE_URL"])._replace(path=f"/{database}")
    session = psycopg2.connect(address.geturl())
    try:
        with session.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM public_parcels")
            with pytest.raises(psycopg2.errors.InsufficientPrivilege):
                cursor.execute(f"SELECT * FROM {table}")
    finally:
        session.close()


def test_drafts_are_behind_a_barrier():
    """A cheap condition of a stranger must not see the rows that the view leaves out."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 'security_barrier=true' = ANY(reloptions) FROM pg_class"
            " WHERE relname = 'public_plan_versions'"
        )
        assert cursor.fetchone() == (True,)
