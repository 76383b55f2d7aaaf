"""Coordinate systems: OGC API Features, part 2 (18-058r1)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tests.conformance.damages import Damage, first, json_changed, refused
from tests.conformance.oapif import BOOK
from tests.conformance.oapif.asking import (
    CITY,
    CRS84,
    LAKE_BOX,
    MERCATOR,
    OPENAPI,
    WGS84,
    assert_features,
    assert_ok,
    box,
    content,
    document,
    items,
    moved,
    names,
    parameter_of,
    several,
    shape,
)
from tests.conformance.oapif.asking import SCHOOL_AT as AT
from tests.conformance.oapif.descriptions import WATER, member_gone
from tests.conformance.oapif.features import ONE_LESS, PROBLEM_SPOILT, SWAPPED, refuses
from tests.small_city.ground import LAKE

if TYPE_CHECKING:
    from tests.conformance.answers import Answer, Answers, Service
    from tests.conformance.assertions import Check

SYSTEMS = {"crs84": CRS84, "wgs84": WGS84, "mercator": MERCATOR, "city": CITY}
#: Half of the last digit that coordinates are written with, and of what transformations agree to.
_NEAR = {CRS84: 1e-8, WGS84: 1e-8, MERCATOR: 0.002, CITY: 0.002}


def headed(system: str) -> Damage:
    """Say another system in the header."""
    return Damage(
        f"Content-Crs {system}",
        lambda a: replace(a, headers={**a.headers, "content-crs": f"<{system}>"}),
    )


@BOOK.states(
    "crs.crs-uri",
    document("collections/water"),
    json_changed("a short name", lambda value: value["crs"].append("EPSG:4326")),
    member_gone("crs"),
)
def _addresses(answer: Answer) -> None:
    found = assert_ok(answer).get("crs")
    assert found
    for one in found:
        assert one.startswith("http://www.opengis.net/def/crs/"), one


@BOOK.states(
    "crs.fc-md-crs-list",
    document("collections/water"),
    json_changed("not CRS84", lambda value: value["crs"].remove(CRS84)),
    json_changed("not the city's", lambda value: value["crs"].remove(CITY)),
)
def _list(answer: Answer) -> None:
    found = assert_ok(answer)["crs"]
    assert set(SYSTEMS.values()) <= set(found)
    assert len(found) == len(set(found))
    assert found[0] == CRS84


@BOOK.states(
    "crs.storageCrs",
    document("collections/water"),
    json_changed("not of the list", lambda value: value.update(storageCrs=f"{CITY}0")),
)
def _storage(answer: Answer) -> None:
    found = assert_ok(answer)
    assert found["storageCrs"] == CITY
    assert found["storageCrs"] in found["crs"]


def _not_form(value: Any) -> None:
    value["components"]["parameters"]["bbox-crs"]["style"] = "deepObject"
    value["components"]["parameters"]["crs"]["style"] = "deepObject"


@BOOK.states("crs.definition", document("api"), json_changed("another style", _not_form))
def _definition(answer: Answer) -> None:
    definition = assert_ok(answer, OPENAPI)
    for path, name in (
        (f"{WATER}/items", "bbox-crs"),
        (f"{WATER}/items", "crs"),
        (f"{WATER}/items/{{featureId}}", "crs"),
    ):
        found = parameter_of(definition, path, name)
        assert (found["in"], found["required"], found["style"]) == ("query", False, "form")
        assert found["explode"] is False
        assert (found["schema"]["type"], found["schema"]["format"]) == ("string", "uri")


def _lake_only(answer: Answer) -> None:
    assert names(assert_features(answer)) == {"Hồ Thử"}


for _name, _system in SYSTEMS.items():
    BOOK.demands(
        f"crs.bbox-crs-{_name}",
        items(pairs=[("bbox", box(LAKE, _system)), ("bbox-crs", _system)]),
        _lake_only,
        ONE_LESS,
        refused(400),
    )


@BOOK.states(
    "crs.bbox-crs-default",
    several(
        items(pairs=[("bbox", LAKE_BOX)]),
        items(pairs=[("bbox", LAKE_BOX), ("bbox-crs", CRS84)]),
    ),
    ONE_LESS,
)
def _box_default(without: Answer, with_: Answer) -> None:
    assert assert_features(without) == assert_features(with_)
    assert names(assert_features(with_)) == {"Hồ Thử"}


BOOK.demands(
    "crs.bbox-crs-invalid",
    items(pairs=[("bbox", LAKE_BOX), ("bbox-crs", f"{WGS84}0")]),
    refuses(400),
    *PROBLEM_SPOILT,
)
BOOK.demands(
    "crs.crs-invalid",
    items(pairs=[("crs", "http://www.opengis.net/def/crs/OGC/1.3/CRS99")]),
    refuses(400),
    *PROBLEM_SPOILT,
)
BOOK.demands(
    "crs.crs-short-name", items(pairs=[("crs", "EPSG:4326")]), refuses(400), *PROBLEM_SPOILT
)


def _assert_at_school(feature: Any, system: str) -> None:
    point, expected = shape(feature), moved(AT, system)
    assert abs(point.x - expected[0]) < _NEAR[system], (point, expected)
    assert abs(point.y - expected[1]) < _NEAR[system], (point, expected)


def lies_there(system: str) -> Check:
    """Return the checker of the school's place in a system, in the order of its axes."""

    def check(answer: Answer) -> None:
        (school,) = assert_features(answer)
        _assert_at_school(school, system)
        assert answer.headers["content-crs"] == f"<{system}>"

    return check


for _name, _system in SYSTEMS.items():
    BOOK.demands(
        f"crs.crs-parameter-{_name}",
        items("facilities", [("crs", _system)]),
        lies_there(_system),
        SWAPPED,
        headed(f"{MERCATOR}0"),
    )


@BOOK.states(
    "crs.crs-default",
    several(items("facilities"), items("facilities", [("crs", CRS84)])),
    SWAPPED,
    first(headed(WGS84)),
)
def _default(without: Answer, with_: Answer) -> None:
    assert without.headers["content-crs"] == with_.headers["content-crs"] == f"<{CRS84}>"
    assert assert_features(without) == assert_features(with_)


def _features_of_each(service: Service) -> Answers:
    name = content(service.ask("/ogc/collections/facilities/items"))["features"][0]["id"]
    return tuple(
        service.ask_pairs([("crs", system)], path=f"/ogc/collections/facilities/items/{name}")
        for system in SYSTEMS.values()
    )


def _moved_on(value: Any) -> None:
    value["geometry"]["coordinates"][0] += 1


@BOOK.states("crs.feature", _features_of_each, json_changed("elsewhere", _moved_on), headed(CRS84))
def _feature(*answers: Answer) -> None:
    for answer, system in zip(answers, SYSTEMS.values(), strict=True):
        _assert_at_school(assert_ok(answer, "application/geo+json"), system)
        assert answer.headers["content-crs"] == f"<{system}>"


BOOK.demands(
    "crs.feature-invalid",
    lambda s: s.ask_pairs(
        [("crs", "nothing")], path="/ogc/collections/facilities/items/facilities.ground.school"
    ),
    refuses(400),
    *PROBLEM_SPOILT,
)
