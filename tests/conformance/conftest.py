from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.conformance.answers import Service

if TYPE_CHECKING:
    from tests.browser.live import LiveCity


@pytest.fixture(scope="session")
def wms(small_city: LiveCity) -> Service:
    """The Web Map Service of the small city."""
    return Service(small_city.url, "/wms")


@pytest.fixture(scope="session")
def wmts(small_city: LiveCity) -> Service:
    """The Web Map Tile Service of the small city."""
    return Service(small_city.url, "/wmts")


@pytest.fixture(scope="session")
def wfs(small_city: LiveCity) -> Service:
    """The Web Feature Service of the small city."""
    return Service(small_city.url, "/wfs")


@pytest.fixture(scope="session")
def oapif(small_city: LiveCity) -> Service:
    """OGC API Features of the small city."""
    return Service(small_city.url, "/ogc/")
