"""The database's guard over the record, and what the public may read of it."""

from __future__ import annotations

from django.conf import settings
from django.db import migrations

from landdata.append_only import REFUSE_FUNCTION, freeze, guard_revisioned
from landdata.public_views import public_view

# An installation in a database of its own administrator may come without the role.
_ROLE = f"""
DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{settings.PUBLIC_ROLE}') THEN
        CREATE ROLE {settings.PUBLIC_ROLE} NOLOGIN;
    END IF;
END $$
"""


class Migration(migrations.Migration):
    dependencies = [("landdata", "0002_land_data")]

    operations = [
        migrations.RunSQL(REFUSE_FUNCTION, "DROP FUNCTION diado_refuse()"),
        guard_revisioned(
            "landdata",
            "AdministrativeUnit",
            "LandUseCode",
            "ParcelVersion",
            "RoadSegment",
            "SourceHealth",
            "ThemeCoverage",
            "UnitSuccession",
            "WaterBody",
        ),
        freeze("landdata_revision"),
        freeze("landdata_sourcefile"),
        freeze("landdata_cadastralsheet"),
        freeze("landdata_parcel"),
        freeze("landdata_parcellanduse"),
        freeze("landdata_changedarea"),
        migrations.RunSQL(_ROLE, migrations.RunSQL.noop),
        public_view("public_revisions", "SELECT number, made_at FROM landdata_revision"),
        public_view(
            "public_units",
            """
            SELECT id, code, level, name, name_en, full_name, full_name_en, folded, tone_folded,
                parent_code, boundary, boundary_3857, point, source, confidence,
                valid_from, valid_to, from_revision, to_revision
            FROM landdata_administrativeunit
            """,
        ),
        public_view(
            "public_unit_successions",
            """
            SELECT id, old_code, new_code, kind, is_default, share, source, confidence,
                valid_from, valid_to, from_revision, to_revision
            FROM landdata_unitsuccession
            """,
        ),
        public_view(
            "public_land_use_codes",
            """
            SELECT id, code, name_vi, name_en, "group", parent, status, replaced_by, colour,
                source, confidence, valid_from, valid_to, from_revision, to_revision
            FROM landdata_landusecode
            """,
        ),
        public_view(
            "public_parcels",
            """
            SELECT v.id, v.parcel_id AS uuid, v.national_id, v.sheet_id,
                s.unit_code AS sheet_unit_code, s.number AS sheet_number, s.scale AS sheet_scale,
                s.epsg AS sheet_epsg, s.datum_operation, v.number, v.boundary, v.boundary_3857,
                v.geometry_state, v.legal_area_m2, v.address, v.unit_code, v.is_disputed,
                f.name AS source_name, f.sha256 AS source_sha256, v.source_row, f.data_date,
                f.accuracy_m, v.valid_from, v.valid_to, v.from_revision, v.to_revision
            FROM landdata_parcelversion v
            JOIN landdata_cadastralsheet s ON s.id = v.sheet_id
            JOIN landdata_sourcefile f ON f.id = v.source_file_id
            """,
        ),
        public_view(
            "public_parcel_land_uses",
            "SELECT id, version_id, position, code, area_m2, term FROM landdata_parcellanduse",
        ),
        public_view(
            "public_theme_coverage",
            """
            SELECT c.id, c.theme, c.boundary, c.is_complete, c.data_date, d.title_vi, d.title_en,
                c.valid_from, c.valid_to, c.from_revision, c.to_revision
            FROM landdata_themecoverage c JOIN landdata_dataset d ON d.id = c.dataset_id
            """,
        ),
        public_view(
            "public_source_health",
            """
            SELECT id, theme, boundary, trouble, valid_from, valid_to, from_revision, to_revision
            FROM landdata_sourcehealth
            """,
        ),
        public_view(
            "public_roads",
            """
            SELECT id, source_key, name, name_en, road_class, width_m, axis, axis_3857,
                valid_from, valid_to, from_revision, to_revision
            FROM landdata_roadsegment
            """,
        ),
        public_view(
            "public_water",
            """
            SELECT id, source_key, name, name_en, kind, boundary, boundary_3857,
                valid_from, valid_to, from_revision, to_revision
            FROM landdata_waterbody
            """,
        ),
        public_view(
            "public_changed_areas",
            "SELECT id, layer, revision_id AS revision, extent_3857 FROM landdata_changedarea",
        ),
    ]
