"""Inside a plan: whether its zones form one, and whether streets and schools are large enough."""

from planning.conflicts.rules.inside import drawing, schools, streets

__all__ = ["drawing", "schools", "streets"]
