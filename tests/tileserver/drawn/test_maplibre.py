"""Styles for MapLibre, held against rules of its style specification and against the house's."""

from __future__ import annotations

import io
import json
import re
from typing import Any

import numpy as np
import pytest
from PIL import Image

from tests.ground import square
from tests.tileserver.drawn.test_style import SAID
from tests.tileserver.test_picture import add_zone
from tileserver.layer import Shape
from tileserver.layers import BY_ID, LAYERS
from tileserver.maplibre import expressions as ex
from tileserver.maplibre.glyphs import glyph_range
from tileserver.maplibre.style import Written, document

pytestmark = pytest.mark.django_db

#: Properties of each type of layer, as far as we use them (style specification 8, "Layers").
LAYOUT = {
    "background": set(),
    "fill": set(),
    "line": {"line-cap", "line-join"},
    "symbol": {
        "icon-image", "icon-allow-overlap", "symbol-placement", "symbol-spacing", "text-anchor",
        "text-field", "text-font", "text-max-angle", "text-offset", "text-padding", "text-size",
    },
}  # fmt: skip
PAINT = {
    "background": {"background-color"},
    "fill": {"fill-antialias", "fill-color", "fill-opacity", "fill-pattern"},
    "line": {"line-color", "line-dasharray", "line-opacity", "line-width"},
    "symbol": {"text-color", "text-halo-color", "text-halo-width"},
}
OPERATORS = {
    "!", "*", "+", "==", ">=", "all", "any", "case", "concat", "exponential", "get", "has", "in",
    "interpolate", "literal", "max", "slice", "to-color", "to-number", "to-string", "zoom",
}  # fmt: skip


def faults(style) -> list[str]:
    """Return what in a style document breaks the specification."""
    found = [f"{key} is missing" for key in ("version", "sources", "layers") if key not in style]
    found += [] if style.get("version") == 8 else ["version is not 8"]
    layers = style.get("layers", [])
    names = [layer.get("id") for layer in layers]
    found += ["ids stand twice"] if len(set(names)) != len(names) else []
    for layer in layers:
        kind = layer.get("type")
        if kind not in LAYOUT:
            found.append(f"{layer.get('id')}: type {kind}")
            continue
        if kind != "background":
            source = style.get("sources", {}).get(layer.get("source"), {})
            found += [] if source.get("type") == "vector" else [f"{layer['id']}: no source"]
            found += [] if layer.get("source-layer") else [f"{layer['id']}: no source-layer"]
            low, high = layer.get("minzoom", 0), layer.get("maxzoom", 24)
            found += [] if 0 <= low < high <= 24 else [f"{layer['id']}: zooms {low} {high}"]
        for group, allowed in (("layout", LAYOUT), ("paint", PAINT)):
            strange = set(layer.get(group, {})) - allowed[kind]
            found += [f"{layer['id']}: {sorted(strange)}"] if strange else []
        if "text-field" in layer.get("layout", {}) and "{fontstack}" not in style.get("glyphs", ""):
            found.append(f"{layer['id']}: letters without glyphs")
        images = ("icon-image" in layer.get("layout", {})) or "fill-pattern" in layer.get(
            "paint", {}
        )
        if images and not style.get("sprite"):
            found.append(f"{layer['id']}: an image without a sprite")
        for expression in (layer.get("filter"), *layer.get("paint", {}).values()):
            found += [
                f"{layer['id']}: operator {name}" for name in operators(expression) - OPERATORS
            ]
    return found


def operators(expression) -> set[str]:
    if not isinstance(expression, list) or not expression or not isinstance(expression[0], str):
        return set()
    if expression[0] == "literal":
        return {"literal"}
    return {expression[0]}.union(*(operators(part) for part in expression[1:]))


def style_of(client, name: str, **query):
    answer = client.get(f"/styles/{name}.json", query)
    assert answer.status_code == 200
    assert answer["Access-Control-Allow-Origin"] == "*"
    return json.loads(answer.content)


@pytest.mark.parametrize("name", ["diado", *(layer.id for layer in LAYERS)])
def test_a_style_keeps_the_specification(client, name):
    style = style_of(client, name)

    assert faults(style) == []
    assert len(style["layers"]) > 1
    for source in style["sources"].values():
        assert all(tile.startswith("http://testserver/tiles/") for tile in source["tiles"])
        assert all("{z}/{x}/{y}.pbf" in tile for tile in source["tiles"])


