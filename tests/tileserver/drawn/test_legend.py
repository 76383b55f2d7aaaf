"""The legend: complete, and drawn like the map."""

from __future__ import annotations

import datetime as dt
import io

import numpy as np
import pytest
from PIL import Image

from landdata.models import Revision
from planning.models import Zone
from tests.ground import DAY, LATER, square
from tests.tileserver.drawn.pictures import mixed
from tests.tileserver.test_picture import add_zone
from tileserver.layers import BY_ID, MAP_LAYERS
from tileserver.legend import legend_entries, legend_png
from tileserver.legend.entries import SHOWN_ZOOM
from tileserver.legend.picture import group_title
from tileserver.legend.sketch import cell, sign
from tileserver.patterns import PATTERNS
from tileserver.style import GROUND

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("layer", MAP_LAYERS, ids=lambda layer: layer.id)
def test_every_rule_with_a_title_is_in_the_legend(layer):
    entries = legend_entries(layer, as_of=LATER)

    if layer.style.listing is None:
        titled = {rule.title_en for rule in layer.style.rules if rule.title_en}
        assert {entry.title_en for entry in entries} == (titled or {layer.title_en})
        assert all(entry.title("vi") and entry.parts for entry in entries)


def test_the_legend_of_zones_has_each_function_in_force_once_and_no_other():
    add_zone("DAT_A", "#ff0000", square(590000, 2325000))
    add_zone("DAT_B", "#0000ff", square(590100, 2325000), level="zoning", words="triangles")
    known = Revision.objects.latest("number").number
    with Revision.open(by=None, why="test") as revision:
        Zone.objects.filter(function="DAT_A").update(to_revision=revision.number)

    now = legend_entries(BY_ID["zones"], as_of=LATER)
    before = legend_entries(BY_ID["zones"], as_of=LATER, known_at=known)
    too_early = legend_entries(BY_ID["zones"], as_of=DAY - dt.timedelta(days=1))

    assert [(entry.value, entry.colour, entry.hatch) for entry in now] == [
        ("DAT_B", "#0000ff", "triangles")
    ]
    assert [entry.value for entry in before] == ["DAT_A", "DAT_B"]
    assert too_early == ()


def test_a_sign_has_the_colour_that_the_map_has():
    add_zone("DAT_HTXH_Yte", "#ff00bf", square(590000, 2325000))
    (entry,) = legend_entries(BY_ID["zones"], as_of=LATER)

    drawn = np.asarray(sign(BY_ID["zones"].shape, entry.parts, entry.colour_of)).astype(int)

    assert np.abs(drawn[9, 16] - mixed("#ff00bf", GROUND, 0.6)).max() <= 2


def test_a_sign_of_a_hatched_function_holds_the_hatch():
    add_zone("DAT_X", "#202020", square(590000, 2325000), words="double cross-hatch")
    (entry,) = legend_entries(BY_ID["zones"], as_of=LATER)

    drawn = np.asarray(sign(BY_ID["zones"].shape, entry.parts, entry.colour_of)).astype(int)

    inner = drawn[3:-3, 3:-3]
    darkest, plain = inner.min(), mixed("#202020", GROUND, 0.6)[0]
    assert darkest < plain - 40
    assert (np.abs(inner - plain).max(axis=2) < 12).mean() > 0.4


def test_the_picture_grows_with_what_it_lists_and_with_its_scale():
    def size(layers, **how):
        png = legend_png([BY_ID[y] for y in layers], as_of=LATER, **how)
        return Image.open(io.BytesIO(png)).size

    one, two = size(["water"]), size(["water", "roads"])
    assert two[1] > one[1] + 6 * 20
    width, height = size(["water"], scale=2)
    assert height == 2 * one[1]
    assert width == pytest.approx(2 * one[0], abs=4)


def test_titles_are_in_the_language_that_is_asked_for():
    assert legend_png([BY_ID["water"]], as_of=LATER) != legend_png(
        [BY_ID["water"]], as_of=LATER, language="en"
    )
    assert group_title("Residential", "vi") == "Đất ở"
    assert group_title("Residential", "en") == "Residential"
    assert group_title("Nobody's group", "vi") == "Nobody's group"


def test_a_legend_without_data_is_a_title_and_no_error():
    png = legend_png([BY_ID["zones"]], as_of=LATER)

    assert Image.open(io.BytesIO(png)).size[1] >= 28


@pytest.mark.parametrize("pattern", PATTERNS.values(), ids=lambda pattern: pattern.id)
def test_a_repeated_figure_has_no_seam(pattern):
    tile = np.asarray(cell(pattern, "#000000"))[..., 3].astype(float)

    twice = np.tile(tile, (2, 2))
    # Across the seam neighbours differ no more than anywhere inside.
    down, right = np.abs(np.diff(twice, axis=0)), np.abs(np.diff(twice, axis=1))
    height, width = tile.shape
    assert down[height - 1].max() <= down[: height - 1].max() + 1
    assert right[:, width - 1].max() <= right[:, : width - 1].max() + 1


def test_signs_are_shown_at_a_zoom_at_which_hatches_and_casings_are_seen():
    for layer in MAP_LAYERS:
        assert layer.min_zoom <= SHOWN_ZOOM
