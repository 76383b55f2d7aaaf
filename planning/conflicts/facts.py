"""What is judged: arrays of zones, parcels, works and terrain, without a database.

All shapes are in the storage system of the installation, in metres. `is_judged` marks the rows
whose conflicts are wanted: all of them in a whole run, what an edit can touch in a partial one.
The other rows are there because the judged ones meet them. A rule tells a conflict if at least one
of its parties is judged, and what it tells must rest on nothing but rows that are then there:

- zones: every one whose box meets the box of a judged zone; and of higher levels also every one
  whose box meets the box of one of those.
- zones of the functions that are measured in groups (`Facts.grouped`): of a judged one its whole
  group, all connected zones of the same function in the same plan.
- streets within REACH_M of what changed are judged themselves, and zones of lots there for what
  becomes of their plots (`Facts.beside`). No conflict has a plot or a building for a party.
- every plot that meets a judged zone or a zone beside.
- every building, project, and every work with its corridors, that comes within `NEAR_M` of a judged
  zone; every line that comes so near to the box of one, or of a judged street.
- every zone and street within `NEAR_M` of the box of a judged zone, a zone beside, a judged street.
- runways (protected sites of that kind): all, since their surfaces reach over the whole city.
- grids: all cells on judged zones, and several more around them.
- plans: all.
"""

from __future__ import annotations

import dataclasses
import threading
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, Self, TypeVar

import numpy as np
import shapely

from planning.conflicts.shares import Shares, shares_of

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from planning.corridors import Corridor, SourceObject
    from planning.corridors import Rule as CorridorRule
    from planning.topology import Fault

    Objects = NDArray[np.object_]
    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]

_Made = TypeVar("_Made")

#: How far around judged zones facts are there, in metres; no rule without corridors looks farther.
NEAR_M: Final = 50.0


@dataclass(frozen=True, eq=False)
class Table:
    """Rows as columns of equal length, in the order of `key`."""

    key: Objects
    shape: Objects
    is_judged: Bools

    def __len__(self) -> int:
        return len(self.key)

    def take(self, rows: NDArray[Any]) -> Self:
        """Return some of the rows, by number or by mask."""
        columns = {f.name: getattr(self, f.name)[rows] for f in dataclasses.fields(self) if f.init}
        return dataclasses.replace(self, **columns)

    def with_more(self, other: Self) -> Self:
        """Return these rows, and those of another table that are not among them."""
        new = other.take(~np.isin(other.key, self.key))
        names = [f.name for f in dataclasses.fields(self) if f.init]
        columns = {
            name: np.concatenate([getattr(self, name), getattr(new, name)]) for name in names
        }
        return dataclasses.replace(self, **columns)

    @cached_property
    def tree(self) -> shapely.STRtree:
        """An index of the boxes."""
        return shapely.STRtree(self.shape)

    @cached_property
    def area_m2(self) -> Floats:
        """Area of each shape."""
        return np.asarray(shapely.area(self.shape), dtype=float)


@dataclass(frozen=True, eq=False)
class Zones(Table):
    """Zones of plans: `key` is the uid. Numbers are NaN where nothing is stated or readable."""

    #: Row of `Facts.plans`.
    plan: NDArray[np.int64]
    label: Objects
    function: Objects
    land_use_code: Objects
    #: The indicators as the plan writes them.
    density: Objects
    storeys: Objects
    floor_area_ratio: Objects
    density_max: Floats
    storeys_max: Floats
    floor_area_ratio_max: Floats
    population: Floats
    note: Objects


@dataclass(frozen=True, eq=False)
class Plan:
    """A plan in force, or a draft; a draft and what is in force of the same plan are two rows."""

    code: str
    level: str
    #: Code of the plan above, "" where there is none.
    parent: str
    ground: BaseGeometry
    #: The day whose norms hold for it.
    on: dt.date
    authority: str = ""
    name_vi: str = ""
    name_en: str = ""
    scale: int = 0
    is_draft: bool = False
    is_judged: bool = True
    #: Function → m² over all its zones, whether or not they are among the facts, and its people.
    balance: Mapping[str, float] = field(default_factory=dict)
    people: float | None = None


@dataclass(frozen=True, eq=False)
class Parcels(Table):
    """Plots of the register: `key` is the parcel's identifier."""

    unit_code: Objects
    sheet: Objects
    number: Objects
    #: Codes of the registered purposes, joined by "+" in the register's order.
    uses: Objects
    #: Origins of the rights ("DG-KTT"), joined by "+"; "" where the register does not say.
    origins: Objects
    #: People of the plot, 0 where nobody was counted.
    people: Floats


