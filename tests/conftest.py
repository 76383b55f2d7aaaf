"""What every test needs: the restricted aliases see what the test itself has written.

Django gives a mirrored alias a connection of its own, which cannot see the open transaction of a
test. So here all names stand for one connection; that a restricted role reads its own views and
nothing else is tested with the real role where it matters.
"""

from __future__ import annotations

import pytest
from django.db import connections

_DATABASES = ["default", "public", "team"]


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None) -> None:
    """Let all aliases use one connection, in this thread."""
    for alias in ("public", "team"):
        connections[alias].close()
        connections[alias] = connections["default"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Allow all aliases wherever the database is allowed: they are one connection."""
    for item in items:
        marker = item.get_closest_marker("django_db")
        uses_database = {"db", "transactional_db"} & set(getattr(item, "fixturenames", ()))
        if marker is None and not uses_database:
            continue
        values = dict(marker.kwargs) if marker else {}
        if "transactional_db" in getattr(item, "fixturenames", ()):
            values["transaction"] = True
        item.add_marker(pytest.mark.django_db(**{**values, "databases": _DATABASES}), append=False)
