"""A draft on paper: measured with a ruler."""

from __future__ import annotations

import io
import re
import subprocess

import numpy as np
import pytest
from PIL import Image

from accounts.models import Role
from tests.planning.city import EAST, NORTH, Office, box, functions, person
from tests.tileserver.pool import running_map_server
from webmap.printing.sheet import Sheet

POINTS_PER_MM = 72 / 25.4
PIXELS_PER_MM = 200 / 25.4


# --- the paper ------------------------------------------------------------------------------------


@pytest.mark.parametrize("paper", ["A4", "A3", "A2"])
@pytest.mark.parametrize("is_landscape", [True, False])
def test_a_picture_has_exactly_the_scale_of_its_sheet(paper, is_landscape):
    sheet = Sheet(paper, is_landscape, 2000, EAST, NORTH)
    west, south, east, north = sheet.box
    width_mm, height_mm = sheet.picture_mm

    assert (east - west) * 1000 / width_mm == pytest.approx(2000)
    assert (north - south) * 1000 / height_mm == pytest.approx(2000)
    assert max(sheet.pixels) <= 4096
    # The frame lies within the picture, and a pixel is all that it cuts.
    assert 0 <= width_mm - sheet.frame_mm[0] < 1 / PIXELS_PER_MM
    # The middle of the frame is the place that was asked for.
    assert sheet.on_paper(EAST, NORTH) == pytest.approx([side / 2 for side in sheet.frame_mm])


@pytest.mark.parametrize(
    ("scale", "step_m"), [(200, 10), (500, 20), (1000, 50), (2000, 100), (25_000, 1000)]
)
def test_the_grid_has_round_steps_of_four_centimetres_or_more(scale, step_m):
    sheet = Sheet("A3", True, scale, EAST + 7, NORTH + 3)

    assert sheet.step_m == step_m
    eastings, _ = sheet.ticks()
    assert [tick.value_m % step_m for tick in eastings] == [0] * len(eastings)
    assert eastings[1].at_mm - eastings[0].at_mm == pytest.approx(step_m * 1000 / scale)


# --- the sheet ------------------------------------------------------------------------------------


@pytest.fixture
def office(transactional_db) -> Office:
    functions()
    return Office()


@pytest.fixture
def draft(office):
    # 300 m of houses beside 100 m of green.
    return office.draft(
        "P1",
        box(0, 0, 400, 200),
        {"A": ("HOUSES", box(0, 0, 300, 200)), "B": ("GREEN", box(300, 0, 400, 200))},
    )


@pytest.fixture
def map_server(settings, tmp_path, transactional_db):
    with running_map_server(tmp_path) as socket:
        settings.MAPSERVER_SOCKET = socket
        yield


def printed(client, **asked):
    place = {"east": str(EAST + 200), "north": str(NORTH + 100), "scale": "2000", **asked}
    return client.get("/plans/P1/print.pdf", place)


def read(pdf: bytes, program: str, *options: str) -> bytes:
    """What one of poppler's programs makes of a PDF."""
    done = subprocess.run([program, *options], input=pdf, capture_output=True, check=True)
    return done.stdout


def words_of(pdf: bytes) -> list[tuple[str, float, float]]:
    """Words of the sheet, each with its middle in mm from the upper left corner."""
    layout = read(pdf, "pdftotext", "-bbox", "-", "-").decode()
    found = re.findall(
        r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">([^<]*)', layout
    )
    return [
        (
            word,
            (float(west) + float(east)) / 2 / POINTS_PER_MM,
            (float(top) + float(bottom)) / 2 / POINTS_PER_MM,
        )
        for west, top, east, bottom, word in found
    ]


def test_on_paper_a_hundred_metres_are_five_centimetres(client, office, draft, map_server):
    client.force_login(office.planner)

    answer = printed(client)

    assert answer["Content-Type"] == "application/pdf"
    assert answer["Cache-Control"] == "private, no-store"
    pdf = answer.content
    words = words_of(pdf)
    # By the figures at the frame: "587 100" and "587 200" of the upper edge.
    top = min(y for word, _, y in words if word == "587")
    at = {word: (x, y) for word, x, y in words if y == pytest.approx(top, abs=0.5)}
    first, second = at["100"], at["200"]
    assert second[0] - first[0] == pytest.approx(50, abs=0.1)
    # By the drawing itself: all zones together are 400 m wide, so 200 mm.
    png = read(pdf, "pdftoppm", "-r", "200", "-png", "-singlefile", "-")
    picture = np.asarray(Image.open(io.BytesIO(png)).convert("RGB")).astype(int)
    assert picture.shape[:2] == pytest.approx((297 * PIXELS_PER_MM, 420 * PIXELS_PER_MM), abs=1)
    # A row through the zones, off the crosses of the grid and the letters.
    row = picture[round((first[1] + 110) * PIXELS_PER_MM)]
    is_zone = np.abs(row - row[round((first[0] + 5) * PIXELS_PER_MM)]).max(axis=1) <= 2
    across = np.flatnonzero(is_zone[: round((second[0] + 150) * PIXELS_PER_MM)])
    # The outline, half a millimetre wide, lies half on the zone at either side.
    assert (across[-1] - across[0]) / PIXELS_PER_MM == pytest.approx(200 - 0.5, abs=0.2)
    # By the bar of the scale: 25 m are 12.5 mm.
    bar = {word: x for word, x, y in words if x > 345 and y > 270}
    assert bar["50"] - bar["25"] == pytest.approx(12.5, abs=0.1)
    text = " ".join(read(pdf, "pdftotext", "-", "-").decode().split())
    for said in ("1:2 000", "BẢN DỰ THẢO / DRAFT", "Quy hoạch P1", "P1/QĐ-UBND", "Đất houses"):
        assert said in text
    assert "planner" in text


def test_a_title_is_never_read_as_a_program(client, office, draft, map_server):
    client.force_login(office.planner)
    title = '#eval("1+1") *đậm* "trích" \\ $x$'

    pdf = printed(client, title=title, paper="A4", orientation="portrait").content

    assert title in " ".join(read(pdf, "pdftotext", "-layout", "-", "-").decode().split())


@pytest.mark.parametrize(
    "asked",
    [
        {"scale": "1999"},
        {"scale": "x"},
        {"paper": "A0"},
        {"orientation": "oblique"},
        {"east": "nan"},
        {"east": ""},
        {"north": "1e12"},
        {"title": "x" * 121},
        {"draft": "x"},
    ],
    ids=str,
)
def test_what_cannot_be_printed_is_refused(client, office, draft, asked):
    client.force_login(office.planner)

    assert printed(client, **asked).status_code == 422


def test_a_draft_is_printed_for_its_team_only(client, office, draft):
    client.force_login(person("somebody", Role.INVESTOR))
    assert printed(client).status_code == 403

    client.force_login(office.planner)
    assert printed(client, draft=str(draft.pk + 1)).status_code == 404
    office.approve(draft)
    office.publish(draft)
    assert printed(client).status_code == 404


def test_no_picture_no_sheet(client, office, draft, settings, tmp_path):
    settings.MAPSERVER_SOCKET = tmp_path / "nobody.sock"
    client.force_login(office.planner)

    answer = printed(client)

    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
