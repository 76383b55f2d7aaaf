"""What is part of the record does not change: the guard knows every column, also later ones."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import connection

from landdata.models.revision import Revisioned

GUARDED = [
    model
    for model in apps.get_models()
    if issubclass(model, Revisioned) and model._meta.managed and not model._meta.abstract
]


@pytest.mark.django_db
@pytest.mark.parametrize("model", GUARDED, ids=lambda model: model.__name__)
def test_the_guard_freezes_every_column_but_the_end(model: type[Revisioned]) -> None:
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT event_object_column FROM information_schema.triggered_update_columns
            WHERE event_object_table = %s AND trigger_name = %s
            """,
            [table, f"{table}_frozen"],
        )
        frozen = {name for (name,) in cursor.fetchall()}
        cursor.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_name = %s", [table]
        )
        columns = {name for (name,) in cursor.fetchall()}

    assert columns - frozen == {"to_revision"}
