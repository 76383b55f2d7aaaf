"""Gaps, overlaps and zones outside in a plan of 20,000 zones, against shapely and PostGIS.

Everybody begins at the table and ends with every finding, its area and a point in it. shapely
tells pairs apart with its tree and merges all zones for the gaps; PostGIS does the same in SQL.
Before times are compared all three must find the same, which is what was put in. Then single
edits are rechecked, each from reading its surroundings from the table to knowing what it changed.
BENCH_ZONES makes a smaller plan, BENCH_FAULTS fewer faults, BENCH_EDITS fewer edits.
"""

from __future__ import annotations

import os
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import psycopg2
import shapely
from psycopg2.extras import execute_values

from benchmarks._zones import faulty_plan
from planning.topology import OVERLAP_M2, Fault, Kind, check, check_arrays, recheck
from tests.plugin import ThrowawayRun

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray
    from psycopg2.extensions import cursor
    from shapely.geometry.base import BaseGeometry

    from benchmarks._zones import FaultyPlan

ZONES = int(os.environ.get("BENCH_ZONES", "20000"))
FAULTS = int(os.environ.get("BENCH_FAULTS", "400"))
EDITS = int(os.environ.get("BENCH_EDITS", "400"))
ROUNDS = 5
SEED = 5
#: Engines compute the same area by other ways.
SAME_M2 = 1e-6
#: What an edit may take, at most, and what this benchmark shall show.
EDIT_MS, TIMES_FASTER = 50, 5


@dataclass(frozen=True)
class Finding:
    """A fault as any of them reports it."""

    kind: str
    zones: tuple[str, ...]
    area_m2: float
    place: tuple[float, float]


def main() -> int:
    """Run the benchmark and show the times and the ratios."""
    run = ThrowawayRun()
    try:
        run.start()
        plan = faulty_plan(ZONES, FAULTS, SEED)
        connection = psycopg2.connect(os.environ["DIADO_TEST_ADMIN_DATABASE_URL"])
        connection.autocommit = True
        database = connection.cursor()
        _store(database, plan)
        _compare(database, plan)
        return _edit(database, plan)
    finally:
        run.stop()


def _store(database: cursor, plan: FaultyPlan) -> None:
    """Put the plan into tables as a draft's would be."""
    database.execute("CREATE EXTENSION IF NOT EXISTS postgis")
    database.execute("CREATE SCHEMA bench")
    database.execute("CREATE TABLE bench.plan (extent geometry(Polygon, 5897))")
    database.execute(
        "CREATE TABLE bench.zone (uid text PRIMARY KEY, boundary geometry(Polygon, 5897))"
    )
    database.execute(
        "INSERT INTO bench.plan VALUES (ST_GeomFromWKB(%s, 5897))", [shapely.to_wkb(plan.extent)]
    )
    rows = [(name, shapely.to_wkb(shape)) for name, shape in plan.zones.items()]
    template = "(%s, ST_GeomFromWKB(%s, 5897))"
    execute_values(database, "INSERT INTO bench.zone VALUES %s", rows, template=template)
    database.execute("CREATE INDEX ON bench.zone USING gist (boundary)")
    database.execute("VACUUM ANALYZE bench.zone")
    corners = shapely.get_num_coordinates(list(plan.zones.values()))
    _say(
        f"{len(plan.zones):,} zones, {int(np.median(corners))} corners in the middle,"
        f" {corners.max()} at most; put in: {len(plan.overlaps)} overlaps, {len(plan.gaps)} gaps,"
        f" {len(plan.outside)} zones outside"
    )


def _read(database: cursor) -> tuple[NDArray[np.object_], list[str], BaseGeometry]:
    # As bytes they are read three times as fast as in the hexadecimal text that is the default.
    database.execute("SELECT uid, ST_AsBinary(boundary) FROM bench.zone")
    names, blobs = zip(*database.fetchall(), strict=True)
    database.execute("SELECT ST_AsBinary(extent) FROM bench.plan")
    (extent,) = database.fetchone() or (b"",)
    shapes = shapely.from_wkb([bytes(blob) for blob in blobs])
    return shapes, list(names), shapely.from_wkb(bytes(extent))


def _ours(database: cursor) -> list[Finding]:
    return [
        Finding(f.kind.value, () if f.kind == Kind.GAP else f.zones, f.area_m2, f.place)
        for f in check_arrays(*_read(database))
    ]


