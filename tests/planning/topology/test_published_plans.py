"""Two plans as their authors published them: what is wrong in them, found by two ways.

The other way cuts all pairs of zones and merges all zones, which needs none of our arithmetic.
What lies behind each finding is told in docs/topology.md.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pyarrow.parquet
import pyproj
import pytest
import shapely

from planning.topology import OVERLAP_M2, Kind, check, ways_out

FILES = Path(__file__).parents[3] / "fixtures" / "zoning"
#: UTM zone 4 north, in which Kauaʻi lies.
METRES = 26904


def read(name, *, to=None):
    """Zones by name, in metres, as they stand in the file."""
    table = pyarrow.parquet.read_table(FILES / f"{name}.parquet").to_pydict()
    names = [f"{code}#{number}" for code, number in zip(table["code"], table["id"], strict=True)]
    shapes = shapely.from_wkb(table["boundary"])
    if to is not None:
        change = pyproj.Transformer.from_crs(4326, to, always_xy=True)
        shapes = shapely.transform(shapes, lambda xy: np.stack(change.transform(*xy.T), axis=1))
    return dict(zip(names, shapes, strict=True))


def outline(zones):
    """What lies within the outer outlines of all zones: the files say no other extent."""
    covered = shapely.union_all(shapely.make_valid(list(zones.values()), method="structure"))
    rings = [shapely.Polygon(part.exterior) for part in shapely.get_parts(covered)]
    return shapely.union_all(rings), covered


@pytest.fixture(scope="module")
def plu():
    zones = read("plu_30014")
    extent, covered = outline(zones)
    return zones, extent, covered, check(zones, extent)


@pytest.fixture(scope="module")
def kauai():
    zones = read("kauai", to=METRES)
    extent, covered = outline(zones)
    return zones, extent, covered, check(zones, extent)


def test_the_french_plan_has_seven_overlaps_two_gaps_and_a_splinter(plu):
    faults = plu[3]

    assert Counter(f.kind.value for f in faults) == {"overlap": 7, "gap": 2, "sliver": 1}
    # The first three lie wholly in another zone, which has no hole for them.
    assert [(f.zones, round(f.area_m2, 1)) for f in faults if f.kind == Kind.OVERLAP][:4] == [
        (("Ap#5", "N#6"), 6001.2),
        (("A#1", "N#88"), 1241.6),
        (("A#31", "N#30"), 1120.4),
        (("A#85", "IAU#76"), 1.6),
    ]


def test_kauai_has_what_it_has(kauai):
    faults = kauai[3]

    assert Counter(f.kind.value for f in faults) == {"overlap": 47, "gap": 49, "invalid": 3}
    assert {f.zones[0]: round(f.area_m2) for f in faults if f.kind == Kind.INVALID} == {
        "I-G#520": 60414,
        "R-4#1438": 15237,
        "R-6#1080": 0,
    }


@pytest.mark.parametrize("name", ["plu", "kauai"])
def test_cutting_all_pairs_and_merging_all_zones_finds_the_same(name, request):
    zones, extent, covered, faults = request.getfixturevalue(name)

    names = np.array(list(zones))
    shapes = shapely.force_2d(shapely.make_valid(list(zones.values()), method="structure"))
    one, other = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    common = shapely.area(shapely.intersection(shapes[one], shapes[other]))
    pairs = {
        tuple(sorted((names[a], names[b]))): m2
        for a, b, m2 in zip(one, other, common, strict=True)
        if a < b and m2 > OVERLAP_M2
    }
    bare = shapely.area(shapely.get_parts(extent.difference(covered)))

    found = {f.zones: f.area_m2 for f in faults if f.kind == Kind.OVERLAP}
    assert found == pytest.approx(pairs, abs=1e-6)
    gaps = [f.area_m2 for f in faults if f.kind == Kind.GAP]
    assert gaps == pytest.approx(sorted(bare[bare > OVERLAP_M2])[::-1], abs=1e-6)


def test_the_french_plan_is_repaired_way_by_way(plu):
    zones, extent, _, faults = plu
    zones, taken = dict(zones), []

    while faults:
        way = ways_out(faults[0], zones, extent)[0]
        taken.append(way.code)
        zones.update(way.changes)
        for name in [name for name, shape in way.changes.items() if shape is None]:
            del zones[name]
        left = check(zones, extent)
        assert len(left) < len(faults)
        faults = left

    assert Counter(taken) == {"take_from": 7, "give_to": 2, "join_to": 1}