@pytest.mark.parametrize(
    ("damage", "fault"),
    [
        (lambda s: s.pop("sources"), "sources is missing"),
        (lambda s: s.update(version=7), "version is not 8"),
        (lambda s: s["layers"].append(s["layers"][1]), "ids stand twice"),
        (lambda s: s["layers"][1].update(type="circle-ish"), "type circle-ish"),
        (lambda s: s["layers"][1].update(source="nowhere"), "no source"),
        (lambda s: s["layers"][1].update(maxzoom=3), "zooms"),
        (lambda s: s["layers"][1]["paint"].update({"fill-colour": "#fff"}), "fill-colour"),
        (lambda s: s.pop("glyphs"), "letters without glyphs"),
        (lambda s: s.pop("sprite"), "an image without a sprite"),
        (lambda s: s["layers"][1].update(filter=["where", True]), "operator where"),
    ],
)
def test_a_damaged_style_does_not_pass(client, damage, fault):
    style = style_of(client, "zones")

    damage(style)

    assert any(fault in found for found in faults(style))


def meets(expression, said) -> Any:
    """Return the value of a filter for a feature: the few operators that conditions need."""
    if not isinstance(expression, list):
        return expression
    name, *rest = expression
    if name == "get":
        return said.get(rest[0])
    if name == "has":
        return said.get(rest[0]) is not None
    if name == "literal":
        return rest[0]
    values = [meets(part, said) for part in rest]
    match name:
        case "all":
            return all(values)
        case "any":
            return any(values)
        case "!":
            return not values[0]
        case "==":
            return values[0] == values[1]
        case "in":
            return values[0] in values[1]
        case ">=":
            return values[0] >= values[1]
        case "to-number":
            return next(float(v) for v in values if v is not None)
    raise AssertionError(name)


@pytest.mark.parametrize("said", SAID, ids=str)
def test_a_feature_meets_the_filter_of_its_rule_and_of_no_other(said):
    style = BY_ID["power_lines"].style

    met = [number for number in range(len(style.rules)) if meets(ex.met(style.rules, number), said)]

    assert [style.rules[number] for number in met] == [style.rule_for(said)]


@pytest.mark.parametrize("kind", ["hospital", "primary_school", "hydrant", "something else", None])
def test_a_facility_has_one_badge(kind):
    layer = BY_ID["facilities"]

    drawn = [
        made
        for made in document([layer], "", Written("http://x/", "vi"))["layers"]
        if "icon-image" in made.get("layout", {})
        and meets(made.get("filter", True), {"kind": kind})
    ]

    assert len(drawn) == 1


def test_a_finer_plan_lies_above_a_coarser_one_and_names_above_both(client):
    order = [layer["id"] for layer in style_of(client, "zones")["layers"]]

    first = {level: next(i for i, name in enumerate(order) if level in name)
             for level in ("general", "zoning", "detailed", "names")}  # fmt: skip
    assert first["general"] < first["zoning"] < first["detailed"] < first["names"]


def test_a_street_is_as_wide_at_a_zoom_as_it_is_on_the_ground():
    layer = BY_ID["roads"]
    made = document([layer], "", Written("http://x/", "vi"))["layers"]
    width = next(
        y["paint"]["line-width"] for y in made
        if y["type"] == "line" and isinstance(y["paint"]["line-width"], list)
        and y["paint"]["line-color"] == "#ffffff"
    )  # fmt: skip

    _, curve, zoom, *stops = width
    at_18 = stops[stops.index(18) + 1]

    assert (curve, zoom) == (["exponential", 2], ["zoom"])
    per_metre = at_18[2][1][2]
    # A metre at 16° north in pixels of a 512-pixel tile of zoom 18.
    assert per_metre == pytest.approx(
        512 * 2**18 / 40_075_016.69 / np.cos(np.radians(16)), rel=1e-4
    )


def test_english_names_are_used_where_there_are_any(client):
    layers = style_of(client, "wards", language="en")["layers"]
    field = next(y["layout"]["text-field"] for y in layers if y["type"] == "symbol")

    assert field == ["case", ["==", ["to-string", ["get", "name_en"]], ""],
                     ["to-string", ["get", "name"]], ["to-string", ["get", "name_en"]]]  # fmt: skip
    vietnamese = style_of(client, "wards", language="vi")["layers"]
    assert ["to-string", ["get", "name"]] in [
        y.get("layout", {}).get("text-field") for y in vietnamese
    ]


