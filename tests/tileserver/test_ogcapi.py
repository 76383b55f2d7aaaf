"""OGC API Features beside its abstract tests: pages while others edit, time, tags, languages."""

from __future__ import annotations

import json

import pytest
import shapely
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from landdata.models import Revision
from tests.ground import LATER, add_parcel, add_road, close_parcel, shape, square
from tileserver.layers import LAYERS
from tileserver.ogcapi import openapi
from tileserver.ogcapi import parameters as p

pytestmark = pytest.mark.django_db

ITEMS = "/ogc/collections/parcels/items"
PROBLEM = "application/problem+json"


def ask(client, address: str, **headers: str):
    answer = client.get(address, headers=headers)
    content = b"".join(answer) if answer.streaming else answer.content
    return answer, json.loads(content) if content else None


def numbers(found) -> list[str]:
    return [feature["properties"]["number"] for feature in found["features"]]


def following(found) -> str:
    return next((link["href"] for link in found["links"] if link["rel"] == "next"), "")


def lay(count: int) -> list:
    return [add_parcel(f"{n}", square(590000 + 30 * n, 2325000)) for n in range(count)]


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    limit=st.integers(1, 4),
    sortby=st.sampled_from(["", "&sortby=number", "&sortby=-number", "&sortby=land_use,-number"]),
    edits=st.lists(st.integers(0, 6), max_size=6),
)
def test_pages_show_one_state_whatever_is_edited_meanwhile(client, limit, sortby, edits):
    with transaction.atomic():
        plots = lay(7)
        _, whole = ask(client, f"{ITEMS}?{sortby}")
        address = f"{ITEMS}?limit={limit}{sortby}"
        read: list[str] = []
        waiting = list(edits)

        while address:
            _, page = ask(client, address)
            read += numbers(page)
            address = following(page)
            if waiting:
                which = waiting.pop()
                if plots[which] is not None:
                    close_parcel(plots[which])
                    plots[which] = None
                add_parcel(f"new {len(waiting)}", square(590000, 2325100))

        assert read == numbers(whole)
        transaction.set_rollback(True)


def test_a_link_keeps_every_parameter_of_the_question(client):
    lay(3)

    _, page = ask(client, f"{ITEMS}?limit=1&filter=number%20%3C%3E%20%270%27&lang=en&sortby=number")
    _, second = ask(client, following(page))

    assert numbers(page) + numbers(second) == ["1", "2"]


def test_a_link_of_another_question_is_refused(client):
    lay(3)
    _, page = ask(client, f"{ITEMS}?limit=1")
    token = following(page).partition("next=")[2]

    answer, problem = ask(client, f"{ITEMS}?limit=1&number=2&next={token}")

    assert (answer.status_code, problem["code"]) == (400, "feature_page_unknown")


def test_the_past_can_be_asked_for(client):
    (version,) = lay(1)
    close_parcel(version)

    _, now = ask(client, ITEMS)
    _, then = ask(client, f"{ITEMS}?known_at={version.from_revision}")

    assert (numbers(now), numbers(then)) == ([], ["0"])


def test_a_revision_yet_to_come_is_missing(client):
    answer, problem = ask(client, f"{ITEMS}?known_at={Revision.objects.count() + 1}")

    assert (answer.status_code, problem["code"]) == (404, "revision")


def test_a_feature_without_shape_matches_every_box_and_has_no_geometry(client):
    add_parcel("lost", None)
    add_parcel("here", square(590000, 2325000))

    _, found = ask(client, f"{ITEMS}?bbox=0,0,1,1")

    (lost,) = found["features"]
    assert lost["properties"]["number"] == "lost"
    assert lost["geometry"] is None


def test_a_box_over_the_antimeridian_is_two_boxes(client):
    add_parcel("here", square(590000, 2325000))

    _, around = ask(client, f"{ITEMS}?bbox=100,0,-170,30")
    _, beyond = ask(client, f"{ITEMS}?bbox=170,0,-170,30")

    assert (numbers(around), numbers(beyond)) == (["here"], [])


def test_what_begins_later_holds_then_and_in_an_open_span(client):
    add_parcel("later", square(590000, 2325000), valid_from=LATER)

    counts = {
        when: len(ask(client, f"{ITEMS}?datetime={when}")[1]["features"])
        for when in ("2026-08-31", "2026-09-01", "2026-01-01/..", "../2026-08-31")
    }

    assert counts == {"2026-08-31": 0, "2026-09-01": 1, "2026-01-01/..": 1, "../2026-08-31": 0}


