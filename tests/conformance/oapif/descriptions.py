"""Landing page, API definition, conformance, collections: 17-069r4, 7.2 to 7.14, and clause 9."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from tests.conformance.damages import Damage, cut_short, first, json_changed, refused, retyped
from tests.conformance.oapif import BOOK
from tests.conformance.oapif.asking import (
    GEOJSON,
    HTML,
    JSON,
    OPENAPI,
    assert_features,
    assert_ok,
    content,
    document,
    items,
    links,
    one_link,
    parameter_of,
    resolved,
    several,
    shape,
)
from tileserver.layers import LAYERS

if TYPE_CHECKING:
    from tests.conformance.answers import Answer, Answers, Service

_CLASSES = ("core", "oas30", "html", "geojson")
WATER = "/collections/water"


def without(relation: str) -> Damage:
    """Take out the links with a relation."""

    def change(value: Any) -> None:
        value["links"] = [link for link in value["links"] if link["rel"] != relation]

    return json_changed(f"no link {relation}", change)


def untyped() -> Damage:
    """Take the media type from every link."""

    def change(value: Any) -> None:
        for link in value["links"]:
            link["type"] = ""

    return json_changed("links without type", change)


def member_gone(name: str) -> Damage:
    """Take out a member of a document."""
    return json_changed(f"no {name}", lambda value: value.pop(name))


def _service_desc(service: Service) -> Answers:
    landing = service.ask("/ogc/")
    link = one_link(content(landing), "service-desc")
    return landing, service.fetch(link["href"])


def assert_linked_in_both_formats(found: Any) -> None:
    """Hold a document's links to itself: one to this format, one to the other."""
    own = one_link(found, "self")
    other = one_link(found, "alternate")
    assert {own["type"], other["type"]} in ({JSON, HTML}, {GEOJSON, HTML})


@BOOK.states(
    "core.http", several(document("nowhere"), document()), first(refused(200)), refused(500)
)
def _http(nowhere: Answer, landing: Answer) -> None:
    assert nowhere.status == 404
    assert landing.status == 200


@BOOK.states("core.root-op", document(), refused(), retyped(HTML))
def _root_op(answer: Answer) -> None:
    assert_ok(answer)


@BOOK.states(
    "core.root-success",
    document(),
    without("service-desc"),
    without("conformance"),
    without("data"),
    untyped(),
    cut_short(),
)
def _root(answer: Answer) -> None:
    found = assert_ok(answer)
    definition = one_link(found, "service-desc")
    assert definition["type"].startswith(OPENAPI)
    assert links(found, "conformance")
    assert links(found, "data")


@BOOK.states("core.api-definition-op", _service_desc, refused(404), retyped("text/plain"))
def _api_op(landing: Answer, definition: Answer) -> None:
    link = one_link(content(landing), "service-desc")
    assert definition.status == 200
    assert definition.media == link["type"].partition(";")[0]


@BOOK.states("core.api-definition-success", _service_desc, cut_short(), member_gone("openapi"))
def _api(landing: Answer, definition: Answer) -> None:
    assert content(definition).get("openapi", "").startswith("3.0.")


@BOOK.states("core.conformance-op", document("conformance"), refused(404))
def _conformance_op(answer: Answer) -> None:
    assert_ok(answer)


@BOOK.states(
    "core.conformance-success",
    document("conformance"),
    member_gone("conformsTo"),
    json_changed("not core", lambda value: value["conformsTo"].pop(0)),
)
def _conformance(answer: Answer) -> None:
    declared = assert_ok(answer).get("conformsTo")
    assert declared is not None
    for name in _CLASSES:
        assert f"http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/{name}" in declared


@BOOK.states("core.fc-md-op", document("collections"), refused(404))
def _collections_op(answer: Answer) -> None:
    assert_ok(answer)


@BOOK.states(
    "core.fc-md-success",
    document("collections"),
    json_changed("a collection without id", lambda value: value["collections"][0].pop("id")),
    member_gone("collections"),
)
def _collections(answer: Answer) -> None:
    found = assert_ok(answer)
    assert isinstance(found.get("links"), list)
    for one in found.get("collections") or [{}]:
        assert one.get("id")
        assert isinstance(one["links"], list)


@BOOK.states(
    "core.fc-md-links", document("collections"), without("self"), without("alternate"), untyped()
)
def _collections_links(answer: Answer) -> None:
    found = assert_ok(answer)
    assert links(found, "self")
    assert links(found, "alternate")
    assert_linked_in_both_formats(found)


@BOOK.states(
    "core.fc-md-items",
    document("collections"),
    json_changed("one is missing", lambda value: value["collections"].pop()),
    json_changed("one twice", lambda v: v["collections"].append(v["collections"][0])),
)
def _collections_items(answer: Answer) -> None:
    found = [one["id"] for one in assert_ok(answer)["collections"]]
    assert found == [layer.id for layer in LAYERS]


