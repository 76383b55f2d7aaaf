"""What is kept for reach: the same answers as without, made again whenever something changed."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import shapely
from django.db import connection
from django.utils import timezone

from landdata.models import Revision
from planning import reach_city, reach_store, reach_ways
from planning.conflict_tables import Moment
from planning.conflict_touch import newest_revision
from planning.models import CoverageFigure, CoverageRun
from planning.operations.coverage_runs import carry_out_coverage
from planning.reach.parameters import parameters
from planning.reach.places import entrances, entrances_of_facilities, plots_of
from planning.reach.topology import build_network
from planning.reach_facts import (
    dataset_of,
    read_barriers,
    read_facilities,
    read_grounds,
    read_plots,
    read_roads,
)
from planning.reach_marks import PARCELS, PEOPLE, marks
from planning.reach_ways import Ways, cells_beside
from tests.planning.city import DATA_DAY, EAST, NORTH, Register, box
from tests.planning.ground import road
from tests.planning.test_coverage_runs import facility, home, street

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.django_db

__all__ = ["street"]


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.REACH = tmp_path / "reach"
    return tmp_path / "reach"


def now() -> Moment:
    return Moment(timezone.localdate(), newest_revision())


def read(moment: Moment | None = None, plan: str | None = None) -> reach_city.City:
    return reach_city.read_city(moment or now(), plan=plan, step=lambda _done, _what: None)


def parts(folder: Path) -> set[str]:
    return {path.name.split("-")[0] for path in folder.iterdir()}


def same(one: Any, other: Any) -> bool:
    """Whether two values are alike to the last bit, with all that they hold."""
    if isinstance(one, np.ndarray):
        kind = one.dtype == other.dtype or one.dtype.kind == other.dtype.kind == "U"
        return kind and one.shape == other.shape and one.tolist() == other.tolist()
    names = getattr(one, "__dataclass_fields__", None) or getattr(one, "_fields", None)
    if names:
        return all(same(getattr(one, name), getattr(other, name)) for name in names)
    return bool(one == other)


@pytest.mark.usefixtures("street")
def test_what_is_kept_is_what_was_made_to_the_last_bit(folder: Path) -> None:
    facility("bench", "bus_stop", 40)
    with connection.cursor() as cursor:
        moment = now()
        roads, nodes = read_roads(cursor, moment, dataset_of(cursor, moment))
        barriers, plots = read_barriers(cursor, moment), read_plots(cursor, moment)
        facilities, grounds = read_facilities(cursor, moment), read_grounds(cursor, moment)
    network = build_network(roads, nodes, parameters=parameters(), barriers=barriers)
    places = entrances(
        network, grounds, parameters().search, barriers=barriers, is_street=plots.is_street
    )
    doors = entrances_of_facilities(
        *(network, facilities.xy, facilities.kind, parameters().search),
        held_by=plots_of(facilities.xy, grounds),
        places=places,
    )
    inside = shapely.get_coordinates(shapely.point_on_surface(grounds))

    for _ in range(2):
        city = read()
        assert same(city.places, places)
        assert same(city.at, doors)
        assert same(city.inside, inside)
        assert same(city.plots.key, plots.key)
        assert city.plots.people.units == plots.people.units
        assert city.facilities.name.dtype == object
        for name in ("tail", "head", "length_m", "piece", "edge_key", "classes", "shut", "part"):
            assert same(getattr(city.network, name), getattr(network, name)), name
        assert city.network.quality.counts == network.quality.counts
        assert [one.keys for one in city.network.quality.issues] == [
            one.keys for one in network.quality.issues
        ]
    assert parts(folder) == {"network", "plots", "inside", "places", "facilities", "doors"}


@pytest.mark.usefixtures("street")
def test_a_run_finds_the_same_with_what_is_kept_and_without(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, cells = run_anew(), cells_beside(Ways(read()))
    assert "cells" in parts(folder)

    def never(*_given: Any, **_named: Any) -> Any:
        pytest.fail("put together once more")

    for name in ("build_network", "entrances", "read_grounds", "read_plots"):
        monkeypatch.setattr(reach_city, name, never)
    monkeypatch.setattr(reach_ways, "cells_of", never)
    second, kept_cells = run_anew(), cells_beside(Ways(read()))

    assert same(cells, kept_cells)
    assert len(cells) > 0
    assert first.table_sha256 == second.table_sha256
    assert told(first) == told(second)


def run_anew() -> CoverageRun:
    run = CoverageRun.objects.create(on=timezone.localdate(), asked_at=timezone.now())
    return carry_out_coverage(run_id=run.pk)


def told(run: CoverageRun) -> list[Any]:
    rows = CoverageFigure.objects.filter(run=run)
    wanted = ("kind", "norm", "measure", "metric", "mode", "unit_code", "value", "low", "values")
    return sorted(str(row) for row in rows.values_list(*wanted))


def test_only_what_rests_on_a_change_is_made_again(street: Register, folder: Path) -> None:
    read()
    before = {path.name for path in folder.iterdir()}
    facility("new", "market", 20)

    assert len(read().facilities) == 2
    assert {path.name.split("-")[0] for path in folder.iterdir() if path.name not in before} == {
        "facilities",
        "doors",
    }
    before = {path.name for path in folder.iterdir()}
    home(street, "9", (40, 0.0), 3.0)
    assert len(read().plots) == 4
    assert "network" not in {
        path.name.split("-")[0] for path in folder.iterdir() if path.name not in before
    }


def test_an_earlier_state_is_read_as_it_was(street: Register) -> None:
    earlier = now()
    home(street, "9", (40, 0.0), 3.0)
    road("more", (0, 50), (300, 50), from_node="a", to_node="b")

    assert (len(read().plots), read().network.edges) == (4, 4)
    assert (len(read(earlier).plots), read(earlier).network.edges) == (3, 3)


def test_marks_change_with_the_rows_and_with_the_days_on_which_they_hold(street: Register) -> None:
    def found(on: dt.date) -> Any:
        with connection.cursor() as cursor:
            return marks(cursor, Moment(on, newest_revision()), (*PARCELS, *PEOPLE))

    today = timezone.localdate()
    assert found(today) == found(today + dt.timedelta(days=400))
    before = found(today)
    with Revision.open(by=None, why="something else"):
        pass
    assert found(today) == before
    assert found(DATA_DAY - dt.timedelta(days=40_000)) != before
    street.parcel("8", shapely.MultiPolygon([box(0, 20, 20, 40)]))
    assert found(today) != before


@pytest.mark.usefixtures("street")
def test_a_plan_without_streets_shares_the_network_of_the_city(folder: Path) -> None:
    read()
    read(plan="QH-1")
    assert len(list(folder.glob("network-*"))) == 1

    road("planned", (0, 90), (300, 90), from_node="a", to_node="b", planned_by="QH-1")
    assert (read(plan="QH-1").network.edges, read().network.edges) == (4, 3)


@pytest.mark.usefixtures("street")
def test_of_each_part_the_four_used_last_stay(folder: Path) -> None:
    for number in range(6):
        reach_store.kept("inside", number, lambda number=number: np.full(2, number))  # type: ignore[misc]
    assert len(list(folder.glob("inside-*"))) == 4
    made: list[int] = []
    reach_store.kept("inside", 5, lambda: made.append(1) or np.zeros(1))  # type: ignore[func-returns-value]
    assert made == []
    reach_store.kept("inside", 0, lambda: made.append(1) or np.zeros(1))  # type: ignore[func-returns-value]
    assert made == [1]


def test_what_cannot_be_read_is_made_again(folder: Path) -> None:
    reach_store.kept("inside", "x", lambda: np.arange(1000.0))
    (path,) = folder.glob("inside-*/part.npy")
    path.write_bytes(path.read_bytes()[:-8])
    assert reach_store.kept("inside", "x", lambda: np.arange(3.0)).tolist() == [0, 1, 2]
    assert reach_store.kept("inside", "x", lambda: np.zeros(0)).tolist() == [0, 1, 2]


def test_where_nothing_can_be_written_it_is_made_each_time(settings: Any, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    settings.REACH = tmp_path / "file"
    assert reach_store.kept("inside", "x", lambda: np.arange(3.0)).tolist() == [0, 1, 2]


def test_points_are_entered_like_facilities_that_stand_there(street: Register) -> None:
    ground = shapely.MultiPolygon([box(100, 6, 120, 30)])
    held = street.parcel("7", ground)
    # Inside the plot, on its corner, in the middle of nowhere, and in it but at the kerb.
    at = [(110.0, 20.0), (100.0, 6.0), (800.0, -20.0), (110.0, 20.0)]
    kinds = np.array(["market", "market", "market", "bus_stop"], dtype=object)
    xy = np.array([(EAST + x, NORTH + y) for x, y in at])
    city = read()

    found = reach_city.entered(city, xy, kinds)

    row = city.plots.key.tolist().index(str(held))
    assert found.plot.tolist() == [row, row, -1, -1]
    assert found.entrance_by.tolist() == ["plot", "plot", "point", "point"]
    assert np.round(found.places.offset_m, 6).tolist() == [6.0, 6.0, 20.0, 20.0]
    assert found.places.xy[0, 1] == NORTH
