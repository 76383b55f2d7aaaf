"""The catalogue of rules that the check for conflicts goes by."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

import planning.conflicts.rules  # noqa: F401  # makes the judges known
from planning.conflicts.catalogue import read_rules

if TYPE_CHECKING:
    from planning.conflicts.records import Rule

CATALOGUE: Final = Path(__file__).parents[1] / "fixtures" / "reference" / "conflict_rules.toml"


@lru_cache(maxsize=1)
def conflict_rules() -> tuple[Rule, ...]:
    """Return the rules in the order of their codes."""
    return read_rules(CATALOGUE.read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def rules_by_code() -> dict[str, Rule]:
    """Return the rules by code."""
    return {rule.code: rule for rule in conflict_rules()}
