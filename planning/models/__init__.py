"""What shall be."""

from planning.models.function import PlanFunction
from planning.models.plan import (
    THEME_OF_LEVEL,
    Adjustment,
    Plan,
    PlanLevel,
    PlanStatus,
    PlanTerritory,
    PlanVersion,
)
from planning.models.public import (
    PublicPlanFunction,
    PublicPlanTerritory,
    PublicPlanVersion,
    PublicZone,
)
from planning.models.zone import CONTENT_FIELDS, DraftZone, Zone, ZoneContent

__all__ = [
    "CONTENT_FIELDS",
    "THEME_OF_LEVEL",
    "Adjustment",
    "DraftZone",
    "Plan",
    "PlanFunction",
    "PlanLevel",
    "PlanStatus",
    "PlanTerritory",
    "PlanVersion",
    "PublicPlanFunction",
    "PublicPlanTerritory",
    "PublicPlanVersion",
    "PublicZone",
    "Zone",
    "ZoneContent",
]