def _with_shapely(database: cursor) -> list[Finding]:
    shapes, names, extent = _read(database)
    one, other = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    once = one < other
    one, other = one[once], other[once]
    # Most pairs only touch. To ask that first is faster than to cut them all.
    share = shapely.relate_pattern(shapes[one], shapes[other], "2********")
    one, other = one[share], other[share]
    common = shapely.intersection(shapes[one], shapes[other])
    found = [
        _finding("overlap", sorted((names[a], names[b])), ground)
        for a, b, ground in zip(one, other, common, strict=True)
    ]
    covered = shapely.union_all(shapes)
    found += [_finding("gap", [], g) for g in shapely.get_parts(extent.difference(covered))]
    shapely.prepare(extent)
    loose = np.flatnonzero(~shapely.covers(extent, shapes))
    rest = shapely.difference(shapes[loose], extent)
    found += [_finding("outside", [names[k]], g) for k, g in zip(loose, rest, strict=True)]
    return [finding for finding in found if finding.area_m2 > OVERLAP_M2]


def _finding(kind: str, zones: list[str], ground: BaseGeometry) -> Finding:
    inside = ground.representative_point()
    place = (inside.x, inside.y) if not inside.is_empty else (0.0, 0.0)
    return Finding(kind, tuple(zones), ground.area, place)


STATEMENTS = {
    # ST_Overlaps leaves out a zone that lies in another or twice in the plan.
    "overlap": """
        SELECT ARRAY[a.uid, b.uid], ST_Area(g), ST_PointOnSurface(g)
        FROM bench.zone a JOIN bench.zone b ON a.uid < b.uid AND a.boundary && b.boundary
            AND ST_Relate(a.boundary, b.boundary, '2********')
        CROSS JOIN LATERAL ST_Intersection(a.boundary, b.boundary) AS g
    """,
    "gap": """
        SELECT ARRAY[]::text[], ST_Area(g), ST_PointOnSurface(g)
        FROM (
            SELECT (ST_Dump(ST_Difference(
                (SELECT extent FROM bench.plan), (SELECT ST_Union(boundary) FROM bench.zone)
            ))).geom AS g
        ) gaps
    """,
    "outside": """
        SELECT ARRAY[uid], ST_Area(g), ST_PointOnSurface(g)
        FROM bench.plan JOIN bench.zone ON NOT ST_Covers(extent, boundary)
        CROSS JOIN LATERAL ST_Difference(boundary, extent) AS g
    """,
}


def _with_postgis(database: cursor) -> list[Finding]:
    found = []
    for kind, statement in STATEMENTS.items():
        database.execute(f"SELECT * FROM ({statement}) f (zones, m2, at) WHERE m2 > {OVERLAP_M2}")  # noqa: S608 - our own words
        rows = database.fetchall()
        at = shapely.from_wkb([row[2] for row in rows])
        found += [
            Finding(kind, tuple(zones), m2, (point.x, point.y))
            for (zones, m2, _), point in zip(rows, at, strict=True)
        ]
    return found


def _compare(database: cursor, plan: FaultyPlan) -> None:
    engines: dict[str, Callable[[cursor], list[Finding]]] = {
        "ours": _ours,
        "shapely": _with_shapely,
        "PostGIS": _with_postgis,
    }
    best: dict[str, float] = {}
    found: dict[str, list[Finding]] = {}
    for _ in range(ROUNDS):
        for name, engine in engines.items():
            begun = time.perf_counter()
            found[name] = engine(database)
            best[name] = min(best.get(name, np.inf), time.perf_counter() - begun)
    for name, findings in found.items():
        _check_alike(name, findings, plan)
    _say(f"all found the same, which is what was put in; best of {ROUNDS}, table to findings:")
    for name, seconds in best.items():
        ratio = seconds / best["ours"]
        aim = "" if name == "ours" else f"   {ratio:.1f} times ours (aim: {TIMES_FASTER})"
        _say(f"  {name:8} {seconds:6.2f} s{aim}")


def _check_alike(name: str, findings: list[Finding], plan: FaultyPlan) -> None:
    """Stop unless what was found is what was put in, with its area."""
    expected = [
        *(("overlap", tuple(sorted(pair)), m2) for pair, m2 in plan.overlaps.items()),
        *(("gap", (), m2) for m2 in plan.gaps),
        *(("outside", (zone,), m2) for zone, m2 in plan.outside.items()),
    ]
    seen = sorted((f.kind, f.zones, f.area_m2) for f in findings)
    for one, other in zip(sorted(expected), seen, strict=True):
        if one[:2] != other[:2] or abs(one[2] - other[2]) > SAME_M2:
            raise SystemExit(f"{name} found {other}, and {one} was put in")


