"""What every test needs: the restricted aliases see what the test itself has written.

Django gives a mirrored alias a connection of its own, which cannot see the open transaction of a
test. So here all names stand for one connection; that a restricted role reads its own views and
nothing else is tested with the real role where it matters.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.db import connections
from django.test import override_settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.browser.live import LiveCity

_DATABASES = ["default", "public", "team"]


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None) -> None:
    """Let all aliases use one connection, in this thread."""
    for alias in ("public", "team"):
        connections[alias].close()
        connections[alias] = connections["default"]


@pytest.fixture(scope="session", autouse=True)
def kept_reach(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep what is put together for reach apart from what an installation here has kept."""
    with override_settings(REACH=tmp_path_factory.mktemp("reach")):
        yield


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


@pytest.fixture(scope="session")
def small_city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveCity]:
    """The small city behind real servers, for tests of the services and of their clients."""
    from tests.servers import own_name
    from tests.small_city.serving import running_small_city

    with running_small_city(tmp_path_factory.mktemp("small"), own_name("small")) as city:
        yield city
