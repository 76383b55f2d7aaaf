"""Plans against planning norms: land for people, density, distance from streets."""

from planning.conflicts.rules.norms import balance, lots, setbacks

__all__ = ["balance", "lots", "setbacks"]