def _spoil_items_links(value: Any) -> None:
    one = value["collections"][0]
    one["links"] = [link for link in one["links"] if link["type"] != GEOJSON]


@BOOK.states(
    "core.fc-md-items-links",
    document("collections"),
    json_changed("no link to GeoJSON", _spoil_items_links),
)
def _collections_items_links(answer: Answer) -> None:
    for one in assert_ok(answer)["collections"]:
        assert {link["type"] for link in links(one, "items")} == {GEOJSON, HTML}


def _narrower(value: Any) -> None:
    (one,) = [c for c in value["collections"] if c["id"] == "water"]
    one["extent"]["spatial"]["bbox"][0][2] -= 0.01


def _later(value: Any) -> None:
    (one,) = [c for c in value["collections"] if c["id"] == "water"]
    one["extent"]["temporal"]["interval"][0][0] = "2030-01-01T00:00:00Z"


@BOOK.states(
    "core.fc-md-extent",
    several(document("collections"), items("water")),
    first(json_changed("narrower", _narrower)),
    first(json_changed("later", _later)),
)
def _extent(collections: Answer, features: Answer) -> None:
    (one,) = [c for c in assert_ok(collections)["collections"] if c["id"] == "water"]
    ((west, south, east, north),) = one["extent"]["spatial"]["bbox"]
    ((begin, end),) = one["extent"]["temporal"]["interval"]
    for feature in assert_features(features):
        x_least, y_least, x_most, y_most = shape(feature).bounds
        # The features are written with nine digits.
        assert west - 1e-8 <= x_least <= x_most <= east + 1e-8
        assert south - 1e-8 <= y_least <= y_most <= north + 1e-8
        assert begin[:10] <= feature["properties"]["valid_from"]
        assert end is None


@BOOK.states("core.sfc-md-op", document("collections/water"), refused(404))
def _collection_op(answer: Answer) -> None:
    assert_ok(answer)


@BOOK.states(
    "core.sfc-md-success",
    several(document("collections"), document("collections/water")),
    json_changed("another title", lambda value: value.update(title="other")),
    member_gone("extent"),
)
def _collection(collections: Answer, one: Answer) -> None:
    (listed,) = [c for c in assert_ok(collections)["collections"] if c["id"] == "water"]
    assert assert_ok(one) == listed


@BOOK.states(
    "core.collection-unknown", document("collections/nothing"), refused(200), retyped(JSON)
)
def _unknown_collection(answer: Answer) -> None:
    assert answer.status == 404
    assert answer.media == "application/problem+json"
    assert content(answer)["status"] == 404


def _parameters_gone(name: str) -> Damage:
    def change(value: Any) -> None:
        value["components"]["parameters"].pop(name)
        for way in value["paths"].values():
            way["get"]["parameters"] = [
                p
                for p in way["get"]["parameters"]
                if p.get("$ref") != f"#/components/parameters/{name}"
            ]

    return json_changed(f"no parameter {name}", change)


def _schema_changed(name: str, **changes: Any) -> Damage:
    def change(value: Any) -> None:
        value["components"]["parameters"][name]["schema"].update(changes)

    return json_changed(f"{name} {changes}", change)


@BOOK.states(
    "core.fc-limit-definition",
    document("api"),
    _parameters_gone("limit"),
    _schema_changed("limit", type="string"),
    _schema_changed("limit", minimum=0),
)
def _limit_definition(answer: Answer) -> None:
    found = parameter_of(assert_ok(answer, OPENAPI), f"{WATER}/items", "limit")
    assert (found["in"], found["required"], found["style"]) == ("query", False, "form")
    assert found["explode"] is False
    schema = found["schema"]
    assert schema["type"] == "integer"
    assert 1 <= schema["minimum"] <= schema["default"] <= schema["maximum"]


@BOOK.states(
    "core.fc-bbox-definition",
    document("api"),
    _parameters_gone("bbox"),
    _schema_changed("bbox", oneOf=[{"minItems": 4, "maxItems": 4}]),
    _schema_changed("bbox", items={"type": "string"}),
)
def _bbox_definition(answer: Answer) -> None:
    found = parameter_of(assert_ok(answer, OPENAPI), f"{WATER}/items", "bbox")
    assert (found["in"], found["required"], found["style"]) == ("query", False, "form")
    assert found["explode"] is False
    schema = found["schema"]
    assert schema["type"] == "array"
    assert schema["items"] == {"type": "number"}
    assert [(one["minItems"], one["maxItems"]) for one in schema["oneOf"]] == [(4, 4), (6, 6)]


@BOOK.states(
    "core.fc-time-definition",
    document("api"),
    _parameters_gone("datetime"),
    _schema_changed("datetime", type="number"),
)
def _time_definition(answer: Answer) -> None:
    found = parameter_of(assert_ok(answer, OPENAPI), f"{WATER}/items", "datetime")
    assert (found["in"], found["required"], found["style"]) == ("query", False, "form")
    assert found["explode"] is False
    assert found["schema"] == {"type": "string"}


