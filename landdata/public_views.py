"""The views that the public reads through: a migration step each.

The restricted role may read these and nothing else, so what a view does not name cannot leak.
"""

from __future__ import annotations

from django.conf import settings
from django.db import migrations


def public_view(name: str, select: str, *, filters_rows: bool = False) -> migrations.RunSQL:
    """Return the migration step that makes view `name` and lets the restricted role read it.

    `filters_rows` marks a view that hides rows: it becomes a barrier, behind which a clever
    condition cannot look. Such a view cannot use spatial indexes, so keep geometry out of it.
    """
    if not name.startswith("public_"):
        raise ValueError(f"{name}: public views are named public_…")
    options = " WITH (security_barrier)" if filters_rows else ""
    return migrations.RunSQL(
        [
            f"CREATE VIEW {name}{options} AS {select}",
            f"GRANT SELECT ON {name} TO {settings.PUBLIC_ROLE}",
        ],
        f"DROP VIEW {name}",
    )


def widen_view(name: str, select: str) -> migrations.RunSQL:
    """Return the migration step that adds columns at the end of a public view.

    The columns of before must stand first, unchanged. There is no way back but a new view.
    """
    return migrations.RunSQL(f"CREATE OR REPLACE VIEW {name} AS {select}", migrations.RunSQL.noop)
