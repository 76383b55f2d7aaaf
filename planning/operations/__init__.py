"""What a person does to plans; the only place that writes them."""

from planning.operations.drafts import approve_plan_version, create_draft
from planning.operations.publication import publish_plan_version

__all__ = ["approve_plan_version", "create_draft", "publish_plan_version"]
