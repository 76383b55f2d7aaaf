"""How far 500,000 plots are from the nearest of 8 services, along the real streets of Hà Nội.

Against networkit, pandana with its preprocessing, and pgRouting. The peers know nodes only: all are
given plots and facilities at nodes, found once before, and say for every plot and kind how far it
is and whether that is within the norm. All must agree before times are compared: networkit to 1e-9,
pandana to its millimetre an edge, pgRouting to 1e-6. Then what only we do: places anywhere on
streets, and one facility moved. At last a city of so many plots in its database: a whole run, with
what is kept and without, one facility moved, and service areas of eight kinds (_reach_city.py).
BENCH_PARCELS makes it smaller.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numba
import numpy as np
import psycopg2
from psycopg2.extras import execute_values

from benchmarks import _reach_peers
from planning.reach.records import Graph
from planning.reach.shortest import Sources, nearest_of
from tests.plugin import ThrowawayRun

if TYPE_CHECKING:
    from collections.abc import Callable

PLOTS: Final = int(os.environ.get("BENCH_PARCELS", "500000"))
SEED: Final = 17
#: Facilities of eight kinds, as many as the demo city of that size has, and limits in metres.
KINDS: Final = {
    "kindergarten": (548, 500.0),
    "primary_school": (280, 500.0),
    "lower_secondary_school": (210, 1_000.0),
    "upper_secondary_school": (92, 1_000.0),
    "health_station": (140, 1_000.0),
    "market": (170, 1_000.0),
    "park": (150, 800.0),
    "garden": (440, 500.0),
}
#: What this benchmark shall show.
TIMES_NETWORKIT, TIMES_PGROUTING, TIMES_PANDANA = 1.0, 15.0, 50.0
MM: Final = 1e-3


def main() -> int:
    """Run the benchmark and show times and ratios."""
    as_given = dict(os.environ)
    _reach_peers.install()
    folder = Path(tempfile.mkdtemp(dir="/tmp"))
    task = _task()
    np.savez(folder / "task.npz", **task)
    ours, seconds = _ours(task)
    held = [_against("networkit", folder, task, ours, seconds, TIMES_NETWORKIT)]
    held.append(_against("pandana", folder, task, ours, seconds, TIMES_PANDANA))
    held.append(_against_pgrouting(task, ours, seconds))
    city = subprocess.run(
        [sys.executable, "-m", "benchmarks._reach_city"], env=as_given, check=False
    )
    held.append(city.returncode == 0)
    return 0 if all(held) else 1


def _task() -> dict[str, Any]:
    """Return the graph on foot, plots and facilities at nodes, and limits."""
    graph, xy = _walking()
    dice = np.random.default_rng(SEED)
    tail = np.repeat(np.arange(graph.nodes), np.diff(graph.start))
    task: dict[str, Any] = {
        # The graph leads away from facilities: these are the ways there.
        "tail": graph.to.astype(np.int64),
        "head": tail.astype(np.int64),
        "cost": graph.cost,
        "xy": xy,
        "plot_node": dice.integers(0, graph.nodes, PLOTS),
        "plot_offset": dice.uniform(0, 40, PLOTS),
        "limit": np.array([limit for _, limit in KINDS.values()]),
        "kinds": len(KINDS),
        "start": graph.start,
        "to": graph.to,
    }
    for number, (many, _) in enumerate(KINDS.values()):
        task[f"kind_{number}"] = np.sort(dice.choice(graph.nodes, many, replace=False))
    _say(
        f"{graph.nodes:,} nodes, {len(graph.to):,} ways between them, {PLOTS:,} plots, "
        f"{sum(many for many, _ in KINDS.values()):,} facilities of {len(KINDS)} kinds"
    )
    return task


def _walking() -> tuple[Graph, Any]:
    from benchmarks._hanoi import hanoi
    from planning.reach.graph import graph_of
    from planning.reach.parameters import parameters
    from planning.reach.records import Metric, Mode
    from planning.reach.speeds import costs
    from planning.reach.topology import build_network

    known = parameters()
    network = build_network(*hanoi(), parameters=known)
    on_foot = costs(network, known.profiles[Mode.WALK], Metric.METRES)
    return graph_of(network, on_foot, towards=True), network.xy


def _ours(task: dict[str, Any]) -> tuple[Any, float]:
    """Return how far each plot is from each kind, and the best of several times."""
    graph = _graph(task)
    found = np.empty((task["kinds"], PLOTS))
    within = np.empty((task["kinds"], PLOTS), dtype=bool)

    def of_kind(number: int) -> None:
        np.take(
            nearest_of(graph, _sources(task, number)).dist, task["plot_node"], out=found[number]
        )
        found[number] += task["plot_offset"]
        np.less_equal(found[number], task["limit"][number], out=within[number])

    def all_kinds() -> None:
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            list(pool.map(of_kind, range(task["kinds"])))

    all_kinds()
    return found, min(_timed(all_kinds) for _ in range(5))


def _against(
    peer: str, folder: Path, task: dict[str, Any], ours: Any, seconds: float, aim: float
) -> bool:
    _reach_peers.ask(peer, folder)
    answer = np.load(folder / f"{peer}.npz")
    theirs, before = answer["found"], float(answer["before"])
    taken = before + float(answer["seconds"])
    same = np.isfinite(theirs) == np.isfinite(ours)
    both = np.isfinite(theirs) & np.isfinite(ours)
    apart = np.abs(theirs[both] - ours[both])
    # pandana counts in whole millimetres: at most one is lost of each edge on the way.
    most = MM * (_edges(task)[both] + 1) if peer == "pandana" else 1e-9 * ours[both]
    agrees = bool(same.all() and (apart <= most).all())
    told = f" (with {before:.1f} s of preprocessing)" if before else ""
    held = agrees and taken >= aim * seconds
    _say(
        f"{peer} {taken:.2f} s{told}: {taken / seconds:.1f} times ours {seconds:.3f} s (aim {aim}) "
        f"  apart {apart.max():.1e} m at most, {(~same).sum()} otherwise   {_verdict(held)}"
    )
    return held


def _edges(task: dict[str, Any]) -> Any:
    """Return how many edges our way from each plot to each kind has."""
    graph = _graph(task)
    found = np.empty((task["kinds"], PLOTS))
    for number in range(task["kinds"]):
        labels = nearest_of(graph, _sources(task, number))
        edges = np.zeros(graph.nodes)
        order = np.argsort(labels.dist)
        _count_edges(order, graph.start, graph.to, graph.cost, labels.dist, edges)
        found[number] = edges[task["plot_node"]]
    return found


@numba.njit(cache=True)
def _count_edges(order, start, to, cost, dist, edges):  # type: ignore[no-untyped-def]
    """Count the edges from the nearest source to each node, nodes in the order of `dist`."""
    for n in order:
        if np.isinf(dist[n]):
            break
        for arc in range(start[n], start[n + 1]):
            m = to[arc]
            if dist[m] == dist[n] + cost[arc]:
                edges[m] = max(edges[m], edges[n] + 1)


def _graph(task: dict[str, Any]) -> Graph:
    edges = np.arange(len(task["to"]), dtype=np.int32)
    return Graph(task["start"], task["to"], task["cost"], edges, towards=True)


def _sources(task: dict[str, Any], number: int) -> Sources:
    at = task[f"kind_{number}"].astype(np.int32)
    return Sources(at, np.zeros(len(at)), np.arange(len(at), dtype=np.int32))


def _against_pgrouting(task: dict[str, Any], ours: Any, seconds: float) -> bool:
    run = ThrowawayRun()
    try:
        run.start()
        connection = psycopg2.connect(os.environ["DIADO_TEST_ADMIN_DATABASE_URL"])
        connection.autocommit = True
        cursor = connection.cursor()
        cursor.execute("CREATE EXTENSION IF NOT EXISTS postgis")
        cursor.execute("CREATE EXTENSION IF NOT EXISTS pgrouting")
        _fill(cursor, task)
        cursor.execute("SELECT pgr_version()")
        (version,) = cursor.fetchall()[0]
        # Once for the cache, once for the time.
        taken = [_timed(lambda: _routed(cursor, task)) for _ in range(2)][-1]
        apart, otherwise = 0.0, 0
        for number in range(task["kinds"]):
            cursor.execute(
                "SELECT plot, metres FROM bench.found WHERE kind = %s ORDER BY plot", [number]
            )
            theirs = np.full(PLOTS, np.inf)
            rows = np.array(cursor.fetchall(), dtype=float).reshape(-1, 2)
            theirs[rows[:, 0].astype(int)] = rows[:, 1]
            both = np.isfinite(theirs) & np.isfinite(ours[number])
            otherwise += int((np.isfinite(theirs) != np.isfinite(ours[number])).sum())
            apart = max(apart, float(np.abs(theirs[both] - ours[number][both]).max()))
    finally:
        run.stop()
    held = apart <= 1e-6 and not otherwise and taken >= TIMES_PGROUTING * seconds
    _say(
        f"pgRouting {version} {taken:.2f} s: {taken / seconds:.0f} times ours {seconds:.3f} s "
        f"(aim {TIMES_PGROUTING})   apart {apart:.1e} m at most, {otherwise} otherwise   "
        f"{_verdict(held)}"
    )
    return held


def _fill(cursor: Any, task: dict[str, Any]) -> None:
    cursor.execute("CREATE SCHEMA bench")
    cursor.execute("CREATE TABLE bench.edge (id bigint, source bigint, target bigint, cost float8)")
    cursor.execute("CREATE TABLE bench.plot (plot int, node bigint, beside float8)")
    cursor.execute(
        "CREATE UNLOGGED TABLE bench.found (kind int, plot int, metres float8, is_within boolean)"
    )
    # Backwards, from the facilities, as ours.
    arcs = zip(task["head"].tolist(), task["tail"].tolist(), task["cost"].tolist(), strict=True)
    rows = [(number, *arc) for number, arc in enumerate(arcs)]
    for number in range(task["kinds"]):
        super_node = len(task["xy"]) + number
        rows += [(len(rows) + k, super_node, node, 0.0)
                 for k, node in enumerate(task[f"kind_{number}"].tolist())]  # fmt: skip
    execute_values(cursor, "INSERT INTO bench.edge VALUES %s", rows, page_size=10_000)
    plots = zip(range(PLOTS), task["plot_node"].tolist(), task["plot_offset"].tolist(), strict=True)
    execute_values(cursor, "INSERT INTO bench.plot VALUES %s", list(plots), page_size=10_000)
    cursor.execute("CREATE INDEX ON bench.edge (source)")
    cursor.execute("ANALYZE bench.edge")
    cursor.execute("ANALYZE bench.plot")


def _routed(cursor: Any, task: dict[str, Any]) -> None:
    """Fill the table: one search a kind from a node that hangs on all its facilities."""
    cursor.execute("TRUNCATE bench.found")
    for number in range(task["kinds"]):
        cursor.execute(
            _PGROUTING,
            {
                "kind": number,
                "from": len(task["xy"]) + number,
                "limit": float(task["limit"][number]),
            },
        )


def _timed(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def _verdict(held: bool) -> str:
    return "held" if held else "MISSED"


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


_PGROUTING: Final = """
    INSERT INTO bench.found
    SELECT %(kind)s, p.plot, d.agg_cost + p.beside, d.agg_cost + p.beside <= %(limit)s
    FROM pgr_drivingDistance(
        'SELECT id, source, target, cost FROM bench.edge', %(from)s, 1e9, true
    ) d JOIN bench.plot p ON p.node = d.node
"""

if __name__ == "__main__":
    sys.exit(main())
