"""The proof of freshness, small; `make prove JOB=freshness` runs it at full size."""

from __future__ import annotations

import datetime as dt
import logging
import os
from random import Random

import pytest
import shapely
from django.conf import settings as installed
from django.db import connection
from django.utils import timezone

from landdata import crs
from tests.edited_town import SIDE_M, Town
from tests.planning.city import EAST, NORTH
from tests.proofs.freshness import (
    KILLED_EVERY,
    SIZE,
    SMALL_EVERY,
    SMALL_SIZE,
    Seen,
    cover,
    differing,
    settle,
    stale_files,
    worker,
)
from tests.servers import beside
from tests.tileserver.pool import running_map_server
from tileserver.expiry import Expiry

logger = logging.getLogger(__name__)
SEED = 4
GROUND = shapely.box(EAST, NORTH, EAST + SIDE_M, NORTH + SIDE_M)


@pytest.fixture
def town(settings, tmp_path, transactional_db):
    """The town, drawn by a real MapServer; its kept tiles lie where a worker looks for them."""
    settings.TILE_CACHE = tmp_path / "tiles"
    town = Town(Random(SEED))
    town.found()
    with running_map_server(tmp_path, size=2) as socket:
        settings.MAPSERVER_SOCKET = socket
        yield town


@pytest.fixture
def environment(tmp_path):
    """What the worker of this installation needs to know."""
    name = str(connection.settings_dict["NAME"])
    return {
        "DIADO_VAR": str(tmp_path),
        "DIADO_MAPSERVER_SOCKET": str(tmp_path / "mapserver.sock"),
        **{
            variable: beside(os.environ[variable], name)
            for variable in (
                "DATABASE_URL",
                "DIADO_PUBLIC_DATABASE_URL",
                "DIADO_TEAM_DATABASE_URL",
            )
        },
    }


def test_after_every_edit_kept_tiles_equal_a_new_drawing(town, environment, tmp_path):
    edits = int(os.environ.get(SIZE, SMALL_SIZE))
    tiles = cover(_ground(), every=1 if edits > SMALL_SIZE else SMALL_EVERY)
    today, seen = timezone.localdate(), Seen(tiles=len(tiles.places))
    before = tiles.draw(today)
    log = tmp_path / "worker.log"

    done = 0
    while done < edits:
        with worker(environment, log):
            for _ in range(min(KILLED_EVERY, edits - done)):
                done += 1
                before = _one_edit(town, tiles, before, seen, tmp_path / f"anew-{done}")
            settle()
            assert not stale_files(today)
        # Killed, not told to stop: what happens now is followed up by the next one.
        seen.kills += 1
        town.edit()
        after = tiles.draw(today)
        assert not differing(after, tiles.drawn_anew(today, tmp_path / f"alone-{done}"))
        before = after
    with worker(environment, log):
        settle()
        assert not stale_files(today)

    logger.info("%s", seen)
    assert seen.changed > 0
    assert seen.unchanged > seen.changed


def _ground():
    return crs.transform(GROUND, installed.STORAGE_EPSG, 3857).bounds


def _one_edit(town, tiles, before, seen, folder):
    what = town.edit()
    seen.edits[what] = seen.edits.get(what, 0) + 1

    after = tiles.draw(town.today)

    assert not differing(after, tiles.drawn_anew(town.today, folder)), what
    same = sum(after[at] == before[at] for at in after)
    seen.unchanged += same
    seen.changed += len(after) - same
    return after


def test_days_on_which_plans_come_and_go_change_the_map_without_an_edit(town, tmp_path):
    tiles = cover(_ground(), every=1 if SIZE in os.environ else SMALL_EVERY)
    comes, goes = town.today + dt.timedelta(days=10), town.today + dt.timedelta(days=20)
    town.publish(50, from_day=comes)
    town.publish(40, from_day=town.today, until=goes)
    worker = Expiry()
    seen = []
    for day in (comes - dt.timedelta(days=1), comes, goes - dt.timedelta(days=1), goes):
        # Whoever asks at midnight asks before the worker, and after it.
        for _ in range(2):
            shown = tiles.draw(day)
            anew = tiles.drawn_anew(day, tmp_path / f"anew-{day}")
            assert not differing(shown, anew), day
            worker.catch_up(day)
        assert not stale_files(day)
        seen.append(shown)

    eve, coming, last, gone = seen
    assert differing(eve, coming)
    assert not differing(coming, last)
    assert differing(last, gone)
