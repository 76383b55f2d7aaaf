"""What a person does to plans; the only place that writes them."""

from planning.operations.annual_plans import take_in_annual_plans
from planning.operations.drafts import approve_plan_version, create_draft
from planning.operations.publication import publish_plan_version

__all__ = ["approve_plan_version", "create_draft", "publish_plan_version", "take_in_annual_plans"]
