"""Which public views say something of a plot, and what of each row comes along."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings


@dataclass(frozen=True, eq=False)
class Layer:
    """A public view that can say something of a plot."""

    name: str
    view: str
    shape: str
    #: Columns that come along, in this order.
    columns: tuple[str, ...]
    #: Another condition than the box, or several that are asked one by one, each with its own
    #: index; `{box}` is the plot's.
    conditions: tuple[str, ...] = ()
    #: Another condition than to be known and to hold on the day.
    times: str = ""
    #: A city has few of them and many plots near each: a worker fetches their shapes once.
    is_kept: bool = False


KNOWN = """
    t.from_revision <= %(known_at)s AND (t.to_revision IS NULL OR t.to_revision > %(known_at)s)
"""
TIMES = f"""
    {KNOWN} AND t.valid_from <= %(as_of)s AND (t.valid_to IS NULL OR t.valid_to > %(as_of)s)
"""
#: Projects that name the plot. Where no parcel was found for a number, the words count.
NAMING = """
    SELECT p.item_id FROM public_land_use_item_parcels p WHERE p.uuid = %(uuid)s
    UNION ALL
    SELECT p.item_id FROM public_land_use_item_parcels p
    WHERE p.uuid IS NULL AND p.unit_code = %(unit)s AND p.sheet_number = %(sheet)s
        AND p.number = %(number)s AND (p.scale IS NULL OR p.scale = %(scale)s)
"""
BOX = f"ST_MakeEnvelope(%(west)s, %(south)s, %(east)s, %(north)s, {settings.STORAGE_SRID})"

ZONE_COLUMNS = (
    "uid",
    "level",
    "label",
    "function",
    "land_use_code",
    "density",
    "storeys",
    "floor_area_ratio",
    "introduced_by_id",
    "valid_from",
    "valid_to",
)
TERRITORIES = Layer(
    "territories",
    "public_plan_territories",
    "boundary",
    ("level", "version_id", "valid_from", "valid_to"),
    is_kept=True,
)
REGISTERS = Layer(
    "registers",
    "public_theme_coverage",
    "boundary",
    ("theme", "is_complete", "data_date", "title_vi", "title_en"),
    is_kept=True,
)
TROUBLES = Layer("troubles", "public_source_health", "boundary", ("theme", "trouble"))
CONTROL_LINES = Layer(
    "control_lines",
    "public_control_lines",
    "boundary",
    (
        "source_key",
        "name",
        "name_en",
        "kind",
        "plan_code",
        "decision_number",
        "decision_date",
        "authority",
        "valid_from",
        "valid_to",
    ),
)
ANNUAL_PLANS = Layer("annual_plans", "public_annual_plans", "boundary", ("code",))
ITEMS = Layer(
    "items",
    "public_land_use_items",
    "boundary",
    (
        "annual_plan_code",
        "item_key",
        "name_vi",
        "name_en",
        "kind",
        "purpose",
        "area_m2",
        "first_listed_year",
        "valid_to",
    ),
    conditions=(
        f"t.id IN ({NAMING})",
        f"t.boundary && {{box}} AND t.id NOT IN ({NAMING})",
    ),
    # A decision to recover stands, whether the next year's plan repeats it or not.
    times=f"""
        {KNOWN} AND t.valid_from <= %(as_of)s
        AND (t.valid_to > %(as_of)s OR t.status = 'recovery_decided')
    """,
)
_NAMED = ("source_key", "name", "name_en", "valid_from", "valid_to")
#: Objects with corridors, by the name that rules call them.
OBJECTS = (
    Layer(
        "power_line",
        "public_power_lines",
        "axis",
        (*_NAMED, "voltage_kv", "conductor", "placement", "outer_conductor_m"),
    ),
    Layer(
        "pipeline",
        "public_pipelines",
        "axis",
        (*_NAMED, "kind", "diameter_mm", "pressure_bar", "outer_m"),
    ),
    Layer(
        "road",
        "public_roads",
        "axis",
        (
            *_NAMED,
            "road_class",
            "technical_class",
            "width_m",
            "level",
            "is_urban",
            "strip_m",
            "red_line_m",
            "planned_by",
        ),
        # Lanes need no corridor (Law on Roads 35/2024/QH15 art. 15), and most streets are lanes.
        conditions=("t.technical_class <> 'lane' AND t.axis && {box}",),
    ),
    Layer("railway", "public_railways", "axis", (*_NAMED, "kind", "strip_m", "is_urban")),
    Layer(
        "dyke",
        "public_dykes",
        "axis",
        (
            *_NAMED,
            "kind",
            "grade",
            "protected_side",
            "foot_left_m",
            "foot_right_m",
            "is_urban",
        ),
    ),
    Layer("water", "public_water", "boundary", (*_NAMED, "kind", "function", "is_urban", "bank")),
    Layer(
        "hazard_site",
        "public_hazard_sites",
        "boundary",
        (*_NAMED, "kind", "technology", "capacity", "capacity_unit", "flow_deg"),
        is_kept=True,
    ),
    Layer(
        "protected_site",
        "public_protected_sites",
        "boundary",
        (
            *_NAMED,
            "kind",
            "protection_zone",
            "elevation_m",
            "decision_number",
            "decision_date",
            "authority",
        ),
    ),
)
OBJECT_NAMES = tuple(layer.name for layer in OBJECTS)
