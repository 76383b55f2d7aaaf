"""The judges, a module for each family of rules. Importing this package makes them known."""

from planning.conflicts.rules import plans

__all__ = ["plans"]
