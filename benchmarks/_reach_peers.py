"""The peers of `coverage.py`, run as a program in an environment of their own below var/.

networkit, pandana and, in the throwaway cluster, pgRouting. Each is given the same graph, the same
facilities at nodes and the same plots at nodes, and says for every plot and kind how far it is.
pandana is AGPL-3.0 and stays out of our own environment.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Final

from config.stack import packages
from config.stack.places import places

PACKAGES: Final = ("networkit==11.3", "pandana==0.8", "pandas<3", "setuptools<81", "tables")
#: pgRouting as Debian 12 has it.
DEBIAN: Final = ("postgresql-15-pgrouting",)
_HOME: Final = Path(__file__).resolve().parents[1] / "var" / "peers" / "reach"


def install() -> None:
    """Install what is missing. Raises Trouble if that is not allowed."""
    wanting = packages.missing(DEBIAN)
    if wanting:
        packages.install(places(), wanting)
    if not (_HOME / "installed").exists():
        for command in (
            [sys.executable, "-m", "venv", str(_HOME)],
            [str(_HOME / "bin" / "pip"), "install", "-q", *PACKAGES],
        ):
            subprocess.run(command, check=True)  # noqa: S603 - our own words
        (_HOME / "installed").touch()


def ask(peer: str, folder: Path) -> None:
    """Let a peer answer what is in a folder; it leaves `<peer>.npz` there."""
    command = [str(_HOME / "bin" / "python"), "-c", _PROGRAMS[peer], str(folder)]
    subprocess.run(command, check=True)  # noqa: S603 - our own words


_READ: Final = """
import sys, time, pathlib
import numpy as np
folder = pathlib.Path(sys.argv[1])
given = np.load(folder / "task.npz")
tail, head, cost = given["tail"], given["head"], given["cost"]
nodes, xy = len(given["xy"]), given["xy"]
plots, offset = given["plot_node"], given["plot_offset"]
kinds = int(given["kinds"])
sources = [given[f"kind_{k}"] for k in range(kinds)]
"""
# The ways lead to facilities: the search goes along them backwards. Facilities of a kind hang on a
# node of their own by ways that cost nothing, so that one search finds the nearest of all.
_NETWORKIT: Final = (
    _READ
    + """
import networkit as nk
nk.setNumberOfThreads(2)
graph = nk.Graph(nodes + kinds, weighted=True, directed=True)
arcs = [(head, tail, cost)]
for k, at in enumerate(sources):
    arcs.append((np.full(len(at), nodes + k), at, np.zeros(len(at))))
start, end, weight = (np.concatenate(column) for column in zip(*arcs))
for a, b, w in zip(start.tolist(), end.tolist(), weight.tolist()):
    graph.addEdge(a, b, w)
found = np.empty((kinds, len(plots)))
best = np.inf
for _ in range(3):
    begun = time.perf_counter()
    for k in range(kinds):
        search = nk.distance.Dijkstra(graph, nodes + k, False, False)
        search.run()
        dist = np.asarray(search.getDistances())[:nodes]
        dist[dist > 1e300] = np.inf
        found[k] = dist[plots] + offset
    within = found <= given["limit"][:, None]
    best = min(best, time.perf_counter() - begun)
np.savez(folder / "networkit.npz", found=found, seconds=best, before=0.0)
"""
)
_PANDANA: Final = (
    _READ
    + """
import pandas as pd
import pandana
begun = time.perf_counter()
edges = pd.DataFrame({"from": tail, "to": head, "weight": cost})
network = pandana.Network(
    pd.Series(xy[:, 0]), pd.Series(xy[:, 1]), edges["from"], edges["to"], edges[["weight"]],
    twoway=False,
)
far = 1_000_000
before = time.perf_counter() - begun
found = np.empty((kinds, len(plots)))
begun = time.perf_counter()
for k, at in enumerate(sources):
    network.set_pois(f"kind{k}", far, 1, pd.Series(xy[at, 0]), pd.Series(xy[at, 1]))
    dist = network.nearest_pois(far, f"kind{k}", num_pois=1)[1].to_numpy()
    dist = np.where(dist >= far, np.inf, dist)
    found[k] = dist[plots] + offset
within = found <= given["limit"][:, None]
np.savez(
    folder / "pandana.npz", found=found, seconds=time.perf_counter() - begun, before=before
)
"""
)
_PROGRAMS: Final = {"networkit": _NETWORKIT, "pandana": _PANDANA}
