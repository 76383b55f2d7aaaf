"""The proof of the city, small; `make prove JOB=city` runs it at full size."""

from __future__ import annotations

import json
import logging
import os

import pytest

from tests.proofs.city import SIZE, SMALL_SIZE, Defects, asked, found, make

logger = logging.getLogger(__name__)


@pytest.mark.django_db
def test_others_find_in_a_city_exactly_what_was_broken_on_demand(tmp_path):
    size = int(os.environ.get(SIZE, SMALL_SIZE))

    run = make(size, tmp_path / "city", "--defects")
    broken, seen = asked(tmp_path / "city"), found(tmp_path / "city")

    logger.info(
        "%d parcels in %.0f s (%.0f s of computing), at most %.2f GB",
        *(size, run.seconds, run.busy_seconds, run.peak_gb),
    )
    logger.info("%s", json.dumps(run.summary, ensure_ascii=False, indent=1))
    logger.info("asked %s, found %s", broken.counts(), seen.counts())
    assert run.summary["parcels_written"] == size
    assert seen == broken
    counts = broken.counts()
    assert counts["invalid rings"] == max(3, round(size * 0.0006))
    assert counts["duplicate keys"] == round(size * 0.0022)
    assert counts["overlaps"] == round(size * 0.003)


@pytest.mark.django_db
def test_nothing_is_broken_in_a_city_of_which_nobody_asked_it(tmp_path):
    make(SMALL_SIZE, tmp_path / "city")

    assert found(tmp_path / "city") == Defects(set(), set(), set())
    assert not (tmp_path / "city" / "defects.csv").exists()


def test_the_same_command_gives_the_same_bytes(tmp_path):
    for name in ("one", "again"):
        make(SMALL_SIZE, tmp_path / name, "--defects")

    names = {path.name for path in (tmp_path / "one").iterdir()}
    assert "defects.csv" in names
    assert names == {path.name for path in (tmp_path / "again").iterdir()}
    for name in names:
        one, again = (tmp_path / folder / name for folder in ("one", "again"))
        assert one.read_bytes() == again.read_bytes(), name
