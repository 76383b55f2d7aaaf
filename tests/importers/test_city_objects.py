"""The demo city's networks and facilities come in as they were drawn."""

from __future__ import annotations

import datetime as dt

import pyogrio
import pytest
from django.core.management import call_command

from importers.ways_in import FACILITIES, NETWORK
from landdata.models import Facility, HazardSite, ProtectedSite, RoadSegment

DAY = dt.date(2026, 6, 30)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("city")
    call_command("make_city", parcels=500, seed=3, place="hanoi", out=folder, verbosity=0)
    return folder


@pytest.mark.parametrize(
    ("way", "file"), [(NETWORK, "network.gpkg"), (FACILITIES, "facilities.gpkg")]
)
def test_every_row_of_every_layer_comes_in_and_a_second_time_changes_nothing(
    bring, folder, way, file
):
    path = folder / file
    rows = {
        layer: pyogrio.read_info(path, layer=layer)["features"]
        for layer, _ in pyogrio.list_layers(path)
    }

    first, second = bring(way, path, DAY), bring(way, path, DAY)

    assert {layer: counts["read"] for layer, counts in first.layers.items()} == rows
    for layer, counts in first.layers.items():
        assert counts["new"] == counts["read"] > 0, layer
    for layer, counts in second.layers.items():
        assert counts["unchanged"] == counts["read"], layer


def test_what_the_files_do_not_know_stays_unknown(bring, folder):
    bring(NETWORK, folder / "network.gpkg", DAY)
    bring(FACILITIES, folder / "facilities.gpkg", DAY)

    assert RoadSegment.objects.filter(is_urban=None).exists()
    assert RoadSegment.objects.filter(strip_m=8.0, is_urban=False).exists()
    assert RoadSegment.objects.filter(technical_class="IV", strip_m=None).exists()
    assert RoadSegment.objects.exclude(planned_by="").exists()
    assert Facility.objects.filter(is_synthetic=False, capacity=None).exists()
    assert HazardSite.objects.filter(kind="wastewater_plant", capacity=None).exists()
    assert ProtectedSite.objects.get(kind="runway").elevation_m == 6.0
    assert ProtectedSite.objects.get(kind="airport").elevation_m is None
