"""The proof of all ways in, small; `make prove JOB=imports` runs it at full size."""

from __future__ import annotations

import logging
import os

import pytest
from django.core.management import call_command

from accounts.models import Role
from tests.planning.city import person
from tests.proofs.imports import SIZE, SMALL_SIZE, WAYS_IN, prove

logger = logging.getLogger(__name__)


@pytest.mark.django_db
def test_each_file_of_a_city_comes_in_whole_and_a_second_time_changes_nothing(tmp_path, settings):
    settings.RECEIVED = tmp_path / "received"
    size = int(os.environ.get(SIZE, SMALL_SIZE))
    call_command("load_reference")
    officer = person("officer", Role.DATA_OFFICER, Role.PLANNER)

    ways = prove(size, tmp_path, by=officer.username)

    assert [way.command for way in ways] == [command for command, _, _ in WAYS_IN]
    for way in ways:
        logger.info("%-21s %s, then %s, in %s s", way.command, way.first, way.second, way.seconds)
        assert way.first["read"] > 0
        assert way.first["read"] == sum(
            way.first[name] for name in ("new", "changed", "unchanged", "refused")
        )
        assert way.rehearsed == way.first, way.command
        assert (way.second["new"], way.second["changed"]) == (0, 0), way.command
        assert way.second["unchanged"] == way.first["read"] - way.first["refused"], way.command
        assert way.needless_revisions == 0, way.command