@BOOK.states("oas30.definition-1", document(), without("service-desc"), untyped())
def _oas_links(answer: Answer) -> None:
    definition = one_link(assert_ok(answer), "service-desc")
    assert definition["type"] == "application/vnd.oai.openapi+json;version=3.0"
    read_by_people = one_link(assert_ok(answer), "service-doc")
    assert read_by_people["type"] == HTML


def _operations_alike(value: Any) -> None:
    value["paths"]["/"]["get"]["operationId"] = "getConformance"


@BOOK.states(
    "oas30.definition-2",
    document("api"),
    member_gone("info"),
    json_changed(
        "a reference that leads nowhere", lambda v: v["components"]["parameters"].pop("limit")
    ),
    json_changed("two operations of one name", _operations_alike),
    json_changed("no answer described", lambda v: v["paths"]["/"]["get"].pop("responses")),
)
def _oas_valid(answer: Answer) -> None:
    found = assert_ok(answer, OPENAPI)
    assert {"openapi", "info", "paths"} <= set(found)
    assert found["info"]["title"]
    assert found["info"]["version"]
    names = [way["get"]["operationId"] for way in found["paths"].values()]
    assert len(names) == len(set(names))
    for path, way in found["paths"].items():
        assert path.startswith("/")
        assert way["get"].get("responses"), path
        for parameter in way["get"]["parameters"]:
            reference = parameter.get("$ref", "").rpartition("/")[2]
            assert not reference or reference in found["components"]["parameters"], parameter
    _assert_references(found, found)


def _assert_references(root: Any, value: Any) -> None:
    if isinstance(value, dict):
        reference = value.get("$ref")
        if isinstance(reference, str):
            at = root
            for part in reference.removeprefix("#/").split("/"):
                assert part in at, reference
                at = at[part]
        for inner in value.values():
            _assert_references(root, inner)
    elif isinstance(value, list):
        for inner in value:
            _assert_references(root, inner)


def _every_path(service: Service) -> Answers:
    definition = service.ask("/ogc/api")
    paths = content(definition)["paths"]
    answers = []
    for path in paths:
        if "{" in path:
            layer = path.split("/")[2]
            found = content(service.ask(f"/ogc/collections/{layer}/items"))["features"]
            if not found:
                continue
            path = path.replace("{featureId}", quote(found[0]["id"]))
        answers.append(service.ask(f"/ogc{path}"))
    return definition, *answers


@BOOK.states("oas30.oas-impl", _every_path, refused(404), retyped("text/plain"))
def _implemented(definition: Answer, *answers: Answer) -> None:
    media = {
        kind.partition(";")[0]
        for way in content(definition)["paths"].values()
        for kind in way["get"]["responses"]["200"]["content"]
    }
    assert len(answers) > 3 * len(LAYERS)
    for answer in answers:
        assert answer.status == 200, answer.url
        assert answer.media in media, answer.url


def _with_each_parameter(service: Service) -> Answers:
    definition = service.ask("/ogc/api")
    found = content(definition)
    path = "/collections/zones/items"
    asked = [resolved(found, one)["name"] for one in found["paths"][path]["get"]["parameters"]]
    return definition, *(service.ask_pairs([(name, "\x01")], path=f"/ogc{path}") for name in asked)


def _says_unknown(answer: Answer) -> bool:
    return bool(content(answer).get("code") == "ogc_parameter_unknown")


def _unknown_parameter(answer: Answer) -> Answer:
    problem = b'{"status": 400, "code": "ogc_parameter_unknown"}'
    kind = {"content-type": "application/problem+json"}
    return replace(answer, status=400, headers={**answer.headers, **kind}, content=problem)


@BOOK.states(
    "oas30.completeness",
    _with_each_parameter,
    Damage("a parameter that is not there", _unknown_parameter),
    first(_parameters_gone("sortby")),
)
def _complete(definition: Answer, *answers: Answer) -> None:
    described = content(definition)["paths"]["/collections/zones/items"]["get"]["parameters"]
    assert len(described) == len(answers)
    for answer in answers:
        # A text of one control character is no value of most of them, but none is unknown.
        assert answer.media != "application/problem+json" or not _says_unknown(answer)


@BOOK.states(
    "oas30.exception-codes",
    document("api"),
    json_changed("no 400", lambda v: v["paths"]["/collections"]["get"]["responses"].pop("400")),
)
def _exceptions(answer: Answer) -> None:
    for path, way in assert_ok(answer, OPENAPI)["paths"].items():
        assert {"200", "400", "404", "406", "500"} <= set(way["get"]["responses"]), path


@BOOK.states(
    "oas30.security",
    document("api"),
    json_changed("a key is demanded", lambda value: value.update(security=[{"key": []}])),
)
def _security(answer: Answer) -> None:
    found = assert_ok(answer, OPENAPI)
    assert {} in found["security"]
    for demand in found["security"]:
        assert set(demand) <= set(found["components"]["securitySchemes"])
