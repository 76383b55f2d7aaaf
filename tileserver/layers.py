"""The one list of layers: vector tiles, MapServer's mapfile and the client's tree come from it.

A layer names a `public_…` view, never a table: what is not in the view cannot leak. Every layer is
drawn from the stored EPSG:3857 copy, which is two to three times faster than reprojecting.

Adding a layer is one entry here, one view, and one line in docs/layers.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

#: Tile coordinates below a layer's last zoom; 30 cm at zoom 15, 4 cm at zoom 18.
TILE_UNITS = 4096
#: Tile coordinates at the last zoom, which is what a client magnifies. A unit of a zoom-18 tile
#: is then 9.3 mm of EPSG:3857, so a corner lies within 0.65 cm on the ground everywhere in Viet
#: Nam (half a diagonal, times the cosine of the latitude).
FINEST_TILE_UNITS = 16384
#: Share of a tile's width that is drawn beyond its edge, so that outlines do not break there.
TILE_MARGIN = 1 / 64
#: No tile is made beyond this zoom: clients magnify from here.
LAST_ZOOM = 18


class Shape(Enum):
    """What a layer consists of."""

    AREA = "polygon"
    LINE = "line"


@dataclass(frozen=True)
class Attribute:
    """A value that goes out with every feature; `sql` may use the view under the name `v`."""

    name: str
    sql: str


@dataclass(frozen=True)
class Thinning:
    """Below `zoom`, only rows for which `condition` holds are shown."""

    zoom: int
    condition: str


@dataclass(frozen=True)
class Style:
    """How MapServer draws a layer; the web client has its own style sheet.

    Colours are #rrggbb, or [name] for an attribute that holds one. Widths are pixels.
    """

    fill: str | None = None
    outline: str | None = None
    width_px: float = 1.0
    #: Attribute that holds a line's true width in metres; `width_px` is then the least.
    width_from: str | None = None
    opacity: int = 100
    label: str | None = None
    label_size_pt: float = 7.0
    label_from_scale: int | None = None


@dataclass(frozen=True)
class Layer:
    """One layer. `joins` brings further `public_…` views, named in `also_reads`, into `sql`."""

    id: str
    title_vi: str
    title_en: str
    view: str
    geometry: str
    shape: Shape
    attributes: tuple[Attribute, ...]
    min_zoom: int
    style: Style
    joins: str = ""
    also_reads: tuple[str, ...] = ()
    where: str = ""
    thinned: tuple[Thinning, ...] = ()
    #: Column by whose values MapServer draws one layer above the other, lowest first.
    split_by: tuple[str, tuple[str, ...]] | None = None
    max_zoom: int = LAST_ZOOM
    is_visible: bool = True
    #: Whether a feature is labelled in one tile only, the one that holds its inner point. Large
    #: features want a label in each tile, small ones would get two where a tile's edge cuts them.
    is_labelled_once: bool = False
    #: Whom the licence of the data asks to name.
    attribution: str = ""

    def tile_units(self, zoom: int) -> int:
        """Return how many units a tile of this zoom is wide."""
        return FINEST_TILE_UNITS if zoom == self.max_zoom else TILE_UNITS

    def conditions(self, zoom: int | None = None) -> list[str]:
        """Return the SQL conditions on a row besides time and place."""
        return [c for c in (self.where,) if c] + [
            thinning.condition
            for thinning in self.thinned
            if zoom is not None and zoom < thinning.zoom
        ]


OPENSTREETMAP = "© OpenStreetMap contributors (ODbL 1.0)"

_MAIN_ROADS = "'motorway','motorway_link','trunk','trunk_link','primary','primary_link'"
_TOWN_ROADS = f"{_MAIN_ROADS},'secondary','secondary_link','tertiary','tertiary_link'"
_DRIVEN_ROADS = f"{_TOWN_ROADS},'unclassified','residential','living_street','road','pedestrian'"

WATER = Layer(
    id="water",
    title_vi="Mặt nước",
    title_en="Water",
    view="public_water",
    geometry="boundary_3857",
    shape=Shape.AREA,
    attributes=(
        Attribute("name", "v.name"),
        Attribute("name_en", "v.name_en"),
        Attribute("kind", "v.kind"),
    ),
    min_zoom=9,
    style=Style(fill="#a9cfe3", outline="#7fb2cf"),
    attribution=OPENSTREETMAP,
)

WARDS = Layer(
    id="wards",
    title_vi="Phường, xã",
    title_en="Wards",
    view="public_units",
    geometry="boundary_3857",
    shape=Shape.AREA,
    attributes=(
        Attribute("code", "v.code"),
        Attribute("name", "v.name"),
        Attribute("name_en", "v.name_en"),
        Attribute("full_name", "v.full_name"),
        Attribute("full_name_en", "v.full_name_en"),
    ),
    min_zoom=8,
    style=Style(outline="#8a5a83", width_px=1.4, label="name", label_size_pt=9),
    where="v.level = 'ward'",
    attribution="thanglequoc/vietnamese-provinces-database (MIT)",
)

ROADS = Layer(
    id="roads",
    title_vi="Đường phố",
    title_en="Streets",
    view="public_roads",
    geometry="axis_3857",
    shape=Shape.LINE,
    attributes=(
        Attribute("name", "v.name"),
        Attribute("name_en", "v.name_en"),
        Attribute("road_class", "v.road_class"),
        Attribute("width_m", "v.width_m"),
    ),
    min_zoom=9,
    style=Style(
        outline="#d9d3c7", width_px=2, width_from="width_m", label="name", label_from_scale=8000
    ),
    thinned=(
        Thinning(12, f"v.road_class IN ({_MAIN_ROADS})"),
        Thinning(14, f"v.road_class IN ({_TOWN_ROADS})"),
        Thinning(16, f"v.road_class IN ({_DRIVEN_ROADS})"),
    ),
    attribution=OPENSTREETMAP,
)

ZONES = Layer(
    id="zones",
    title_vi="Khu chức năng quy hoạch",
    title_en="Planned zones",
    view="public_zones",
    geometry="boundary_3857",
    shape=Shape.AREA,
    attributes=(
        Attribute("uid", "v.uid::text"),
        Attribute("level", "v.level"),
        Attribute("label", "v.label"),
        Attribute("function", "v.function"),
        Attribute("plan", "v.plan_code"),
        Attribute("colour", "coalesce(f.colour, '#bfbfbf')"),
    ),
    min_zoom=10,
    style=Style(fill="[colour]", outline="#4d4d4d", width_px=0.7, opacity=60, label="label"),
    # A plan older than the prescribed signs is drawn in them all the same.
    joins=(
        "LEFT JOIN LATERAL (SELECT f.colour FROM public_plan_functions f"
        " WHERE f.code = v.function AND {known:f}"
        " ORDER BY {valid:f} DESC, f.valid_from DESC LIMIT 1) f ON true"
    ),
    also_reads=("public_plan_functions",),
    # The coarser plan below, the finer above it.
    split_by=("level", ("general", "zoning", "detailed")),
)

PARCELS = Layer(
    id="parcels",
    title_vi="Thửa đất",
    title_en="Parcels",
    view="public_parcels",
    geometry="boundary_3857",
    shape=Shape.AREA,
    attributes=(
        Attribute("uuid", "v.uuid::text"),
        Attribute("number", "v.number"),
        Attribute(
            "land_use",
            "(SELECT string_agg(u.code, '+' ORDER BY u.position) "
            "FROM public_parcel_land_uses u WHERE u.version_id = v.id)",
        ),
    ),
    # A tile of zoom 14 over a dense ward is 2 MB.
    min_zoom=15,
    is_labelled_once=True,
    style=Style(outline="#4a443a", width_px=0.8, label="number", label_from_scale=1500),
    also_reads=("public_parcel_land_uses",),
)

#: From the bottom of the map to its top.
LAYERS: tuple[Layer, ...] = (WATER, ZONES, ROADS, WARDS, PARCELS)
BY_ID = {layer.id: layer for layer in LAYERS}


def in_both_times(sql: str, *, known: str | None, day: str) -> str:
    """Fill `{known:alias}` and `{valid:alias}` of an SQL text with conditions on that alias.

    `known` and `day` are SQL for a revision number (None for the newest) and a day.

    >>> in_both_times("{valid:v}", known=None, day="'2026-01-01'")
    "(v.valid_from <= '2026-01-01' AND (v.valid_to IS NULL OR v.valid_to > '2026-01-01'))"
    """
    return sql.format(known=_Known(known), valid=_Valid(day))


class _Known:
    def __init__(self, revision: str | None) -> None:
        self.revision = revision

    def __format__(self, alias: str) -> str:
        if self.revision is None:
            return f"{alias}.to_revision IS NULL"
        return (
            f"({alias}.from_revision <= {self.revision} AND "
            f"({alias}.to_revision IS NULL OR {alias}.to_revision > {self.revision}))"
        )


class _Valid:
    def __init__(self, day: str) -> None:
        self.day = day

    def __format__(self, alias: str) -> str:
        return (
            f"({alias}.valid_from <= {self.day} AND "
            f"({alias}.valid_to IS NULL OR {alias}.valid_to > {self.day}))"
        )
