from __future__ import annotations

import pytest
from django.utils import timezone

from tests.planning import city


@pytest.fixture
def register(db) -> city.Register:
    return city.Register()


@pytest.fixture
def office(db) -> city.Office:
    city.functions()
    return city.Office()


@pytest.fixture
def day_of_2026(monkeypatch) -> None:
    """A day on which the norms of services hold that end with 2026."""
    monkeypatch.setattr(timezone, "localdate", lambda: city.TODAY)
