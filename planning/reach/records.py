"""What the parts of reach hand to each other: arrays of a network, of places, of what is reached.

Units: metres, seconds, people (real numbers), m²; coordinates in the storage system of the
installation. In costs `inf` means that there is no way, and NaN that nobody knows: neither is ever
written as a number. Arrays are contiguous and not changed once made. Limits are inclusive.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray
    from shapely import LineString

    from planning.norms import State

    Floats = NDArray[np.float64]
    Singles = NDArray[np.float32]
    Ints = NDArray[np.int32]
    Shorts = NDArray[np.int16]
    Bytes = NDArray[np.int8]
    Bits = NDArray[np.uint8]
    Bools = NDArray[np.bool_]
    Objects = NDArray[np.object_]

#: What sums of square roots leave of a round number of metres.
NOISE_M: Final = 1e-6
#: Owner of a node that no facility reaches.
NOBODY: Final = 2**31 - 1


class Mode(StrEnum):
    """How somebody moves."""

    WALK = "walk"
    CYCLE = "cycle"
    MOTORBIKE = "motorbike"
    CAR = "car"

    @property
    def bit(self) -> int:
        """Its bit in masks of modes."""
        return 1 << list(Mode).index(self)


class Metric(StrEnum):
    """What a way is short by."""

    METRES = "metres"
    SECONDS = "seconds"


class Direction(StrEnum):
    """Which way somebody goes, seen from a place: to the facility, or a fire engine from it."""

    TO = "to"
    FROM = "from"


class PlaceState(IntEnum):
    """What is known of a place's way to the streets; from NO_STREET on its reach is not known."""

    OK = 0
    #: No way to a street that crosses nobody else's ground: the nearest street is taken.
    NO_FRONT = 1
    #: The street is part of a small network that hangs together with no other.
    ISLAND = 2
    NO_STREET = 3
    NO_GROUND = 4


class Measure(StrEnum):
    """What a figure says."""

    SHARE_WITHIN = "share_within"
    ALL_SERVICES = "all_services"
    METRES = "metres"
    MINUTES = "minutes"
    STRAIGHT = "straight"
    REACHABLE = "reachable"
    SUPPLY = "supply"
    WITH_ROOM = "with_room"
    GINI = "gini"
    GAP = "gap"
    WORST_DECILE = "worst_decile"
    PROVISION = "provision"
    SPACING = "spacing"


@dataclass(frozen=True, eq=False)
class RoadRows:
    """Segments of one data set of streets, in the order of `key`."""

    #: "<data set>/<sender's key>".
    key: Objects
    #: LineString.
    axis: Objects
    from_node: Objects
    to_node: Objects
    road_class: Objects
    #: Words of no_walk, no_cycle, no_motorbike, no_car, private, parted by blanks.
    access: Objects
    #: Code of the plan that a road not yet built stands in, "" if it exists.
    planned_by: Objects
    level: Shorts
    #: 0 both ways, 1 along the axis, -1 against it.
    one_way: Bytes
    max_speed_kmh: Floats
    width_m: Floats

    def __len__(self) -> int:
        return len(self.key)


@dataclass(frozen=True, eq=False)
class NodeRows:
    """Junctions and ends of segments."""

    key: Objects
    #: (n, 2)
    xy: Floats
    #: "" or the kind of barrier that stands there.
    barrier: Objects

    def __len__(self) -> int:
        return len(self.key)


@dataclass(frozen=True, eq=False)
class Issue:
    """Something in a network that looks wrong, and where."""

    kind: str
    #: Keys of segments or nodes.
    keys: tuple[str, ...]
    place: tuple[float, float]
    metres: float = 0.0


@dataclass(frozen=True, eq=False)
class Quality:
    """What looks wrong in a network: all of it counted, part of it listed."""

    counts: Mapping[str, int]
    metres: Mapping[str, float]
    issues: Sequence[Issue]
    is_cut: bool


@dataclass(frozen=True, eq=False)
class Network:
    """Junctions and the edges between them, and the straight pieces of the edges."""

    node_key: Objects
    #: (nodes, 2)
    xy: Floats
    height_m: Singles
    #: Number of the part that a node hangs together with, whichever way streets lead.
    part: Ints
    #: Modes (bits) that do not get past a node.
    barred: Bits
    edge_key: Objects
    tail: Ints
    head: Ints
    length_m: Floats
    #: Row of `classes`.
    road_class: Shorts
    level: Shorts
    one_way: Bytes
    #: Modes (bits) that may not use an edge.
    shut: Bits
    #: Metres climbed and dropped from tail to head; `slope_known` says whether anybody knows.
    climb_m: Singles
    drop_m: Singles
    slope_known: Bools
    max_speed_kmh: Singles
    width_m: Singles
    #: Row of `plans`, -1 where the street exists.
    planned: Ints
    #: (pieces, 4): x0 y0 x1 y1, those of an edge behind each other from tail to head.
    piece: Floats
    piece_edge: Ints
    #: Metres from the tail to the beginning of a piece.
    piece_at_m: Floats
    #: Metres of street of each part.
    part_length_m: Floats
    classes: tuple[str, ...]
    plans: tuple[str, ...]
    quality: Quality

    @property
    def nodes(self) -> int:
        """How many nodes there are."""
        return len(self.xy)

    @property
    def edges(self) -> int:
        """How many edges there are."""
        return len(self.tail)


