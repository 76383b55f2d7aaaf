"""The one definition of drawing: what it may name, and that all who read it mean the same."""

from __future__ import annotations

import csv
import json
import math

import pytest
from django.conf import settings
from django.db import connection

from tileserver.client_style import drawing, figures
from tileserver.glyphs import GLYPHS
from tileserver.layer import Shape
from tileserver.layers import BY_ID, LAYERS, MAP_LAYERS
from tileserver.mapserver.mapfile.sources import rule_sql
from tileserver.passes import passes
from tileserver.patterns import OF_TWINS, OF_WORDS, PATTERNS, hatch_sql
from tileserver.style import Fill, Hatch, Is, Label, Line, Mark, Rule, resolution

REFERENCE = settings.BASE_DIR / "fixtures/reference/plan_functions_tt16.csv"


@pytest.mark.parametrize("layer", LAYERS, ids=lambda layer: layer.id)
def test_a_style_reads_only_what_tiles_carry(layer):
    assert layer.style.attributes <= {a.name for a in layer.tile_attributes}


@pytest.mark.parametrize("layer", MAP_LAYERS, ids=lambda layer: layer.id)
def test_a_style_names_only_figures_that_there_are(layer):
    for part in (part for rule in layer.style.rules for part in rule.draw):
        assert not isinstance(part, Hatch) or part.pattern in PATTERNS
        assert not isinstance(part, Mark) or part.glyph in GLYPHS
        assert not isinstance(part, Mark) or layer.shape is Shape.POINT
        assert not isinstance(part, Fill | Hatch) or layer.shape in (Shape.AREA, Shape.RASTER)


@pytest.mark.parametrize("layer", MAP_LAYERS, ids=lambda layer: layer.id)
def test_every_rule_has_a_title_in_both_languages_or_none(layer):
    assert all(bool(rule.title_vi) == bool(rule.title_en) for rule in layer.style.rules)


@pytest.mark.parametrize("layer", MAP_LAYERS, ids=lambda layer: layer.id)
def test_the_drawing_for_the_client_is_plain_json(layer):
    told = json.loads(json.dumps(drawing(layer)))

    assert len(told["rules"]) == len(layer.style.rules)
    for rule in told["rules"]:
        assert {part["kind"] for part in rule["draw"]} <= {"fill", "hatch", "line", "mark"}


SAID: list[dict[str, object]] = [
    {"voltage_kv": 220, "placement": "overhead"},
    {"voltage_kv": 110, "placement": "duct"},
    {"voltage_kv": 109.9, "placement": "buried"},
    {"voltage_kv": 22, "placement": "overhead"},
    {"voltage_kv": None, "placement": "buried"},
    {"voltage_kv": 500, "placement": None},
    {"voltage_kv": None, "placement": None},
]


@pytest.mark.parametrize("said", SAID, ids=str)
def test_sql_and_python_find_the_same_rule_also_where_values_are_missing(db, said):
    layer = BY_ID["power_lines"]
    sql = f"SELECT {rule_sql(layer)} FROM (SELECT %s::float AS voltage_kv, %s AS placement) v"

    with connection.cursor() as cursor:
        cursor.execute(sql, [said["voltage_kv"], said["placement"]])
        (number,) = cursor.fetchone()

    rule = layer.style.rule_for(said)
    assert rule is not None
    assert layer.style.rules[number] == rule


def test_a_cable_is_told_from_a_line_at_the_voltage_that_the_rule_names():
    rules = BY_ID["power_lines"].style

    found = [rules.rule_for(said) for said in SAID[:4]]
    titles = [rule.title_en for rule in found if rule is not None]

    assert titles == [
        "Line from 110 kV",
        "Buried cable from 110 kV",
        "Buried cable below 110 kV",
        "Line below 110 kV",
    ]


def test_every_hatch_that_the_reference_table_names_has_a_figure():
    with REFERENCE.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))

    words = {row["hatch_hint"] for row in rows} - {"", "plain/brick"}
    assert words == set(OF_WORDS)
    assert set(OF_TWINS) <= {row["layer_suffix_zoning_plan"] for row in rows}
    assert {*OF_WORDS.values(), *OF_TWINS.values()} <= set(PATTERNS)