def _edit(database: cursor, plan: FaultyPlan) -> int:
    """Recheck edits one by one; afterwards a whole check must say the same."""
    zones: dict[str, BaseGeometry] = dict(plan.zones)
    known = check(zones, plan.extent)
    chance = np.random.default_rng(SEED)
    whole_ms, arithmetic_ms, read = [], [], 0
    for _ in range(EDITS):
        before, after = _drawn(zones, sorted(zones)[int(chance.integers(len(zones)))], chance)
        begun = time.perf_counter()
        near = _near(database, before, after)
        read += len(near)
        cut = time.perf_counter()
        touched = [f for f in known if f.kind == Kind.GAP or not set(f.zones).isdisjoint(before)]
        seen = recheck(touched, before=before, after=after, near=near, extent=plan.extent)
        done = time.perf_counter()
        whole_ms.append((done - begun) * 1000)
        arithmetic_ms.append((done - cut) * 1000)
        zones.update(after)
        gone = {id(f) for f in touched}
        known = [f for f in known if id(f) not in gone] + seen.kept + seen.come
        rows = [(name, shapely.to_wkb(shape)) for name, shape in after.items()]
        execute_values(
            database,
            "UPDATE bench.zone z SET boundary = ST_GeomFromWKB(n.wkb, 5897)"
            " FROM (VALUES %s) n (uid, wkb) WHERE z.uid = n.uid",
            rows,
        )
    _check_same(known, check(zones, plan.extent))
    _say(
        f"{EDITS} edits, {read / max(EDITS, 1):.0f} zones around each; then a whole check finds"
        f" the same {len(known)} faults:"
    )
    for what, taken in (("from the table", whole_ms), ("arithmetic", arithmetic_ms)):
        median, late = np.percentile(taken, [50, 95])
        _say(f"  {what:14} median {median:5.1f} ms, 95 % within {late:5.1f} ms (aim: {EDIT_MS})")
    return 0 if np.percentile(whole_ms, 95) < EDIT_MS else 1


def _drawn(
    zones: Mapping[str, BaseGeometry], name: str, chance: np.random.Generator
) -> tuple[dict[str, BaseGeometry], dict[str, BaseGeometry]]:
    """Move a corner of a zone by up to 3 m, in two of three cases with all who share it."""
    corners = shapely.get_coordinates(zones[name])
    corner = corners[int(chance.integers(len(corners)))]
    shift = chance.uniform(-3, 3, 2).round(3)

    def moved(points: NDArray[np.float64]) -> NDArray[np.float64]:
        points[(points == corner).all(axis=1)] += shift
        return points

    near = {
        other: shape
        for other, shape in zones.items()
        if other[:4] == name[:4] or abs(int(other[1:4]) - int(name[1:4])) == 1
        if shape.intersects(shapely.Point(corner))
        if (shapely.get_coordinates(shape) == corner).all(axis=1).any()
    }
    before = near if chance.integers(3) else {name: zones[name]}
    after = {other: shapely.transform(shape, moved) for other, shape in before.items()}
    return before, after


def _near(
    database: cursor, before: Mapping[str, BaseGeometry], after: Mapping[str, BaseGeometry]
) -> dict[str, BaseGeometry]:
    boxes = shapely.bounds([*before.values(), *after.values()]).tolist()
    database.execute(
        "SELECT z.uid, z.boundary FROM bench.zone z WHERE z.boundary && ANY(%s::geometry[])"
        " AND NOT z.uid = ANY(%s)",
        [
            [
                shapely.to_wkb(shapely.set_srid(shapely.box(*b), 5897), hex=True, include_srid=True)
                for b in boxes
            ],
            list(before),
        ],
    )
    rows = database.fetchall()
    shapes = shapely.from_wkb([row[1] for row in rows])
    return {uid: shape for (uid, _), shape in zip(rows, shapes, strict=True)}


def _check_same(known: list[Fault], whole: list[Fault]) -> None:
    """Stop unless what edits left behind is what a whole check finds."""
    one, other = (
        sorted((f.kind.value, f.zones, f.area_m2) for f in faults) for faults in (known, whole)
    )
    for mine, theirs in zip(one, other, strict=True):
        if mine[:2] != theirs[:2] or abs(mine[2] - theirs[2]) > SAME_M2:
            raise SystemExit(f"after the edits {mine} is known, and {theirs} is there")


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
