"""A plan of 100 m by 100 m that can be checked by hand, and what tests say about faults."""

from __future__ import annotations

from shapely import box

PLAN = box(0, 0, 100, 100)

#: 100 ┌────┬────┐
#:     │ C  │ D  │
#:  50 ├────┼────┤
#:     │ A  │ B  │
#:   0 └────┴────┘
#:     0    50   100
QUARTERS = {
    "A": box(0, 0, 50, 50),
    "B": box(50, 0, 100, 50),
    "C": box(0, 50, 50, 100),
    "D": box(50, 50, 100, 100),
}


def said(faults):
    """What a planner reads: kind, zones, m²."""
    return sorted((f.kind.value, "".join(f.zones), round(f.area_m2, 6)) for f in faults)
