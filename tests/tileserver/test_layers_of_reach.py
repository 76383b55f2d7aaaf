"""Plots, services within their reach, and the ground around services, on maps and over WFS."""

from __future__ import annotations

import io
import json
import math

import numpy as np
import pytest
from PIL import Image

from landdata.models import Revision
from planning.models import PublishedArea, PublishedReach
from planning.models.published_reach import KINDS
from tests.ground import DAY, LATER, add_parcel, square
from tests.tileserver.test_layers import fetch
from tileserver.drawing import Order, draw
from tileserver.freshness import newest
from tileserver.layers import BY_ID
from tileserver.layers.reach import SERVICE_AREAS_BY_KIND
from tileserver.legend import legend_entries


def add_reach(parcel, states, walk_m=(), nearest=()):
    walk = [*walk_m, *[math.nan] * (len(KINDS) - len(walk_m))]
    unknown = [math.nan] * len(KINDS)
    with Revision.open(by=None, why="reach") as revision:
        return PublishedReach.objects.create(
            parcel=parcel,
            unit_code="00004",
            walk_m=walk,
            straight_m=unknown,
            walk_minutes=unknown,
            motorbike_minutes=unknown,
            nearest=[*nearest, *[""] * (len(KINDS) - len(nearest))],
            states=states.ljust(len(KINDS), "-"),
            fingerprint=b"",
            valid_from=DAY,
            from_revision=revision.number,
        )


def add_area(kind, ring, ground, band_m=500.0):
    with Revision.open(by=None, why="reach") as revision:
        return PublishedArea.objects.create(
            kind=kind,
            mode="walk",
            ring=ring,
            from_m=0.0,
            band_m=band_m,
            norm="kg26",
            people=98765.0,
            fingerprint=f"{kind}{ring}",
            boundary=ground.stored,
            boundary_3857=ground.mercator,
            valid_from=DAY,
            from_revision=revision.number,
        )


def of_wfs(client, layer):
    answer = client.get(
        "/wfs",
        {
            "service": "WFS",
            "version": "2.0.0",
            "request": "GetFeature",
            "typenames": layer,
            "outputformat": "application/json",
        },
        headers={"host": "localhost"},
    )
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    assert answer.status_code == 200, body
    return body.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("states", "answer", "met", "checked"),
    [
        ("mmu", "all", 2, 2),
        ("mmnnu", "most", 2, 4),
        ("mnnu", "few", 1, 3),
        ("uu", "unknown", 0, 0),
    ],
)
def test_a_tile_tells_how_many_services_are_within(states, answer, met, checked):
    ground = square(590000, 2325000, 30)
    plot = add_parcel("7", ground)
    add_reach(plot.parcel, states)

    (far,) = fetch("coverage", ground, 15)
    (near,) = fetch("coverage", ground, 17)

    assert far["properties"] == {"answer": answer}
    said = near["properties"]
    assert (said["answer"], said["met"], said["checked"]) == (answer, met, checked)
    assert said["uuid"] == str(plot.parcel_id)
    letters = {"m": "met", "n": "not_met", "u": "not_checked"}
    assert [said[f"{kind}_state"] for kind in KINDS[: len(states)]] == [
        letters[letter] for letter in states
    ]


@pytest.mark.django_db
def test_of_a_plot_that_was_never_worked_out_nothing_is_told():
    ground = square(590000, 2325000, 30)
    add_parcel("7", ground)

    assert fetch("coverage", ground, 15) == []


def test_wfs_gives_metres_and_no_number_where_nothing_leads(client, map_server):
    plot = add_parcel("7", square(590000, 2325000))
    add_reach(plot.parcel, "mnu", [412.3, math.inf, math.nan])

    (feature,) = json.loads(of_wfs(client, "coverage"))["features"]

    said = feature["properties"]
    assert said["kindergarten_m"] == 412.3
    assert said.get("primary_school_m") is None
    assert said.get("lower_secondary_school_m") is None
    assert said["primary_school_state"] == "not_met"


def test_wfs_gives_the_ground_of_one_kind_without_people(client, map_server):
    add_area("park", "limit", square(590000, 2325000))
    add_area("market", "limit", square(590100, 2325000))

    text = of_wfs(client, "service_areas_park")

    (feature,) = json.loads(text)["features"]
    assert feature["properties"]["band_m"] == 500
    assert "98765" not in text
    assert "fingerprint" not in text
    assert len(json.loads(of_wfs(client, "service_areas"))["features"]) == 2


@pytest.mark.django_db
def test_a_tile_tells_kind_and_band():
    ground = square(590000, 2325000, 200)
    add_area("park", "half", ground, 250.0)

    (feature,) = fetch("service_areas", ground, 14)

    assert feature["properties"] == {
        "kind": "park",
        "mode": "walk",
        "ring": "half",
        "from_m": 0,
        "band_m": 250,
    }


def test_every_part_shows_one_kind():
    kinds = [layer.id.removeprefix("service_areas_") for layer in SERVICE_AREAS_BY_KIND]

    assert len(kinds) == 8
    assert set(kinds) < set(KINDS)
    assert all(layer.part_of == "service_areas" for layer in SERVICE_AREAS_BY_KIND)


@pytest.mark.django_db
@pytest.mark.parametrize(("layer", "many"), [("coverage", 4), ("service_areas", 3)])
def test_the_legend_tells_signs_apart_without_colour(layer, many):
    entries = legend_entries(BY_ID[layer], as_of=LATER)

    assert len({entry.title("vi") for entry in entries}) == many
    assert len({entry.title("en") for entry in entries}) == many
    looks = [
        tuple((type(d).__name__, getattr(d, "pattern", ""), getattr(d, "dash", ())) for d in r.draw)
        for r in BY_ID[layer].style.rules
    ]
    assert len(set(looks)) == many


def test_plots_look_different_without_colour(map_server):
    for place, states in enumerate(["mm", "mn", "nn", "uu"]):
        plot = add_parcel(str(place), square(590000 + place * 120, 2325000, 100))
        add_reach(plot.parcel, states)
    order = Order(
        layers=("coverage",),
        epsg=5897,
        box=(589980, 2324980, 590500, 2325120),
        width_px=1040,
        height_px=280,
        as_of=LATER,
        known_at=newest().revision,
        is_transparent=False,
        background="#ffffff",
    )

    picture = np.asarray(Image.open(io.BytesIO(draw(order))).convert("L")).astype(int)

    insides = [picture[80:200, 80 + k * 240 : 200 + k * 240] for k in range(4)]
    spread = [inside.std() for inside in insides]
    every, most, few, unknown = spread
    assert few > most > every
    assert every < 1
    # Nothing is painted on what could not be checked, and a tint on what could.
    assert unknown < 1
    assert insides[3].mean() > insides[0].mean() + 10
