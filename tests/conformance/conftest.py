from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from tests.conformance.answers import Service
from tests.small_city.serving import running_small_city

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.browser.live import LiveCity


@pytest.fixture(scope="session")
def small_city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveCity]:
    """The small city behind real servers."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    with running_small_city(tmp_path_factory.mktemp("small"), f"small_{worker}") as city:
        yield city


@pytest.fixture(scope="session")
def wms(small_city: LiveCity) -> Service:
    """The Web Map Service of the small city."""
    return Service(small_city.url, "/wms")


@pytest.fixture(scope="session")
def wmts(small_city: LiveCity) -> Service:
    """The Web Map Tile Service of the small city."""
    return Service(small_city.url, "/wmts")
