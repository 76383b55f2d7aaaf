"""The statements by which facts for the check for conflicts are read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.conf import settings

#: Functions that rules measure by connected groups of zones: the sites of schools.
GROUPED: Final = frozenset({"DAT_HTXH_Truonghoc", "DAT_HTXH_TruongTHPT"})

WORDS: Final = (
    "label",
    "function",
    "land_use_code",
    "density",
    "storeys",
    "floor_area_ratio",
    "note",
)
NUMBERS: Final = ("density_max", "storeys_max", "floor_area_ratio_max", "population")
#: Columns of a zone, in the order in which they are read.
CONTENT: Final = (*WORDS, *NUMBERS)
PLAN_COLUMNS: Final = (
    *("code", "level", "parent", "on", "authority", "name_vi", "name_en", "scale"),
)

_KNOWN = """
    t.from_revision <= %(revision)s AND (t.to_revision IS NULL OR t.to_revision > %(revision)s)
    AND t.valid_from <= %(on)s AND (t.valid_to IS NULL OR t.valid_to > %(on)s)
"""
_BOXES = f"""
    (SELECT ST_MakeEnvelope(b.west, b.south, b.east, b.north, {settings.STORAGE_SRID}) AS box
    FROM unnest(
        %(west)s::float8[], %(south)s::float8[], %(east)s::float8[], %(north)s::float8[]
    ) AS b (west, south, east, north)) b
"""  # noqa: S608 - our own number
_OF_ZONE = ", ".join(f"t.{name}" for name in CONTENT)


def _near(table: str, shape: str, *, is_everywhere: bool, also: str = "true") -> str:
    """Return the condition that the box of a shape meets one of the boxes; `also` is of row n."""
    if is_everywhere:
        return "true"
    # Found first, once, by the index of boxes.
    found = f"SELECT n.id FROM {_BOXES} JOIN {table} n ON n.{shape} && b.box AND {also}"  # noqa: S608
    return f"t.id = ANY(ARRAY({found}))"


def draft_zones(*, is_everywhere: bool) -> str:
    """Return the question for the zones of a draft; one row without a key says the last edit."""
    # Of a new draft the planner thinks that it has few zones: its index shall not tempt it.
    of_draft = "n.version_of_id + 0 = %(version)s"
    near = _near("planning_draftzone", "boundary", is_everywhere=is_everywhere, also=of_draft)
    return f"""
        SELECT v.edits, t.uid::text, ST_AsBinary(t.boundary), {_OF_ZONE}
        FROM planning_planversion v
        LEFT JOIN planning_draftzone t ON t.version_of_id = v.id AND {near}
        WHERE v.id = %(version)s
    """  # noqa: S608 - our own words


def zones(*, is_everywhere: bool) -> str:
    """Return the question for zones in force.

    A zone that an adjustment continues may go on outside its extent, and a draft continues zones in
    force: then the older row carries the number of its version behind the uid.
    """
    near = _near("planning_zone", "boundary", is_everywhere=is_everywhere)
    return f"""
        SELECT t.uid::text || CASE WHEN p.code = %(code)s AND %(version)s IS NOT NULL OR EXISTS (
                SELECT FROM planning_zone o WHERE o.uid = t.uid
                AND o.introduced_by_id > t.introduced_by_id
                AND {_KNOWN.replace("t.", "o.")}
            ) THEN '@' || i.sequence ELSE '' END,
            p.code, p.level, ST_AsBinary(t.boundary), {_OF_ZONE}
        FROM planning_zone t
        JOIN planning_plan p ON p.id = t.plan_id
        JOIN planning_planversion i ON i.id = t.introduced_by_id
        WHERE {_KNOWN} AND {near} AND p.level = ANY(%(levels)s)
    """  # noqa: S608 - our own words


PLANS = f"""
    SELECT p.code, p.level, coalesce(u.code, ''), max(v.valid_from), max(v.authority),
        max(v.name_vi), max(v.name_en), max(v.scale), ST_AsBinary(ST_Union(t.boundary))
    FROM planning_planterritory t
    JOIN planning_plan p ON p.id = t.plan_id
    LEFT JOIN planning_plan u ON u.id = p.parent_id
    JOIN planning_planversion v ON v.id = t.version_id
    WHERE {_KNOWN}
    GROUP BY p.code, p.level, u.code ORDER BY p.code
"""  # noqa: S608 - our own words
BALANCE = f"""
    SELECT p.code, t.function, sum(ST_Area(t.boundary)), sum(t.population)
    FROM planning_zone t JOIN planning_plan p ON p.id = t.plan_id
    WHERE {_KNOWN} AND (%(code)s = '' OR p.code = %(code)s)
    GROUP BY p.code, t.function ORDER BY p.code, t.function
"""  # noqa: S608 - our own words
DRAFT_BALANCE = """
    SELECT p.code, t.function, sum(ST_Area(t.boundary)), sum(t.population)
    FROM planning_draftzone t
    JOIN planning_planversion v ON v.id = t.version_of_id JOIN planning_plan p ON p.id = v.plan_id
    WHERE t.version_of_id = %(version)s
    GROUP BY p.code, t.function ORDER BY t.function
"""
PRECEDENCE = """
    SELECT gives_way, prevails, ST_AsBinary(ground) FROM planning_precedencedecision ORDER BY id
