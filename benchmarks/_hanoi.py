"""The real streets of inner Hà Nội as rows of a network."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely
from pyproj import Transformer

from fixtures.city.osm import read_roads
from importers.osm.splitting import split, without_repeats
from planning.reach.records import NodeRows, RoadRows

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray


def hanoi() -> tuple[RoadRows, NodeRows]:
    """Return segments between the nodes that ways share, and these nodes, in UTM 48N."""
    ways = read_roads()
    nodes, offsets = without_repeats(ways.node, ways.start)
    _, where = np.unique(ways.node, return_index=True)
    known = ways.node[where]
    to_metres = Transformer.from_crs("EPSG:4326", "EPSG:32648", always_xy=True)
    east, north = to_metres.transform(ways.lon_e7[where] / 1e7, ways.lat_e7[where] / 1e7)
    xy = np.stack([east, north], axis=1)[np.searchsorted(known, nodes)]
    cut = split(nodes, offsets)
    many = len(cut.way)
    size = cut.ends - cut.starts
    row = np.repeat(cut.starts - np.cumsum(size) + size, size) + np.arange(size.sum())
    axis = shapely.linestrings(xy[row], indices=np.repeat(np.arange(many), size))
    ends = np.unique(np.concatenate([nodes[cut.starts], nodes[cut.ends - 1]]))
    one_way = {"yes": 1, "-1": -1}
    said = ways.tags["oneway"][cut.way]
    roads = RoadRows(
        key=_words(f"w{k:09d}" for k in range(many)),
        axis=np.asarray(axis, dtype=object),
        from_node=_words(f"n{number:012d}" for number in nodes[cut.starts].tolist()),
        to_node=_words(f"n{number:012d}" for number in nodes[cut.ends - 1].tolist()),
        road_class=ways.tags["highway"][cut.way],
        access=_words([""] * many),
        planned_by=_words([""] * many),
        level=np.zeros(many, dtype=np.int16),
        one_way=np.array([one_way.get(word, 0) for word in said.tolist()], dtype=np.int8),
        max_speed_kmh=np.full(many, np.nan),
        width_m=np.full(many, np.nan),
    )
    return roads, NodeRows(
        _words(f"n{number:012d}" for number in ends.tolist()),
        np.stack([east, north], axis=1)[np.searchsorted(known, ends)],
        _words([""] * len(ends)),
    )


def _words(words: Iterable[str]) -> NDArray[np.object_]:
    return np.array(list(words), dtype=object)
