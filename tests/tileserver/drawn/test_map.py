"""What MapServer draws of a known ground, measured in its pixels."""

from __future__ import annotations

import io

import numpy as np
import pytest
import shapely
from django.conf import settings
from django.db import connection
from PIL import Image
from pyproj import Transformer

from landdata import crs
from landdata.models import Dataset, Raster, Revision, RoadSegment, SourceFile
from landdata.relief import Terrain, write_shaded
from tests.ground import DAY, LATER, add_parcel, add_road, shape, source_file, square
from tests.tileserver.drawn.pictures import mixed, near, newest, picture
from tests.tileserver.pool import running_map_server
from tests.tileserver.test_picture import add_zone
from tileserver.drawing import Order, draw
from tileserver.layers import BY_ID, MAP_BY_ID
from tileserver.mapserver.mapfile import first_denominator, ms_layers
from tileserver.style import GROUND

EAST, NORTH = 590000, 2325000
#: 200 m of the storage zone in 400 pixels.
BOX = (EAST, NORTH, EAST + 200, NORTH + 200)
#: Near enough for the numbers of plots: 40 m in 400 pixels.
CLOSE = (EAST, NORTH, EAST + 40, NORTH + 40)

#: From the zone to EPSG:3857 by an operation that PROJ is told step by step: out of the zone's
#: grid, over the seven parameters of decision 05/2007, into Mercator.
STEPS = Transformer.from_pipeline(
    "+proj=pipeline "
    "+step +inv +proj=tmerc +lat_0=0 +lon_0=105 +k=0.9999 +x_0=500000 +y_0=0 +ellps=WGS84 "
    "+step +proj=cart +ellps=WGS84 "
    "+step +proj=helmert +x=-191.90441429 +y=-39.30318279 +z=-111.45032835 +rx=0.00928836"
    " +ry=-0.01975479 +rz=0.00427372 +s=0.252906278 +convention=position_vector "
    "+step +inv +proj=cart +ellps=WGS84 "
    "+step +proj=webmerc +ellps=WGS84"
)


def box_in(epsg: int, box=BOX):
    """Return a box of the zone as a box of a system, made by the steps above."""
    if epsg == settings.STORAGE_EPSG:
        return box
    west, south, east, north = box
    middle = STEPS.transform((west + east) / 2, (south + north) / 2)
    # A metre is that much longer in Mercator at this latitude.
    across = STEPS.transform(east, (south + north) / 2)[0] - middle[0]
    return (middle[0] - across, middle[1] - across, middle[0] + across, middle[1] + across)


def pixel_of(epsg: int, east: float, north: float, box=BOX, size: int = 400):
    """Return column and row of a place of the zone in a picture."""
    place = (east, north) if epsg == settings.STORAGE_EPSG else STEPS.transform(east, north)
    west, south, right, top = box_in(epsg, box)
    return (place[0] - west) / (right - west) * size, (top - place[1]) / (top - south) * size


def test_which_of_two_names_is_drawn_does_not_depend_on_where_rows_lie_on_the_disk(map_server):
    for step in range(8):
        add_parcel(f"{100 + step}", square(EAST + 4 + 3 * step, NORTH + 12, 14))
    line = shapely.LineString
    for step in range(6):
        across = line([(EAST + 6 * step, NORTH), (EAST + 40 - 6 * step, NORTH + 40)])
        add_road(f"phố {step}", shape(across))
    drawn = {layer: picture([layer], CLOSE) for layer in ("parcels", "roads")}

    with connection.cursor() as cursor:
        for table in ("landdata_parcelversion", "landdata_roadsegment"):
            cursor.execute(f"CREATE INDEX backwards_{table} ON {table} (id DESC)")
            cursor.execute(f"CLUSTER {table} USING backwards_{table}")
            cursor.execute(f"DROP INDEX backwards_{table}")

    for layer, before in drawn.items():
        assert (picture([layer], CLOSE) == before).all(), layer