"""


_VALID_PLOT = f"{_KNOWN} AND t.geometry_state = 'valid'"
#: The ground of all plots, in the order of ALL_PARCELS.
PARCEL_GROUNDS: Final = f"""
    SELECT t.id, t.boundary FROM landdata_parcelversion t WHERE {_VALID_PLOT} ORDER BY t.id
"""  # noqa: S608 - our own words
#: Columns of plots, in the order in which they are read.
PARCEL_COLUMNS: Final = (
    *("key", "unit_code", "sheet", "number", "uses", "origins"),
    "people",
)
_OF_PLOT = """
    t.parcel_id::text, t.unit_code, s.number, t.number, coalesce(u.codes, ''),
    coalesce(u.origins, ''), coalesce(c.people, 0)
"""
_USES = """
    string_agg(l.code, '+' ORDER BY l.position) AS codes,
    string_agg(nullif(l.origin, ''), '+' ORDER BY l.position) AS origins
"""
#: All plots without their ground. Sums over half a million rows are made at once.
ALL_PARCELS: Final = f"""
    SELECT {_OF_PLOT}
    FROM landdata_parcelversion t
    JOIN landdata_cadastralsheet s ON s.id = t.sheet_id
    LEFT JOIN (
        SELECT l.version_id, {_USES} FROM landdata_parcellanduse l GROUP BY l.version_id
    ) u ON u.version_id = t.id
    LEFT JOIN (
        SELECT DISTINCT ON (n.parcel_id) n.parcel_id, n.people FROM landdata_population n
        WHERE n.parcel_id IS NOT NULL AND {_KNOWN.replace("t.", "n.")}
        ORDER BY n.parcel_id, n.counted_on DESC, n.id DESC
    ) c ON c.parcel_id = t.parcel_id
    WHERE {_VALID_PLOT} ORDER BY t.id
"""  # noqa: S608 - our own words
#: Plots near boxes: their purposes and people one by one.
PARCELS_NEAR: Final = f"""
    SELECT ST_AsBinary(t.boundary), {_OF_PLOT}
    FROM landdata_parcelversion t
    JOIN landdata_cadastralsheet s ON s.id = t.sheet_id
    LEFT JOIN LATERAL (
        SELECT {_USES} FROM landdata_parcellanduse l WHERE l.version_id = t.id
    ) u ON true
    LEFT JOIN LATERAL (
        SELECT n.people FROM landdata_population n
        WHERE n.parcel_id = t.parcel_id AND {_KNOWN.replace("t.", "n.")}
        ORDER BY n.counted_on DESC, n.id DESC LIMIT 1
    ) c ON true
    WHERE {_VALID_PLOT}
        AND {_near("landdata_parcelversion", "boundary", is_everywhere=False)}
    ORDER BY t.id
"""  # noqa: S608 - our own words


@dataclass(frozen=True)
class Feature:
    """A table of delivered objects: its shape, and what of each comes along."""

    table: str
    shape: str
    words: tuple[str, ...]
    numbers: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """What comes along, behind the key."""
        return (*self.words, *self.numbers)


FEATURES: Final = {
    "building": Feature("landdata_building", "boundary", ("use",), ("storeys", "height_m")),
    "road": Feature(
        "landdata_roadsegment",
        "axis",
        ("name", "road_class", "technical_class", "planned_by"),
        ("width_m", "red_line_m", "level"),
    ),
    "control_line": Feature("planning_controlline", "boundary", ("kind", "plan_code")),
}


def all_grounds(word: str) -> str:
    """Return the question for number and shape of every object of a kind."""
    feature = FEATURES[word]
    return f"SELECT t.id, t.{feature.shape} FROM {feature.table} t WHERE {_KNOWN} ORDER BY t.id"  # noqa: S608 - our own words


def features(word: str, *, is_everywhere: bool) -> str:
    """Return the question for objects of a kind, in the order of their numbers.

    Key and columns; before them their shapes where only those near to boxes are wanted.
    """
    feature = FEATURES[word]
    near = _near(feature.table, feature.shape, is_everywhere=is_everywhere)
    return f"""
        SELECT {"" if is_everywhere else f"ST_AsBinary(t.{feature.shape}),"}
            '{word}/' || coalesce(d.code, '') || '/' || t.source_key,
            {", ".join(f"t.{name}" for name in feature.columns)}
        FROM {feature.table} t
        JOIN landdata_sourcefile f ON f.id = t.source_file_id
        LEFT JOIN landdata_dataset d ON d.id = f.dataset_id
        WHERE {_KNOWN} AND {near}
        ORDER BY t.id
    """  # noqa: S608 - our own words


def items(*, is_everywhere: bool) -> str:
    """Return the question for projects of the annual plans of the day."""
    near = _near("planning_landuseplanitem", "ground", is_everywhere=is_everywhere)
    return f"""
        SELECT a.code || '/' || t.item_key, ST_AsBinary(t.ground), t.name_vi, t.kind, t.purpose,
            t.status, a.year, t.first_listed_year, t.area_m2
        FROM planning_landuseplanitem t
        JOIN planning_annuallanduseplan a ON a.code = t.annual_plan_code AND {
        _KNOWN.replace("t.", "a.")
    }
        WHERE {_KNOWN} AND {near}
        ORDER BY t.id
    """  # noqa: S608 - our own words
