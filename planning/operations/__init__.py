"""What a person does to plans; the only place that writes them."""

from planning.operations.adjustments import begin_adjustment
from planning.operations.annual_plans import take_in_annual_plans
from planning.operations.available_sites import (
    change_available_site,
    publish_available_site,
    withdraw_available_site,
)
from planning.operations.drafts import approve_plan_version, create_draft
from planning.operations.publication import publish_plan_version

__all__ = [
    "approve_plan_version",
    "begin_adjustment",
    "change_available_site",
    "create_draft",
    "publish_available_site",
    "publish_plan_version",
    "take_in_annual_plans",
    "withdraw_available_site",
]