@pytest.mark.parametrize("epsg", [3857, 5897])
def test_an_edge_lies_within_a_pixel_of_its_ground_in_both_grids(map_server, epsg):
    # Without a number: only its edge is drawn.
    add_parcel("", square(EAST + 60, NORTH + 60, 80))

    drawn = picture(["parcels"], box_in(epsg), epsg=epsg)

    rows, columns = np.nonzero(drawn[..., 3] > 90)
    assert len(rows) > 400
    corners = [
        pixel_of(epsg, EAST + right, NORTH + up)
        for right, up in ((60, 60), (140, 60), (140, 140), (60, 140))
    ]
    edge = shapely.LinearRing(corners)
    away = shapely.distance(shapely.points(columns + 0.5, rows + 0.5), edge)
    assert away.max() <= 1
    # At a corner a thin stroke leaves little ink.
    rows, columns = np.nonzero(drawn[..., 3] > 30)
    inked = shapely.MultiPoint(np.column_stack((columns + 0.5, rows + 0.5)))
    assert max(shapely.distance(shapely.Point(c), inked) for c in corners) <= 1


def test_both_grids_show_one_ground_at_one_place(map_server):
    add_zone("DAT_A", "#ff0000", square(EAST, NORTH, 90))
    add_zone("DAT_B", "#0000ff", square(EAST + 90, NORTH, 110), level="zoning")

    native = picture(["zones"], BOX)
    mercator = picture(["zones"], box_in(3857), epsg=3857)

    for east, north in ((20, 20), (85, 70), (95, 70), (190, 100)):
        found = []
        for epsg, drawn in ((5897, native), (3857, mercator)):
            column, row = pixel_of(epsg, EAST + east, NORTH + north)
            found.append(drawn[int(row), int(column)])
        assert (found[0] == found[1]).all()


@pytest.mark.parametrize("epsg", [3857, 5897])
def test_a_zone_is_three_fifths_of_its_prescribed_colour(map_server, epsg):
    add_zone("DAT_HTXH_Yte", "#ff00bf", square(EAST, NORTH, 200))

    drawn = picture(["zones"], box_in(epsg), epsg=epsg)

    column, row = pixel_of(epsg, EAST + 30, NORTH + 30)
    assert np.abs(drawn[int(row), int(column), :3] - mixed("#ff00bf", GROUND, 0.6)).max() <= 2


def strokes(words: str):
    """Return where a zone with a hatch in these words is inked, 400 pixels of it, no edge in it."""
    add_zone("DAT_X", "#202020", square(EAST - 300, NORTH - 300, 800), words=words)
    drawn = picture(["zones"], BOX)
    plain = mixed("#202020", GROUND, 0.6)
    return np.abs(drawn[..., :3] - plain).max(axis=2) > 30


def along(ink, angle: float) -> float:
    """Return how much the ink gathers in lines of an angle (degrees from the east, anticlockwise).

    Rays of that angle through the picture hold ink or none: the spread of their means.
    """
    rows, columns = np.mgrid[0 : ink.shape[0], 0 : ink.shape[1]]
    turn = np.radians(angle)
    # Distance from a line through the corner; rows count downwards.
    across = columns * np.sin(turn) + rows * np.cos(turn)
    bins = np.round(across - across.min()).astype(int).ravel()
    ink_in, all_in = np.bincount(bins, ink.ravel()), np.bincount(bins)
    return float((ink_in / np.maximum(all_in, 1))[all_in > 100].std())


@pytest.mark.parametrize(
    ("words", "angles"),
    [
        ("double cross-hatch", (45, 135)),
        ("vertical lines with slashes", (90, 45)),
        # A cell of 128/7 to 32 pixels: atan(32 / (128/7)) = 60.26°.
        ("triangular net", (0, 60.26, 119.74)),
    ],
)
def test_a_hatch_runs_at_the_angles_that_its_words_mean(map_server, words, angles):
    ink = strokes(words)

    found = {angle: along(ink, angle) for angle in np.arange(0, 180, 7.5)}
    for angle in angles:
        # Lines at this angle stand out against all directions that are none of the hatch's.
        others = [
            spread
            for other, spread in found.items()
            if min(min(abs(other - a), 180 - abs(other - a)) for a in angles) > 10
        ]
        assert along(ink, angle) > 2 * max(others)


def test_a_function_without_words_is_plain(map_server):
    assert not strokes("").any()


