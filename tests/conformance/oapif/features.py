"""Features: 17-069r4, 7.15 and 7.16, and the encodings of clause 8."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from lxml import html as page_of

from tests.conformance.damages import (
    Damage,
    cut_short,
    first,
    json_changed,
    refused,
    replaced,
    retyped,
)
from tests.conformance.oapif import BOOK
from tests.conformance.oapif.asking import (
    CRS84,
    GEOJSON,
    HTML,
    LAKE_BOX,
    SCHOOL_AT,
    assert_features,
    assert_ok,
    content,
    document,
    items,
    links,
    moved,
    names,
    several,
    shape,
)
from tests.conformance.oapif.descriptions import (
    assert_linked_in_both_formats,
    member_gone,
    untyped,
    without,
)

if TYPE_CHECKING:
    from tests.conformance.answers import Answer, Answers, Service
    from tests.conformance.assertions import Check

NO_FEATURES = json_changed("no features", lambda value: value["features"].clear())
ONE_LESS = json_changed("one feature less", lambda value: value["features"].pop())
ONE_TWICE = json_changed("a feature twice", lambda v: v["features"].append(v["features"][0]))
BOTH = {"Hồ Thử", "Ao Thử"}


def _swap(value: Any) -> None:
    for feature in value["features"]:
        feature["geometry"]["coordinates"].reverse()


SWAPPED = json_changed("axes swapped", _swap)


@BOOK.states("core.fc-op", items(), refused(404))
def _op(answer: Answer) -> None:
    assert_ok(answer, GEOJSON)


@BOOK.states("core.fc-response", items(), refused(500), ONE_LESS, ONE_TWICE)
def _response(answer: Answer) -> None:
    features = assert_features(answer)
    assert names(features) == BOTH
    assert len(features) == 2


@BOOK.states("core.fc-limit-response", items(pairs=[("limit", "1")]), ONE_TWICE, NO_FEATURES)
def _limit(answer: Answer) -> None:
    assert len(assert_features(answer)) == 1


@BOOK.states("core.fc-limit-above", items(pairs=[("limit", "9999999")]), refused(400), ONE_LESS)
def _limit_above(answer: Answer) -> None:
    assert len(assert_features(answer)) == 2


@BOOK.states("core.fc-bbox-response", items(pairs=[("bbox", LAKE_BOX)]), ONE_LESS)
def _bbox(answer: Answer) -> None:
    assert names(assert_features(answer)) == {"Hồ Thử"}


def _with_heights(box: str) -> str:
    west, south, east, north = box.split(",")
    return ",".join((west, south, "-10", east, north, "100"))


@BOOK.states(
    "core.fc-bbox-heights", items(pairs=[("bbox", _with_heights(LAKE_BOX))]), refused(400), ONE_LESS
)
def _bbox_with_heights(answer: Answer) -> None:
    assert names(assert_features(answer)) == {"Hồ Thử"}


@BOOK.states("core.fc-bbox-nothing", items(pairs=[("bbox", "0,0,1,1")]), refused(400))
def _bbox_elsewhere(answer: Answer) -> None:
    assert assert_features(answer) == []


def _functions_of_c(answer: Answer) -> list[str]:
    return [
        f["properties"]["function"]
        for f in assert_features(answer)
        if f["properties"]["label"] == "C"
    ]


def _another_function(value: Any) -> None:
    for feature in value["features"]:
        feature["properties"]["function"] = "other"


OTHER_FUNCTION = json_changed("of another day", _another_function)
HOUSING, HEALTH = ["DAT_O_Nhomnhao"], ["DAT_HTXH_Yte"]


def at(when: str) -> Any:
    """Return a request for the zones of a day or span."""
    return items("zones", [("datetime", when)])


def holds(function: list[str]) -> Check:
    """Return the checker of what zone C is for."""

    def check(answer: Answer) -> None:
        assert _functions_of_c(answer) == function

    return check


#: Zone C is for housing until 2020-12-31, for health from 2021-01-01 on. A span shows its last.
for _name, _when, _function in (
    ("day", "2020-06-01", HOUSING),
    ("moment", "2020-12-31T16:59:59Z", HOUSING),
    ("moment-later", "2020-12-31T17:00:00Z", HEALTH),
    ("closed", "2020-02-01/2020-12-31", HOUSING),
    ("closed-over-the-change", "2020-02-01/2021-01-01", HEALTH),
    ("open-begin", "../2020-12-31", HOUSING),
    ("empty-begin", "/2020-12-31", HOUSING),
    ("open-end", "2020-12-31/..", HEALTH),
    ("empty-end", "2021-01-01/", HEALTH),
):
    BOOK.demands(f"core.fc-time-{_name}", at(_when), holds(_function), OTHER_FUNCTION, refused(400))


@BOOK.states("core.fc-time-nothing", at("2019-12-31"), refused(400))
def _before_all(answer: Answer) -> None:
    assert assert_features(answer) == []


@BOOK.states("core.fc-time-once", at("2019-01-01/2030-01-01"), ONE_TWICE, ONE_LESS)
def _each_once(answer: Answer) -> None:
    found = [f["id"] for f in assert_features(answer)]
    assert len(found) == len(set(found)) == 5


@BOOK.states("core.fc-filters", items(pairs=[("name", "Hồ Thử")]), ONE_LESS)
def _by_attribute(answer: Answer) -> None:
    assert names(assert_features(answer)) == {"Hồ Thử"}


@BOOK.states("core.fc-links", items(), without("self"), without("alternate"))
def _links(answer: Answer) -> None:
    found = assert_ok(answer, GEOJSON)
    assert links(found, "self")
    assert links(found, "alternate")
    assert_linked_in_both_formats(found)


@BOOK.states("core.fc-rel-type", items(pairs=[("limit", "1")]), untyped())
def _typed(answer: Answer) -> None:
    for link in assert_ok(answer, GEOJSON)["links"]:
        assert link["rel"]
        assert "/" in link["type"]


def _yesterday(value: Any) -> None:
    value["timeStamp"] = "2020-01-01T00:00:00Z"


@BOOK.states("core.fc-timeStamp", items(), json_changed("long ago", _yesterday))
def _stamp(answer: Answer) -> None:
    moment = dt.datetime.fromisoformat(assert_ok(answer, GEOJSON)["timeStamp"])
    assert abs(dt.datetime.now(dt.UTC) - moment) < dt.timedelta(hours=1)


@BOOK.states(
    "core.fc-numberMatched",
    several(items(), items(pairs=[("resultType", "hits")])),
    json_changed("one more hit", lambda value: value.update(numberMatched=3)),
    first(json_changed("one more", lambda value: value.update(numberMatched=3))),
)
def _matched(features: Answer, hits: Answer) -> None:
    assert assert_ok(features, GEOJSON)["numberMatched"] == 2
    found = assert_ok(hits, GEOJSON)
    assert found["numberMatched"] == 2
    assert found["features"] == []


@BOOK.states(
    "core.fc-numberReturned",
    several(items(pairs=[("limit", "1")]), items()),
    json_changed("one more", lambda value: value.update(numberReturned=3)),
    ONE_LESS,
)
def _returned(one: Answer, all_: Answer) -> None:
    for answer in (one, all_):
        found = assert_ok(answer, GEOJSON)
        assert found["numberReturned"] == len(found["features"])


def _all_pages(service: Service) -> Answers:
    pairs = [("limit", "1"), ("sortby", "-number")]
    found = [service.ask_pairs(pairs, path="/ogc/collections/parcels/items")]
    while following := links(content(found[-1]), "next"):
        found.append(service.fetch(following[0]["href"]))
    return tuple(found)


def _another_number(value: Any) -> None:
    value["features"][0]["properties"]["number"] = "3"


@BOOK.states(
    "core.fc-next",
    _all_pages,
    NO_FEATURES,
    json_changed("a feature again", _another_number),
    first(json_changed("of the others", lambda v: v.update(numberMatched=1))),
)
def _paged(*pages: Answer) -> None:
    numbers = [f["properties"]["number"] for page in pages for f in assert_features(page)]
    assert numbers == ["3", "2", "1"]
    for page in pages:
        assert content(page).get("numberMatched", 3) == 3


def refuses(status: int) -> Check:
    """Return the checker of a problem (RFC 9457) that no cache keeps."""

    def check(answer: Answer) -> None:
        assert answer.status == status
        assert answer.media == "application/problem+json"
        found = content(answer)
        assert found["status"] == status
        assert found["title"]
        assert found["detail"]
        assert answer.headers["cache-control"] == "no-store"

    return check


PROBLEM_SPOILT: tuple[Damage, ...] = (
    refused(200),
    refused(500),
    retyped("application/json"),
    json_changed("no words", lambda value: value.update(detail="")),
    cut_short(),
)

for _name, _ask in (
    ("core.query-param-unknown", items(pairs=[("nothing", "1")])),
    ("core.query-param-unknown-landing", document(nothing=1)),
    ("core.query-param-unknown-collection", document("collections/water", nothing=1)),
    ("core.query-param-twice", items(pairs=[("limit", "1"), ("limit", "2")])),
    ("core.query-param-invalid-limit", items(pairs=[("limit", "many")])),
    ("core.query-param-invalid-limit-zero", items(pairs=[("limit", "0")])),
    ("core.query-param-invalid-bbox", items(pairs=[("bbox", "1,2,3")])),
    ("core.query-param-invalid-bbox-text", items(pairs=[("bbox", "a,b,c,d")])),
    ("core.query-param-invalid-bbox-order", items(pairs=[("bbox", "105,22,106,21")])),
    ("core.query-param-invalid-datetime", items(pairs=[("datetime", "yesterday")])),
    (
        "core.query-param-invalid-datetime-turned",
        items(pairs=[("datetime", "2021-01-01/2020-01-01")]),
    ),
    ("core.query-param-invalid-f", items(pairs=[("f", "gml")])),
    ("core.query-param-invalid-next", items(pairs=[("next", "x")])),
):
    BOOK.demands(_name, _ask, refuses(400), *PROBLEM_SPOILT)


def _first_feature(service: Service) -> Answers:
    page = service.ask("/ogc/collections/facilities/items")
    name = content(page)["features"][0]["id"]
    return page, service.ask(f"/ogc/collections/facilities/items/{name}")


@BOOK.states("core.f-op", _first_feature, refused(404))
def _feature_op(page: Answer, one: Answer) -> None:
    assert_ok(one, GEOJSON)


def _renamed(value: Any) -> None:
    value["properties"]["name"] = "other"


@BOOK.states(
    "core.f-success", _first_feature, json_changed("another", _renamed), member_gone("geometry")
)
def _feature(page: Answer, one: Answer) -> None:
    found = assert_ok(one, GEOJSON)
    (listed,) = assert_features(page)
    assert {name: found.get(name) for name in listed} == listed


@BOOK.states(
    "core.f-links",
    _first_feature,
    without("self"),
    without("alternate"),
    without("collection"),
    untyped(),
)
def _feature_links(page: Answer, one: Answer) -> None:
    found = assert_ok(one, GEOJSON)
    assert links(found, "self")
    assert links(found, "alternate")
    assert links(found, "collection")
    assert_linked_in_both_formats(found)


BOOK.demands(
    "core.f-unknown",
    document("collections/water/items/water.ground.nothing"),
    refuses(404),
    *PROBLEM_SPOILT,
)


@BOOK.states("core.crs84", items("facilities"), SWAPPED)
def _crs84(answer: Answer) -> None:
    (school,) = assert_features(answer)
    point = shape(school)
    expected = moved(SCHOOL_AT, CRS84)
    assert abs(point.x - expected[0]) < 1e-8
    assert abs(point.y - expected[1]) < 1e-8
    assert answer.headers["content-crs"] == f"<{CRS84}>"


@BOOK.states("geojson.definition", several(items(), items(pairs=[("f", "json")])), retyped(HTML))
def _geojson_media(*answers: Answer) -> None:
    for answer in answers:
        assert answer.media == GEOJSON


def _broken_ring(value: Any) -> None:
    value["features"][0]["geometry"]["coordinates"] = [[[[0, 0]]]]


@BOOK.states(
    "geojson.content",
    items(),
    json_changed("a feature of no type", lambda v: v["features"][0].update(type="Thing")),
    json_changed("a ring of one corner", _broken_ring),
    json_changed("another type", lambda value: value.update(type="Collection")),
)
def _geojson(answer: Answer) -> None:
    assert assert_features(answer)


def _pages_of_all_kinds(service: Service) -> Answers:
    feature = content(service.ask("/ogc/collections/water/items"))["features"][0]["id"]
    return tuple(
        service.ask(f"/ogc/{path}", f="html")
        for path in (
            "",
            "api",
            "conformance",
            "collections",
            "collections/water",
            "collections/water/queryables",
            "collections/water/schema",
            "collections/water/items",
            f"collections/water/items/{feature}",
        )
    )


@BOOK.states("html.definition", _pages_of_all_kinds, retyped("text/plain"), refused(406))
def _html_media(*answers: Answer) -> None:
    for answer in answers:
        assert answer.status == 200, answer.url
        assert answer.media == HTML


def _headings(*answers: Answer) -> list[str]:
    return [page_of.fromstring(a.content.decode()).findtext(".//h1") or "" for a in answers]


def _text(answer: Answer) -> str:
    return " ".join(map(str, page_of.fromstring(answer.content.decode()).itertext()))


@BOOK.states(
    "html.content",
    _pages_of_all_kinds,
    replaced("<html><body><h1>x</h1></body></html>"),
)
def _html(*answers: Answer) -> None:
    assert all(_headings(*answers))
    *_, listed, one = answers
    assert "Hồ Thử" in _text(listed)
    assert "Ao Thử" in _text(listed)
    assert "Hồ Thử" in _text(one)
