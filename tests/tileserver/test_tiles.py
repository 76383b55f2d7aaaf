from __future__ import annotations

import datetime as dt
import gzip

import mapbox_vector_tile
import numpy as np
import pytest
import shapely

from landdata import crs
from landdata.errors import Missing
from tests.ground import (
    DAY,
    LATER,
    Shape,
    add_parcel,
    add_road,
    add_unit,
    close_parcel,
    shape,
    square,
    tile_of,
)
from tileserver import cache, tiles
from tileserver.layers import BY_ID, LAYERS

pytestmark = pytest.mark.django_db

HALF_WORLD_M = 20037508.342789244


def fetch(layer: str, ground: Shape, z: int, *, today: dt.date = LATER):
    """Return the decoded features of the tile around a shape."""
    x, y = tile_of(ground, z)
    tile = tiles.current_tile(tiles.place(layer, z, x, y), today=today)
    return features(tile.body, layer)


def features(body: bytes, layer: str):
    decoded = mapbox_vector_tile.decode(
        gzip.decompress(body), default_options={"y_coord_down": True}
    )
    return decoded[layer]["features"] if decoded else []


def numbers(found) -> set[str]:
    return {feature["properties"]["number"] for feature in found}


def corners(body: bytes, layer: str, z: int, x: int, y: int):
    """Return the corners of a tile's first feature in EPSG:3857, by the tile's own arithmetic."""
    decoded = mapbox_vector_tile.decode(
        gzip.decompress(body), default_options={"y_coord_down": True}
    )[layer]
    width = 2 * HALF_WORLD_M / 2**z
    ring = np.array(decoded["features"][0]["geometry"]["coordinates"][0], dtype=float)
    unit = width / decoded["extent"]
    return np.column_stack(
        (x * width - HALF_WORLD_M + ring[:, 0] * unit, HALF_WORLD_M - y * width - ring[:, 1] * unit)
    )


@pytest.mark.parametrize(
    ("epsg", "east", "north"), [(5897, 590003.217, 2325001.604), (5899, 425004.331, 1145002.778)]
)
def test_a_corner_in_the_finest_tile_lies_within_one_centimetre(epsg, east, north):
    ring = [(0, 0), (5.003, 0.412), (5.218, 14.377), (0.094, 14.001)]
    surveyed = np.array([(east + e, north + n) for e, n in ring])
    plot = shape(shapely.Polygon(surveyed), epsg=epsg)
    add_parcel("45", plot)
    z = BY_ID["parcels"].max_zoom
    x, y = tile_of(plot, z)

    tile = tiles.current_tile(tiles.place("parcels", z, x, y), today=LATER)

    found = corners(tile.body, "parcels", z, x, y)
    back = np.column_stack(crs.transformer(3857, epsg).transform(found[:, 0], found[:, 1]))
    offsets_m = np.hypot(*(surveyed[:, None] - back[None, :]).transpose(2, 0, 1)).min(axis=1)
    assert offsets_m.max() < 0.01


def test_a_parcel_goes_out_with_its_number_and_uses_and_nothing_else():
    plot = square(590000, 2325000)
    version = add_parcel("45", plot, land_uses=("ODT", "CLN"), address="12 Đội Cấn")

    every = {
        "uuid": str(version.parcel_id),
        "number": "45",
        "land_use": "ODT+CLN",
        "label_here": True,
    }

    # The smaller the zoom, the more plots in a tile, and the less is said of each.
    for z, names in (
        (18, set(every)),
        (17, {"uuid", "number", "label_here"}),
        (16, {"number", "label_here"}),
        (15, set()),
    ):
        (feature,) = fetch("parcels", plot, z)
        assert feature["properties"] == {name: every[name] for name in names}


def test_a_parcel_that_a_tile_edge_cuts_is_labelled_in_one_tile_only():
    """Its west end is in the next tile; both draw it, one says its number."""
    z = BY_ID["parcels"].max_zoom
    width = 2 * HALF_WORLD_M / 2**z
    x, y = tile_of(square(590000, 2325000), z)
    edge, north = x * width - HALF_WORLD_M, HALF_WORLD_M - (y + 0.5) * width
    east, north = crs.transformer(3857, 5897).transform(edge, north)
    add_parcel("45", shape(shapely.box(east - 5, north, east + 15, north + 10)))

    drawn = [
        feature["properties"].get("label_here")
        for tile in (x - 1, x)
        for feature in features(
            tiles.current_tile(tiles.place("parcels", z, tile, y), today=LATER).body, "parcels"
        )
    ]

    assert drawn == [None, True]