def test_hatch_lines_are_as_far_apart_as_the_figure_says(map_server):
    ink = strokes("vertical lines with slashes")

    # Every 16 pixels a line that is inked from top to bottom.
    upright = np.flatnonzero(ink.mean(axis=0) > 0.9)
    starts = upright[np.diff(upright, prepend=-9) > 1]
    assert len(starts) >= 400 // 16 - 1
    assert set(np.diff(starts)) <= {15, 16, 17}
    assert np.diff(starts).mean() == pytest.approx(16, abs=0.1)


def test_a_hatch_goes_on_across_the_edge_of_two_pictures(map_server):
    add_zone("DAT_X", "#202020", square(EAST - 300, NORTH - 300, 1200), words="double cross-hatch")
    west, south, _, north = BOX
    middle = west + 100

    whole = picture(["zones"], BOX)
    left = picture(["zones"], (west, south, middle, north), width=200)
    right = picture(["zones"], (middle, south, west + 200, north), width=200)

    joined = np.concatenate((left, right), axis=1)
    assert np.abs(joined - whole).max(axis=2).mean() < 3


@pytest.mark.parametrize("epsg", [3857, 5897])
def test_a_street_is_as_wide_as_it_is(map_server, epsg):
    add_wide_street([(EAST - 50, NORTH + 100), (EAST + 250, NORTH + 100)], width_m=20)

    drawn = picture(["roads"], box_in(epsg), epsg=epsg)

    # 20 m of ground at half a metre to the pixel, and eight tenths of a pixel of casing each side.
    white = near(drawn, "#ffffff", 3)[:, 200].sum()
    assert white == pytest.approx(40, abs=1)
    assert (drawn[:, 200, 3] > 60).sum() == pytest.approx(41.6, abs=2)


def test_streets_open_into_each_other_where_they_meet(map_server):
    add_wide_street([(EAST - 50, NORTH + 100), (EAST + 250, NORTH + 100)], width_m=6)
    add_wide_street([(EAST + 100, NORTH - 50), (EAST + 100, NORTH + 250)], width_m=6)

    drawn = picture(["roads"], BOX)

    # In the middle of the crossing there is no casing of either street.
    assert near(drawn, "#ffffff", 3)[195:205, 195:205].all()


_keys = iter(range(1000))


def add_wide_street(line, *, width_m):
    axis = shape(shapely.LineString(line))
    with Revision.open(by=None, why="test") as revision:
        RoadSegment.objects.create(
            source_key=f"street-{next(_keys)}",
            name="",
            road_class="residential",
            width_m=width_m,
            axis=axis.stored,
            axis_3857=axis.mercator,
            source_file=source_file(),
            source_row=0,
            valid_from=DAY,
            from_revision=revision.number,
        )


def test_a_plots_number_is_written_only_where_it_fits(map_server):
    add_parcel("45", square(EAST + 10, NORTH + 10, 20))
    add_parcel("46", square(EAST + 34, NORTH + 34, 0.6))

    drawn = picture(["parcels"], CLOSE)

    ink = near(drawn, "#4a4238", 40)
    # Ten pixels to a metre: inside the first plot there are letters.
    assert ink[400 - 290 : 400 - 110, 110:290].sum() > 20
    # The second is six pixels wide: nothing stands in it or over its edge.
    around = drawn[400 - 352 : 400 - 328, 328:352, 3] > 60
    edge = np.zeros_like(around)
    edge[5:18, 5:18] = True
    assert not (around & ~edge).any()


@pytest.mark.parametrize("epsg", [3857, 5897])
def test_a_layer_is_not_drawn_beyond_its_scale(map_server, epsg):
    add_parcel("45", square(EAST + 500, NORTH + 500, 1000))
    # The scale denominator that MapServer stops at, in metres to a pixel of a 72nd of an inch.
    metres = first_denominator(BY_ID["parcels"]) * 0.0254 / 72

    def drawn(resolution):
        side = 400 * resolution
        box = (EAST, NORTH, EAST + side, NORTH + side)
        if epsg == 3857:
            west, south = STEPS.transform(EAST, NORTH)
            box = (west, south, west + side, south + side)
        return (picture(["parcels"], box, epsg=epsg)[..., 3] > 20).any()

    assert drawn(metres * 0.98)
    assert not drawn(metres * 1.02)


