"""Whether an edit made a plan worse."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import shapely

from planning.topology.faults import OVERLAP_M2, Fault, Kind
from planning.topology.shapes import surfaces

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shapely.geometry.base import BaseGeometry

#: A strip without a zone of less width is not ground that is still to be planned but a boundary
#: that was drawn beside its neighbour's, in m: half a millimetre on a plan at 1:2000.
NARROW_M: Final = 1.0
#: Corners sharper than about 11° are cut off when a shape is shrunk and grown again.
_MITRE: Final = 10.0
_NOTHING: Final = shapely.Polygon()


def worsened(gone: Sequence[Fault], come: Sequence[Fault]) -> list[Fault]:
    """Return those of `come` that an edit opened or made worse, given what has `gone` for them.

    Ground that was faulty in the same way before is no worse for the zones having other names
    now. A gap that grows smaller is better, unless what is left of it is too narrow to be meant.
    """
    worse = []
    for kind in Kind:
        old = [f for f in gone if f.kind == kind]
        new = [f for f in come if f.kind == kind]
        if kind == Kind.INVALID:
            known = {f.zones for f in old}
            worse += [f for f in new if f.zones not in known]
        elif kind == Kind.GAP:
            worse += _worse_gaps(old, new)
        else:
            worse += _worse_grounds(old, new)
    return [f for f in come if any(f is other for other in worse)]


def _worse_grounds(old: list[Fault], new: list[Fault]) -> list[Fault]:
    """Return the new faults with ground that was not as often faulty before."""
    by_zones = {f.zones: f.surface for f in old}
    # What the zones of the same names do not account for may pass to others, once.
    left = [f.surface for f in old if f.zones not in {f.zones for f in new}]
    worse = []
    for f in new:
        if f.zones in by_zones:
            beyond = shapely.difference(f.surface, by_zones[f.zones])
        else:
            beyond = shapely.difference(f.surface, shapely.union_all(left))
            left = list(shapely.difference(left, f.surface))
        # Splinters may be smaller than the tolerance of what is shared.
        if beyond.area > min(OVERLAP_M2, f.area_m2 / 2):
            worse.append(f)
    return worse


def _worse_gaps(old: list[Fault], new: list[Fault]) -> list[Fault]:
    before = shapely.union_all([f.surface for f in old]) if old else _NOTHING
    after = shapely.union_all([f.surface for f in new]) if new else _NOTHING
    taken = shapely.difference(before, after)
    return [
        f
        for f in new
        if shapely.difference(f.surface, before).area > OVERLAP_M2
        or _is_newly_narrow(f.surface, before, taken)
    ]


def _is_newly_narrow(ground: BaseGeometry, before: BaseGeometry, taken: BaseGeometry) -> bool:
    """Say whether beside the ground that was taken a strip is left that was not one before."""
    if taken.is_empty:
        return False
    beside = shapely.buffer(taken, NARROW_M, quad_segs=1)
    box = shapely.box(*shapely.buffer(beside, 10 * NARROW_M, quad_segs=1).bounds)
    strips = shapely.intersection(_strips(shapely.intersection(ground, box)), beside)
    new = shapely.difference(strips, _strips(shapely.intersection(before, box)))
    return any(part.area > OVERLAP_M2 for part in surfaces(new))


def _strips(ground: BaseGeometry) -> BaseGeometry:
    """Return the parts of ground that vanish when it is shrunk."""
    within = shapely.buffer(ground, -NARROW_M / 2, join_style="mitre", mitre_limit=_MITRE)
    # A little more, so that no skin is left over.
    whole = shapely.buffer(within, NARROW_M / 2 + 1e-3, join_style="mitre", mitre_limit=_MITRE)
    parts = surfaces(shapely.difference(ground, whole))
    return shapely.MultiPolygon(list(parts[shapely.area(parts) > OVERLAP_M2]))