@dataclass(frozen=True, eq=False)
class Buildings(Table):
    """Footprints: `key` is "building/<data set>/<sender's key>"."""

    use: Objects
    storeys: Floats
    height_m: Floats


@dataclass(frozen=True, eq=False)
class Roads(Table):
    """Axes of streets that exist or are planned: `key` is "road/<data set>/<sender's key>"."""

    name: Objects
    road_class: Objects
    technical_class: Objects
    width_m: Floats
    red_line_m: Floats
    level: NDArray[np.int64]
    #: Code of the plan that a road not yet built stands in, "" if it exists.
    planned_by: Objects


@dataclass(frozen=True, eq=False)
class Items(Table):
    """Projects of annual land-use plans: `key` is "<plan code>/<item key>"; shapes may be None."""

    name: Objects
    kind: Objects
    purpose: Objects
    status: Objects
    #: Years, the newest plan's.
    year: NDArray[np.int64]
    first_listed_year: NDArray[np.int64]
    area_m2_stated: Floats


@dataclass(frozen=True, eq=False)
class ControlLines(Table):
    """Ground between red lines, or before a building line: `key` is "control_line/…"."""

    kind: Objects
    plan_code: Objects


@dataclass(frozen=True, eq=False)
class Grid:
    """Measured heights or depths in metres, the first row in the north; NaN: not known.

    Cells are squares of the storage system, or near enough: the affine map goes from (column, row)
    to (east, north), as rasterio's.
    """

    kind: str
    key: str
    cells: NDArray[np.float32]
    west: float
    north: float
    cell_width: float
    cell_height: float


@dataclass(frozen=True, eq=False)
class Facts:
    """Everything that rules look at."""

    #: The legal day of the run.
    on: dt.date
    plans: Sequence[Plan]
    zones: Zones
    parcels: Parcels | None = None
    buildings: Buildings | None = None
    roads: Roads | None = None
    items: Items | None = None
    control_lines: ControlLines | None = None
    #: Works that keep others away, and the corridors around them on the day.
    objects: Sequence[SourceObject] = ()
    corridors: Sequence[Corridor] = ()
    corridor_rules: Sequence[CorridorRule] = ()
    grids: Sequence[Grid] = ()
    #: Plan codes in pairs (the one that gives way, the one that prevails) with the ground of the
    #: decision.
    precedence: Sequence[tuple[str, str, BaseGeometry]] = ()
    #: The rules on density, ratio, people (planning.norms.Norm).
    norms: Sequence[Any] = ()
    #: Rows of `service_radii.csv` as they are written.
    service_norms: Sequence[Mapping[str, str]] = ()
    #: What is wrong with the zones of plans, by plan code, where it is kept; None: it is found out.
    faults: Sequence[tuple[str, Fault]] | None = None
    #: Zones that are not judged but for what becomes of their plots; None: there are none.
    beside: Bools | None = None
    #: What `shares` says, where it is known already.
    known_shares: Shares | None = None
    #: Whether rules about whole plans are wanted too.
    with_plans: bool = True
    #: Whether every zone of the judged plans is there. Only then it is counted, once a rule and
    #: plan (part "unchecked"), what could not be checked: a partial run leaves those counts as the
    #: last whole run told them.
    is_whole: bool = True
    _kept: dict[str, Any] = field(default_factory=dict, init=False, repr=False)
    _making: dict[str, threading.RLock] = field(default_factory=dict, init=False, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False, repr=False)

    def once(self, name: str, make: Callable[[Facts], _Made]) -> _Made:
        """Return what `make` gives of these facts, which is made once for all rules that ask."""
        with self._lock:
            making = self._making.setdefault(name, threading.RLock())
        # Whoever asks for something else need not wait.
        with making:
            if name not in self._kept:
                self._kept[name] = make(self)
            made: _Made = self._kept[name]
            return made

    @cached_property
    def shares(self) -> Shares:
        """Which zones share which ground of which parcels, in m²; zones of all plans."""
        if self.known_shares is not None:
            return self.known_shares
        if self.parcels is None:
            return Shares.none()
        return shares_of(self.parcels.shape, self.zones.shape)

    @cached_property
    def plan_codes(self) -> Objects:
        """Code of the plan of each zone."""
        codes = np.array([plan.code for plan in self.plans] or [""], dtype=object)
        return codes[self.zones.plan] if len(self.zones) else np.empty(0, dtype=object)

    @cached_property
    def levels(self) -> Objects:
        """Level of the plan of each zone."""
        levels = np.array([str(plan.level) for plan in self.plans] or [""], dtype=object)
        return levels[self.zones.plan] if len(self.zones) else np.empty(0, dtype=object)