def test_only_the_attributes_asked_for_come_with_the_geometry(client):
    lay(1)

    _, found = ask(client, f"{ITEMS}?properties=number,geometry")

    (feature,) = found["features"]
    assert feature["properties"] == {"number": "0"}
    assert feature["geometry"]["type"] == "MultiPolygon"


def test_values_are_bound_and_never_part_of_a_statement(client):
    lay(1)

    _, found = ask(client, f"{ITEMS}?number=%27%20OR%20true%20--")
    _, percent = ask(client, f"{ITEMS}?number=%25s")

    assert numbers(found) == numbers(percent) == []


def test_an_identifier_with_letters_and_spaces_is_an_address(client):
    add_road("Đường Lê Lợi / A", shape(shapely.LineString([(590000, 2325000), (590040, 2325000)])))
    _, page = ask(client, "/ogc/collections/roads/items")

    (road,) = page["features"]
    answer, one = ask(client, f"/ogc/collections/roads/items/{road['id']}")

    assert (answer.status_code, one["properties"]["name"]) == (200, "Đường Lê Lợi / A")


@pytest.mark.parametrize(
    "name",
    ["parcels.x", "zones.1", "x", "parcels.00000000-0000-4000-8000-000000000000", "parcels."],
)
def test_an_identifier_of_nothing_is_missing(client, name):
    answer, problem = ask(client, f"{ITEMS}/{name}")

    assert (answer.status_code, problem["code"]) == (404, "feature")


def test_nothing_changed_is_said_without_a_body_until_it_did(client):
    lay(1)
    first, _ = ask(client, ITEMS)

    same, _ = ask(client, ITEMS, if_none_match=first["ETag"])
    add_parcel("new", square(590000, 2325100))
    other, _ = ask(client, ITEMS, if_none_match=first["ETag"])

    assert (same.status_code, same["ETag"], other.status_code) == (304, first["ETag"], 200)


@pytest.mark.parametrize("address", ["/ogc/", "/ogc/collections", ITEMS, "/ogc/api"])
def test_pages_of_other_sites_may_read_it(client, address):
    answer, _ = ask(client, address)

    assert answer["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize(
    ("accepted", "media"),
    [
        ("text/html,application/xhtml+xml,*/*;q=0.8", "text/html"),
        ("*/*", "application/geo+json"),
        ("application/geo+json, application/json;q=0.9", "application/geo+json"),
        ("application/json", "application/geo+json"),
    ],
)
def test_the_format_is_what_the_caller_takes(client, accepted, media):
    answer = client.get(ITEMS, headers={"accept": accepted})

    assert answer["Content-Type"].partition(";")[0] == media
    assert "Accept" in answer["Vary"]


def test_a_format_that_is_not_there_is_not_acceptable(client):
    answer, problem = ask(client, ITEMS, accept="application/gml+xml")

    assert (answer.status_code, answer["Content-Type"]) == (406, PROBLEM)
    assert problem["code"] == "ogc_not_acceptable"


@pytest.mark.parametrize(
    ("address", "headers", "title"),
    [
        ("/ogc/collections/roads", {}, "Đường phố"),
        ("/ogc/collections/roads?lang=en", {}, "Streets"),
        ("/ogc/collections/roads", {"accept_language": "en-GB,en;q=0.9"}, "Streets"),
    ],
)
def test_titles_are_in_the_language_asked_for(client, address, headers, title):
    _, found = ask(client, address, **headers)

    assert found["title"] == title


@pytest.mark.parametrize(("language", "word"), [("vi", "không có ở đây"), ("en", "There is no")])
def test_a_refusal_is_read_by_people_too(client, language, word):
    answer = client.get(f"{ITEMS}?nothing=1&lang={language}", headers={"accept": "text/html"})

    assert answer.status_code == 400
    assert word in answer.content.decode()
    assert answer["Cache-Control"] == "no-store"


def test_no_attribute_is_named_like_a_parameter():
    taken = {*p.COMMON, *p.OF_ITEMS}

    assert not [a.name for layer in LAYERS for a in layer.attributes if a.name in taken]


def test_the_definition_describes_the_parameters_that_are_read_and_no_other():
    described = openapi.definition("http://localhost/")["components"]["parameters"]

    assert set(described) == {*p.COMMON, *p.OF_ITEMS}


@pytest.mark.parametrize("layer", LAYERS, ids=lambda layer: layer.id)
def test_every_layer_can_be_asked_in_a_span_with_a_filter_and_sorted(client, layer):
    name = layer.attributes[0].name
    answer, found = ask(
        client,
        f"/ogc/collections/{layer.id}/items?datetime=2020-01-01/..&sortby=-{name}"
        f"&filter={name}%20IS%20NOT%20NULL&bbox=105,20,106,22",
    )

    assert (answer.status_code, found["features"]) == (200, [])
