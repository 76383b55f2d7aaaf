"""What a layer is: where its features come from, what goes out with them, how they are drawn."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tileserver.style import Style

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
    POINT = "point"
    #: A picture: only to be seen, so neither in vector tiles nor among features.
    RASTER = "raster"


class Audience(Enum):
    """Who may see a layer; its value is the alias of the database role that can read it."""

    PUBLIC = "public"
    #: Those who work on drafts, and of the drafts those that are open to them.
    TEAM = "team"


class Kind(Enum):
    """What values of an attribute are; named as JSON Schema and XML Schema name them."""

    TEXT = "string"
    INTEGER = "integer"
    NUMBER = "number"
    DATE = "date"
    TRUTH = "boolean"
    UUID = "uuid"


@dataclass(frozen=True)
class Attribute:
    """A value that goes out with every feature; `sql` may use the view under the name `v`.

    The titles say to people what the value means, `unit` in what it is measured.
    """

    name: str
    sql: str
    title_vi: str
    title_en: str
    kind: Kind = Kind.TEXT
    unit: str = ""
    #: Whether vector tiles and pictures carry it; they stay small.
    in_tiles: bool = True
    #: Vector tiles of smaller zooms leave it out. Identifiers are half of what a tile weighs.
    from_zoom: int = 0


@dataclass(frozen=True)
class Identity:
    """What names a feature for ever, over all its versions: columns whose texts a dot joins.

    No column but the last may hold dots. At one pair of day and revision it is unique.
    """

    columns: tuple[str, ...]
    kind: Kind = Kind.TEXT

    @property
    def sql(self) -> str:
        """SQL text for the identity of a row of the view `v`."""
        return " || '.' || ".join(f"v.{column}::text" for column in self.columns)


@dataclass(frozen=True)
class Origin:
    """Where the rows of a layer say which data set they are from and of which day their data are.

    Both are SQL over the view `v`; NULL where the rows do not say.
    """

    dataset: str = "NULL::text"
    data_date: str = "NULL::date"


@dataclass(frozen=True)
class Thinning:
    """Below `zoom`, only rows for which `condition` holds are shown."""

    zoom: int
    condition: str


@dataclass(frozen=True)
class Layer:
    """One layer. `joins` brings further `public_…` views, named in `also_reads`, into `sql`.

    `geometry` is the column in EPSG:3857 that maps are drawn from, `stored` the one in the storage
    system that coordinates are handed out from.
    """

    id: str
    title_vi: str
    title_en: str
    abstract_vi: str
    abstract_en: str
    view: str
    identity: Identity
    geometry: str
    stored: str
    shape: Shape
    attributes: tuple[Attribute, ...]
    min_zoom: int
    style: Style
    joins: str = ""
    also_reads: tuple[str, ...] = ()
    #: Under which name the database notes changes of its rows (`landdata.changed_areas`), where
    #: that is not its id.
    noted: str = ""
    where: str = ""
    thinned: tuple[Thinning, ...] = ()
    #: Column by whose values MapServer draws one layer above the other, lowest first.
    split_by: tuple[str, tuple[str, ...]] | None = None
    #: The layer that shows all of this and more. Whoever asks for everything gets that one only.
    part_of: str = ""
    max_zoom: int = LAST_ZOOM
    #: Under which heading a client offers to switch it; "" for what is always there.
    group: str = ""
    #: #rrggbb by which legends and answers mark it, where its own drawing is too pale for that.
    colour: str = "#5a6470"
    #: Whether a client shows it before anybody asks for it.
    is_visible: bool = True
    #: Whether the picture of a plot shows it.
    is_in_picture: bool = True
    #: Whether a feature is labelled in one tile only, the one that holds its inner point. Large
    #: features want a label in each tile, small ones would get two where a tile's edge cuts them.
    is_labelled_once: bool = False
    #: Whom the licence of the data asks to name.
    attribution: str = ""
    #: By which words catalogues find it.
    keywords: tuple[str, ...] = ()
    audience: Audience = Audience.PUBLIC
    #: Where rows say what they come from, if not in attributes "dataset" and "data_date".
    said_origin: Origin | None = None

    @property
    def origin(self) -> Origin:
        """Where the rows say what they come from."""
        if self.said_origin is not None:
            return self.said_origin
        known = {a.name: a.sql for a in self.attributes if a.name in ("dataset", "data_date")}
        return Origin(**known)

    @property
    def tile_attributes(self) -> tuple[Attribute, ...]:
        """The attributes that tiles and pictures carry."""
        return tuple(a for a in self.attributes if a.in_tiles)

    def attributes_at(self, zoom: int) -> tuple[Attribute, ...]:
        """The attributes that tiles of a zoom carry."""
        return tuple(a for a in self.tile_attributes if a.from_zoom <= zoom)

    @property
    def noted_as(self) -> tuple[str, ...]:
        """The names under which changes are noted that concern it."""
        return (self.noted or self.id, *self.also_reads)

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


#: Without versions named, no draft is seen.
NO_DRAFTS = "'{}'::bigint[]"


def in_both_times(sql: str, *, known: str | None, day: str, drafts: str = NO_DRAFTS) -> str:
    """Fill `{known:alias}`, `{valid:alias}` and `{drafts}` of an SQL text.

    The first two become conditions on that alias. `known` and `day` are SQL for a revision number
    (None for the newest) and a day, `drafts` for the versions whose drafts may be seen.

    >>> in_both_times("{valid:v}", known=None, day="'2026-01-01'")
    "(v.valid_from <= '2026-01-01' AND (v.valid_to IS NULL OR v.valid_to > '2026-01-01'))"
    """
    return sql.format(known=_Known(known), valid=_Valid(day), drafts=drafts)


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
