"""What levels, states and kinds of plans are called where planners work."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _

from planning.models import Adjustment, PlanLevel, PlanStatus

LEVELS: Final = {
    PlanLevel.GENERAL: _("General plan"),
    PlanLevel.ZONING: _("Zoning plan"),
    PlanLevel.DETAILED: _("Detailed plan"),
    PlanLevel.LAND_USE: _("Land-use plan"),
}
STATES: Final = {
    PlanStatus.DRAFT: _("being drawn"),
    PlanStatus.APPROVED: _("approved, not yet in force"),
    PlanStatus.PUBLISHED: _("in force"),
}
ADJUSTMENTS: Final = {
    Adjustment.FIRST: _("first version"),
    Adjustment.GENERAL: _("general adjustment"),
    Adjustment.LOCAL: _("local adjustment"),
}
