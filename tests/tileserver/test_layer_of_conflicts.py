"""Conflicts of plans in force on maps and over WFS, and what of them stays inside."""

from __future__ import annotations

import io
import uuid

import numpy as np
import pytest
from PIL import Image

from landdata.models import Revision
from planning.models import PublishedConflict
from tests.ground import DAY, LATER, square
from tests.tileserver.test_layers import fetch
from tileserver.drawing import Order, draw
from tileserver.freshness import newest
from tileserver.layers import BY_ID
from tileserver.legend import legend_entries

SEVERITIES = ("blocks", "warns", "notes")


def add_conflict(severity, ground, **given):
    values = {
        "identity": uuid.uuid4(),
        "rule": "P01",
        "severity": severity,
        "title_vi": "Chức năng khác quy hoạch cấp trên",
        "title_en": "Function differs from the higher level",
        "text_vi": "Ô 1",
        "text_en": "Zone 1",
        "legal_source": "Law 47/2024/QH15 art. 8",
        "plans": ["QHC", "QHPK"],
        "area_m2": 400.0,
        "fingerprint": uuid.uuid4().hex,
        "boundary": ground.stored,
        "boundary_3857": ground.mercator,
        "valid_from": DAY,
    }
    with Revision.open(by=None, why="conflicts") as revision:
        return PublishedConflict.objects.create(
            **{**values, **given}, from_revision=revision.number
        )


@pytest.mark.django_db
def test_a_tile_tells_rule_and_severity_and_not_the_sentence():
    ground = square(590000, 2325000, 60)
    conflict = add_conflict("blocks", ground)

    (feature,) = fetch("conflicts", ground, 16)

    assert feature["properties"] == {
        "uid": str(conflict.identity),
        "rule": "P01",
        "severity": "blocks",
        "title": "Chức năng khác quy hoạch cấp trên",
        "title_en": "Function differs from the higher level",
        "plans": "QHC, QHPK",
    }


@pytest.mark.django_db
def test_the_legend_tells_three_severities_apart_in_both_languages():
    entries = legend_entries(BY_ID["conflicts"], as_of=LATER)

    assert len({entry.title("vi") for entry in entries}) == 3
    assert len({entry.title("en") for entry in entries}) == 3
    # Not by colour alone: each has a line or a hatch of its own.
    looks = [
        tuple((type(d).__name__, getattr(d, "pattern", ""), getattr(d, "dash", ())) for d in r.draw)
        for r in BY_ID["conflicts"].style.rules
    ]
    assert len(set(looks)) == 3


def test_severities_look_different_without_colour(map_server):
    size = 100
    for place, severity in enumerate(SEVERITIES):
        add_conflict(severity, square(590000 + place * (size + 20), 2325000, size))
    order = Order(
        layers=("conflicts",),
        epsg=5897,
        box=(589980, 2324980, 590380, 2325120),
        width_px=800,
        height_px=280,
        as_of=LATER,
        known_at=newest().revision,
        is_transparent=False,
        background="#ffffff",
    )

    picture = np.asarray(Image.open(io.BytesIO(draw(order))).convert("L")).astype(int)

    spread = []
    for place in range(3):
        # The middle of each square: its hatch alone, without the outline.
        left = 40 + place * 240 + 40
        spread.append(picture[80:200, left : left + 120].std())
    blocks, warns, notes = spread
    assert blocks > warns > notes
    assert notes < 1


def test_wfs_gives_the_sentence_and_the_law_and_nothing_internal(client, map_server):
    add_conflict("warns", square(590000, 2325000))

    answer = client.get(
        "/wfs",
        {
            "service": "WFS",
            "version": "2.0.0",
            "request": "GetFeature",
            "typenames": "conflicts",
            "outputformat": "application/json",
        },
        headers={"host": "localhost"},
    )

    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    text = body.decode()
    assert answer.status_code == 200, text
    assert "Law 47/2024/QH15 art. 8" in text
    assert "fingerprint" not in text
