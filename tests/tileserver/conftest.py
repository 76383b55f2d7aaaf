from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def tile_cache(settings, tmp_path):
    """An empty tile cache for every test."""
    settings.TILE_CACHE = tmp_path / "tiles"
    return settings.TILE_CACHE
