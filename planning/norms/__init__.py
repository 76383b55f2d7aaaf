"""Planning norms: what a zone's indicators must keep to, and what one zone alone can show.

Read from `planning_norms.csv`; it knows no database. A norm is met, not met, or cannot be checked,
and then the reason is said: silence is never a pass.
"""

from planning.norms.records import Doubt, Finding, Indicator, Norm, State, Subject
from planning.norms.table import read_norms
from planning.norms.zones import Book, check_scale, not_decided_by_a_zone

__all__ = [
    "Book",
    "Doubt",
    "Finding",
    "Indicator",
    "Norm",
    "State",
    "Subject",
    "check_scale",
    "not_decided_by_a_zone",
    "read_norms",
]
