"""The judges, a module for each family of rules. Importing this package makes them known."""

from planning.conflicts.rules import (
    corridors,
    ground_buildings,
    ground_land,
    ground_lots,
    inside,
    norms,
    plans,
    terrain,
)

__all__ = [
    "corridors",
    "ground_buildings",
    "ground_land",
    "ground_lots",
    "inside",
    "norms",
    "plans",
    "terrain",
]
