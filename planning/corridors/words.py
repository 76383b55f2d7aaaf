"""The words of the corridor engine. Each is also the text in `corridor_measures.csv`."""

from __future__ import annotations

import enum


class ObjectKind(enum.StrEnum):
    """What a corridor is measured from; the name of the register's layer."""

    POWER_LINE = "power_line"
    PIPELINE = "pipeline"
    ROAD = "road"
    RAILWAY = "railway"
    DYKE = "dyke"
    WATER = "water"
    HAZARD_SITE = "hazard_site"
    PROTECTED_SITE = "protected_site"


#: The theme of an extract that speaks of each kind of object.
THEME_OF_OBJECT = {
    ObjectKind.POWER_LINE: "power_lines",
    ObjectKind.PIPELINE: "pipelines",
    ObjectKind.ROAD: "roads",
    ObjectKind.RAILWAY: "railways",
    ObjectKind.DYKE: "dykes",
    ObjectKind.WATER: "water",
    ObjectKind.HAZARD_SITE: "hazard_sites",
    ObjectKind.PROTECTED_SITE: "protected_sites",
}


class Role(enum.StrEnum):
    """What a row of the table does."""

    #: Ground around an object that the row restricts.
    CORRIDOR = "corridor"
    #: A distance between two objects: it restricts what may be placed here, not what stands here.
    SITING = "siting"
    #: The competent body drew the ground itself.
    POLYGON = "polygon"
    #: Which of two overlapping corridors governs.
    PRIORITY = "priority"
    #: Cannot be measured; `why_not` says why.
    NONE = "none"


class Place(enum.StrEnum):
    """Where the object runs."""

    URBAN = "urban"
    ELSEWHERE = "elsewhere"
    ANY = "any"


class Reference(enum.StrEnum):
    """From where a figure is measured."""

    OUTER_CONDUCTOR = "outer_conductor"
    OUTER_FACE = "outer_face"
    #: Outer edge of the strip that protects a road or a track.
    STRIP = "strip"
    #: To the planned red line, never wider than the same class outside towns.
    RED_LINE = "red_line"
    AXIS = "axis"
    FOOT = "foot"
    #: Edge of a water surface; the surface itself is not part of the corridor.
    BANK = "bank"
    #: Outer edge of a site; the site itself is part of the corridor.
    EDGE = "edge"
    #: Outer edge of a site; the site itself is not part of it (belts).
    AROUND = "around"
    #: The drawn surface as it is.
    SURFACE = "surface"


class Side(enum.StrEnum):
    """On which side of the object."""

    BOTH = "both"
    #: `figure` on the protected side of a dyke, `other_figure` on the other.
    PROTECTED = "protected"
    UPSTREAM = "upstream"
    DOWNSTREAM = "downstream"
    #: All around, where the current is not known or there is none.
    NO_CURRENT = "no_current"


class Effect(enum.StrEnum):
    """What follows for ground inside."""

    FORBIDDEN = "forbidden"
    CONDITIONAL = "conditional"
    #: To be noted, such as a green belt that a plan has to keep.
    LISTED = "listed"


#: From the mildest to the strictest.
EFFECTS = (Effect.LISTED, Effect.CONDITIONAL, Effect.FORBIDDEN)


class Restriction(enum.StrEnum):
    """What is restricted inside."""

    BUILDING = "building"
    DWELLING = "dwelling"
    CIVIL_WORKS = "civil_works"
    TREES = "trees"
    DIGGING = "digging"
    HOARDING = "hoarding"
    #: Discharge of waste, livestock, mining, chemicals.
    POLLUTION = "pollution"
    BUILDING_HEIGHT = "building_height"
    GREEN_BELT = "green_belt"
    PETROL_STATION = "petrol_station"
    WATER_INTAKE = "water_intake"
    CEMETERY = "cemetery"
    TRANSPORT_LINE = "transport_line"
    CROWD_PLACE = "crowd_place"


class Doubt(enum.StrEnum):
    """Why some ground is only possibly inside. `<attribute>_unknown` stands beside these."""

    PROVINCE_MAY_WIDEN = "province_may_widen"
    WIND_OR_CURRENT_UNKNOWN = "wind_or_current_unknown"
    FIGURE_FROM_MEMORY = "figure_from_memory"
    SOIL_UNKNOWN = "soil_unknown"
    SHIP_TRAFFIC_UNKNOWN = "ship_traffic_unknown"
    RANGE_IN_THE_TABLE = "range_in_the_table"
    #: Beyond the end of a line whose two sides differ, or where the line crosses itself.
    SIDE_UNCLEAR = "side_unclear"
    #: No rule of this family holds on the day; the nearest one in time shows where to ask.
    NO_RULE_ON_DAY = "no_rule_on_day"


class Priority(enum.StrEnum):
    """How one corridor governs another."""

    ALWAYS = "always"
    UNLESS_WIDER = "unless_wider"
    HIGHER_CLASS = "higher_class"


#: Attributes by which a rule selects its objects, each a column of `corridor_measures.csv`.
SELECTORS = (
    "kind",
    "technology",
    "conductor",
    "placement",
    "technical_class",
    "grade",
    "function",
    "bank",
    "protection_zone",
)
#: Attributes with numbers that a rule may bound.
QUANTITIES = ("voltage_kv", "capacity", "diameter_mm")
#: Attributes from which the distance to a reference is taken; all in metres.
OFFSET_ATTRIBUTES: dict[ObjectKind, tuple[str, ...]] = {
    ObjectKind.POWER_LINE: ("outer_conductor_m",),
    ObjectKind.PIPELINE: ("outer_m",),
    ObjectKind.ROAD: ("strip_m", "red_line_m", "width_m"),
    ObjectKind.RAILWAY: ("strip_m",),
    ObjectKind.DYKE: ("foot_left_m", "foot_right_m"),
    ObjectKind.WATER: (),
    ObjectKind.HAZARD_SITE: (),
    ObjectKind.PROTECTED_SITE: (),
}
#: Every attribute whose absence may leave a doubt `<attribute>_unknown`.
DOUBTFUL_ATTRIBUTES = (
    *SELECTORS,
    *QUANTITIES,
    "is_urban",
    "protected_side",
    *sorted({name for names in OFFSET_ATTRIBUTES.values() for name in names}),
)
#: Technical classes of roads, the highest first (TCVN names; "lane" is no class, but below all).
ROAD_CLASSES = ("expressway", "I", "II", "III", "IV", "V", "VI", "lane")
