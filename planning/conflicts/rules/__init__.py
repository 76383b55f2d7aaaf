"""The judges, a module for each family of rules. Importing this package makes them known."""

from planning.conflicts.rules import (
    ground_buildings,
    ground_land,
    ground_lots,
    inside,
    norms,
    plans,
)

__all__ = ["ground_buildings", "ground_land", "ground_lots", "inside", "norms", "plans"]
