"""The demo city's networks come in as they were drawn."""

from __future__ import annotations

import datetime as dt

import pyogrio
import pytest
from django.core.management import call_command

from importers.features.run import Options, bring_in
from importers.networks import NETWORK
from landdata.models import RoadSegment

pytestmark = pytest.mark.django_db

DAY = dt.date(2026, 6, 30)


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    folder = tmp_path_factory.mktemp("city")
    call_command("make_city", parcels=500, seed=3, place="hanoi", out=folder, verbosity=0)
    return folder / "network.gpkg"


def bring(path):
    return bring_in(
        NETWORK,
        path,
        Options(data_date=DAY, dataset="network"),
        by=None,
        progress=lambda step: None,
    )


def test_every_row_of_every_layer_comes_in_and_a_second_time_changes_nothing(path):
    rows = {
        layer: pyogrio.read_info(path, layer=layer)["features"]
        for layer, _ in pyogrio.list_layers(path)
    }

    first, second = bring(path), bring(path)

    assert {layer: counts["read"] for layer, counts in first.layers.items()} == rows
    for layer, counts in first.layers.items():
        assert counts["new"] == counts["read"] > 0, layer
    for layer, counts in second.layers.items():
        assert counts["unchanged"] == counts["read"], layer


def test_roads_keep_what_the_file_does_not_know_unknown(path):
    bring(path)

    assert RoadSegment.objects.filter(is_urban=None).exists()
    assert RoadSegment.objects.filter(strip_m=8.0, is_urban=False).exists()
    assert RoadSegment.objects.filter(technical_class="IV", strip_m=None).exists()
    assert RoadSegment.objects.exclude(planned_by="").exists()
