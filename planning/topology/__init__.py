"""Whether zones form a plan: arithmetic on shapes, in metres, without a database.

`check` looks at a whole plan, `recheck` at what an edit changed, `worsened` says whether the edit
made something worse, `ways_out` proposes repairs, `merge_drawings` joins two redrawings of a zone.
"""

from __future__ import annotations

from planning.topology.after_edit import Recheck, recheck
from planning.topology.drawings import merge_drawings
from planning.topology.faults import OVERLAP_M2, SLIVER_WIDTH_M, Fault, Kind
from planning.topology.ways import WayOut, ways_out
from planning.topology.whole import check, check_arrays
from planning.topology.worse import NARROW_M, worsened

__all__ = [
    "NARROW_M",
    "OVERLAP_M2",
    "SLIVER_WIDTH_M",
    "Fault",
    "Kind",
    "Recheck",
    "WayOut",
    "check",
    "check_arrays",
    "merge_drawings",
    "recheck",
    "ways_out",
    "worsened",
]