def test_the_sprite_holds_every_image_that_the_styles_name(client):
    add_zone("DAT_X", "#ff00bf", square(590000, 2325000), words="triangles")
    index = json.loads(client.get("/styles/sprite.json").content)
    sheet = Image.open(io.BytesIO(client.get("/styles/sprite.png").content))

    wanted = {"triangles-ff00bf"}
    for layer in style_of(client, "diado")["layers"]:
        for value in (
            layer.get("layout", {}).get("icon-image"),
            layer.get("paint", {}).get("fill-pattern"),
        ):
            wanted |= {value} if isinstance(value, str) else set()
    assert wanted <= set(index)
    for place in index.values():
        assert place["x"] + place["width"] <= sheet.width
        assert place["y"] + place["height"] <= sheet.height
    spot = index["triangles-ff00bf"]
    cut = np.asarray(sheet)[spot["y"] : spot["y"] + 16, spot["x"] : spot["x"] + 16]
    inked = cut[cut[..., 3] > 200]
    assert len(inked) > 5
    assert np.abs(inked[:, :3].astype(int) - (255, 0, 191)).max() <= 2


def test_a_fine_sprite_has_twice_the_pixels(client):
    coarse, fine = (json.loads(client.get(f"/styles/sprite{x}.json").content) for x in ("", "@2x"))

    assert set(coarse) == set(fine)
    assert all(fine[name]["pixelRatio"] == 2 for name in fine)
    assert all(fine[name]["width"] == 2 * coarse[name]["width"] for name in coarse)


def wire(content: bytes):
    """Return the fields of a protocol buffer: (number, value)."""
    at, found = 0, []

    def varint():
        nonlocal at
        value = shift = 0
        while True:
            byte = content[at]
            at += 1
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value

    while at < len(content):
        tag = varint()
        if tag & 7 == 2:
            length = varint()
            found.append((tag >> 3, content[at : at + length]))
            at += length
        else:
            found.append((tag >> 3, varint()))
    return found


def test_letters_are_fields_of_distances_in_the_form_that_maplibre_reads():
    ((_, stack),) = wire(glyph_range("Noto Sans Regular", 0))
    fields = wire(stack)
    glyphs = {dict(wire(body))[1]: dict(wire(body)) for number, body in fields if number == 3}

    assert dict(fields)[1] == b"Noto Sans Regular"
    assert dict(fields)[2] == b"0-255"
    assert {ord("A"), ord("z"), ord(" "), ord("Đ") % 256} & set(glyphs)
    upright = glyphs[ord("I")]
    field = np.frombuffer(upright[2], np.uint8).reshape(upright[4] + 6, upright[3] + 6)
    # Inside the stroke beyond the edge's 192, far from it below.
    assert field[field.shape[0] // 2].max() > 192
    assert field[:, 0].max() < 192
    assert glyphs[ord("A")][4] > glyphs[ord("a")][4]
    assert 2 not in glyphs[ord(" ")]
    assert glyphs[ord(" ")][7] > 0


def test_vietnamese_letters_are_there(client):
    answer = client.get("/styles/fonts/Noto Sans Bold/7680-7935.pbf")

    ((_, stack),) = wire(answer.content)
    codes = {dict(wire(body))[1] for number, body in wire(stack) if number == 3}
    assert {ord(letter) for letter in "ẠẬẦỆỈỌỘỢỤỰỲỸẵẽịớữ"} <= codes


@pytest.mark.parametrize(
    "path",
    [
        "fonts/Nobody/0-255.pbf",
        "fonts/Noto Sans Regular/1-256.pbf",
        "fonts/Noto Sans Regular/0-511.pbf",
        "fonts/Noto Sans Regular/65536-65791.pbf",
        "relief.json",
        "landdata_parcel.json",
    ],
)
def test_what_there_is_not_is_not_found(client, path):
    answer = client.get(f"/styles/{path}", headers={"Accept": "application/json"})

    assert answer.status_code == 404


def test_an_unchanged_style_is_not_sent_again(client):
    first = client.get("/styles/zones.json")

    again = client.get("/styles/zones.json", headers={"If-None-Match": first["ETag"]})

    assert (again.status_code, again.content) == (304, b"")


def test_only_layers_of_features_have_a_style():
    assert all(layer.shape is not Shape.RASTER for layer in LAYERS)
    assert re.fullmatch(r"[a-z_]+", LAYERS[0].id)
