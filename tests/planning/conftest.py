from __future__ import annotations

import pytest

from tests.planning import city


@pytest.fixture
def register(db) -> city.Register:
    return city.Register()


@pytest.fixture
def office(db) -> city.Office:
    city.functions()
    return city.Office()
