"""Plan against plan."""

from planning.conflicts.rules.plans import (
    digitising,
    functions,
    indicators,
    territories,
)

__all__ = ["digitising", "functions", "indicators", "territories"]
