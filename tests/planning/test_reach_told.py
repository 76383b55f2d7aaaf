"""What the public is told when a run of the city is done, on the street of the runs' own tests."""

from __future__ import annotations

import json
import math

import pytest
from django.db import connection

from planning.models import CoverageRun, PublishedArea, PublishedReach
from planning.models.published_reach import KINDS
from tests.ground import add_unit, square
from tests.planning.city import EAST, NORTH
from tests.planning.test_coverage_runs import facility, street, work_out

__all__ = ["street"]

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("street")]

PARKING, SCHOOL = KINDS.index("parking"), KINDS.index("kindergarten")


def told():
    """Return the rows that are known now, the plot nearest to the car park first."""
    known = list(PublishedReach.objects.known_now())
    return sorted(known, key=lambda row: row.walk_m[PARKING])


def test_each_plot_is_told_its_way_its_state_and_which_facility() -> None:
    work_out()

    rows = told()
    assert [row.walk_m[PARKING] for row in rows] == pytest.approx([47.0, 452.0, 1_057.0])
    assert [row.states[PARKING] for row in rows] == ["m", "m", "n"]
    assert {row.nearest[PARKING].rpartition("/")[2] for row in rows} == {"p"}
    # 452 m at 5 km/h, the 7 m beside the street at 4.
    assert rows[1].walk_minutes[PARKING] == pytest.approx(5.4, abs=0.11)


def test_of_a_kind_that_is_nowhere_recorded_nothing_is_known() -> None:
    work_out()

    assert {row.states[SCHOOL] for row in told()} == {"u"}
    assert all(math.isnan(row.walk_m[SCHOOL]) for row in told())


def test_the_ground_ends_where_the_limit_is_used_up() -> None:
    # In a town the strictest figure for kindergartens is 500 m.
    add_unit("00004", "Phường Ba Đình", square(590000, 2325000, 5000))
    facility("k", "kindergarten", 0)
    work_out()

    areas = PublishedArea.objects.known_now().filter(kind="kindergarten").order_by("band_m")
    limit = areas.get(ring="limit")
    assert [area.ring for area in areas] == ["half", "limit", "double"]
    assert [area.from_m for area in areas] == [0, 250, 500]
    # 2 m of the limit lead from the school to the street.
    east = limit.boundary.extent[2] - EAST
    assert east == pytest.approx(498, abs=10)
    assert limit.boundary.extent[3] - NORTH < 50


def test_a_new_facility_changes_the_rows_of_its_neighbours_only() -> None:
    work_out()
    facility("q", "parking", 1_495)
    work_out()

    assert PublishedReach.objects.count() == 4
    changed = PublishedReach.objects.exclude(to_revision=None).get()
    assert changed.walk_m[PARKING] == pytest.approx(1_057)
    assert [row.states[PARKING] for row in told()] == ["m", "m", "m"]


def test_the_figures_of_the_city_are_told_as_shares() -> None:
    run = work_out()

    with connection.cursor() as cursor:
        cursor.execute('SELECT legal_day, "values"::text FROM public_reach_summary')
        day, values = cursor.fetchone()
    assert day == run.on
    assert '"share": 0.5' in values
    # Norms name schools; the street has none, so that nobody can say.
    assert "kindergarten" in json.loads(values)["not_recorded"]
    assert "parking" not in json.loads(values)["not_recorded"]
    assert "people" not in values


def test_what_fails_to_be_told_leaves_no_run_done(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(**_: object) -> None:
        raise RuntimeError("disk full")

    monkeypatch.setattr("planning.operations.coverage_runs.publish_reach", fails)

    with pytest.raises(RuntimeError, match="disk full"):
        work_out()

    assert CoverageRun.objects.get().state == "failed"
    assert not PublishedReach.objects.exists()