def test_no_letters_stand_where_a_tile_cache_cuts(map_server):
    for column in range(12):
        for row in range(12):
            add_parcel(
                f"{column:02}{row:02}", square(EAST - 80 + 30 * column, NORTH - 80 + 30 * row, 30)
            )

    drawn = picture(["parcels"], BOX)

    # Letters have a pale rim that nothing else has.
    letters = near(drawn, "#fffdf8", 8)
    assert letters.any()
    inner = np.zeros_like(letters)
    inner[16:-16, 16:-16] = True
    assert not (letters & ~inner).any()


def test_every_system_but_two_is_refused_and_nothing_is_moved_into_it():
    assert ms_layers(["water"], 3857) == ["water"]
    assert ms_layers(["water"], settings.STORAGE_EPSG) == ["water@native"]
    with pytest.raises(ValueError, match="5897 only"):
        ms_layers(["water"], 5899)
    with pytest.raises(KeyError):
        ms_layers(["landdata_parcel"], 3857)


def test_layers_come_from_the_bottom_to_the_top_whatever_the_order_asked():
    order = list(MAP_BY_ID)

    names = ms_layers(reversed(order), 3857)

    firsts = [next(n for n in names if n.split("_names")[0].startswith(y)) for y in order]
    assert [names.index(n) for n in firsts] == sorted(names.index(n) for n in firsts)


def test_the_steps_of_the_tests_are_those_of_the_house():
    assert STEPS.transform(EAST, NORTH) == pytest.approx(
        crs.transformer(5897, 3857).transform(EAST, NORTH), abs=1e-6
    )


def add_terrain(settings):
    """Add a terrain model whose ground falls off at once, 100 m east of the picture's edge."""
    heights = np.zeros((40, 40), np.float32)
    heights[:, 20:] = -30
    terrain = Terrain(heights, 5897, EAST - 100, NORTH + 300, 10.0, 10.0)
    digest = "cd" * 32
    write_shaded(terrain, settings.RELIEF, sha256=digest, unit="m", targets=(3857, 5897))
    dataset = Dataset.objects.create(code="terrain", kind="rasters")
    file = SourceFile.objects.create(
        dataset=dataset, name="dem.tif", sha256=digest, stored_as="", size_bytes=1, data_date=DAY
    )
    with Revision.open(by=None, why="test") as revision:
        Raster.objects.create(
            source_key="dem.tif",
            kind="terrain",
            epsg=5897,
            width=40,
            height=40,
            bands=1,
            data_type="float32",
            cell_width=10,
            cell_height=10,
            unit="m",
            extent=square(EAST - 100, NORTH - 100, 400).stored[0],
            source_file=file,
            source_row=0,
            valid_from=DAY,
            from_revision=revision.number,
        )


@pytest.fixture
def relief_server(settings, tmp_path, transactional_db):
    """A MapServer whose mapfile names a folder of the test for shaded terrain."""
    settings.RELIEF = tmp_path / "relief"
    with running_map_server(tmp_path) as socket:
        settings.MAPSERVER_SOCKET = socket
        yield settings


@pytest.mark.parametrize("epsg", [3857, 5897])
def test_terrain_is_shaded_where_it_falls_in_both_grids(relief_server, epsg):
    add_terrain(relief_server)

    drawn = picture(["relief"], box_in(epsg), epsg=epsg)

    opacity = drawn[..., 3]
    column, _ = pixel_of(epsg, EAST + 100, NORTH + 100)
    # The shadow of the step is two cells of 10 m wide, 40 pixels.
    shadowed = np.flatnonzero(opacity[200] > 60)
    assert len(shadowed) > 10
    assert np.abs(shadowed - column).max() <= 40
    assert opacity[200, 20] == 0


def test_terrain_is_not_drawn_at_a_revision_before_it_came(relief_server):
    with Revision.open(by=None, why="earlier"):
        pass
    earlier = newest()
    add_terrain(relief_server)

    order = Order(("relief",), 5897, BOX, 100, 100, as_of=LATER, known_at=earlier)
    content = np.asarray(Image.open(io.BytesIO(draw(order))).convert("RGBA"))

    assert content[..., 3].max() == 0