@dataclass(frozen=True, eq=False)
class Costs:
    """What it costs a mode to go along whole edges; `inf` where it may not."""

    mode: Mode
    metric: Metric
    ahead: Floats
    back: Floats


@dataclass(frozen=True, eq=False)
class Graph:
    """Arcs of each node behind each other: `to[start[n] : start[n + 1]]` of node n."""

    start: Ints
    to: Ints
    cost: Floats
    edge: Ints
    #: Arcs are turned round: a search from facilities finds the ways that lead to them.
    towards: bool

    @property
    def nodes(self) -> int:
        """How many nodes there are."""
        return len(self.start) - 1


@dataclass(frozen=True, eq=False)
class Places:
    """Where places meet the streets: entrances `start[p] : start[p + 1]`, the nearest first."""

    start: Ints
    edge: Ints
    #: Metres from the tail of the edge.
    at_m: Floats
    #: Metres from the ground of the place to the street, which are part of every way.
    offset_m: Floats
    #: (entrances, 2): on the street.
    xy: Floats
    #: PlaceState of each place.
    state: Bits

    def __len__(self) -> int:
        return len(self.state)


@dataclass(frozen=True, eq=False)
class Facilities:
    """Places that offer something, in the order of `key`: "<data set>/<sender's key>"."""

    key: Objects
    name: Objects
    kind: Objects
    #: NaN where nobody says.
    capacity: Floats
    capacity_unit: Objects
    #: (n, 2)
    xy: Floats
    places: Places
    #: How the entrance is known: surveyed, plot, point.
    entrance_by: Objects

    def __len__(self) -> int:
        return len(self.key)


@dataclass(frozen=True, eq=False)
class Labels:
    """Of each node how far it is to the nearest facility of a kind, and to which."""

    dist: Floats
    #: Number of the facility among all; NOBODY where there is no way.
    owner: Ints


@dataclass(frozen=True, eq=False)
class Nearest:
    """Of each place what the way to the nearest facility costs: `inf` no way, NaN not known."""

    cost: Floats
    #: Number of the facility, -1 where there is none.
    facility: Ints
    #: Number of the entrance that the way begins at, -1.
    entrance: Ints
    #: The part of the cost that is beside the streets on the side of the place.
    beside: Floats


@dataclass(frozen=True, eq=False)
class People:
    """Who lives where; NaN where nobody was counted."""

    people: Floats
    #: Row of `units`, -1 for none.
    unit: Ints
    units: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Limits:
    """How far a norm lets each place lie from the nearest facility.

    Where nobody knows which of several figures counts, a place up to the strictest is certainly
    within, one beyond the laxest certainly not, and of those between nothing can be said.
    """

    norm: str
    #: NaN where no figure can be given at all.
    strictest_m: Floats
    #: `inf` where the norm allows more without saying how much.
    laxest_m: Floats
    #: Whether the norm speaks of the place at all.
    holds: Bools
    #: Why the limit is not one figure: row of `reasons`, -1 where it is.
    reason: Bytes
    reasons: tuple[str, ...]
    measured: Literal["straight", "walk"]

    @property
    def limit_m(self) -> Floats:
        """The limit where it is one figure, else NaN."""
        is_one = self.holds & (self.strictest_m == self.laxest_m)
        return np.where(is_one, self.strictest_m, np.nan)


@dataclass(frozen=True, eq=False)
class Figure:
    """One number about a kind of service, a norm, and everybody or the people of a ward."""

    kind: str
    norm: str
    mode: Mode
    metric: Metric
    measure: Measure
    #: Code of the administrative unit, "" for all of them.
    unit: str
    #: None where it is not known, and then there is a reason.
    value: float | None
    low: float | None = None
    high: float | None = None
    people: float | None = None
    state: State | None = None
    reason: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Change:
    """One change of a scenario."""

    action: Literal["add", "move", "close", "enlarge", "road", "people"]
    #: Of the facility, or of the zone whose people change.
    key: str = ""
    kind: str = ""
    xy: tuple[float, float] | None = None
    capacity: float | None = None
    #: Of a road, on the ground; its ends and crossings join the streets there.
    axis: LineString | None = None
    road_class: str = "residential"
    #: Of a zone; None: who was counted there stays.
    people: float | None = None