def test_functions_of_one_colour_differ_by_their_hatch_where_law_gives_no_other_sign():
    with REFERENCE.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))

    seen: dict[tuple[str, str | None, str | None], str] = {}
    for row in rows:
        code = row["layer_suffix_zoning_plan"]
        look = (
            row["hex_palette_b_165based_ezdxf"],
            OF_WORDS.get(row["hatch_hint"]),
            OF_TWINS.get(code),
        )
        assert look not in seen, f"{code} looks like {seen.get(look)}"
        seen[look] = code


@pytest.mark.parametrize(
    ("words", "code", "figure"),
    [
        ("triangles", "DAT_Dulich", "triangles"),
        ("", "DAT_HTKT_Nghiatrang", "upright"),
        ("plain/brick", "DAT_O_Nhomnhao", ""),
        ("what nobody knows", "DAT_X", ""),
        (None, None, ""),
    ],
)
def test_the_database_finds_the_figure_of_a_function(db, words, code, figure):
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {hatch_sql('f.words', 'f.code')}"
            " FROM (SELECT %s::text words, %s::text code) f",
            [words, code],
        )
        assert cursor.fetchone() == (figure,)


@pytest.mark.parametrize(
    ("figure", "families"),
    [
        ("crossed", [(45, 16 / math.sqrt(2)), (135, 16 / math.sqrt(2))]),
        ("upright-slashes", [(90, 16), (45, 16 / math.sqrt(2))]),
        ("level", [(0, 8)]),
        # Rows 32 pixels apart, and diagonals of a cell of 128/7 to 32.
        ("net", [(0, 32), (60.255, 15.876), (119.745, 15.876)]),
    ],
)
def test_strokes_from_corner_to_corner_are_lines_with_an_angle_and_a_distance(figure, families):
    found = PATTERNS[figure].families

    assert found is not None
    assert [(family.angle, family.spacing_px) for family in found] == [
        (pytest.approx(angle, abs=0.01), pytest.approx(apart, abs=0.001))
        for angle, apart in families
    ]


@pytest.mark.parametrize("pattern", PATTERNS.values(), ids=lambda pattern: pattern.id)
def test_a_repeated_figure_fits_into_a_tile_without_a_seam(pattern):
    told = figures()["patterns"][pattern.id]

    assert 512 % told["width"] == 0
    assert 512 % told["height"] == 0
    assert told["width"] == pytest.approx(pattern.width * pattern.across)


def test_a_figure_of_bent_strokes_is_no_family_of_lines():
    assert PATTERNS["triangles"].families is None
    assert PATTERNS["herringbone"].families is None


def test_casings_lie_below_all_lines_and_a_line_for_other_zooms_needs_no_pass_of_its_own():
    near = Line(colour="#ffffff", casing="#000000", casing_px=1.5, from_zoom=12)
    far = Line(colour="#111111", to_zoom=12)

    first, second = passes(Rule(draw=(near, far)))

    assert [(stroke.colour, stroke.added_px) for stroke in first] == [
        ("#000000", 3.0),
        ("#111111", 0),
    ]
    assert [stroke.colour for stroke in second] == ["#ffffff"]


def test_a_part_is_seen_from_its_first_zoom_up_to_its_last():
    part = Label(attribute="name", from_zoom=12, to_zoom=14)

    assert [part.is_seen(zoom) for zoom in (11.9, 12, 13.9, 14)] == [False, True, True, False]


def test_zooms_are_those_of_tiles_that_are_seen_512_pixels_wide():
    # Once around the equator, 40,075,016.69 m, in two tiles of 512 pixels.
    assert resolution(1) == pytest.approx(40_075_016.69 / 1024, abs=0.001)


def test_a_missing_value_meets_no_condition():
    assert not Is("kind", ("river",)).is_met({})
    assert not Is("kind", ("river",)).is_met({"kind": None})
