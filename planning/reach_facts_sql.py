"""The statements by which the facts of reach are read: as known at a revision, valid on a day."""

from __future__ import annotations

from typing import Final

from django.conf import settings

_KNOWN: Final = """
    t.from_revision <= %(revision)s AND (t.to_revision IS NULL OR t.to_revision > %(revision)s)
    AND t.valid_from <= %(on)s AND (t.valid_to IS NULL OR t.valid_to > %(on)s)
"""
_OF_DATASET: Final = """
    JOIN landdata_sourcefile f ON f.id = t.source_file_id
    JOIN landdata_dataset d ON d.id = f.dataset_id
"""
#: Data sets that hold streets with nodes.
DATASETS: Final = f"""
    SELECT d.code, count(*) FROM landdata_roadsegment t {_OF_DATASET}
    WHERE {_KNOWN} AND t.from_node <> '' AND t.to_node <> '' GROUP BY d.code ORDER BY d.code
"""  # noqa: S608 - our own words
_ROADS: Final = f"FROM landdata_roadsegment t {_OF_DATASET} WHERE {_KNOWN} AND d.code = %(dataset)s"
#: Whether a plan foresees streets.
HAS_ROADS: Final = f"SELECT EXISTS (SELECT {_ROADS} AND t.planned_by = %(plan)s)"
#: Axes, in the order of ROADS.
AXES: Final = f"SELECT t.id, ST_GeometryN(t.axis, 1) {_ROADS} ORDER BY t.id"
ROAD_COLUMNS: Final = (
    *("key", "from_node", "to_node", "road_class", "planned_by", "one_way"),
    *("access", "level", "width_m", "max_speed_kmh", "parts"),
)
ROAD_NUMBERS: Final = ("level", "width_m", "max_speed_kmh", "parts")
ROADS: Final = f"""
    SELECT d.code || '/' || t.source_key,
        CASE WHEN t.from_node = '' THEN '' ELSE d.code || '/' || t.from_node END,
        CASE WHEN t.to_node = '' THEN '' ELSE d.code || '/' || t.to_node END,
        t.road_class, t.planned_by, t.one_way, t.access, t.level, t.width_m, t.max_speed_kmh,
        ST_NumGeometries(t.axis)
    {_ROADS} ORDER BY t.id
"""
NODES: Final = f"""
    SELECT d.code || '/' || t.source_key, t.barrier, ST_X(t.position), ST_Y(t.position)
    FROM landdata_networknode t {_OF_DATASET}
    WHERE {_KNOWN} AND d.code = %(dataset)s ORDER BY 1
"""  # noqa: S608 - our own words
_PLOTS: Final = f"""
    FROM landdata_parcelversion t {{joined}}
    WHERE {_KNOWN} AND t.geometry_state = 'valid' ORDER BY t.parcel_id
"""
#: Ground of plots with a number of their own, in the order of PLOTS.
PLOT_GROUNDS: Final = f"SELECT t.id, t.boundary {_PLOTS.format(joined='')}"
_PLOTS_IN: Final = f"""
    FROM landdata_parcelversion t
    WHERE {_KNOWN} AND t.geometry_state = 'valid' AND t.boundary && ST_MakeEnvelope(
        %(west)s, %(south)s, %(east)s, %(north)s, {settings.STORAGE_SRID}
    )
    ORDER BY t.parcel_id
"""
#: Plots in a box, and their grounds in the same order.
KEYS_IN: Final = f"SELECT t.parcel_id::text {_PLOTS_IN}"
GROUNDS_IN: Final = f"SELECT t.id, t.boundary {_PLOTS_IN}"
PLOT_COLUMNS: Final = ("key", "unit", "people", "is_street")
PLOT_NUMBERS: Final = ("people", "is_street")
_COUNTED: Final = f"""
    LEFT JOIN (
        SELECT DISTINCT ON (n.parcel_id) n.parcel_id, n.people FROM landdata_population n
        WHERE n.parcel_id IS NOT NULL AND {_KNOWN.replace("t.", "n.")}
        ORDER BY n.parcel_id, n.counted_on DESC, n.id DESC
    ) c ON c.parcel_id = t.parcel_id
"""  # noqa: S608 - our own words
#: Land for transport (DGT) and nothing else.
_IS_STREET: Final = """
    EXISTS (SELECT FROM landdata_parcellanduse u WHERE u.version_id = t.id AND u.code = 'DGT')
    AND NOT EXISTS
        (SELECT FROM landdata_parcellanduse u WHERE u.version_id = t.id AND u.code <> 'DGT')
"""
#: People of the newest count plot by plot; NULL where nobody was counted.
PLOTS: Final = f"""
    SELECT t.parcel_id::text, t.unit_code, c.people, ({_IS_STREET})::int
    {_PLOTS.format(joined=_COUNTED)}
"""
#: Plots within so many metres of a shape in the storage system.
PLOTS_NEAR: Final = f"""
    SELECT t.parcel_id::text, ST_AsBinary(t.boundary)
    FROM landdata_parcelversion t
    CROSS JOIN (SELECT ST_SetSRID(%(shape)s::geometry, {settings.STORAGE_SRID})) s (shape)
    WHERE {_KNOWN} AND t.geometry_state = 'valid'
        AND ST_Intersects(t.boundary, s.shape)
    ORDER BY t.parcel_id
"""  # noqa: S608 - our own words
#: Boxes of plots round points; which plot holds a point is asked of the ground itself.
PLOTS_AT: Final = f"""
    SELECT p.number, t.parcel_id::text, ST_AsBinary(t.boundary)
    FROM unnest(%(east)s::float8[], %(north)s::float8[]) WITH ORDINALITY AS p (east, north, number)
    JOIN landdata_parcelversion t
        ON t.boundary && ST_SetSRID(ST_MakePoint(p.east, p.north), {settings.STORAGE_SRID})
    WHERE {_KNOWN} AND t.geometry_state = 'valid'
    ORDER BY p.number, t.parcel_id
"""  # noqa: S608 - our own words
FACILITIES: Final = f"""
    SELECT d.code || '/' || t.source_key, t.name, t.kind, t.capacity, t.capacity_unit,
        ST_X(t.position), ST_Y(t.position)
    FROM landdata_facility t {_OF_DATASET} WHERE {_KNOWN} ORDER BY 1
"""  # noqa: S608 - our own words
#: What nobody walks across: water, and railways by their axis.
BARRIERS: Final = f"""
    SELECT ST_AsBinary(t.boundary) FROM landdata_waterbody t WHERE {_KNOWN}
    UNION ALL
    SELECT ST_AsBinary(t.axis) FROM landdata_railway t WHERE {_KNOWN}
"""  # noqa: S608 - our own words
