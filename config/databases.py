"""Which database alias a model is read through."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from django.db.models import Model


class PublicViews:
    """Send every model over a `public_…` view to the restricted alias; nobody writes there."""

    def db_for_read(self, model: type[Model], **hints: Any) -> str | None:
        return "public" if model._meta.db_table.startswith("public_") else None

    def db_for_write(self, model: type[Model], **hints: Any) -> str | None:
        return "default"

    def allow_relation(self, one: Model, other: Model, **hints: Any) -> bool | None:
        return None

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool | None:
        return db == "default"
