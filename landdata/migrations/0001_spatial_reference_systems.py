"""Spatial reference systems: own rows that pin the datum, and the EPSG rows PostGIS 3.3 lacks."""

from typing import Any

from django.db import migrations

from landdata import crs


def add_systems(apps: Any, schema_editor: Any) -> None:
    """Write one own row per VN-2000 grid, and the missing EPSG rows for other programs' sake.

    An own row has an authority PROJ does not know, so that PostGIS goes by the PROJ string; under
    "EPSG" PROJ's database would win over the string and choose the datum vertex by vertex.
    """
    with schema_editor.connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO spatial_ref_sys (srid, auth_name, auth_srid, srtext, proj4text) "
            "VALUES (%s, 'DIADO', %s, NULL, %s) "
            "ON CONFLICT (srid) DO UPDATE SET auth_name = excluded.auth_name, "
            "auth_srid = excluded.auth_srid, proj4text = excluded.proj4text",
            [(crs.srid_of(e), crs.srid_of(e), crs.definition(e)) for e in crs.VN2000],
        )
        cursor.executemany(
            "INSERT INTO spatial_ref_sys (srid, auth_name, auth_srid, srtext, proj4text) "
            "VALUES (%s, 'EPSG', %s, %s, %s) ON CONFLICT (srid) DO NOTHING",
            [(e, e, crs.wkt(e), crs.definition(e)) for e in crs.VN2000],
        )


class Migration(migrations.Migration):
    dependencies: list[tuple[str, str]] = []
    # A session does not see spatial_ref_sys rows it changed itself after having used them.
    operations = [migrations.RunPython(add_systems, migrations.RunPython.noop)]
