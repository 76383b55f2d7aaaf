from __future__ import annotations

import gzip
import json

import mapbox_vector_tile
import pytest

from tests.ground import add_parcel, add_road, add_unit, shape, square, tile_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def plot():
    ground = square(590000, 2325000)
    add_unit("00004", "Phường Ba Đình", square(589000, 2324000, 2000))
    version = add_parcel("45", ground, address="12 Đội Cấn")
    return ground, version


def address(ground, z=17, layer="parcels"):
    x, y = tile_of(ground, z)
    return f"/tiles/{layer}/{z}/{x}/{y}.pbf"


def test_a_tile_goes_out_packed_with_a_tag_and_is_not_sent_twice(client, plot):
    first = client.get(address(plot[0]), headers={"Accept-Encoding": "gzip, br"})

    assert first.status_code == 200
    assert first["Content-Type"] == "application/vnd.mapbox-vector-tile"
    assert first["Content-Encoding"] == "gzip"
    assert "no-cache" in first["Cache-Control"]
    assert "parcels" in mapbox_vector_tile.decode(gzip.decompress(first.content))

    again = client.get(
        address(plot[0]),
        headers={"Accept-Encoding": "gzip", "If-None-Match": f"W/{first['ETag']}"},
    )
    assert again.status_code == 304
    assert again.content == b""
    assert again["ETag"] == first["ETag"]


def test_the_tag_changes_with_the_tile(client, plot):
    tag = client.get(address(plot[0]), headers={"Accept-Encoding": "gzip"})["ETag"]
    add_parcel("46", square(590020, 2325000))

    answer = client.get(address(plot[0]), headers={"Accept-Encoding": "gzip", "If-None-Match": tag})

    assert answer.status_code == 200
    assert answer["ETag"] != tag


def test_who_cannot_unpack_gets_the_tile_plain_under_another_tag(client, plot):
    packed = client.get(address(plot[0]), headers={"Accept-Encoding": "gzip"})
    plain = client.get(address(plot[0]))

    assert "Content-Encoding" not in plain
    assert plain.content == gzip.decompress(packed.content)
    assert plain["ETag"] != packed["ETag"]
    assert "Accept-Encoding" in plain["Vary"]


def test_an_empty_tile_is_an_answer(client, plot):
    answer = client.get("/tiles/parcels/17/0/0.pbf")

    assert (answer.status_code, answer.content) == (200, b"")


@pytest.mark.parametrize(
    "path", ["parcels/14/0/0", "parcels/17/131072/0", "owners/17/0/0", "parcels/99/0/0"]
)
def test_a_tile_that_does_not_exist_is_a_problem_with_code(client, plot, path):
    answer = client.get(f"/tiles/{path}.pbf")

    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"
    assert json.loads(answer.content)["code"] in ("tile", "tile_layer")


def test_search_answers_as_the_interface_says(client, plot):
    answer = client.get("/api/search", {"q": "to 12 thua 45 ba dinh"}).json()

    (hit,) = answer["parcels"]
    assert answer["understood"] == {
        "kind": "parcel",
        "sheet": "12",
        "number": "45",
        "scale": None,
        "place": "ba dinh",
        "is_old": False,
        "is_either_order": False,
    }
    assert hit["uuid"] == str(plot[1].parcel_id)
    assert hit["unit_name"] == "Phường Ba Đình"
    assert (answer["places"], answer["truncated"], answer["messages"]) == ([], False, [])


@pytest.mark.parametrize(("language", "word"), [("vi", "Không"), ("en", "No plot")])
def test_search_says_in_the_language_of_the_reader_what_to_do(client, plot, language, word):
    client.cookies["django_language"] = language
    answer = client.get("/api/search", {"q": "to 99 thua 45"}).json()

    (message,) = answer["messages"]
    assert message["code"] == "no_such_parcel"
    assert message["text"].startswith(word)


@pytest.mark.parametrize("query", ["", "a" * 201])
def test_an_empty_or_endless_question_is_a_problem_with_code(client, plot, query):
    answer = client.get("/api/search", {"q": query})

    assert answer.status_code == 422
    assert answer.json()["code"] in ("query_empty", "query_too_long")


def test_a_click_on_the_map_finds_the_plot(client, plot):
    found = client.get("/api/search", {"q": "tờ 12 thửa 45"}).json()["parcels"][0]

    answer = client.get("/api/parcels/at", {"lon": found["lon"], "lat": found["lat"]}).json()

    assert [hit["number"] for hit in answer["parcels"]] == ["45"]
    assert answer["parcels"][0]["matched"] == "coordinate"


@pytest.mark.parametrize("point", [{"lon": 500, "lat": 21}, {"lon": "x", "lat": 21}, {"lat": 21}])
def test_a_click_without_a_place_is_refused(client, plot, point):
    assert client.get("/api/parcels/at", point).status_code == 422


def test_the_map_is_described_with_layers_extent_and_systems(client, plot):
    import shapely

    add_road("x", shape(shapely.LineString([(590000, 2325000), (590040, 2325000)])))

    answer = client.get("/api/map").json()

    shown = {layer["id"] for layer in answer["layers"] if layer["visible"]}
    assert shown == {"water", "zones", "roads", "railways", "wards", "parcels"}
    always = {layer["id"] for layer in answer["layers"] if not layer["group"]}
    assert always == {"zones", "wards", "parcels"}
    west, south, east, north = answer["extent"]
    assert west < answer["centre"][0] < east
    assert south < answer["centre"][1] < north
    # 20 m are 0.0002 degrees.
    assert 0.0001 < east - west < 0.0003
    assert answer["storage_epsg"] == 5897
    assert answer["outside_background"] is None
    assert "© OpenStreetMap contributors (ODbL 1.0)" in answer["attribution"]
    (ours,) = [system for system in answer["crs"] if system["epsg"] == 5897]
    assert "+towgs84=-191.90441429" in ours["proj4"]
    (layer,) = [layer for layer in answer["layers"] if layer["id"] == "parcels"]
    filled = layer["url"]
    x, y = tile_of(plot[0], layer["max_zoom"])
    for name, value in (("z", layer["max_zoom"]), ("x", x), ("y", y)):
        filled = filled.replace(f"{{{name}}}", str(value))
    assert client.get(filled).status_code == 200
