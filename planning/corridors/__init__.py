"""Corridors: ground around roads, lines, water, works on which something is restricted.

Built once for the extract of a plot and for the check of a plan. It knows no database.
"""

from planning.corridors.engine import (
    DayRules,
    corridors_of,
    corridors_of_many,
    drawn,
    reach_m,
    themes_with_rules,
)
from planning.corridors.matching import Candidate, in_force, rules_for
from planning.corridors.priority import Governed, figure_m, govern
from planning.corridors.records import Corridor, Rule, SourceObject
from planning.corridors.words import (
    OFFSET_ATTRIBUTES,
    THEME_OF_OBJECT,
    Doubt,
    Effect,
    ObjectKind,
    Restriction,
    Role,
)

__all__ = [
    "OFFSET_ATTRIBUTES",
    "THEME_OF_OBJECT",
    "Candidate",
    "Corridor",
    "DayRules",
    "Doubt",
    "Effect",
    "Governed",
    "ObjectKind",
    "Restriction",
    "Role",
    "Rule",
    "SourceObject",
    "corridors_of",
    "corridors_of_many",
    "drawn",
    "figure_m",
    "govern",
    "in_force",
    "reach_m",
    "rules_for",
    "themes_with_rules",
]