def test_a_tile_without_features_is_an_empty_tile():
    add_parcel("45", square(590000, 2325000))

    assert fetch("parcels", square(600000, 2335000), 17) == []


@pytest.mark.parametrize(
    ("layer", "z", "x", "y"),
    [
        ("owners", 16, 0, 0),
        ("parcels", 14, 0, 0),
        ("parcels", 19, 0, 0),
        ("parcels", 16, 65536, 0),
        ("parcels", 16, 0, 65536),
        ("parcels", 16, -1, 0),
    ],
)
def test_a_tile_that_does_not_exist_is_missing(layer, z, x, y):
    with pytest.raises(Missing):
        tiles.place(layer, z, x, y)


def test_a_kept_tile_is_given_out_again_with_the_same_tag():
    plot = square(590000, 2325000)
    add_parcel("45", plot)
    at = tiles.place("parcels", 17, *tile_of(plot, 17))

    first = tiles.current_tile(at, today=LATER)
    second = tiles.current_tile(at, today=LATER)

    assert first == second


def test_a_kept_tile_really_comes_from_its_file(tile_cache):
    plot = square(590000, 2325000)
    add_parcel("45", plot)
    fetch("parcels", plot, 17)
    (file,) = tile_cache.rglob("*.mvt.gz")
    kept = cache.read(file)
    assert kept is not None
    cache.write(file, cache.CachedTile(kept.edition, gzip.compress(b"")))

    assert fetch("parcels", plot, 17) == []


def test_a_new_parcel_shows_in_the_tile_that_was_kept_before():
    plot = square(590000, 2325000)
    add_parcel("45", plot)
    assert numbers(fetch("parcels", plot, 17)) == {"45"}

    add_parcel("46", square(590020, 2325000))

    assert numbers(fetch("parcels", plot, 17)) == {"45", "46"}


def test_a_parcel_that_is_no_longer_believed_leaves_the_tile_that_was_kept_before():
    plot = square(590000, 2325000)
    version = add_parcel("45", plot)
    assert numbers(fetch("parcels", plot, 17)) == {"45"}

    close_parcel(version)

    assert fetch("parcels", plot, 17) == []


def test_a_change_elsewhere_or_in_another_layer_leaves_the_tag_alone():
    plot = square(590000, 2325000)
    add_parcel("45", plot)
    at = tiles.place("parcels", 17, *tile_of(plot, 17))
    before = tiles.current_tile(at, today=LATER)

    add_parcel("46", square(600000, 2335000))
    add_road("Đội Cấn", shape(shapely.LineString([(589990, 2325000), (590040, 2325000)])))

    assert tiles.current_tile(at, today=LATER).etag == before.etag


def test_a_change_within_the_margin_beyond_the_edge_renews_the_tile():
    # A tile of zoom 17 is 306 m wide in EPSG:3857 and draws 4.8 m beyond its edge.
    plot = square(590000, 2325000)
    add_parcel("45", plot)
    x, y = tile_of(plot, 17)
    width = 2 * HALF_WORLD_M / 2**17
    edge_east = (x + 1) * width - HALF_WORLD_M
    at = tiles.place("parcels", 17, x, y)
    before = tiles.current_tile(at, today=LATER)
    middle = plot.mercator.centroid.y
    beyond = shapely.box(edge_east + 3, middle, edge_east + 9, middle + 6)

    add_parcel("46", shape(crs.transform(beyond, 3857, 5897)))

    assert tiles.current_tile(at, today=LATER).etag != before.etag
    assert numbers(fetch("parcels", plot, 17)) == {"45", "46"}


