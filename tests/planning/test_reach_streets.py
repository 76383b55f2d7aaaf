"""Streets from the record to a network that is searched: signs and gates come along."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
import shapely
from django.conf import settings
from django.contrib.gis.geos import Point
from django.db import DatabaseError, connection, transaction

from landdata.models import NetworkNode, Revision, RoadSegment
from planning.conflict_tables import Moment
from planning.conflict_touch import newest_revision
from planning.reach.parameters import parameters
from planning.reach.records import Mode, PlaceState
from planning.reach.topology import build_network
from planning.reach_city import read_city
from planning.reach_facts import read_roads
from tests.planning.city import DATA_DAY, EAST, NORTH, Register, box, source_file
from tests.planning.ground import LONG_AGO, road

pytestmark = pytest.mark.django_db


def node(key: str, east: float, **values: str) -> None:
    with Revision.open(by=None, why=key) as revision:
        NetworkNode.objects.create(
            source_key=key,
            source_file=source_file(),
            source_row=0,
            from_revision=revision.number,
            valid_from=LONG_AGO,
            position=Point(EAST + east, NORTH, srid=settings.STORAGE_SRID),
            **values,
        )


@pytest.fixture
def streets() -> Moment:
    node("a", 0)
    node("b", 300, barrier="bollard")
    node("c", 500)
    road("ab", (0, 0), (300, 0), from_node="a", to_node="b", access="no_cycle")
    road("bc", (300, 0), (500, 0), from_node="b", to_node="c", max_speed_kmh=20.0)
    return Moment(dt.date(2026, 1, 1), newest_revision())


def test_signs_and_gates_are_read_with_the_streets(streets: Moment) -> None:
    dataset = source_file().dataset.code
    with connection.cursor() as cursor:
        roads, nodes = read_roads(cursor, streets, dataset)

    network = build_network(roads, nodes, parameters=parameters())

    assert roads.access.tolist() == ["no_cycle", ""]
    assert roads.max_speed_kmh.tolist()[1] == 20
    assert np.isnan(roads.max_speed_kmh[0])
    assert nodes.barrier.tolist() == ["", "bollard", ""]
    assert (network.shut & Mode.CYCLE.bit).astype(bool).tolist() == [True, False]
    stops = network.barred[network.node_key == f"{dataset}/b"]
    assert stops.tolist() == [Mode.CAR.bit]


def test_what_a_sign_said_is_part_of_the_record(streets: Moment) -> None:
    for rows, words in (
        (RoadSegment.objects.all(), {"access": "no_car"}),
        (RoadSegment.objects.all(), {"max_speed_kmh": 90.0}),
        (NetworkNode.objects.all(), {"barrier": "gate"}),
    ):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            rows.update(**words)


def test_the_ground_of_a_street_is_in_nobodys_way(streets: Moment) -> None:
    register = Register()
    home = register.parcel("1", shapely.MultiPolygon([box(100, 6, 120, 30)]))
    street = register.parcel("2", shapely.MultiPolygon([box(0, -6, 500, 6)]), land_use="DGT")
    now = Moment(DATA_DAY, newest_revision())

    city = read_city(now, plan=None, step=lambda _done, _what: None)

    state = dict(zip(city.plots.key.tolist(), city.places.state.tolist(), strict=True))
    marked = dict(zip(city.plots.key.tolist(), city.plots.is_street.tolist(), strict=True))
    assert marked == {str(home): False, str(street): True}
    assert state[str(home)] == PlaceState.OK
