from __future__ import annotations

import pytest

from tests.tileserver.pool import running_map_server
from tests.tileserver.serving import until
from tileserver import listening
from tileserver.listening import Listener


@pytest.fixture(autouse=True)
def tile_cache(settings, tmp_path):
    """An empty tile cache for every test."""
    settings.TILE_CACHE = tmp_path / "tiles"
    return settings.TILE_CACHE


@pytest.fixture
def listener(transactional_db):
    """A listener of its own, so that the process of the tests does not listen afterwards."""
    listener = Listener("public")
    listener.start()
    yield listener
    listener.stop()


@pytest.fixture
def serving(listener, monkeypatch):
    """The memory of changes as a serving process has it."""
    monkeypatch.setattr(listening, "_listener", listener)
    until(lambda: listener.known)
    return listener


@pytest.fixture
def map_server(settings, tmp_path, transactional_db):
    """A pool with one MapServer on the test database."""
    with running_map_server(tmp_path) as socket:
        settings.MAPSERVER_SOCKET = socket
        yield