def test_a_parcel_whose_day_has_not_come_appears_on_that_day_without_an_edit():
    plot = square(590000, 2325000)
    add_parcel("45", plot)
    add_parcel("46", square(590020, 2325000), valid_from=dt.date(2026, 10, 1))
    assert numbers(fetch("parcels", plot, 17, today=dt.date(2026, 9, 30))) == {"45"}

    found = fetch("parcels", plot, 17, today=dt.date(2026, 10, 1))

    assert numbers(found) == {"45", "46"}


def test_a_parcel_ceases_on_its_last_day_without_an_edit():
    plot = square(590000, 2325000)
    add_parcel("45", plot, valid_to=dt.date(2026, 10, 1))
    assert numbers(fetch("parcels", plot, 17, today=dt.date(2026, 9, 30))) == {"45"}

    assert fetch("parcels", plot, 17, today=dt.date(2026, 10, 1)) == []


def test_a_tile_of_another_history_with_the_same_number_is_not_believed(tile_cache):
    plot = square(590000, 2325000)
    add_parcel("45", plot)
    fetch("parcels", plot, 17)
    (file,) = tile_cache.rglob("*.mvt.gz")
    kept = cache.read(file)
    assert kept is not None
    other = cache.Edition(kept.edition.revision, kept.edition.made_at_us + 1)
    cache.write(file, cache.CachedTile(other, gzip.compress(b"")))

    assert numbers(fetch("parcels", plot, 17)) == {"45"}


@pytest.mark.parametrize("damage", [b"", b"DIADOT1\n", b"rubbish" * 20])
def test_a_damaged_file_is_rendered_again(tile_cache, damage):
    plot = square(590000, 2325000)
    add_parcel("45", plot)
    fetch("parcels", plot, 17)
    (file,) = tile_cache.rglob("*.mvt.gz")
    file.write_bytes(damage or file.read_bytes()[:-5])

    assert numbers(fetch("parcels", plot, 17)) == {"45"}


def test_a_cache_that_cannot_be_written_costs_no_answer(tile_cache):
    plot = square(590000, 2325000)
    add_parcel("45", plot)
    tile_cache.parent.mkdir(exist_ok=True)
    tile_cache.write_bytes(b"a file where the folder should be")

    assert numbers(fetch("parcels", plot, 17)) == {"45"}


def test_alleys_are_left_out_of_small_scales():
    road = shape(shapely.LineString([(590000, 2325000), (590040, 2325000)]))
    add_road("ngõ 12", road, road_class="service")
    add_road("Đội Cấn", road, road_class="primary")

    assert [f["properties"]["name"] for f in fetch("roads", road, 13)] == ["Đội Cấn"]
    assert len(fetch("roads", road, 17)) == 2


def test_only_wards_of_today_are_in_the_ward_layer():
    ground = square(590000, 2325000, 500)
    add_unit("00004", "Phường Ba Đình", ground)
    add_unit("00004", "Phường Trúc Bạch", ground, valid_from=DAY, valid_to=LATER)
    add_unit("01", "Thành phố Hà Nội", ground, level="province", parent_code="")

    (feature,) = fetch("wards", ground, 14)

    assert feature["properties"]["full_name"] == "Phường Ba Đình"


@pytest.mark.parametrize("layer", LAYERS, ids=lambda layer: layer.id)
def test_a_tile_carries_all_that_its_drawing_needs(layer):
    """A tile of zoom z is seen from z up to z + 1, that of the last zoom from there on."""
    for z in range(layer.min_zoom, layer.max_zoom + 1):
        end = 30 if z == layer.max_zoom else z + 1
        carried = {a.name for a in layer.attributes_at(z)}
        for rule in layer.style.rules:
            needed = {condition.attribute for condition in rule.when}
            if rule.label and (rule.label.from_zoom or 0) < end:
                needed |= {rule.label.attribute, rule.label.english or rule.label.attribute}
            assert needed | layer.style.colour_attributes <= carried, z


@pytest.mark.parametrize("layer", LAYERS, ids=lambda layer: layer.id)
def test_every_layer_reads_public_views_only_and_renders_at_every_zoom(layer):
    assert all(view.startswith("public_") for view in (layer.view, *layer.also_reads))
    for z in range(layer.min_zoom, layer.max_zoom + 1):
        at = tiles.place(layer.id, z, 0, 0)
        assert gzip.decompress(tiles.render(at, day=LATER).body) == b""
